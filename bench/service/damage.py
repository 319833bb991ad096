"""Every stored file of a data folder, damaged in six ways, and the service started on it each time.

Run: python -m bench.service damage

The folder holds runs and mining jobs. After each damage every readable route is asked for all that there is.
Counted: starts that failed, answers that say "a bug of ours", and things that are missing beside the one that
was damaged.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from agents.scripted import ScriptedServer
from app.api.build import create_app
from app.api.mining_schema import NewMining
from app.settings import Settings
from app.settings.sections import ModelChoice, PathsSection, RunSection
from app.settings.service import ServiceSection

HOST = "127.0.0.1"
PATIENCE_S = 120.0
LOCKS = (".lock", ".service.lock")


def first(content: bytes) -> bytes | None:
    return bytes([content[0] ^ 1]) + content[1:]


def middle(content: bytes) -> bytes | None:
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def last(content: bytes) -> bytes | None:
    return content[:-1] + bytes([content[-1] ^ 1])


def cut(content: bytes) -> bytes | None:
    return content[: len(content) // 2]


def empty(_content: bytes) -> bytes | None:
    return b""


def gone(_content: bytes) -> bytes | None:
    return None


DAMAGES: tuple[Callable[[bytes], bytes | None], ...] = (first, middle, last, cut, empty, gone)


@dataclass
class Tally:
    cases: int = 0
    not_started: list[str] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def show(self) -> None:
        for what in ("not_started", "bugs", "missing"):
            found: list[str] = getattr(self, what)
            for line in found[:20]:
                print(f"  {what}: {line}")
        print(
            f"{self.cases} cases: {len(self.not_started)} starts failed, {len(self.bugs)} answers were bugs, "
            f"{len(self.missing)} healthy things were missing"
        )


def damage(runs: int, jobs: int, every: int = 1) -> int:
    """Return the exit code: 0 if nothing but what was damaged is missing. `every`: each so manieth case."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, ScriptedServer() as model:
        whole = Path(folder) / "whole"
        fill(settings_in(whole, model), runs, jobs)
        for number, (path, way) in enumerate(cases(whole)):
            if number % every == 0:
                case = Path(folder) / f"case-{number}"  # threads of the last one may still write to theirs
                make_case(whole, case, path, way)
                try_case(settings_in(case, model), whole, path, f"{path} {way.__name__}", tally)
    tally.show()
    return int(bool(tally.not_started or tally.bugs or tally.missing))


def settings_in(folder: Path, model: ScriptedServer) -> Settings:
    return Settings(
        model=ModelChoice(name="scripted", base_url=model.base_url),
        run=RunSection(
            perspectives=1, matches=0, children=0, overview=False, test_seconds=0, from_data=False
        ),
        paths=PathsSection(
            runs=folder / "runs",
            mining=folder / "mining",
            library=folder / "library",
            cache=PathsSection().cache,
        ),
        service=ServiceSection(requests_per_minute=1_000_000),
    )


def fill(settings: Settings, runs: int, jobs: int) -> None:
    """Answer questions and plan mining jobs, as users do."""
    with open_service(settings) as http:
        made = [
            http.post("/v1/runs", json={"question": f"Why does sample {number} age?"}).json()["id"]
            for number in range(runs)
        ]
        for name in made:
            wait_for(lambda name=name: http.get(f"/v1/runs/{name}").json()["state"] == "succeeded")  # type: ignore[misc]  # bound now
        mark = {"hypothesis": "p01", "mark": 4}
        http.post(f"/v1/runs/{made[0]}/feedback", json=mark).raise_for_status()
        for number in range(jobs):
            chosen = NewMining(name=f"job{number}", pairs=3).model_dump(mode="json")
            http.post("/v1/mining", json=chosen).raise_for_status()


def wait_for(true: Callable[[], bool]) -> None:
    import time

    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


def open_service(settings: Settings) -> TestClient:
    return TestClient(create_app(settings, ()), base_url=f"http://{HOST}", raise_server_exceptions=False)


def cases(whole: Path) -> Iterator[tuple[Path, Callable[[bytes], bytes | None]]]:
    """Yield each file of the folder with each way to damage it. Of the runs, all files of the first two."""
    runs = sorted(path for path in (whole / "runs").iterdir() if path.is_dir())
    for path in sorted(whole.rglob("*")):
        if not path.is_file() or path.name in LOCKS or path.suffix == ".lock" or path.stat().st_size == 0:
            continue
        if any(run in path.parents for run in runs[2:]):
            continue
        for way in DAMAGES:
            yield path.relative_to(whole), way


def make_case(whole: Path, folder: Path, path: Path, way: Callable[[bytes], bytes | None]) -> None:
    """Copy the whole folder and damage one file of the copy."""
    shutil.copytree(whole, folder)
    content = way((folder / path).read_bytes())
    if content is None:
        (folder / path).unlink()
    else:
        (folder / path).write_bytes(content)


def try_case(settings: Settings, whole: Path, path: Path, what: str, tally: Tally) -> None:
    tally.cases += 1
    with ExitStack() as stack:
        try:
            http = stack.enter_context(open_service(settings))
            wait_for(lambda: "model" in http.get("/readyz").text)
        except Exception as error:  # noqa: BLE001 - that is what is counted
            tally.not_started.append(f"{what}: {type(error).__name__}: {error}"[:200])
            return
        look(http, whole, path, what, tally)


def look(http: TestClient, whole: Path, path: Path, what: str, tally: Tally) -> None:
    """Ask every readable route for everything there is."""
    names = sorted(folder.name for folder in (whole / "runs").iterdir() if folder.is_dir())
    concerned = path.parts[1] if path.parts[0] == "runs" and len(path.parts) > 2 else None
    listed = ask(http, "/v1/runs?limit=100", what, tally)
    shown = {run["id"] for run in (listed or {}).get("items", ())}
    tally.missing += [f"{what}: run {name} is not listed" for name in names if name not in shown]
    ask(http, "/v1/hypotheses?limit=100", what, tally)
    for name in names:
        for part in ("", "/report", "/feedback"):
            found = ask(http, f"/v1/runs/{name}{part}", what, tally, may_fail=name == concerned)
            if found is None and name != concerned:
                tally.missing.append(f"{what}: /v1/runs/{name}{part}")
    mining_is_whole = path.parts[0] != "mining"
    jobs = ask(http, "/v1/mining", what, tally, may_fail=not mining_is_whole)
    for job in (jobs or {}).get("items", ()):
        for part in ("", "/transfers", "/cells", "/map"):
            found = ask(http, f"/v1/mining/{job['job']}{part}", what, tally, may_fail=not mining_is_whole)
            if found is None and mining_is_whole:
                tally.missing.append(f"{what}: mining {job['job']}{part}")


def ask(http: TestClient, address: str, what: str, tally: Tally, *, may_fail: bool = False) -> Any:  # noqa: ANN401 - JSON
    """Return what is there; None where there is nothing, or the damaged thing is said to be damaged."""
    answer = http.get(address)
    if answer.is_success:
        return answer.json()
    kind = str(answer.json().get("type", "")).rpartition("/")[2]
    if kind == "internal" or not may_fail:
        tally.bugs.append(f"{what}: {address} is {answer.status_code} {kind}")
    return None
