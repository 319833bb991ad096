"""A run from its folder to its report: first time, resumed after a stop, or replayed without a model.

All three are the same walk over the same graph. What the journal holds is not asked again, so a resumed run
pays only for what is missing, and a replayed one, which may not ask at all, gives the same report.
"""

import asyncio
from collections.abc import Mapping, Sequence

from agents.errors import RunError
from agents.experiments.record import Experiments
from agents.model import Budget, Chat, Endpoint, Journal
from agents.perspectives.choosing_voices import choose_voices
from agents.perspectives.plan import Planner
from agents.run import Run, RunPlan
from agents.run.events import Noticed, Planned, Watch, ignore
from agents.run.planning import make_plan
from agents.run.report import language_note
from agents.run.results import read_marks
from agents.run.walk import Resources, Walk, make_toolbox
from agents.schema import Perspective, Report, RunSettings
from agents.tool_context import ToolContext
from agents.toolbox import ToolUses
from physh import Ontology as PhySH
from physh import Router
from tools import Tool


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
    watch: Watch = ignore,
) -> Report:
    """Answer the run's question, or go on with it. Every finished model call is kept, however this ends.

    Without `tools` the agents may call those that fit the question, and these look things up in `context`.
    `watch` is called with what happens.

    A cancelled run returns the report of what is finished, with status "interrupted". Raises EndpointError if
    no perspective could be answered for want of a model, RunError if the folder cannot be used, PhyshError.
    """
    _require_same_models(run.record.settings, endpoints)
    context = context or ToolContext()
    plan = run.record.plan or make_plan(run, ontology, router, context.laboratory)
    journal, uses = Journal(run.journal, by_place=True), ToolUses(run.evidence)
    experiments = Experiments(run.experiments)
    for notice in filter(
        None, (language_note(run.record.question), journal.notice, uses.notice, experiments.notice)
    ):
        watch(Noticed(notice))
    async with Chat(
        endpoints,
        journal,
        budget,
        concurrency=concurrency,
        seed=run.record.settings.seed,
        on_event=watch,
    ) as chat:
        plan, is_cancelled = await _cast(run, plan, chat, ontology, router)
        watch(Planned(plan))
        means = Resources(chat, make_toolbox(plan, tools, context, uses, run.id), context, experiments)
        walk = Walk(run, plan, means, watch)
        if is_cancelled:
            walk.interrupted = True
        else:
            await walk.go()
    if not walk.results.hypotheses and walk.endpoint_error:
        raise walk.endpoint_error
    return walk.report(journal)


async def _cast(run: Run, plan: RunPlan, chat: Chat, ontology: PhySH, router: Router) -> tuple[RunPlan, bool]:
    """The plan with whom a model chose, if it is to choose; and whether the run was cancelled meanwhile."""
    if not plan.shortlist:
        return plan, False
    question, pins = run.record.question, run.record.settings.pins

    def planner() -> Planner:
        return Planner(ontology, router, router.route(question), pins)

    def find(name: str) -> Perspective | None:
        return planner().named(name)

    heard = [discipline.uri for discipline in planner().pins.unheard] if pins.disciplines else []
    try:
        plan = await choose_voices(chat, question, plan, find, pins.roles, heard=heard)
    except asyncio.CancelledError:
        return plan, True
    run.set_plan(plan)
    return plan, False


async def replay(run: Run, *, tools: Sequence[Tool] | None = None) -> Report:
    """The run's last report again, from its folder alone. Raises RunError if it never ended."""
    if run.record.plan is None or run.record.end is None:
        raise RunError(f"run {run.id} has not finished: hypofind ask --resume {run.id} goes on with it")
    journal = Journal(run.journal, replay=True, first=run.record.end.calls, by_place=True)
    toolbox = make_toolbox(run.record.plan, tools, ToolContext(), ToolUses(run.evidence, replay=True))
    models = run.record.settings.models
    endpoints = {step: Endpoint.model_validate(dict(model)) for step, model in models.items()}
    async with Chat(endpoints, journal, seed=run.record.settings.seed) as chat:
        means = Resources(chat, toolbox, ToolContext(), Experiments(run.experiments, replay=True))
        walk = Walk(run, run.record.plan, means, ignore)
        await walk.go()
    return walk.replayed(journal, run.record.end)


async def recount(run: Run) -> Report:
    """The last report again, with the marks that people gave since. No model is asked.

    Raises RunError if the run never ended.
    """
    if run.record.end is not None:
        run.set_end(run.record.end.model_copy(update={"marks": len(read_marks(run.folder))}))
    return await replay(run)


def _require_same_models(settings: RunSettings, endpoints: Mapping[str, Endpoint]) -> None:
    now = {step: endpoint.ref for step, endpoint in endpoints.items()}
    if now != settings.models:
        was, given = (", ".join(f"{s}: {m.name}" for s, m in ms.items()) for ms in (settings.models, now))
        raise RunError(f"this run was begun with other models ({was}) than the settings name now ({given})")
