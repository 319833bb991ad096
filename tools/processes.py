"""What processes that work for us have in common: one core each, limits, and an end with who started them."""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Final

PR_SET_PDEATHSIG: Final = 1
YIELDS: Final = 5
"""Steps of 19 by which a process lets others go first: who serves people has a core when it needs one."""


def environment() -> dict[str, str]:
    """Return the variables that a process is started with: our modules, one core.

    It is started with -P, so that nothing in the current folder passes for ours, unless it does here too.
    """
    single = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
    )
    return os.environ | single | {"PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}


def settle(memory: int | None = None, *, yields: int = YIELDS) -> None:
    """Make this process one that works for its parent, with so many bytes of data at most.

    It leaves Ctrl-C to the parent. On Linux it ends when the parent is gone, however busy it is; elsewhere
    after what it is at.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if memory is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)  # which may be lower, and cannot be raised
        most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(yields)
