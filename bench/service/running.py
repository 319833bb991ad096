"""`hypofind serve` in a process of its own, with the scripted server as its model."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from agents.scripted import ScriptedServer
from app.client import Client
from app.jobs.keys import Keys, NewKey
from app.jobs.tables import open_database
from app.settings import load_settings

STARTS_S = 120.0
SHORT = {  # settings of runs that are quickly answered
    "RUN__TEST_SECONDS": "0",
    "RUN__FROM_DATA": "false",
    "RUN__MATCHES": "0",
    "RUN__CHILDREN": "0",
    "RUN__OVERVIEW": "false",
}


@dataclass
class Running:
    """A service that can be killed and started again on the same folder."""

    folder: Path
    model: ScriptedServer
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    page_port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    def start(self) -> None:
        """Returns once questions are taken."""
        self.port, self.page_port = self.port or free_port(), self.page_port or free_port()
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("HYPOFIND_", "OPENAI_"))} | {
            "HYPOFIND_PATHS__RUNS": str(self.runs),
            "HYPOFIND_PATHS__MINING": str(self.folder / "mining"),
            "HYPOFIND_PATHS__LIBRARY": str(self.folder / "library"),
            "HYPOFIND_MODEL__NAME": "scripted",
            "HYPOFIND_MODEL__BASE_URL": self.model.base_url,
            "HYPOFIND_SERVICE__PORT": str(self.port),
            "HYPOFIND_SERVICE__PAGE_PORT": str(self.page_port),
            "HYPOFIND_SERVICE__REQUESTS_PER_MINUTE": "10000000",
            "OMP_NUM_THREADS": "1",
            **{f"HYPOFIND_{name}": value for name, value in self.settings.items()},
        }
        command = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603 - ours
        self.wait("/healthz")

    def wait(self, path: str) -> None:
        assert self.process
        end = time.monotonic() + STARTS_S
        with httpx.Client(base_url=self.address, trust_env=False, timeout=5) as http:
            while time.monotonic() < end and self.process.poll() is None:
                with suppress(httpx.HTTPError):
                    if http.get(path).is_success:
                        return
                time.sleep(0.05)
        raise TimeoutError((self.folder / "log").read_text())

    def kill(self) -> None:
        """As the power cut would: SIGKILL."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def client(self, key: str | None = None) -> Client:
        return Client(self.address, key, timeout_s=120)

    def key(self) -> str:
        """A new API key, made beside the running service as `hypofind keys add` would."""
        database = open_database(load_settings({"paths": {"runs": str(self.runs)}}))
        try:
            return Keys(database).add(NewKey(name="bench"))
        finally:
            database.dispose()


@contextmanager
def serving(model: ScriptedServer, **settings: str) -> Iterator[Running]:
    """Settings as environment variables without their prefix: SERVICE__JOBS="4"."""
    with tempfile.TemporaryDirectory() as folder:
        running = Running(Path(folder), model, settings)
        running.start()
        try:
            yield running
        finally:
            if running.process and running.process.poll() is None:
                try:
                    running.stop()
                except subprocess.TimeoutExpired:
                    running.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def rss_mb(pid: int) -> float:
    """Resident memory of a process, in MB (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def memory_mb(running: Running) -> tuple[float, float]:
    """Resident memory of the service, and of the process in which it answers."""
    assert running.process
    answering = filter(answers, processes_of(running))
    return rss_mb(running.process.pid), sum(map(rss_mb, answering))


def answers(process: int) -> bool:
    """Return whether it is the process in which a service answers."""
    with suppress(OSError):
        return b"app.jobs.at_work" in Path(f"/proc/{process}/cmdline").read_bytes()
    return False


def processes_of(running: Running) -> list[int]:
    """Return the service's process and its descendants."""
    assert running.process
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(folder.name)] = int(stat(int(folder.name))[1])
    found = [running.process.pid]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found


def stat(process: int) -> list[str]:
    """Return what Linux tells of a process, behind its name. Raises OSError once it is gone."""
    return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
