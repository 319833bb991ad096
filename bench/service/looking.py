"""Everything that a service shows, by every route and on every page, compared with what it should."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.testclient import TestClient

from app.client import Client
from app.jobs.tables import OUR_FILE
from app.settings import Settings
from bench.service.filled import FINAL, HOST, OPEN_RUNS, PATIENCE_S, open_service, state_of, wait_for

VIEWS = ("ask", "history", "compare", "mining", "instruments")
CHOICES = {  # queries without which a route answers nothing
    "/v1/runs/{run}/crate": "?licence=CC0-1.0&author=Ada",
    "/v1/runs/{run}/differences": "?other={run}",
    "/v1/atlas/transfers": "?home=Magnetism&field=Superconductivity",
}
NAMED = {"number": "0", "tool": "calculator", "instrument": "lattice_ising"}
QUICK = ("/v1/runs/{run}", "/v1/runs/{run}/report")  # asked for of every run
ARCHIVES = ("/v1/runs/{run}/crate", "/v1/mining/{job}/export")  # made in a process of their own: of one


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


def find_addresses(settings: Settings) -> tuple[str, ...]:
    """Return the addresses of all that can be read, of those that answer on the whole folder."""
    with open_service(settings) as http:
        runs = sorted(run["id"] for run in http.get("/v1/runs?limit=100").json()["items"])
        wait_for(lambda: state_of(http, runs[-1]) in FINAL)
        items = {
            "run": runs,
            "job": [job["job"] for job in http.get("/v1/mining").json()["items"]],
            "test": [test["id"] for test in http.get("/v1/tests/jobs").json()["items"]],
            "result": [result["id"] for result in http.get("/v1/results").json()["items"]],
        }
        paths = {**http.get("/v1/openapi.json").json()["paths"], "/metrics": {"get": {}}}
        found = [
            address
            for path, ways in paths.items()
            if "get" in ways
            for address in fill_address(path, ways["get"], items)
        ]
        return tuple(address for address in found if http.get(address).is_success)


def fill_address(path: str, way: Mapping[str, Any], items: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a path with each item that it may name, or with the first two and the last of many."""
    wanted = [
        one["name"] for one in way.get("parameters", ()) if one["in"] == "query" and one.get("required")
    ]
    asked = path + (CHOICES.get(path) or "?" + "&".join(f"{one}=Magnetism" for one in wanted))
    for place, value in NAMED.items():
        asked = asked.replace(f"{{{place}}}", value)
    for name, known in items.items():
        if f"{{{name}}}" in path:
            some = known[:1] if path in ARCHIVES else [*known[:2], known[-1]]
            chosen = known if path in QUICK else dict.fromkeys(some)
            return [asked.replace(f"{{{name}}}", item) for item in chosen]
    return [asked]


class Look:
    """What a service shows of a folder in which one file is damaged."""

    def __init__(self, http: TestClient, whole: Path, path: Path, what: str, tally: Tally) -> None:
        """`path`: of the damaged file, within the folder; `what`: the case in words."""
        self._http, self._path, self._what, self._tally = http, path, what, tally
        self._names = sorted(folder.name for folder in (whole / "runs").glob("2*") if folder.is_dir())
        self._concerned = path.parts[1] if path.parts[0] == "runs" and len(path.parts) > 2 else None
        self._mining_is_whole = path.parts[0] != "mining"

    def at_everything(self, addresses: Sequence[str], *, draw: bool) -> None:
        """Ask for all `addresses`, which answer on the whole folder; `draw`: also the pages."""
        self._wait_for_open_runs()
        self._look_at_lists()
        for address in addresses:
            may_fail = self._may_fail(address)
            if may_fail or not address.partition("?")[0].endswith(("/crate", "/export")):  # seconds each
                self._ask(address, may_fail=may_fail)
        if draw:
            self._draw_pages()

    def _may_fail(self, address: str) -> bool:
        """Tell whether what is damaged is shown there: a run, a result, mining, or the rows of tests."""
        names = {self._concerned, self._path.stem if "workbench" in self._path.parts else None}
        places = {"/mining": not self._mining_is_whole, "/tests/jobs": self._path.name == OUR_FILE}
        return any(name in address for name in names if name) or any(
            is_damaged and place in address for place, is_damaged in places.items()
        )

    def _wait_for_open_runs(self) -> None:
        """What was under way is gone on with, unless models cannot be made ready without what is damaged."""
        for name in self._names[-OPEN_RUNS:]:
            try:
                wait_for(lambda name=name: state_of(self._http, name) in FINAL)  # type: ignore[misc]  # bound now
            except TimeoutError:
                self._miss(f"the end of {name}")
            if name != self._concerned and (found := state_of(self._http, name)) != "succeeded":
                reason = self._http.get(f"/v1/runs/{name}").json().get("reason")
                self._miss(f"the report of {name}, which is {found}: {reason}")

    def _look_at_lists(self) -> None:
        listed = self._ask("/v1/runs?limit=100")
        shown = {run["id"] for run in (listed or {}).get("items", ())}
        for name in self._names:
            if name not in shown:
                self._miss(f"run {name} in the list")
        if not (self._ask("/v1/hypotheses?limit=100") or {}).get("items", ()):
            self._miss("every hypothesis in the search")

    def _draw_pages(self) -> None:
        """Draw the pages that show what is damaged; for a database all, and a run that is whole."""
        place, *rest = self._path.parts
        if place == "runs" and len(rest) == 1:
            self._draw(*VIEWS)
            self._draw("run", run=self._names[0])
        elif self._concerned in self._names:
            self._draw("history")
            self._draw("run", run=str(self._concerned))
        else:
            self._draw({"mining": "mining", "cache": "ask"}.get(place, "history"))

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
                self._miss(f"page {view}: {told[0][:200]}")

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
            self._miss(f"{address} is {answer.status_code} {kind}")
        return None

    def _miss(self, what: str) -> None:
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
