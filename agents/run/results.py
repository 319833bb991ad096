"""The results of a run so far: everything that is finished, however the run ends, and a person's marks on it.

Marks lie in marks.jsonl in the run's folder, one line each, never changed: who marks a hypothesis again adds
a line, and the last one of a person counts.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import fmean

from pydantic import Field, ValidationError

from agents.errors import ReplayMiss, RunError
from agents.experiments.verdicts import tested
from agents.files import append_line, explained
from agents.rank import matches_from_marks, matches_from_verdicts, rules, summarise
from agents.run import End
from agents.run.events import Outcome
from agents.schema import Failure, Hypothesis, Match, Overview, Status, Stop, Strict, Tournament

MARKS_FILE = "marks.jsonl"
LONGEST_NOTE = 2_000
Played = tuple[str, str, str] | tuple[str, str, str, int]


class PersonMark(Strict):
    """What a person thinks of a hypothesis."""

    hypothesis: str = Field(min_length=1, max_length=100, description="its key")
    mark: int = Field(ge=1, le=5, description="1 poor, 2 weak, 3 fair, 4 good, 5 excellent")
    note: str | None = Field(default=None, max_length=LONGEST_NOTE)
    by: str = Field(description="whoever gave it: an API key's id, or local")
    at: datetime


def read_marks(folder: Path) -> list[PersonMark]:
    """In the order they were given; a last line that was cut off is left out. Raises RunError."""
    path = folder / MARKS_FILE
    with explained(path, "read"):
        content = path.read_bytes() if path.exists() else b""
    *lines, _cut_off = content.split(b"\n")
    return [_read(path, number, line) for number, line in enumerate(lines, start=1)]


def add_mark(folder: Path, mark: PersonMark) -> None:
    """On disk when this returns. Raises RunRefused."""
    append_line(folder / MARKS_FILE, mark.model_dump_json(), folder / ".marks.lock")


def last_marks(marks: Sequence[PersonMark]) -> list[PersonMark]:
    """One a person and hypothesis: the last."""
    return list({(mark.by, mark.hypothesis): mark for mark in marks}.values())


def _read(path: Path, number: int, line: bytes) -> PersonMark:
    try:
        return PersonMark.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise RunError(f"{path}, line {number}: no mark ({first}). Delete that line") from error


@dataclass
class RunResults:
    """Grows while the graph is walked; the report is made of it."""

    seed: int = 0
    marks: Sequence[PersonMark] = ()
    rules: int = 1
    outcomes: list[Outcome] = field(default_factory=list)
    merged: list[Hypothesis] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    stopped: Stop | None = None
    overview: Overview | None = None
    skipped: list[str] = field(default_factory=list)

    @property
    def hypotheses(self) -> list[Hypothesis]:
        """All that stand for themselves, in the order of their keys: branches end in any order."""
        gone = {hypothesis.key for hypothesis in self.merged}
        found = (outcome for outcome in self.outcomes if isinstance(outcome, Hypothesis))
        return sorted((h for h in found if h.key not in gone), key=lambda h: h.key)

    @property
    def failures(self) -> list[Failure]:
        found = [outcome for outcome in self.outcomes if isinstance(outcome, Failure)]
        return sorted(found, key=lambda failure: failure.perspective.key)

    def replace(self, kept: list[Hypothesis], merged: list[Hypothesis]) -> None:
        """Some hypotheses now stand for others."""
        by_key = {hypothesis.key: hypothesis for hypothesis in kept}
        self.outcomes = [
            by_key.get(outcome.key, outcome) if isinstance(outcome, Hypothesis) else outcome
            for outcome in self.outcomes
        ]
        self.merged += merged

    def end(self, status: Status, calls: int) -> End:
        """What a replay of this must find again, and what it cannot find out by itself."""
        return End(
            status=status,
            failures=self.failures,
            hypotheses=sorted(h.key for h in (*self.hypotheses, *self.merged)),
            calls=calls,
            matches=sorted(_played(match) for match in self.matches),
            stopped=self.stopped,
            overview=self.overview is not None,
            again=_marked_again((*self.hypotheses, *self.merged)),
            skipped=self.skipped,
            marks=len(self.marks),
        )

    def recall(self, end: End) -> None:
        """Be what was reported then. Raises ReplayMiss if part of it is missing."""
        told = [h for h in self.outcomes if isinstance(h, Hypothesis) and h.key in end.hypotheses]
        matches = [match for match in self.matches if _played(match) in end.matches]
        lost = sorted(set(end.hypotheses) - {h.key for h in told})
        if lost:
            found = next((f.reason for f in self.failures if f.perspective.key in lost), "it was not made")
            raise ReplayMiss(f"hypothesis {lost[0]} is not found again: {found}")
        if _marked_again(told) < end.again:
            raise ReplayMiss("a reviewer's second marks are not found again: resume the run instead")
        if len(matches) < len(end.matches) or (end.overview and self.overview is None):
            raise ReplayMiss("the tournament or the overview is not found again: resume the run instead")
        self.outcomes = [*told, *end.failures]
        self.marks = self.marks[: end.marks]
        self.matches, self.stopped, self.skipped = matches, end.stopped, end.skipped
        if not end.overview:
            self.overview = None

    @property
    def tournament(self) -> Tournament | None:
        """All matches together, rated anew; None if none was held."""
        if self.stopped is None:
            return None  # marks alone rate nothing
        told = [*sorted(self.matches, key=_played), *self.observations, *matches_from_marks(self._opinions())]
        return summarise(told, self.stopped, seed=self.seed, by=rules(self.rules))

    @property
    def observations(self) -> list[Match]:
        """The verdicts of experiments, as matches; none where nothing was tested, or by the first rules."""
        if not rules(self.rules).verdict:
            return []
        return matches_from_verdicts({h.key: tested(h.standing_tests) for h in self.hypotheses})

    def _opinions(self) -> dict[str, int]:
        """Of people, by hypothesis: the mean of their last marks, in hundredths."""
        given = defaultdict[str, list[int]](list)
        for mark in last_marks(self.marks):
            given[mark.hypothesis].append(mark.mark)
        return {h.key: round(100 * fmean(given[h.key])) for h in self.hypotheses if h.key in given}


def _marked_again(hypotheses: Sequence[Hypothesis]) -> int:
    return sum(reading.again is not None for h in hypotheses for reading in h.readings)


def _played(match: Match) -> Played:
    names = match.first, match.second, match.judge
    return names if match.reading == 1 else (*names, match.reading)
