"""One pass over the graph of a run, and what came of it, told to whoever watches."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.checks.recorded import TextChecks
from agents.errors import AgentsError, BudgetSpent, EndpointError
from agents.experiments.laboratory import SweepRequest
from agents.experiments.record import Experiments
from agents.experiments.tester import Tester
from agents.literature import Surveyor
from agents.model import Chat, Journal, can_rank
from agents.offers import make_tools
from agents.problem_cards.card import CardMaker
from agents.run import End, Run, RunPlan
from agents.run.branch import RunContext
from agents.run.events import Ended, Outcome, Watch
from agents.run.graph import build_graph
from agents.run.planning import searches
from agents.run.report import make_report
from agents.run.results import RunResults, read_marks
from agents.run.stages import Stages
from agents.schema import ModelRef, Report, RunSettings, Status, Stop, SweepPlan
from agents.steps.likeness import LikenessMeter
from agents.steps.propose import ClaimRequest
from agents.tool_context import ToolContext
from agents.toolbox import Toolbox, ToolUses
from tools import Tool

JUDGE, PROPOSE = "judge", "propose"
DEALT = 2  # version of drafting from which each perspective has pairs of its own
EXPLORING = 1_000_000  # added to the seed: what is found with some seeds is tested with others


@dataclass(frozen=True)
class Resources:
    """What a walk works with."""

    chat: Chat
    toolbox: Toolbox
    context: ToolContext
    experiments: Experiments


class Walk:
    """One pass over the graph, and what came of it."""

    def __init__(self, run: Run, plan: RunPlan, means: Resources, watch: Watch) -> None:
        self.run, self.plan, self.watch = run, plan, watch
        self.results = RunResults(run.record.settings.seed, read_marks(run.folder), run.record.rules)
        self.errors: list[AgentsError] = []
        self.interrupted = False
        settings = run.record.settings
        run_context = RunContext(
            chat=means.chat,
            question=run.record.question,
            concepts=plan.concepts,
            toolbox=means.toolbox,
            surveyor=Surveyor(
                means.context, asks_atlas="shipped" in settings.sources, joins=plan.atlas is not None
            )
            if searches(settings)
            else None,
            reviewers=settings.reviewers,
            finished=self._finished,
            failed=self.errors.append,
            tester=self._make_tester(means),
            claim_request=make_claim_request(settings, plan) if settings.test_seconds else None,
            swept={key: _request_sweep(sweep, settings) for key, sweep in plan.swept.items()},
            checks=TextChecks(means.context) if settings.checks > 1 else None,
            cards=CardMaker(means.context) if settings.cards else None,
            rules=run.record.rules,
            second_look=settings.second_look,
            claims_first=settings.claims_first,
            short_reviews=settings.short_reviews,
        )
        stages = Stages(
            context=run_context,
            results=self.results,
            meter=LikenessMeter(means.context),
            judges=judging_steps(settings.models),
            matches=settings.matches,
            children=settings.children,
            wants_overview=settings.overview,
            seed=settings.seed,
            reserve=plan.reserve,
            watch=watch,
        )
        self.graph = build_graph(run_context, stages)

    def _make_tester(self, means: Resources) -> Tester | None:
        settings = self.run.record.settings
        if not settings.test_seconds:
            return None
        return Tester(
            chat=means.chat,
            experiments=means.experiments,
            laboratory=means.context.laboratory,
            seconds=settings.test_seconds,
            seed=settings.seed,
            chooses=_is_capable(settings),
            tell=self.watch,
        )

    async def go(self) -> None:
        from langsmith import tracing_context

        try:
            with tracing_context(enabled=False):  # nobody's question is sent to a third party
                await self.graph.ainvoke({"perspectives": self.plan.perspectives, "outcomes": []})
        except asyncio.CancelledError:
            self.interrupted = True
        self.interrupted |= self.results.stopped is Stop.INTERRUPTED

    @property
    def endpoint_error(self) -> EndpointError | None:
        return next((error for error in self.errors if isinstance(error, EndpointError)), None)

    def report(self, journal: Journal) -> Report:
        """What there is now, and what a replay must find again, on disk."""
        calls, status = journal.calls, self._status()
        if self.interrupted and self.results.matches and self.results.stopped is None:
            self.results.stopped = Stop.INTERRUPTED
        end = self.results.end(status, len(calls))
        self.run.set_end(end)
        return make_report(self.run.record, self.plan, self.results, calls, status)

    def replayed(self, journal: Journal, end: End) -> Report:
        """With failures and stops as they were: a fault of the network leaves no call to replay.

        Raises ReplayMiss if something that was found is not found again. One hypothesis or match too many may
        be found, whose last call was recorded when the run was stopped.
        """
        self.results.recall(end)
        return make_report(self.run.record, self.plan, self.results, journal.calls, end.status)

    def _finished(self, outcome: Outcome) -> None:
        self.results.outcomes.append(outcome)
        self.watch(Ended(outcome))

    def _status(self) -> Status:
        if self.interrupted:
            return Status.INTERRUPTED
        spent = any(isinstance(error, BudgetSpent) for error in self.errors)
        if spent or self.results.stopped is Stop.BUDGET:
            return Status.BUDGET
        if not self.results.hypotheses:
            return Status.FAILED
        lacking = self.results.failures or self.results.stopped is Stop.UNREACHABLE
        return Status.PARTIAL if lacking else Status.COMPLETE


def make_claim_request(settings: RunSettings, plan: RunPlan) -> ClaimRequest:
    drafting = [voice.key for voice in plan.perspectives if voice.key not in plan.swept]
    return ClaimRequest(
        typed=_is_capable(settings),
        measurable=plan.measurable,
        quantities=plan.quantities,
        dealt=drafting if settings.claims_first >= DEALT else (),
    )


def _request_sweep(sweep: SweepPlan, settings: RunSettings) -> SweepRequest:
    return SweepRequest(sweep.instrument, sweep.pairs, settings.test_seconds, settings.seed + EXPLORING)


def _is_capable(settings: RunSettings) -> bool:
    """Whether authors may be able to fill in a whole claim: our small models are known not to."""
    return can_rank([settings.model_of(PROPOSE).name])


def make_toolbox(
    plan: RunPlan, tools: Sequence[Tool] | None, context: ToolContext, uses: ToolUses, run: str = ""
) -> Toolbox:
    return Toolbox(make_tools(plan.tools, context) if tools is None else tools, uses, context.runner, run)


def judging_steps(models: Mapping[str, ModelRef]) -> list[str]:
    """The steps that judge pairs, one a model: the same model twice is not two judges."""
    steps = [JUDGE, *sorted(step for step in models if step.startswith(f"{JUDGE}_"))]
    named = {models.get(step, models["default"]).name: step for step in reversed(steps)}
    return sorted(named.values())
