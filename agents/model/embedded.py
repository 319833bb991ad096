"""Serves a small model on loopback, in a child process that ends when we do, in whatever way we end."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import SecretStr

from agents.errors import EndpointError
from agents.model import server_process
from agents.model.catalogue import catalogue, embedded_name
from agents.model.endpoint import Endpoint
from retrieval import artefact, fetch

START_S = 180.0  # to read 1.1 GB from a cold, slow disk
END_S = 5.0
POLL_S = 0.05
LOG_LINES = 5
SILENCE_S = 600.0  # reading a prompt on a busy machine takes long
Progress = Callable[[str, int, int], None]


def usable_cores() -> int:
    """What this process may use: in a container or a batch job often less than the machine has."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def serve_embedded(
    setting: str,
    cache: Path,
    *,
    threads: int,
    slots: int,
    local: Path | None = None,
    progress: Progress | None = None,
) -> Iterator[Endpoint]:
    """The endpoint of an embedded model, which is downloaded first where it is missing.

    Raises retrieval.RetrievalError if it cannot be had, EndpointError if it does not start.
    """
    name = embedded_name(setting)
    model = catalogue()[name]
    path = fetch(artefact(model.artefact), cache=cache, local=local, progress=progress)
    key = secrets.token_urlsafe(24)
    settings = server_process.ServerSettings(str(path), name, key, threads, slots, model.context)
    with _child(settings) as address:
        yield Endpoint(
            name=name,
            base_url=f"{address}/v1",
            key=SecretStr(key),
            temperature=model.temperature,
            timeout_s=SILENCE_S,
            stream=True,
            at_once=slots,  # who waits for a slot waits here, where no clock runs
            input_price=0,
            output_price=0,
        )


@contextmanager
def _child(settings: "server_process.ServerSettings") -> Iterator[str]:
    """Yields the address at which the model answers."""
    with tempfile.TemporaryDirectory(prefix="hypofind-", ignore_cleanup_errors=True) as folder:
        log, ready = Path(folder) / "log", Path(folder) / "address"
        process = _start(settings, log, ready)
        try:
            yield _wait_until_ready(process, settings, log, ready)
        finally:
            _end(process)


def _start(settings: "server_process.ServerSettings", log: Path, ready: Path) -> subprocess.Popen[bytes]:
    # -P: the script's own folder must not shadow the standard library. A file and not a pipe for its output:
    # nobody has to read it.
    command = [sys.executable, "-P", server_process.__file__, str(ready)]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
            command, stdin=subprocess.PIPE, stdout=output, stderr=output
        )
    if process.stdin:  # stays open for as long as we live: its end is the child's sign to go
        with suppress(BrokenPipeError):  # it died at once; its log is read below
            process.stdin.write(settings.line())
            process.stdin.flush()
    return process


def _wait_until_ready(
    process: subprocess.Popen[bytes], settings: "server_process.ServerSettings", log: Path, ready: Path
) -> str:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if ready.exists():
            return ready.read_text(encoding="utf-8")
        if process.poll() is not None:
            raise EndpointError(
                f"the embedded model {settings.name} did not start (exit {process.returncode}): {_tail(log)}"
            )
        time.sleep(POLL_S)
    raise EndpointError(f"the embedded model {settings.name} did not start in {START_S:g} s: {_tail(log)}")


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    told = [line.strip() for line in lines if line.strip()]
    return " | ".join(told[-LOG_LINES:]) or "it said nothing"


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        with suppress(OSError):
            process.stdin.close()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
