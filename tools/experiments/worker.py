"""A process that measures, one request after the other, within limits that end it.

It gets (instrument, settings, response, seed, seconds) and answers with (value, std, error, seconds). Taking
more of the processor than it may ends the process (SIGPROF), even inside compiled code.
"""

import signal
import sys
import time
import warnings
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Final, NoReturn

from pydantic import ValidationError

from tools.errors import ToolError
from tools.instruments.contract import Instrument, Settings
from tools.instruments.registry import instruments
from tools.processes import settle

SERVE: Final = "from tools.experiments.worker import serve; serve()"
LONGEST: Final = 300
"""Characters of an error."""

Answer = tuple[float | None, float, str | None, float]
Request = tuple[Instrument | str, Settings, str, int, float]


def serve() -> None:
    """Run until the parent goes. Arguments: the connection's descriptor, bytes of memory."""
    settle(int(sys.argv[2]))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    warnings.simplefilter("ignore")
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the parent went
        _answer(Connection(int(sys.argv[1])))


def _answer(connection: Connection) -> NoReturn:
    while True:
        request: Request = connection.recv()
        connection.send(_measure(*request))


def _measure(
    instrument: Instrument | str, settings: Settings, response: str, seed: int, seconds: float
) -> Answer:
    start = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        tool = _find(instrument) if isinstance(instrument, str) else instrument
        measurement = tool.measure(settings, response, seed)
        found: tuple[float | None, float, str | None] = (measurement.value, measurement.std, None)
    except ToolError as error:
        found = (None, 0.0, str(error))
    except ValidationError:
        found = (None, 0.0, "the solver gave no finite number")
    except MemoryError:
        found = (None, 0.0, "it needs more memory than a test may use")
    except Exception as error:  # noqa: BLE001 - a solver may fail in any way, and a gap says how
        found = (None, 0.0, f"the solver failed: {type(error).__name__}: {error}"[:LONGEST])
    signal.setitimer(signal.ITIMER_PROF, 0)
    return (*found, time.process_time() - start)


def _find(name: str) -> Instrument:
    return next(one for one in instruments() if one.name == name)
