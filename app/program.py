"""What every door says alike: how this program is started where it runs, and how long something takes."""

import shlex
import shutil
import sys
from pathlib import Path

NAME = "hypofind"


def program() -> str:
    """The command as it can be typed: `make` installs it into an environment that nobody has activated."""
    beside = Path(sys.executable).with_name(NAME)
    return NAME if shutil.which(NAME) or not beside.is_file() else shlex.quote(str(beside))


def duration(seconds: float) -> str:
    """Return a time as a person reads it: minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
