"""How this program is started where it runs."""

import shlex
import shutil
import sys
from pathlib import Path

NAME = "hypofind"


def program() -> str:
    """The command as it can be typed: `make` installs it into an environment that nobody has activated."""
    beside = Path(sys.executable).with_name(NAME)
    return NAME if shutil.which(NAME) or not beside.is_file() else shlex.quote(str(beside))
