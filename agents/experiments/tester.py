"""The test step: every claim is matched to an instrument and compared with it, before anyone reads it.

    claim ─▶ shortlist ─▶ choice (rule; a capable model where the rule is in doubt) ─▶ plan, on disk with its
    hash ─▶ measured in workers ─▶ verdict, on disk

All tests of a run share one error rate: the level of each comes from a ledger of those begun before it
(LORD++, `tools.experiments.ledger`), and stands in its plan.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from agents.errors import StepFailed
from agents.experiments.claims import lacks, typed_claims
from agents.experiments.instrument_choice import MOST_MATCHES, ask_choice
from agents.experiments.laboratory import ChosenBy, Laboratory, SweepFinding, SweepRequest, TestTerms
from agents.experiments.record import ExperimentEntry, Experiments
from agents.model import Chat, Event, EventKind
from agents.model.reading import clean
from agents.schema import ClaimTest, Proposal
from agents.schema.report import REVISED
from tools import ToolError
from tools.experiments import Experiment, ExperimentResult, InstrumentMatch, Shortlist, TypedClaim, Verdict
from tools.experiments.ledger import next_level
from tools.experiments.planning import key_of

RUN_ERROR = 0.05  # of all verdicts of a run together
IN_DOUBT = 0.15  # the rule is, where its second match scores so little less than its first
LONGEST_FAULT = 200  # characters
STEP = "test"
NO_PLACE = "an instrument that varies its cause and measures its response"

T = TypeVar("T")


@dataclass
class Tester:
    """Tests the claims of one run."""

    chat: Chat
    experiments: Experiments
    laboratory: Laboratory | None  # none in a replay
    seconds: float
    seed: int
    chooses: bool  # whether the model can choose among instruments
    tell: Callable[[Event], None]
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1), init=False)

    async def test(self, proposal: Proposal, key: str) -> list[ClaimTest]:
        """The tests of its claims, one after the other: a core measures one thing at a time.

        Raises BudgetSpent, EndpointError, ReplayMiss, or RunError if a plan or result cannot be recorded.
        """
        claims = typed_claims(proposal)
        return [
            await self.test_claim(claim, f"{key}/c{i}", None, self.seconds)
            for i, claim in enumerate(claims, start=1)
        ]

    async def test_revised(self, proposal: Proposal, refuted: Sequence[ClaimTest]) -> list[ClaimTest]:
        """The tests of revised claims, under other conditions than those that refuted them."""
        claims = {f"c{i}": claim for i, claim in enumerate(typed_claims(proposal), start=1)}
        return [
            await self.test_claim(
                claims[test.key.rpartition("/")[2]],
                f"{test.key}{REVISED}",
                test.result.experiment,
                self.seconds,
            )
            for test in refuted
        ]

    async def sweep(self, key: str, request: SweepRequest) -> SweepFinding | None:
        """What an instrument's data show, recorded like a plan; None where nothing is seen."""
        entry = self.experiments.get(f"{key} sweep")
        if entry is None:
            entry = await self._sweep(key, request)
            self.experiments.append(entry)
        return SweepFinding(entry.claim, entry.found) if entry.claim and entry.found else None

    async def _sweep(self, key: str, request: SweepRequest) -> ExperimentEntry:
        self.tell(Event(EventKind.PLANNED, key, "sweep", reason=request.instrument))
        name = f"{key} sweep"
        async with self._turn, self.chat.quiet():
            try:
                laboratory = self._open()
                finding = await self._in_thread(lambda stopped: laboratory.sweep(request, stopped))
            except ToolError:
                return ExperimentEntry(key=name)
        return (
            ExperimentEntry(key=name, claim=finding.claim, found=finding.found)
            if finding
            else ExperimentEntry(key=name)
        )

    async def test_claim(
        self, claim: TypedClaim, who: str, revises: Experiment | None, seconds: float
    ) -> ClaimTest:
        """Return the test of one claim, within so many seconds of one core."""
        plan = self.experiments.get(f"{who} plan")
        if plan is None:
            plan = await self._plan(claim, who, revises, seconds)
            self.experiments.append(plan)
        result = plan.result or await self._measure(who, plan)
        self.tell(Event(EventKind.TESTED, who, STEP, reason=f"{result.verdict}: {result.reason}"))
        claim = plan.claim or claim
        return ClaimTest(key=who, claim=claim, lacks=lacks(claim), considered=plan.considered, result=result)

    async def _plan(
        self, claim: TypedClaim, who: str, revises: Experiment | None, seconds: float
    ) -> ExperimentEntry:
        try:
            laboratory = self._open()
            shortlist = await self._in_thread(lambda _stopped: laboratory.shortlist(claim))
            match, by = await self._choose(claim, who, shortlist)
        except ToolError as error:
            return _outside(claim, who, [], None, clean(str(error)))
        considered = shortlist.matches[:MOST_MATCHES]
        if match is None:
            return _outside(claim, who, considered, shortlist.needs or NO_PLACE)
        level = next_level(RUN_ERROR, self.experiments.discoveries)
        terms = TestTerms(level, self.seed + (revises is not None), seconds, revises, by)
        try:
            experiment = laboratory.plan(claim, match, terms)
        except ToolError as error:
            needs = getattr(error, "needs", None)
            return _outside(claim, who, considered, needs, clean(str(error)))
        return ExperimentEntry(
            key=f"{who} plan",
            claim=claim,
            considered=considered,
            experiment=experiment,
            sha256=key_of(experiment),
        )

    async def _choose(
        self, claim: TypedClaim, who: str, shortlist: Shortlist
    ) -> tuple[InstrumentMatch | None, ChosenBy]:
        """The rule's choice; the model's where the rule is in doubt and the model can be asked."""
        matches = shortlist.matches[:MOST_MATCHES]
        close = len(matches) > 1 and matches[0].score - matches[1].score < IN_DOUBT
        if claim.instrument:
            return shortlist.choice, "asked"
        if not (self.chooses and matches and (shortlist.choice is None or close)):
            return shortlist.choice, "rule"
        try:
            return await ask_choice(self.chat, claim, matches, who), "model"
        except StepFailed:
            return shortlist.choice, "rule"

    async def _measure(self, who: str, plan: ExperimentEntry) -> ExperimentResult:
        known = self.experiments.get(f"{who} result")
        if known is not None and known.result is not None:
            return known.result
        experiment, key = plan.experiment, plan.sha256
        if experiment is None or key is None:
            raise ValueError(f"{who} has neither an experiment nor a reason why there is none")
        varied = f"{experiment.instrument}: {experiment.response} against {experiment.cause}"
        self.tell(Event(EventKind.PLANNED, who, STEP, reason=varied))
        async with self._turn, self.chat.quiet():
            try:
                laboratory = self._open()
                result = await self._in_thread(lambda stopped: laboratory.run(experiment, key, stopped))
            except ToolError as error:
                result = _broken(experiment, key, clean(str(error)))
        self.experiments.append(ExperimentEntry(key=f"{who} result", result=result))
        return result

    def _open(self) -> Laboratory:
        if self.laboratory is None:
            raise ToolError("no instruments are loaded here")
        return self.laboratory

    async def _in_thread(self, work: Callable[[Callable[[], bool]], T]) -> T:
        """What the work gives. A cancelled run tells it to end, and does not wait."""
        stop, loop = threading.Event(), asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def run() -> None:
            try:
                value = work(stop.is_set)
            except ToolError as error:
                _settle(done, partial(done.set_exception, error))
            except Exception as error:  # noqa: BLE001 - a solver is foreign code, and its fault ends no run
                fault = ToolError(f"broke off ({type(error).__name__}: {clean(str(error))[:LONGEST_FAULT]})")
                _settle(done, partial(done.set_exception, fault))
            else:
                _settle(done, partial(done.set_result, value))

        threading.Thread(target=run, daemon=True).start()
        try:
            return await done
        finally:
            stop.set()


def _settle(done: "asyncio.Future[Any]", settle: Callable[[], None]) -> None:
    def if_waited_for() -> None:
        if not done.done():
            settle()

    with suppress(RuntimeError):  # the loop is closed
        done.get_loop().call_soon_threadsafe(if_waited_for)


def _outside(
    claim: TypedClaim,
    who: str,
    considered: Sequence[InstrumentMatch],
    needs: str | None,
    reason: str | None = None,
) -> ExperimentEntry:
    told = reason or "No instrument here has its quantities."
    result = ExperimentResult(experiment=None, key=None, verdict=Verdict.OUTSIDE, reason=told, needs=needs)
    return ExperimentEntry(
        key=f"{who} plan", claim=claim, considered=list(considered[:MOST_MATCHES]), result=result
    )


def _broken(experiment: Experiment, key: str, reason: str) -> ExperimentResult:
    told = f"The instrument could not measure it: {reason}"
    return ExperimentResult(experiment=experiment, key=key, verdict=Verdict.OUTSIDE, reason=told)
