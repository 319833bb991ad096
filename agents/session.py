"""A run from its folder to its report: first time, resumed after a stop, or replayed without a model.

All three are the same walk over the same graph. What the journal holds is not asked again, so a resumed run
pays only for what is missing, and a replayed one, which may not ask at all, gives the same report.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agents.branch import Desk, Outcome
from agents.checks.recorded import TextChecks
from agents.choosing_voices import FAR, NEAR, choose_voices
from agents.errors import AgentsError, BudgetSpent, EndpointError, RunError
from agents.experiments import Experiments
from agents.graph import build_graph
from agents.laboratory import Laboratory, Wish
from agents.languages import language_note
from agents.likeness import LikenessMeter
from agents.literature import Surveyor
from agents.marks import read_marks
from agents.model import Budget, Chat, Endpoint, Event, Journal, can_rank
from agents.offers import Scene, make_tools, offered
from agents.plan import Planner
from agents.problem_card import CardMaker
from agents.propose import Wanted
from agents.report import make_report
from agents.results import RunResults
from agents.run import End, Plan, Run
from agents.schema import (
    AtlasRef,
    Distance,
    ModelRef,
    Ontology,
    Perspective,
    Report,
    RunSettings,
    ScoredConcept,
    Status,
    Stop,
    SweepPlan,
)
from agents.stages import Stages
from agents.testing import Tester
from agents.tool_context import ToolContext
from agents.toolbox import Toolbox, ToolUses
from physh import Ontology as PhySH
from physh import Router
from physh.atlas import Atlas
from tools import Tool

JUDGE, PROPOSE = "judge", "propose"
DEALT = 2  # version of drafting from which each perspective has pairs of its own
EXPLORING = 1_000_000  # added to the seed: what is found with some seeds is tested with others


class Watcher(Protocol):
    """Who shows a run's progress."""

    def noticed(self, text: str) -> None: ...

    def planned(self, plan: Plan) -> None: ...

    def happened(self, event: Event) -> None: ...

    def joined(self, perspective: Perspective) -> None:
        """A new hypothesis is made of the best ones, and speaks from here."""

    def ended(self, outcome: Outcome) -> None: ...

    def progressed(self, stage: str, done: int, total: int) -> None:
        """What concerns all hypotheses at once, such as the tournament."""


class Nobody:
    """Watches nothing."""

    def noticed(self, text: str) -> None: ...

    def planned(self, plan: Plan) -> None: ...

    def happened(self, event: Event) -> None: ...

    def joined(self, perspective: Perspective) -> None: ...

    def ended(self, outcome: Outcome) -> None: ...

    def progressed(self, stage: str, done: int, total: int) -> None: ...


async def ask(
    run: Run,
    *,
    endpoints: Mapping[str, Endpoint],
    ontology: PhySH,
    router: Router,
    budget: Budget | None = None,
    concurrency: int = 8,
    context: ToolContext | None = None,
    tools: Sequence[Tool] | None = None,
    watcher: Watcher | None = None,
) -> Report:
    """Answer the run's question, or go on with it. Every finished model call is kept, however this ends.

    Without `tools` the agents may call those that fit the question, and these look things up in `context`.

    A cancelled run returns the report of what is finished, with status "interrupted". Raises EndpointError if
    no perspective could be answered for want of a model, RunError if the folder cannot be used, PhyshError.
    """
    _require_same_models(run.record.settings, endpoints)
    watcher, context = watcher or Nobody(), context or ToolContext()
    plan = run.record.plan or make_plan(run, ontology, router, context.laboratory)
    journal, uses = Journal(run.journal, by_place=True), ToolUses(run.evidence)
    experiments = Experiments(run.experiments)
    for notice in filter(
        None, (language_note(run.record.question), journal.notice, uses.notice, experiments.notice)
    ):
        watcher.noticed(notice)
    async with Chat(
        endpoints,
        journal,
        budget,
        concurrency=concurrency,
        seed=run.record.settings.seed,
        on_event=watcher.happened,
    ) as chat:
        plan, is_cancelled = await _cast(run, plan, chat, ontology, router)
        watcher.planned(plan)
        means = _Means(chat, _toolbox(plan, tools, context, uses, run.id), context, experiments)
        walk = _Walk(run, plan, means, watcher)
        if is_cancelled:
            walk.interrupted = True
        else:
            await walk.go()
    if not walk.results.hypotheses and walk.endpoint_error:
        raise walk.endpoint_error
    return walk.report(journal)


async def _cast(run: Run, plan: Plan, chat: Chat, ontology: PhySH, router: Router) -> tuple[Plan, bool]:
    """The plan with whom a model chose, if it is to choose; and whether the run was cancelled meanwhile."""
    if not plan.shortlist:
        return plan, False
    question, pins = run.record.question, run.record.settings.pins

    def find(name: str) -> Perspective | None:
        return Planner(ontology, router, router.route(question), pins).named(name)

    try:
        plan = await choose_voices(chat, question, plan, find, pins.roles)
    except asyncio.CancelledError:
        return plan, True
    run.set_plan(plan)
    return plan, False


async def replay(run: Run, *, tools: Sequence[Tool] | None = None) -> Report:
    """The run's last report again, from its folder alone. Raises RunError if it never ended."""
    if run.record.plan is None or run.record.end is None:
        raise RunError(f"run {run.id} has not finished: hypofind ask --resume {run.id} goes on with it")
    journal = Journal(run.journal, replay=True, first=run.record.end.calls, by_place=True)
    toolbox = _toolbox(run.record.plan, tools, ToolContext(), ToolUses(run.evidence, replay=True))
    models = run.record.settings.models
    endpoints = {step: Endpoint.model_validate(dict(model)) for step, model in models.items()}
    async with Chat(endpoints, journal, seed=run.record.settings.seed) as chat:
        means = _Means(chat, toolbox, ToolContext(), Experiments(run.experiments, replay=True))
        walk = _Walk(run, run.record.plan, means, Nobody())
        await walk.go()
    return walk.replayed(journal, run.record.end)


async def recount(run: Run) -> Report:
    """The last report again, with the marks that people gave since. No model is asked.

    Raises RunError if the run never ended.
    """
    if run.record.end is not None:
        run.set_end(run.record.end.model_copy(update={"marks": len(read_marks(run.folder))}))
    return await replay(run)


def make_plan(run: Run, ontology: PhySH, router: Router, laboratory: Laboratory | None = None) -> Plan:
    """Route the question and choose who speaks; written to the run's folder before any call is paid for."""
    route = router.route(run.record.question)
    settings = run.record.settings
    concepts = [ScoredConcept(uri=s.uri, label=s.label, score=s.score) for s in route.concepts]
    scene = Scene(run.record.question, concepts, literature=searches(settings))
    planner = Planner(ontology, router, route, settings.pins)
    voices = planner.perspectives(settings.perspectives)
    drafting = settings.claims_first > 0
    menu = (
        laboratory.menu(run.record.question, concepts, drafting=drafting)
        if laboratory and settings.test_seconds
        else None
    )
    swept = _choose_swept(voices) if settings.from_data and menu and menu.sweep else None
    plan = Plan(
        ontology=Ontology(release=ontology.release, concepts=len(ontology.concepts), sha256=ontology.sha256),
        atlas=name_atlas(router.atlas),
        disciplines=[ScoredConcept(uri=s.uri, label=s.label, score=s.score) for s in route.disciplines],
        concepts=concepts,
        perspectives=voices,
        tools=offered(scene, small=not can_rank([settings.models["default"].name])),
        shortlist=planner.shortlist(settings.perspectives, NEAR, FAR) if settings.choose else [],
        reserve=planner.reserve(settings.perspectives, settings.children) if settings.children else [],
        measurable=menu.pairs if menu else [],
        quantities=menu.quantities if menu else [],
        swept={swept: menu.sweep} if swept and menu and menu.sweep else {},
    )
    run.set_plan(plan)
    return plan


def name_atlas(atlas: Atlas) -> AtlasRef:
    """Return what reports say of an atlas."""
    about = atlas.about
    return AtlasRef(
        name=about["name"], works=about["works"], since=about["from"], until=about["to"], sha256=atlas.sha256
    )


def _wanted(settings: RunSettings, plan: Plan) -> Wanted:
    drafting = [voice.key for voice in plan.perspectives if voice.key not in plan.swept]
    return Wanted(
        typed=_is_capable(settings),
        measurable=plan.measurable,
        quantities=plan.quantities,
        dealt=drafting if settings.claims_first >= DEALT else (),
    )


def _choose_swept(voices: Sequence[Perspective]) -> str | None:
    """The last near perspective but the first: who asks keeps what was pinned, and one model's own idea."""
    near = [voice.key for voice in voices[1:] if voice.distance is Distance.NEAR]
    return near[-1] if near else None


@dataclass(frozen=True)
class _Means:
    """What a walk works with."""

    chat: Chat
    toolbox: Toolbox
    context: ToolContext
    experiments: Experiments


class _Walk:
    """One pass over the graph, and what came of it."""

    def __init__(self, run: Run, plan: Plan, means: _Means, watcher: Watcher) -> None:
        self.run, self.plan, self.watcher = run, plan, watcher
        self.results = RunResults(run.record.settings.seed, read_marks(run.folder), run.record.rules)
        self.errors: list[AgentsError] = []
        self.interrupted = False
        settings = run.record.settings
        desk = Desk(
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
            wanted=_wanted(settings, plan) if settings.test_seconds else None,
            swept={key: _wish(sweep, settings) for key, sweep in plan.swept.items()},
            checks=TextChecks(means.context) if settings.checks > 1 else None,
            cards=CardMaker(means.context) if settings.cards else None,
            rules=run.record.rules,
            second_look=settings.second_look,
            claims_first=settings.claims_first > 0,
            short_reviews=settings.short_reviews,
        )
        stages = Stages(
            desk=desk,
            results=self.results,
            meter=LikenessMeter(means.context),
            judges=judging_steps(settings.models),
            matches=settings.matches,
            children=settings.children,
            wants_overview=settings.overview,
            seed=settings.seed,
            reserve=plan.reserve,
            joined=watcher.joined,
            progressed=watcher.progressed,
        )
        self.graph = build_graph(desk, stages)

    def _make_tester(self, means: _Means) -> Tester | None:
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
            tell=self.watcher.happened,
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
        self.watcher.ended(outcome)

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


def _wish(sweep: SweepPlan, settings: RunSettings) -> Wish:
    return Wish(sweep.instrument, sweep.pairs, settings.test_seconds, settings.seed + EXPLORING)


def _is_capable(settings: RunSettings) -> bool:
    """Whether authors may be able to fill in a whole claim: our small models are known not to."""
    return can_rank([settings.model_of(PROPOSE).name])


def searches(settings: RunSettings) -> bool:
    return settings.library or bool(settings.sources)


def _toolbox(
    plan: Plan, tools: Sequence[Tool] | None, context: ToolContext, uses: ToolUses, run: str = ""
) -> Toolbox:
    return Toolbox(make_tools(plan.tools, context) if tools is None else tools, uses, context.runner, run)


def judging_steps(models: Mapping[str, ModelRef]) -> list[str]:
    """The steps that judge pairs, one a model: the same model twice is not two judges."""
    steps = [JUDGE, *sorted(step for step in models if step.startswith(f"{JUDGE}_"))]
    named = {models.get(step, models["default"]).name: step for step in reversed(steps)}
    return sorted(named.values())


def _require_same_models(settings: RunSettings, endpoints: Mapping[str, Endpoint]) -> None:
    now = {step: endpoint.ref for step, endpoint in endpoints.items()}
    if now != settings.models:
        was, given = (", ".join(f"{s}: {m.name}" for s, m in ms.items()) for ms in (settings.models, now))
        raise RunError(f"this run was begun with other models ({was}) than the settings name now ({given})")
