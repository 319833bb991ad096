"""Tells a run's feed what happens in it, and carries the wish to stop into it."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from agents import RunPlan
from agents.model import Event, EventKind
from agents.run.events import Ended, Happening, Joined, Noticed, Outcome, Planned, Progressed
from agents.schema import Hypothesis, Perspective
from app.jobs.events import (
    CallEvent,
    JoinedEvent,
    NoticeEvent,
    OutcomeEvent,
    PlanEvent,
    RunEvent,
    StageEvent,
    StateEvent,
)
from app.jobs.feed import Make
from app.jobs.state import RunState

T = TypeVar("T")
TOKENS_EVERY_S = 1.0  # of one call: a token count is worth no more


class StopRequest:
    """Cancels a run from another thread: before it begins, or in the middle of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = False
        self._end: Callable[[], None] | None = None

    @property
    def asked(self) -> bool:
        return self._asked

    def ask(self) -> None:
        with self._lock:
            self._asked = True
            if self._end:
                self._end()

    def ends(self, end: Callable[[], None]) -> None:
        """Say how the run is ended: at once, where that was asked for already. `end` may be called again."""
        with self._lock:
            self._end = end
            if self._asked:
                end()

    def arm(self) -> None:
        """From inside the run's task."""
        task, loop = asyncio.current_task(), asyncio.get_running_loop()

        def cancel() -> None:
            if task:
                with suppress(RuntimeError):  # its loop is closed: it is over
                    loop.call_soon_threadsafe(task.cancel)

        self.ends(cancel)


async def unless_stopped(work: Coroutine[Any, Any, T], stop: StopRequest) -> T | None:
    """Return what the work gives; None where somebody stopped it, and it is ended."""
    with suppress(asyncio.CancelledError):
        stop.arm()
        return await work
    return None


class Reporter:
    """Tells a feed. `add` is the feed's, or hands events to the process that has it."""

    def __init__(self, add: Callable[[Make], None], stop: StopRequest) -> None:
        self.add, self._stop = add, stop
        self._due: dict[str, float] = {}  # when a call's token count is told again
        self._stage: tuple[str, int, int] | None = None  # told last

    def state(self, state: RunState, reason: str | None = None) -> None:
        self.add(lambda number, at: StateEvent(id=number, at=at, state=state, reason=reason))

    def watch(self, event: Happening) -> None:
        """Tell what happens in a run."""
        match event:
            case Noticed(text):
                self.noticed(text)
            case Planned(plan):
                self._planned(plan)
            case Event():
                self._called(event)
            case Joined(perspective):
                self._joined(perspective)
            case Ended(outcome):
                self.add(lambda number, at: _outcome(number, at, outcome))
            case Progressed(stage, done, total):
                self.progressed(stage, done, total)

    def noticed(self, text: str) -> None:
        self.add(lambda number, at: NoticeEvent(id=number, at=at, text=text))

    def _planned(self, plan: RunPlan) -> None:
        """The run's first words from inside its task, before any model is asked."""
        self._stop.arm()
        self.add(
            lambda number, at: PlanEvent(
                id=number,
                at=at,
                disciplines=plan.disciplines,
                concepts=plan.concepts,
                perspectives=plan.perspectives,
            )
        )

    def _joined(self, perspective: Perspective) -> None:
        self.add(lambda number, at: JoinedEvent(id=number, at=at, perspective=perspective))

    def _called(self, event: Event) -> None:
        if event.kind is EventKind.TOKENS:
            now, call = time.monotonic(), f"{event.who} {event.step}"
            if now < self._due.get(call, 0.0):
                return
            self._due[call] = now + TOKENS_EVERY_S
        self.add(
            lambda number, at: CallEvent(
                id=number,
                at=at,
                kind=event.kind,
                who=event.who,
                step=event.step,
                tokens=event.tokens,
                reason=event.reason,
            )
        )

    def progressed(self, stage: str, done: int, total: int) -> None:
        """Tell how far a stage is, unless that was told last."""
        if self._stage != (stage, done, total):
            self._stage = (stage, done, total)
            self.add(lambda number, at: StageEvent(id=number, at=at, stage=stage, done=done, total=total))


def _outcome(number: int, at: datetime, outcome: Outcome) -> RunEvent:
    key = outcome.perspective.key
    if isinstance(outcome, Hypothesis):
        score, statement = outcome.score.value, outcome.proposal.statement
        return OutcomeEvent(id=number, at=at, key=key, score=score, statement=statement)
    return OutcomeEvent(id=number, at=at, key=key, failed_step=outcome.step, reason=outcome.reason)
