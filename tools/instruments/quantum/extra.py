"""The package that this folder needs beyond the bare installation."""

import os
import sys
from contextlib import AbstractContextManager

from tools.extras import needing
from tools.instruments.contract import InstrumentError


def needing_qutip() -> AbstractContextManager[None]:
    """Raise InstrumentError, with the command that installs it, where QuTiP is missing."""
    # QuTiP imports setuptools, which refuses to live beside a distutils that somebody imported before.
    os.environ.setdefault("SETUPTOOLS_USE_DISTUTILS", "stdlib" if "distutils" in sys.modules else "local")
    return needing({"qutip": "instruments"}, InstrumentError)
