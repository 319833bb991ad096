"""Runs over the REST API: ask, follow, steer, read, share, mark; recorded runs; hypotheses of all runs."""

import time
from collections.abc import Iterator, Sequence

from agents.schema import Pins, Report
from app.api.forks import Lineage, NewFork, NoteList
from app.api.links import LinkList, MadeLink
from app.api.recorded import ExampleList
from app.api.reports import CallDetail
from app.api.schema import FoundPage, MarkList, NewMark, NewRun, PersonMark, RunInfo, RunPage
from app.client.wire import POLL_S, ServiceMethods, segment
from app.comparing import RunComparison
from app.examples import Example
from app.jobs.events import RunEvent
from app.jobs.links import Link, NewLink
from app.jobs.state import RunState
from app.notes import NewNote, Note, NoteKind
from app.settings.sections import RunChoices
from app.steps import Pipeline


class RunMethods(ServiceMethods):
    """Runs and their reports."""

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

    def differences(self, run: str, other: str) -> RunComparison:
        """Return what differs between the hypotheses of two runs, field by field."""
        return self._wire.get(RunComparison, f"{_path(run)}/differences", other=other)

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

    def mark(self, run: str, hypothesis: str, mark: int, note: str | None = None) -> PersonMark:
        """Give a person's mark of a hypothesis, 1 to 5. The last one counts."""
        given = NewMark(hypothesis=hypothesis, mark=mark, note=note)
        return self._wire.post(PersonMark, f"{_path(run)}/feedback", given)

    def marks(self, run: str) -> Sequence[PersonMark]:
        return self._wire.get(MarkList, f"{_path(run)}/feedback").items

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

    def examples(self) -> Sequence[Example]:
        """Return the recorded runs that come with the service."""
        return self._wire.get(ExampleList, "/v1/examples").items

    def example(self, name: str) -> Report:
        return self._wire.get(Report, f"/v1/examples/{segment(name)}")


def _path(run: str) -> str:
    return f"/v1/runs/{segment(run)}"
