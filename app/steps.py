"""The steps of a run, who did what and when: from its events while it runs, else from its report."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from agents.model import EventKind
from agents.schema import CallRef, Hypothesis, Perspective, Report, Strict
from app.jobs.events import CallEvent, JoinedEvent, OutcomeEvent, PlanEvent, RunEvent, StageEvent, StateEvent

ALL = "all"  # who speaks where a step is about every hypothesis
TEST = "test"
LONGEST = 300  # characters of what is said of a step


class StepState(StrEnum):
    RUNNING = "under way"
    DONE = "done"
    RECALLED = "recorded before"
    BROKEN = "broken off"


class RunStep(Strict):
    """One model call, or one test of a claim."""

    speaker: str = Field(description="a perspective's key, or all")
    who: str = Field(description="with the reviewer or the claim: p01/r1, p01/c1")
    step: str
    state: StepState
    at: datetime | None = Field(default=None, description="null where it was not recorded: tests in a report")
    seconds: float = Field(default=0.0, ge=0)
    tokens: int = Field(default=0, ge=0, description="prompt and answer; while it is written, of the answer")
    said: str = Field(default="", description="why it was sent again; by what is tested, and the verdict")
    call: int | None = Field(default=None, description="its number in the report's calls, from 0")


class Speaker(Strict):
    """A row of the picture."""

    key: str
    label: str
    score: float | None = None
    failed: str | None = None


class Pipeline(Strict):
    """What a run did so far."""

    speakers: list[Speaker]
    steps: list[RunStep]
    begun: datetime | None = Field(default=None, description="when the first step began")
    until: datetime | None = Field(default=None, description="when the last thing happened")
    stage: str = Field(default="", description="what concerns all hypotheses at once, and how far it is")
    live: bool = Field(default=False, description="more may come")


def from_report(report: Report) -> Pipeline:
    """Return the steps of a finished run. The same report gives the same steps."""
    told = [*report.hypotheses, *report.merged]
    voices = {one.perspective.key: one.perspective for one in told}
    voices |= {one.perspective.key: one.perspective for one in report.failures}
    speakers = {key: _speaker(voices[key]) for key in sorted(voices)}
    for one in told:
        key = one.perspective.key
        speakers[key] = speakers[key].model_copy(update={"score": one.score.value})
    for failure in report.failures:
        key = failure.perspective.key
        speakers[key] = speakers[key].model_copy(update={"failed": failure.reason})
    steps = [_from_call(number, call, speakers) for number, call in enumerate(report.calls)]
    if any(step.speaker == ALL for step in steps):
        speakers[ALL] = Speaker(key=ALL, label="all hypotheses")
    steps += [step for one in told for step in _tests(one)]
    ends = [_end(step) for step in steps if step.at is not None]
    begun = min((step.at for step in steps if step.at is not None), default=None)
    return Pipeline(speakers=list(speakers.values()), steps=steps, begun=begun, until=max(ends, default=None))


def from_events(events: Iterable[RunEvent]) -> Pipeline:
    """Return the steps that events tell of, also of a run that is under way."""
    fold = _Fold()
    for event in events:
        fold.add(event)
    return fold.pipeline


class _Fold:
    """Takes events in their order."""

    def __init__(self) -> None:
        self._speakers: dict[str, Speaker] = {}
        self._steps: list[RunStep] = []
        self._open: dict[tuple[str, str], int] = {}  # places in the steps
        self._until: datetime | None = None
        self._stage, self._live = "", True

    def add(self, event: RunEvent) -> None:
        self._until = event.at
        match event:
            case PlanEvent():
                self._join(event.perspectives)
            case JoinedEvent():
                self._join([event.perspective])
            case CallEvent():
                self._hear(event)
            case OutcomeEvent():
                self._end(event)
            case StageEvent():
                self._stage = f"{event.stage}: {event.done} of {event.total}"
            case StateEvent():
                self._live = not event.state.is_final
                if not self._live:
                    self._break_off(event.at)
            case _:
                pass

    @property
    def pipeline(self) -> Pipeline:
        if self._live and self._until:
            for place in self._open.values():
                self._set(place, seconds=_since(self._steps[place], self._until))
        speakers = dict(self._speakers)
        if any(step.speaker == ALL for step in self._steps):
            speakers[ALL] = Speaker(key=ALL, label="all hypotheses")
        begun = min((step.at for step in self._steps if step.at), default=None)
        return Pipeline(
            speakers=list(speakers.values()),
            steps=list(self._steps),
            begun=begun,
            until=self._until,
            stage=self._stage,
            live=self._live,
        )

    def _join(self, voices: Sequence[Perspective]) -> None:
        """A run that was taken up again tells its plan again."""
        for voice in voices:
            self._speakers.setdefault(voice.key, _speaker(voice))

    def _hear(self, event: CallEvent) -> None:
        key = event.who, event.step
        match event.kind:
            case EventKind.SENT | EventKind.PLANNED:
                if key not in self._open:
                    self._begin(event, StepState.RUNNING)
            case EventKind.RECALLED:
                self._begin(event, StepState.RECALLED)
                self._close(event, StepState.RECALLED)
            case EventKind.ANSWERED:
                self._close(event, StepState.DONE)
            case EventKind.TESTED:
                if key not in self._open:  # it was recorded, or nothing could be measured
                    self._begin(event, StepState.DONE)
                self._close(event, StepState.DONE)
            case EventKind.TOKENS | EventKind.RETRY | EventKind.UNREADABLE:
                if (place := self._open.get(key)) is not None:
                    step = self._steps[place]
                    said = event.reason[:LONGEST] or step.said
                    self._set(place, tokens=max(step.tokens, event.tokens), said=said)

    def _begin(self, event: CallEvent, state: StepState) -> None:
        tested = event.kind in (EventKind.PLANNED, EventKind.TESTED) and event.step != "sweep"
        self._open[event.who, event.step] = len(self._steps)
        self._steps.append(
            RunStep(
                speaker=_speaker_of(event.who, self._speakers),
                who=event.who,
                step=TEST if tested else event.step,
                state=state,
                at=event.at,
                said=event.reason[:LONGEST],
            )
        )

    def _close(self, event: CallEvent, state: StepState) -> None:
        place = self._open.pop((event.who, event.step), None)
        if place is not None:
            step = self._steps[place]
            said = event.reason[:LONGEST] or step.said
            tokens = event.tokens or step.tokens
            self._set(place, state=state, seconds=_since(step, event.at), tokens=tokens, said=said)

    def _set(self, place: int, **changes: object) -> None:
        self._steps[place] = self._steps[place].model_copy(update=changes)

    def _end(self, event: OutcomeEvent) -> None:
        if speaker := self._speakers.get(event.key):
            changes = {"score": event.score, "failed": event.reason}
            self._speakers[event.key] = speaker.model_copy(update=changes)

    def _break_off(self, at: datetime) -> None:
        for place in self._open.values():
            self._set(place, state=StepState.BROKEN, seconds=_since(self._steps[place], at))
        self._open.clear()


def _speaker(voice: Perspective) -> Speaker:
    return Speaker(key=voice.key, label=f"{voice.key} {voice.narrow.label}")


def _speaker_of(who: str, known: Iterable[str]) -> str:
    key = who.partition("/")[0]
    return key if key in known else ALL


def _since(step: RunStep, at: datetime) -> float:
    return max(0.0, (at - step.at).total_seconds()) if step.at else 0.0


def _end(step: RunStep) -> datetime:
    assert step.at is not None  # noqa: S101 - callers leave the others out
    return step.at + timedelta(seconds=step.seconds)


def _from_call(number: int, call: CallRef, speakers: Iterable[str]) -> RunStep:
    return RunStep(
        speaker=_speaker_of(call.who, speakers),
        who=call.who,
        step=call.step,
        state=StepState.DONE,
        at=call.at,
        seconds=max(0.0, call.seconds),
        tokens=call.input_tokens + call.output_tokens,
        said=call.model,
        call=number,
    )


def _tests(one: Hypothesis) -> list[RunStep]:
    return [
        RunStep(
            speaker=one.perspective.key,
            who=test.key,
            step=TEST,
            state=StepState.DONE,
            said=f"{test.verdict.value}: {test.result.reason}"[:LONGEST],
        )
        for test in one.attempts
    ]
