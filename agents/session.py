"""A run from its folder to its report: first time, resumed after a stop, or replayed without a model.

All three are the same walk over the same graph. What the journal holds is not asked again, so a resumed run
pays only for what is missing, and a replayed one, which may not ask at all, gives the same report.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Protocol

from agents.errors import AgentsError, BudgetSpent, EndpointError, ReplayMiss, RunError
from agents.graph import Outcome, Work, build_graph
from agents.model import Budget, Chat, Endpoint, Event, Journal
from agents.plan import Planner
from agents.report import make_report
from agents.run import End, Plan, Run
from agents.schema import (
    Failure,
    Hypothesis,
    Ontology,
    Perspective,
    Report,
    RunSettings,
    ScoredConcept,
    Status,
)
from agents.toolbox import Toolbox, ToolUses
from physh import Ontology as PhySH
from physh import Router
from tools import TOOLS, Tool


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
    tools: Sequence[Tool] = TOOLS,
    watcher: Watcher | None = None,
) -> Report:
    """Answer the run's question, or go on with it. Every finished model call is kept, however this ends.

    A cancelled run returns the report of what is finished, with status "interrupted". Raises EndpointError if
    no perspective could be answered for want of a model, RunError if the folder cannot be used, PhyshError.
    """
    _require_same_models(run.record.settings, endpoints)
    watcher = watcher or Nobody()
    plan = run.record.plan or make_plan(run, ontology, router)
    watcher.planned(plan)
    journal, uses = Journal(run.journal), ToolUses(run.evidence)
    for notice in filter(None, (journal.notice, uses.notice)):
        watcher.noticed(notice)
    settings = run.record.settings
    async with Chat(
        endpoints,
        journal,
        budget,
        concurrency=concurrency,
        seed=settings.seed,
        on_event=watcher.happened,
    ) as chat:
        walk = _Walk(run, plan, chat, Toolbox(tools, uses), watcher)
        await walk.go()
    if not walk.hypotheses and walk.endpoint_error:
        raise walk.endpoint_error
    return walk.report(journal)


async def replay(run: Run, *, tools: Sequence[Tool] = TOOLS) -> Report:
    """The run's last report again, from its folder alone. Raises RunError if it never ended."""
    if run.record.plan is None or run.record.end is None:
        raise RunError(f"run {run.id} has not finished: hypofind ask --resume {run.id} goes on with it")
    journal = Journal(run.journal, replay=True, first=run.record.end.calls)
    toolbox = Toolbox(tools, ToolUses(run.evidence, replay=True))
    models = run.record.settings.models
    endpoints = {step: Endpoint.model_validate(dict(model)) for step, model in models.items()}
    async with Chat(endpoints, journal, seed=run.record.settings.seed) as chat:
        walk = _Walk(run, run.record.plan, chat, toolbox, Nobody())
        await walk.go()
    return walk.replayed(journal, run.record.end)


def make_plan(run: Run, ontology: PhySH, router: Router) -> Plan:
    """Route the question and choose who speaks; written to the run's folder before any call is paid for."""
    route = router.route(run.record.question)
    settings = run.record.settings
    plan = Plan(
        ontology=Ontology(release=ontology.release, concepts=len(ontology.concepts), sha256=ontology.sha256),
        disciplines=[ScoredConcept(uri=s.uri, label=s.label, score=s.score) for s in route.disciplines],
        concepts=[ScoredConcept(uri=s.uri, label=s.label, score=s.score) for s in route.concepts],
        perspectives=Planner(ontology, router, route, settings.pins).perspectives(settings.perspectives),
    )
    run.set_plan(plan)
    return plan


class _Walk:
    """One pass over the graph, and what came of it."""

    def __init__(self, run: Run, plan: Plan, chat: Chat, toolbox: Toolbox, watcher: Watcher) -> None:
        self.run, self.plan, self.watcher = run, plan, watcher
        self.outcomes: list[Outcome] = []
        self.errors: list[AgentsError] = []
        self.interrupted = False
        self.graph = build_graph(
            Work(
                chat=chat,
                question=run.record.question,
                concepts=plan.concepts,
                toolbox=toolbox,
                reviewers=run.record.settings.reviewers,
                finished=self._finished,
                failed=self.errors.append,
            )
        )

    async def go(self) -> None:
        from langsmith import tracing_context

        try:
            with tracing_context(enabled=False):  # nobody's question is sent to a third party
                await self.graph.ainvoke({"perspectives": self.plan.perspectives, "outcomes": []})
        except asyncio.CancelledError:
            self.interrupted = True

    @property
    def hypotheses(self) -> list[Hypothesis]:
        return [outcome for outcome in self.outcomes if isinstance(outcome, Hypothesis)]

    @property
    def failures(self) -> list[Failure]:
        return [outcome for outcome in self.outcomes if isinstance(outcome, Failure)]

    @property
    def endpoint_error(self) -> EndpointError | None:
        return next((error for error in self.errors if isinstance(error, EndpointError)), None)

    def report(self, journal: Journal) -> Report:
        calls, status = journal.calls, self._status()
        keys = sorted(hypothesis.perspective.key for hypothesis in self.hypotheses)
        self.run.set_end(End(status=status, failures=self.failures, hypotheses=keys, calls=len(calls)))
        return make_report(self.run.record, self.plan, self.outcomes, calls, status)

    def replayed(self, journal: Journal, end: End) -> Report:
        """With the failures as they were: a fault of the network leaves no call to replay.

        Raises ReplayMiss if a hypothesis is not found again. One too many may be found, whose last call was
        recorded when the run was stopped.
        """
        lost = [failure for failure in self.failures if failure.perspective.key in end.hypotheses]
        if lost:
            raise ReplayMiss(lost[0].reason)
        told = [h for h in self.hypotheses if h.perspective.key in end.hypotheses]
        return make_report(self.run.record, self.plan, [*told, *end.failures], journal.calls, end.status)

    def _finished(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.watcher.ended(outcome)

    def _status(self) -> Status:
        if self.interrupted:
            return Status.INTERRUPTED
        if any(isinstance(error, BudgetSpent) for error in self.errors):
            return Status.BUDGET
        if not self.hypotheses:
            return Status.FAILED
        return Status.PARTIAL if self.failures else Status.COMPLETE


def _require_same_models(settings: RunSettings, endpoints: Mapping[str, Endpoint]) -> None:
    now = {step: endpoint.ref for step, endpoint in endpoints.items()}
    if now != settings.models:
        was, given = (", ".join(f"{s}: {m.name}" for s, m in ms.items()) for ms in (settings.models, now))
        raise RunError(f"this run was begun with other models ({was}) than the settings name now ({given})")
