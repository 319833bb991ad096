"""A data folder as its users leave it: runs, mining jobs, a test, a result, notes, marks and a library."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from starlette.testclient import TestClient

from agents.scripted import ScriptedServer
from app.api.build import create_app
from app.api.mining_schema import NewMining
from app.settings import Settings
from app.settings.sections import ModelChoice, PathsSection, RunSection
from app.settings.service import ServiceSection

HOST = "127.0.0.1"
PATIENCE_S = 120.0
OPEN_RUNS = 1  # under way when the service ends
SHARED = ("minilm-int8", "minilm-tokenizer", "physh")  # of the user's cache
FINAL = ("succeeded", "failed", "cancelled")
PAPER = "Vacancies in MoS2 scatter carriers; annealing in sulfur heals them and raises the mobility."
CLAIM = "In the ideal gas the pressure falls as the volume rises."


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


def open_service(settings: Settings) -> TestClient:
    return TestClient(create_app(settings), base_url=f"http://{HOST}", raise_server_exceptions=False)


def fill(settings: Settings, runs: int, jobs: int, model: ScriptedServer) -> None:
    """Use the service as people do, and end it while a run is under way."""
    begun = time.time()
    for name in SHARED:
        shutil.copytree(PathsSection().cache / name, settings.paths.cache / name)
    add_paper(settings)
    with open_service(settings) as http:
        made = [ask_question(http, f"Why does sample {number} age?") for number in range(runs)]
        for name in made:
            wait_for(lambda name=name: state_of(http, name) == "succeeded")  # type: ignore[misc]  # bound now
        write_by_hand(http, made[0])
        for number in range(jobs):
            chosen = NewMining(name=f"job{number}", pairs=3).model_dump(mode="json")
            http.post("/v1/mining", json=chosen).raise_for_status()
            answer_pairs(http, f"job{number}")  # the events of one that is only planned never end
        measure_claim(http)
        model.delay_s = 0.5
        late = [ask_question(http, f"Why is sample {number} late?") for number in range(OPEN_RUNS)]
        for name in late:
            calls = settings.paths.runs / name / "calls.jsonl"
            wait_for(lambda calls=calls: calls.exists() and calls.stat().st_size > 0)  # type: ignore[misc]  # bound now
    model.delay_s = 0.0
    drop_unread(settings.paths.cache, begun)


def add_paper(settings: Settings) -> None:
    from app.cli.progress import show_progress
    from app.library import open_own_library

    settings.paths.library.parent.mkdir(parents=True, exist_ok=True)
    note = settings.paths.library.with_name("paper.txt")
    note.write_text(PAPER)
    with show_progress() as progress, open_own_library(settings, progress) as library:
        library.add([note])


def write_by_hand(http: TestClient, run: str) -> None:
    """Mark a hypothesis, write a note, make a link and keep a result."""
    for path, body in (
        (f"/v1/runs/{run}/feedback", {"hypothesis": "p01", "mark": 4}),
        (f"/v1/runs/{run}/notes", {"text": "measured again in May"}),
        (f"/v1/runs/{run}/links", {"days": 7}),
        ("/v1/tools/calculator?keep=true", {"expression": "k_B * 300 K", "unit": "meV"}),
    ):
        http.post(path, json=body).raise_for_status()


def answer_pairs(http: TestClient, job: str) -> None:
    http.post(f"/v1/mining/{job}/start").raise_for_status()
    wait_for(lambda: http.get(f"/v1/mining/{job}").json()["state"] == "done")


def measure_claim(http: TestClient) -> None:
    claim = {"statement": CLAIM, "seconds": 5}
    test = http.post("/v1/tests/jobs", json=claim).raise_for_status().json()["id"]
    wait_for(lambda: http.get(f"/v1/tests/jobs/{test}").json()["state"] in FINAL)


def drop_unread(cache: Path, begun: float) -> None:
    """Remove what no part of the program has read since `begun`: damage to it would show nothing."""
    for path in cache.rglob("*"):
        if path.is_file() and path.stat().st_size and path.stat().st_atime < begun:
            path.unlink()


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
