"""What concerns all hypotheses of a run at once: duplicates, the tournament, children, the overview.

A stage that cannot be done is left out and said so: what the branches found is worth reporting without it.
"""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field

from agents.blinding import blind
from agents.errors import BudgetSpent, EndpointError, ReplayMiss, StepFailed
from agents.rank import Judge, hold, rules
from agents.run.branch import RunContext
from agents.run.events import Joined, Progressed, Watch
from agents.run.results import RunResults
from agents.schema import Match, Perspective, Stop
from agents.steps.evolve import Brood, breed
from agents.steps.judge import judge
from agents.steps.likeness import LikenessMeter, measure_likeness
from agents.steps.merge import merge
from agents.steps.overview import write_overview
from agents.steps.score import ranked

KEPT_FOR_CHILD = 3  # matches: what it takes before a newcomer is ranked at all


@dataclass
class Stages:
    """The stages of one run."""

    context: RunContext
    results: RunResults
    meter: LikenessMeter
    judges: Sequence[str]
    matches: int
    children: int
    wants_overview: bool
    seed: int
    reserve: Sequence[Perspective]
    watch: Watch
    _bred: bool = field(default=False, init=False)
    _asked: defaultdict[str, Counter[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(Counter), init=False
    )

    async def merge(self) -> None:
        async def go() -> None:
            hypotheses = self.results.hypotheses
            cosines = await measure_likeness(hypotheses, self.context.toolbox, self.meter)
            by_claims = self.context.rules > 1
            self.results.replace(*await merge(self.context.chat, hypotheses, cosines, by_claims=by_claims))

        if len(self.results.hypotheses) > 1:
            await self._unless_impossible("merging near-duplicates", go())

    async def compete(self) -> None:
        """The first time some matches are kept for the children, the second time all are played."""
        kept = 0 if self._bred else min(KEPT_FOR_CHILD * self.children, self.matches // 2)
        most = self.matches - kept
        if most > 0 and len(self.results.hypotheses) > 1:
            await self._unless_impossible("the tournament", self._hold(most))

    async def _hold(self, matches: int) -> None:
        hypotheses = self.results.hypotheses
        cosines = await measure_likeness(hypotheses, self.context.toolbox, self.meter)
        tournament = await hold(
            [hypothesis.key for hypothesis in hypotheses],
            [self._judge(step) for step in self.judges],
            matches=matches - len(self.results.matches),
            seed=self.seed,
            likeness=cosines,
            known=(*self.results.matches, *self.results.observations),
            asked=[Counter(self._asked[step]) for step in self.judges],
            by=rules(self.context.rules),
            on_match=self._played,
        )
        self.results.stopped = tournament.stopped

    def _judge(self, step: str) -> Judge:
        shown = {
            hypothesis.key: blind(hypothesis, by_fields=self.context.rules > 1)
            for hypothesis in self.results.hypotheses
        }

        async def decide(first: str, second: str, reading: int) -> Match:
            self._asked[step][min(first, second), max(first, second)] += 1
            who = f"{first}+{second}/{step}"
            one, other = shown[first], shown[second]
            return await judge(
                self.context.chat, self.context.question, one, other, who, step=step, reading=reading
            )

        return decide

    def _played(self, match: Match) -> None:
        self.results.matches.append(match)
        self.watch(Progressed("tournament", len(self.results.matches), self.matches))

    def breed(self) -> list[Brood]:
        """Children of the best, once a tournament was held; none when the run has come to its end."""
        self._bred = True
        if self.results.stopped is None or self._over or not self.children:
            return []
        best = ranked(self.results.hypotheses, self.results.tournament)
        broods = breed(best, self.reserve, self.children)
        for brood in broods:
            self.watch(Joined(brood.perspective))
        return broods

    @property
    def _over(self) -> bool:
        """The tournament tells what it had when it was ended; so must what would follow."""
        return self.results.stopped in (Stop.BUDGET, Stop.INTERRUPTED, Stop.UNREACHABLE)

    async def overview(self) -> None:
        async def go() -> None:
            best = ranked(self.results.hypotheses, self.results.tournament)
            self.results.overview = await write_overview(self.context.chat, self.context.question, best)

        if self.wants_overview and not self._over:
            await self._unless_impossible("the overview", go())

    async def _unless_impossible(self, what: str, stage: Awaitable[None]) -> None:
        try:
            await stage
        except (StepFailed, BudgetSpent, EndpointError, ReplayMiss) as error:
            self.context.failed(error)
            self.results.skipped.append(f"{what[0].upper()}{what[1:]} was left out: {error}.")
