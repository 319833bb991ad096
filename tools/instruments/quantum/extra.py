"""The package that this folder needs beyond the bare installation."""

from contextlib import AbstractContextManager

from tools.extras import needing
from tools.instruments.contract import InstrumentError


def needing_qutip() -> AbstractContextManager[None]:
    """Raise InstrumentError, with the command that installs it, where QuTiP is missing."""
    return needing({"qutip": "instruments"}, InstrumentError)
