"""Every stored file of a data folder, damaged in six ways, and the service started on it each time.

Run: python -m bench.service damage --cases 0:60

The folder holds finished runs, runs that were under way when the service ended, mining jobs, a library, and
the caches (PhySH, vectors, the embedding model). After each damage every readable route is asked for all that
there is; of every second case the pages that show it are drawn. Counted: starts that failed, answers and
pages that are a bug of ours, and things that are missing beside the one that was damaged.
"""

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.testclient import TestClient

from agents.scripted import ScriptedServer
from app.api.build import create_app
from app.api.mining_schema import NewMining
from app.client import Client
from app.settings import Settings
from app.settings.sections import ModelChoice, PathsSection, RunSection
from app.settings.service import ServiceSection

HOST = "127.0.0.1"
PATIENCE_S = 120.0
OPEN_RUNS = 1  # under way when the service ends
VIEWS = ("ask", "history", "compare", "mining", "instruments")
SHARED = ("minilm-int8", "minilm-tokenizer", "physh")  # of the user's cache
FINAL = ("succeeded", "failed", "cancelled")
PAPER = "Vacancies in MoS2 scatter carriers; annealing in sulfur heals them and raises the mobility."


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
    answers: int = 0
    pages: int = 0
    not_started: list[str] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        return [*self.not_started, *self.bugs, *self.missing]

    def show(self) -> None:
        print(
            f"{self.cases} cases, {self.answers:,} answers, {self.pages:,} pages: "
            f"{len(self.not_started)} starts failed, {len(self.bugs)} answers were bugs, "
            f"{len(self.missing)} healthy things were missing"
        )


def share_models() -> None:
    """Make ontology, embedder and router once for all cases whose cache is whole: each would take seconds."""
    import app.work

    for name in ("load_ontology", "load_embedder", "make_router"):
        setattr(app.work, name, _once(getattr(app.work, name)))


def _once(make: Callable[..., object]) -> Callable[..., object]:
    made: list[object] = []

    def shared(settings: Settings, *given: object) -> object:
        files = (path for path in settings.paths.cache.rglob("*") if path.is_file() and path.name != "lock")
        if not all(path.is_symlink() for path in files):
            return make(settings, *given)
        made.extend(() if made else (make(settings, *given),))
        return made[0]

    return shared


def damage(runs: int, jobs: int, cases: slice, folder: Path | None = None) -> int:
    """Return the exit code: 0 if nothing but what was damaged is missing.

    `cases`: of all in order; `folder`: where the filled folder lies, or is put, for other pieces.
    """
    tally = Tally()
    share_models()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made, ScriptedServer() as model:
        whole = folder or Path(made) / "whole"
        if not whole.exists():
            fill(settings_in(whole, model), runs, jobs, model)
        every = list(all_cases(whole))
        for number in range(len(every))[cases]:
            path, way = every[number]
            case = Path(made) / f"case-{number}"  # threads of the last one may still write to theirs
            make_case(whole, case, path, way)
            begun, before = time.monotonic(), len(tally.faults)
            try_case(settings_in(case, model), whole, path, f"{number} {path} {way.__name__}", tally)
            print(f"{number} of {len(every)}: {path} {way.__name__}, {time.monotonic() - begun:.1f} s")
            print(*(f"  FAULT {fault}" for fault in tally.faults[before:]), sep="\n", flush=True)
    tally.show()
    return int(bool(tally.faults))


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
            cache=folder / "cache",
        ),
        service=ServiceSection(requests_per_minute=1_000_000),
    )


# ---- the whole folder


def fill(settings: Settings, runs: int, jobs: int, model: ScriptedServer) -> None:
    """Add a paper, answer questions, plan mining jobs, as users do, and end while some are under way."""
    for name in SHARED:
        shutil.copytree(PathsSection().cache / name, settings.paths.cache / name)
    add_paper(settings)
    with open_service(settings) as http:
        made = [ask_question(http, f"Why does sample {number} age?") for number in range(runs)]
        for name in made:
            wait_for(lambda name=name: state_of(http, name) == "succeeded")  # type: ignore[misc]  # bound now
        mark = {"hypothesis": "p01", "mark": 4}
        http.post(f"/v1/runs/{made[0]}/feedback", json=mark).raise_for_status()
        for number in range(jobs):
            chosen = NewMining(name=f"job{number}", pairs=3).model_dump(mode="json")
            http.post("/v1/mining", json=chosen).raise_for_status()
        model.delay_s = 0.5
        late = [ask_question(http, f"Why is sample {number} late?") for number in range(OPEN_RUNS)]
        for name in late:
            calls = settings.paths.runs / name / "calls.jsonl"
            wait_for(lambda calls=calls: calls.exists() and calls.stat().st_size > 0)  # type: ignore[misc]  # bound now
    model.delay_s = 0.0


def add_paper(settings: Settings) -> None:
    from app.cli.progress import show_progress
    from app.library import open_own_library

    settings.paths.library.parent.mkdir(parents=True, exist_ok=True)
    note = settings.paths.library.with_name("paper.txt")
    note.write_text(PAPER)
    with show_progress() as progress, open_own_library(settings, progress) as library:
        library.add([note])


def ask_question(http: TestClient, question: str) -> str:
    return str(http.post("/v1/runs", json={"question": question}).raise_for_status().json()["id"])


def state_of(http: TestClient, name: str) -> str:
    return str(http.get(f"/v1/runs/{name}").json().get("state"))


def wait_for(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


def open_service(settings: Settings) -> TestClient:
    return TestClient(create_app(settings, ()), base_url=f"http://{HOST}", raise_server_exceptions=False)


# ---- one case


def all_cases(whole: Path) -> Iterator[tuple[Path, Callable[[bytes], bytes | None]]]:
    """Yield each file with each way to damage it: of two finished runs and one under way, and all others."""
    folders = sorted(path for path in (whole / "runs").iterdir() if path.is_dir())
    left_out = folders[2:-1]
    for path in sorted(whole.rglob("*")):
        if not path.is_file() or is_lock(path) or path.stat().st_size == 0:
            continue
        if not any(run in path.parents for run in left_out):
            yield from ((path.relative_to(whole), way) for way in DAMAGES)


def is_lock(path: Path) -> bool:
    return path.suffix == ".lock" or path.name in ("lock", ".lock", ".service.lock")


def make_case(whole: Path, folder: Path, path: Path, way: Callable[[bytes], bytes | None]) -> None:
    """Copy the whole folder, its caches as links, and damage one file of the copy."""
    shutil.copytree(whole, folder, ignore=lambda at, _: ["cache"] if Path(at) == whole else [])
    for file in (whole / "cache").rglob("*"):
        link = folder / file.relative_to(whole)
        if file.is_file() and file != whole / path and not is_lock(file):
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)
    content = way((whole / path).read_bytes())
    if content is None:
        (folder / path).unlink(missing_ok=True)
    else:
        (folder / path).write_bytes(content)


def try_case(settings: Settings, whole: Path, path: Path, what: str, tally: Tally) -> None:
    tally.cases += 1
    with ExitStack() as stack:
        try:
            http = stack.enter_context(open_service(settings))
        except Exception as error:  # noqa: BLE001 - that is what is counted
            tally.not_started.append(f"{what}: {type(error).__name__}: {error}"[:200])
            return
        Look(http, whole, path, what, tally).at_everything()


class Look:
    """Everything there is, by every route and on every page, after a start."""

    def __init__(self, http: TestClient, whole: Path, path: Path, what: str, tally: Tally) -> None:
        self._http, self._path, self._what, self._tally = http, path, what, tally
        self._names = sorted(folder.name for folder in (whole / "runs").iterdir() if folder.is_dir())
        self._concerned = path.parts[1] if path.parts[0] == "runs" and len(path.parts) > 2 else None
        self._mining_is_whole = path.parts[0] != "mining"
        self._draws = what.endswith((first.__name__, cut.__name__, gone.__name__))

    def at_everything(self) -> None:
        self._wait_for_open_runs()
        self._look_at_runs()
        self._look_at_mining()
        paths = self._http.get("/v1/openapi.json").json()["paths"]
        for address, ways in {**paths, "/healthz": {"get": {}}, "/metrics": {"get": {}}}.items():
            if "get" in ways and "{" not in address:
                wanted = [one["name"] for one in ways["get"].get("parameters", ()) if one.get("required")]
                query = "&".join(f"{name}=Magnetism" for name in wanted)
                self._ask(f"{address}?{query}", may_fail="mining" in address and not self._mining_is_whole)
        if self._draws:
            self._draw_pages()

    def _wait_for_open_runs(self) -> None:
        """What was under way is gone on with, unless models cannot be made ready without what is damaged."""
        for name in self._names[-OPEN_RUNS:]:
            try:
                wait_for(lambda name=name: state_of(self._http, name) in FINAL)  # type: ignore[misc]  # bound now
            except TimeoutError:
                self._missing(f"the end of {name}")
            if name != self._concerned and (found := state_of(self._http, name)) != "succeeded":
                reason = self._http.get(f"/v1/runs/{name}").json().get("reason")
                self._missing(f"the report of {name}, which is {found}: {reason}")

    def _look_at_runs(self) -> None:
        listed = self._ask("/v1/runs?limit=100")
        shown = {run["id"] for run in (listed or {}).get("items", ())}
        for name in self._names:
            if name not in shown:
                self._missing(f"run {name} in the list")
            parts = ("", "/report", "/feedback", "/events") if self._is_looked_at(name) else ("", "/report")
            for part in parts:
                self._ask(f"/v1/runs/{name}{part}", may_fail=name == self._concerned)
        found = (self._ask("/v1/hypotheses?limit=100") or {}).get("items", ())
        if not found:
            self._missing("every hypothesis in the search")

    def _is_looked_at(self, name: str) -> bool:
        return name in (self._concerned, self._names[0])

    def _look_at_mining(self) -> None:
        jobs = self._ask("/v1/mining", may_fail=not self._mining_is_whole)
        for job in (jobs or {}).get("items", ()):
            for part in ("", "/transfers", "/cells", "/map"):
                self._ask(f"/v1/mining/{job['job']}{part}", may_fail=not self._mining_is_whole)

    def _draw_pages(self) -> None:
        """Draw the pages that show what is damaged; for a database all, and a run that is whole."""
        place, *rest = self._path.parts
        if place == "runs" and len(rest) == 1:
            self._draw(*VIEWS)
            self._draw("run", run=self._names[0])
        elif self._concerned:
            self._draw("history")
            self._draw("run", run=self._concerned)
        else:
            self._draw({"mining": "mining", "cache": "ask", "library": "history"}[place])

    def _draw(self, *views: str, run: str = "") -> None:
        import streamlit as st
        from streamlit.testing.v1 import AppTest

        from app.ui import service

        def script(view):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - its source is run elsewhere
            import importlib

            getattr(importlib.import_module(f"app.ui.views.{view}"), f"show_{view}")()

        client = Client(f"http://{HOST}", transport=Through(self._http))
        service._client = lambda _address, _key: client  # type: ignore[assignment] # noqa: SLF001 - the page's one seam
        st.cache_data.clear()
        for view in views:
            self._tally.pages += 1
            page = AppTest.from_function(script, args=(view,), default_timeout=PATIENCE_S)
            if run:
                page.query_params["id"] = run
            page.run()
            told = [one.value for one in page.error]
            if page.exception:
                self._tally.bugs.append(f"{self._what}: page {view}: {page.exception[0].message[:200]}")
            elif told and run != self._concerned and (self._mining_is_whole or view != "mining"):
                self._missing(f"page {view}: {told[0][:200]}")

    def _ask(self, address: str, *, may_fail: bool = False) -> Any:  # noqa: ANN401 - JSON
        """Return what is there; None where there is nothing, or the damaged thing is said to be damaged."""
        self._tally.answers += 1
        answer = self._http.get(address)
        if answer.is_success:
            return answer.json() if "json" in answer.headers.get("content-type", "") else {}
        kind = str(answer.json().get("type", "")).rpartition("/")[2]
        if kind == "internal":
            self._tally.bugs.append(f"{self._what}: {address} is {answer.status_code} {kind}")
        elif re.search(r"/(tmp|root|home)/", answer.text):
            self._tally.bugs.append(f"{self._what}: {address} tells a path: {answer.text[:200]}")
        elif not may_fail:
            self._missing(f"{address} is {answer.status_code} {kind}")
        return None

    def _missing(self, what: str) -> None:
        self._tally.missing.append(f"{self._what}: {what}")


class Through(httpx.BaseTransport):
    """Carries the page's requests to the service under test."""

    def __init__(self, http: TestClient) -> None:
        self._http = http

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._http.request(
            request.method, str(request.url), content=request.read(), headers=request.headers
        )
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
