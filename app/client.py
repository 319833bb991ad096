"""A client of the REST API: typed in, typed out. The page uses it, and any program may.

with Client("http://127.0.0.1:8000") as client:
    run = client.ask("Why do …?")
    for event in client.events(run.id):
        print(event)
    print(client.report(run.id).hypotheses[0].proposal.statement)
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from agents.mining import Progress as MiningProgress
from agents.schema import Pins, Report
from app.api.forks import Lineage, NewFork, NoteList
from app.api.links import LinkList, MadeLink
from app.api.long_tests import TestInfo, TestPage
from app.api.long_tools import UseInfo, UsePage
from app.api.mining_schema import MOST_PAIRS, Map, MiningList, NewMining, Transfers
from app.api.projects import ActivityPage, MadeKey, Me, NewMember, NewMemberKey, OldMember, ProjectList
from app.api.queued import QueuedInfo
from app.api.recorded import ExampleList
from app.api.schema import (
    Card,
    ConceptPage,
    FoundPage,
    MarkList,
    NewMark,
    NewRun,
    PersonMark,
    Readiness,
    RunInfo,
    RunPage,
    Text,
    ToolList,
    ToolResult,
    Tree,
)
from app.api.steps import CallDetail
from app.api.tests import InstrumentPage
from app.api.tools import ResultList
from app.atlas_map import AtlasMap, Exchange, Neighbourhood
from app.comparing import Comparison
from app.examples import Example
from app.jobs.events import RunEvent
from app.jobs.links import Link, NewLink
from app.jobs.messages import Routed
from app.jobs.people import Member, ProjectInfo, Role
from app.jobs.state import RunState
from app.jobs.testing import LongTest
from app.jobs.tool_use import ToolUse
from app.notes import NewNote, Note, NoteKind
from app.results import Kept
from app.settings.sections import RunChoices
from app.steps import Pipeline
from app.wire import ServiceError, ServiceProblem, Wire, read, segment
from tools.experiments import Result

if TYPE_CHECKING:
    import httpx

__all__ = [  # the page and the MCP server are clients too, and take the types of answers from here
    "MOST_PAIRS", "Card", "Client", "ConceptPage", "InstrumentPage", "Map", "Me", "NewFork",
    "NewMemberKey", "NewMining", "QueuedInfo", "RunInfo",
    "ServiceError", "ServiceProblem", "TestInfo", "Tree", "UseInfo",
]  # fmt: skip

DEFAULT_ADDRESS = "http://127.0.0.1:8000"
TIMEOUT_S = 30.0
SLOWEST_S = 75.0  # a tool has a minute, and may wait for its turn
PUBLISHES_S = 250.0
EXPORTS_S = 130.0
POLL_S = 0.5
NOT_READY = 503


class Client:
    """Synchronous; a context manager. Its methods raise ServiceProblem or ServiceError."""

    def __init__(
        self,
        address: str = DEFAULT_ADDRESS,
        key: str | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
        transport: "httpx.BaseTransport | None" = None,
    ) -> None:
        self._wire = Wire(address, key, timeout_s, transport)
        self.address = self._wire.address

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._wire.close()

    # ---- runs

    def ask(
        self,
        question: str,
        *,
        pins: Pins | None = None,
        settings: RunChoices | None = None,
        idempotency_key: str | None = None,
    ) -> RunInfo:
        """Ask a question and return the run. Settings that are not given are the service's own.

        With an idempotency key, the same question asked again gives the same run.
        """
        asked = NewRun(question=question, pins=pins or Pins(), settings=settings or RunChoices())
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self._wire.post(RunInfo, "/v1/runs", asked, headers)

    def run(self, run: str) -> RunInfo:
        return self._wire.get(RunInfo, _path(run))

    def runs(self, *, limit: int = 20, cursor: str | None = None, state: RunState | None = None) -> RunPage:
        """Return runs, newest first; give a page's `next` as `cursor` to get the page behind it."""
        return self._wire.get(RunPage, "/v1/runs", limit=limit, cursor=cursor, state=state)

    def events(self, run: str, *, after: int = 0) -> Iterator[RunEvent]:
        """Yield what happens, from the event behind `after` on; a cut connection is taken up."""
        return self._wire.follow(_path(run), after)

    def wait(self, run: str, timeout_s: float | None = None) -> RunInfo:
        """Return the run once it has ended. Raises TimeoutError."""
        end = None if timeout_s is None else time.monotonic() + timeout_s
        while not (found := self.run(run)).state.is_final:
            if end is not None and time.monotonic() > end:
                raise TimeoutError(f"run {run} is still {found.state} after {timeout_s:g} s")
            time.sleep(POLL_S)
        return found

    def cancel(self, run: str) -> RunInfo:
        """Stop a run: no new model call is made, and what is finished is reported. Idempotent."""
        return self._wire.post(RunInfo, f"{_path(run)}/cancel")

    def resume(self, run: str) -> RunInfo:
        """Go on with a run that ended before it was whole; nothing is paid for twice."""
        return self._wire.post(RunInfo, f"{_path(run)}/resume")

    def fork(self, run: str, fork: NewFork, *, idempotency_key: str | None = None) -> RunInfo:
        """Make a new run from this one, with what `fork` says otherwise."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self._wire.post(RunInfo, f"{_path(run)}/forks", fork, headers)

    def lineage(self, run: str) -> Lineage:
        return self._wire.get(Lineage, f"{_path(run)}/lineage")

    def differences(self, run: str, other: str) -> Comparison:
        """Return what differs between the hypotheses of two runs, field by field."""
        return self._wire.get(Comparison, f"{_path(run)}/differences", other=other)

    def make_link(self, run: str, days: int = 7) -> MadeLink:
        """Make a link that shows the run's report to whoever has it, for so many days."""
        return self._wire.post(MadeLink, f"{_path(run)}/links", NewLink(days=days))

    def links(self, run: str) -> Sequence[Link]:
        return self._wire.get(LinkList, f"{_path(run)}/links").items

    def revoke_link(self, run: str, link: str) -> Link:
        return self._wire.post(Link, f"{_path(run)}/links/{segment(link)}/revoke")

    def shared(self) -> Report:
        """Return what a link shows, where this client was made with one in place of a key."""
        return self._wire.get(Report, "/v1/shared")

    def notes(self, run: str) -> Sequence[Note]:
        return self._wire.get(NoteList, f"{_path(run)}/notes").items

    def write_note(self, run: str, text: str, kind: NoteKind = NoteKind.NOTE) -> Note:
        return self._wire.post(Note, f"{_path(run)}/notes", NewNote(kind=kind, text=text))

    def pipeline(self, run: str) -> Pipeline:
        """Return who did what, when; of a run under way as far as it is."""
        return self._wire.get(Pipeline, f"{_path(run)}/pipeline")

    def call(self, run: str, number: int) -> CallDetail:
        """Return a model call with its answer, by its number in the report's calls, from 0."""
        return self._wire.get(CallDetail, f"{_path(run)}/calls/{number}")

    def report(self, run: str) -> Report:
        return self._wire.get(Report, f"{_path(run)}/report")

    def export(self, run: str, media_type: str) -> str:
        """Return the report as text/markdown, text/turtle, application/ld+json, application/x-bibtex, …"""
        return self._wire.send("GET", f"{_path(run)}/report", headers={"Accept": media_type}).text

    def crate(self, run: str, licence: str, authors: Sequence[str]) -> bytes:
        """Return the run as a zipped RO-Crate. An author is 'First Last <ORCID iD>' or a name alone."""
        return self._crate(_path(run), licence, authors)

    def result_crate(self, result: str, licence: str, authors: Sequence[str]) -> bytes:
        """Return a kept result as a zipped RO-Crate."""
        return self._crate(_result(result), licence, authors)

    def mining_crate(self, job: str, licence: str, authors: Sequence[str]) -> bytes:
        """Return a mining job as a zipped RO-Crate."""
        return self._crate(_mining(job), licence, authors)

    def _crate(self, path: str, licence: str, authors: Sequence[str]) -> bytes:
        query = {"licence": licence, "author": list(authors)}
        return self._wire.send("GET", f"{path}/crate", params=query, timeout=PUBLISHES_S).content

    def mark(self, run: str, hypothesis: str, mark: int, note: str | None = None) -> PersonMark:
        """Give a person's mark of a hypothesis, 1 to 5. The last one counts."""
        given = NewMark(hypothesis=hypothesis, mark=mark, note=note)
        return self._wire.post(PersonMark, f"{_path(run)}/feedback", given)

    def marks(self, run: str) -> Sequence[PersonMark]:
        return self._wire.get(MarkList, f"{_path(run)}/feedback").items

    # ---- projects

    def me(self) -> Me:
        """Whose key this client has, and what it may do."""
        return self._wire.get(Me, "/v1/me")

    def projects(self) -> Sequence[ProjectInfo]:
        """Return those that one sees: one's own, or with an admin's key all."""
        return self._wire.get(ProjectList, "/v1/projects").items

    def project(self, project: str) -> ProjectInfo:
        return self._wire.get(ProjectInfo, _project(project))

    def activity(self, project: str, *, limit: int = 50, cursor: str | None = None) -> ActivityPage:
        """Return what people did, newest first."""
        return self._wire.get(ActivityPage, f"{_project(project)}/activity", limit=limit, cursor=cursor)

    def set_member(self, project: str, person: str, role: Role) -> Member:
        """Add a person, or change their role."""
        return self._wire.post(Member, f"{_project(project)}/members", NewMember(person=person, role=role))

    def remove_member(self, project: str, person: str) -> ProjectInfo:
        """Take a person out: their keys end, what they asked stays."""
        return self._wire.post(ProjectInfo, f"{_project(project)}/members/remove", OldMember(person=person))

    def make_member_key(self, project: str, new: NewMemberKey) -> str:
        """Return a key for a member, which can be had only now."""
        return self._wire.post(MadeKey, f"{_project(project)}/members/keys", new).key

    # ---- recorded runs

    def examples(self) -> Sequence[Example]:
        """Return the recorded runs that come with the service."""
        return self._wire.get(ExampleList, "/v1/examples").items

    def example(self, name: str) -> Report:
        return self._wire.get(Report, f"/v1/examples/{segment(name)}")

    # ---- mining

    def mining_jobs(self) -> Sequence[MiningProgress]:
        """Return mining jobs, newest first."""
        return self._wire.get(MiningList, "/v1/mining").items

    def plan_mining(self, chosen: NewMining) -> MiningProgress:
        return self._wire.post(MiningProgress, "/v1/mining", chosen)

    def steer_mining(self, job: str, action: Literal["start", "pause", "cancel"]) -> MiningProgress:
        return self._wire.post(MiningProgress, f"{_mining(job)}/{action}")

    def mining_job(self, job: str) -> MiningProgress:
        return self._wire.get(MiningProgress, _mining(job))

    def mining_events(self, job: str, *, after: int = 0) -> Iterator[RunEvent]:
        """Yield what happens, also of a job that is planned and that somebody starts later."""
        return self._wire.follow(_mining(job), after)

    def mining_map(self, job: str) -> Map:
        return self._wire.get(Map, f"{_mining(job)}/map")

    def export_mining(self, job: str, media_type: str = "application/zip") -> bytes:
        """The job as application/zip, application/n-triples, text/csv or image/png."""
        headers = {"Accept": media_type}
        return self._wire.send("GET", f"{_mining(job)}/export", headers=headers, timeout=EXPORTS_S).content

    def transfers(
        self,
        job: str,
        *,
        home: str | None = None,
        field: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Transfers:
        """Return transfers, best first; `home` and `field` are disciplines, by label or URI."""
        wanted = {"home": home, "field": field, "limit": limit, "cursor": cursor}
        return self._wire.get(Transfers, f"{_mining(job)}/transfers", **wanted)

    # ---- the atlas

    def atlas(self) -> AtlasMap:
        """Which atlas the service has, and between which disciplines the literature transfers methods."""
        return self._wire.get(AtlasMap, "/v1/atlas")

    def exchange(self, home: str, field: str, *, limit: int = 50) -> Exchange:
        """Methods of one discipline on problems of another, as abstracts join them."""
        return self._wire.get(Exchange, "/v1/atlas/transfers", home=home, field=field, limit=limit)

    def neighbourhood(self, name: str) -> Neighbourhood:
        """What the literature writes about with a concept, by label or URI."""
        return self._wire.get(Neighbourhood, "/v1/atlas/concept", name=name)

    # ---- over all runs, PhySH, tools

    def hypotheses(
        self,
        text: str | None = None,
        *,
        concept: str | None = None,
        discipline: str | None = None,
        min_score: float | None = None,
        limit: int = 20,
        cursor: str | None = None,
    ) -> FoundPage:
        """Return hypotheses of all runs. `concept` and `discipline` are URIs."""
        return self._wire.get(
            FoundPage,
            "/v1/hypotheses",
            text=text,
            concept=concept,
            discipline=discipline,
            min_score=min_score,
            limit=limit,
            cursor=cursor,
        )

    def search_concepts(self, text: str, limit: int = 20) -> ConceptPage:
        return self._wire.get(ConceptPage, "/v1/concepts", text=text, limit=limit)

    def concept(self, name: str) -> Card:
        """Return a concept of PhySH, by URI or label."""
        return self._wire.get(Card, "/v1/concepts/card", name=name)

    def tree(self, name: str | None = None) -> Tree:
        """Return all disciplines with their facets, or what lies below one discipline or concept."""
        return self._wire.get(Tree, "/v1/concepts/tree", name=name)

    def route(self, text: str) -> Routed:
        return self._wire.post(Routed, "/v1/concepts/route", Text(text=text))

    def tools(self) -> ToolList:
        return self._wire.get(ToolList, "/v1/tools")

    def run_tool(self, name: str, arguments: Mapping[str, object], *, keep: bool = False) -> ToolResult:
        """Run a tool and return its result; with `keep` it stays, under the name in `kept`."""
        path = f"/v1/tools/{segment(name)}" + ("?keep=true" if keep else "")
        return read(ToolResult, self._wire.send("POST", path, json=dict(arguments), timeout=SLOWEST_S))

    def results(self) -> Sequence[Kept]:
        """Return the results that were kept, newest first."""
        return self._wire.get(ResultList, "/v1/results").items

    def result(self, name: str) -> Kept:
        return self._wire.get(Kept, _result(name))

    def test_claim(self, statement: str, *, seconds: float = 20.0) -> Result:
        """Test a claim that is said in a sentence, in so many seconds of a core. No model is asked."""
        said = {"statement": statement, "seconds": seconds}
        return read(Result, self._wire.send("POST", "/v1/tests", json=said, timeout=SLOWEST_S))

    def queue_test(self, claim: LongTest) -> TestInfo:
        """Queue a test of a claim that may take as long as an hour."""
        return self._wire.post(TestInfo, "/v1/tests/jobs", claim)

    def queued_test(self, test: str) -> TestInfo:
        return self._wire.get(TestInfo, _test(test))

    def queued_tests(self, *, limit: int = 20, cursor: str | None = None) -> TestPage:
        """Newest first."""
        return self._wire.get(TestPage, "/v1/tests/jobs", limit=limit, cursor=cursor)

    def test_events(self, test: str, *, after: int = 0) -> Iterator[RunEvent]:
        return self._wire.follow(_test(test), after)

    def cancel_test(self, test: str) -> TestInfo:
        return self._wire.post(TestInfo, f"{_test(test)}/cancel")

    def wait_for_test(self, test: str, timeout_s: float | None = None) -> TestInfo:
        """Return the test once it has ended. Raises TimeoutError."""
        end = None if timeout_s is None else time.monotonic() + timeout_s
        while not (found := self.queued_test(test)).state.is_final:
            if end is not None and time.monotonic() > end:
                raise TimeoutError(f"test {test} is still {found.state} after {timeout_s:g} s")
            time.sleep(POLL_S)
        return found

    def queue_use(self, use: ToolUse) -> UseInfo:
        """Queue a use of a tool that may take as long as an hour; its result is kept."""
        return self._wire.post(UseInfo, "/v1/tools/jobs", use)

    def queued_use(self, use: str) -> UseInfo:
        return self._wire.get(UseInfo, _use(use))

    def queued_uses(self, *, limit: int = 20, cursor: str | None = None) -> UsePage:
        """Newest first."""
        return self._wire.get(UsePage, "/v1/tools/jobs", limit=limit, cursor=cursor)

    def use_events(self, use: str, *, after: int = 0) -> Iterator[RunEvent]:
        return self._wire.follow(_use(use), after)

    def cancel_use(self, use: str) -> UseInfo:
        return self._wire.post(UseInfo, f"{_use(use)}/cancel")

    def instruments(self, text: str = "", *, limit: int = 50, skip: int = 0) -> InstrumentPage:
        return self._wire.get(InstrumentPage, "/v1/instruments", text=text, limit=limit, skip=skip)

    def readiness(self) -> Readiness:
        """Return whether questions can be answered now, and what is still made ready."""
        answer = self._wire.send("GET", "/readyz", accepted=(NOT_READY,))
        return read(Readiness, answer)


def _path(run: str) -> str:
    return f"/v1/runs/{segment(run)}"


def _project(project: str) -> str:
    return f"/v1/projects/{segment(project)}"


def _test(test: str) -> str:
    return f"/v1/tests/jobs/{segment(test)}"


def _result(result: str) -> str:
    return f"/v1/results/{segment(result)}"


def _use(use: str) -> str:
    return f"/v1/tools/jobs/{segment(use)}"


def _mining(job: str) -> str:
    return f"/v1/mining/{segment(job)}"
