"""Mining jobs from settings to results, for every door of the application."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from agents.data_files import structures
from agents.errors import MiningError
from agents.mining import (
    Asker,
    Cell,
    Means,
    Mined,
    MiningProgress,
    MiningStore,
    Selection,
    Spec,
    TransferPair,
    resume,
    run_job,
)
from agents.mining.asking import STEP
from agents.mining.estimate import CostEstimate, estimate
from agents.mining.schema import KnownUse
from agents.model import Endpoint, Event, can_rank
from agents.model.ledger import price_of
from app.literature import holding_shelves, open_sources
from app.runtime import Observer, Runtime, load_embedder, load_ontology, make_router, open_models
from app.settings import Settings
from app.settings.sections import ModelChoice

if TYPE_CHECKING:
    from physh import Ontology, Router
    from retrieval import MiniLM

log = logging.getLogger("hypofind")
SAMPLE = 20  # pairs whose prompts stand for all in an estimate
USES = 3  # works named for a pair


@dataclass(frozen=True)
class MiningPlan:
    """Which pairs a job would try. `cells` tells of all of them once the pairs are read."""

    spec: Spec
    ontology: "Ontology"
    selection: Selection

    def pairs(self) -> Iterator[TransferPair]:
        return self.selection.pairs()

    def cells(self) -> Sequence[Cell]:
        return self.selection.cells

    def keep(self, store: MiningStore, settings: Settings, owner: str | None = None) -> CostEstimate:
        """Raises MiningError if there is a job of that name, nothing to try, or a budget that cannot be."""
        require_budget(settings, self.spec)
        tally = PairCounter(settings, self)
        store.add_job(self.spec, self.ontology.release, tally.pairs(), self.cells, owner)
        return tally.estimate


def settings_flags(spec: Spec) -> Mapping[str, Mapping[str, object]]:
    """What a spec says of the model, as flags: they weigh more than settings."""
    given = {"name": spec.model, "base_url": spec.base_url}
    model = {name: value for name, value in given.items() if value is not None}
    return {"model": model, "run": {"sources": spec.search}}


def make_plan(settings: Settings, spec: Spec, observer: Observer) -> MiningPlan:
    """Raises PhyshError for an unknown discipline or facet, RetrievalError without an embedding model."""
    ontology = load_ontology(settings)
    router = make_router(settings, ontology, load_embedder(settings, observer), observer)
    observer.doing("choosing pairs")
    return _plan(ontology, router, spec)


def _plan(ontology: "Ontology", router: "Router", spec: Spec) -> MiningPlan:
    import physh

    features = physh.PairFeatures(ontology, router, structures())
    return MiningPlan(spec, ontology, Selection(ontology, features, spec, router.atlas))


class PairCounter:
    """Counts a plan's pairs while somebody reads them."""

    def __init__(self, settings: Settings, plan: MiningPlan) -> None:
        self._settings, self._plan = settings, plan
        self._count, self._meetings, self._sample = 0, set[tuple[str, str]](), list[TransferPair]()

    def pairs(self) -> Iterator[TransferPair]:
        """Raises at their end what `estimate` raises: who keeps pairs as they come then keeps none."""
        for pair in self._plan.pairs():
            self._count += 1
            self._meetings.add((pair.home.uri, pair.field.uri))
            if len(self._sample) < SAMPLE:
                self._sample.append(pair)
            yield pair
        _ = self.estimate

    @cached_property
    def estimate(self) -> CostEstimate:
        """Of what was read. Raises MiningError, or SettingsError if the model is not set right."""
        plan = self._plan
        asker = Asker(None, plan.ontology, plan.spec.questions)  # type: ignore[arg-type]  # only its prompts are wanted
        prompts = list(map(asker.prompt, self._sample))
        return estimate(plan.spec, self._count, len(self._meetings), prompts, _price(self._settings))


def estimate_plan(settings: Settings, plan: MiningPlan) -> CostEstimate:
    """Reads all pairs. Raises what `PairCounter.estimate` raises."""
    tally = PairCounter(settings, plan)
    for _ in tally.pairs():
        pass
    return tally.estimate


def require_budget(settings: Settings, spec: Spec) -> None:
    """Raises MiningError where the budget pays for no question at all."""
    estimate(spec, 0, 0, [], _price(settings))


def change_budget(settings: Settings, store: MiningStore, spec: Spec) -> None:
    """The job's budget becomes that of `spec`. Raises MiningError if it cannot be, or the job runs."""
    require_budget(settings, spec)
    store.set_budget(spec.name, spec.budget)


def _price(settings: Settings) -> Callable[[int, int], float | None]:
    models = settings.models()
    chosen = models.get(STEP, models["default"])
    return (lambda _given, _made: 0.0) if isinstance(chosen, ModelChoice) else price_of(chosen)


@contextmanager
def open_store(settings: Settings) -> Iterator[MiningStore]:
    """Raises MiningError or RunRefused."""
    with MiningStore(settings.paths.mining) as store:
        yield store


def run(
    settings: Settings,
    store: MiningStore,
    job: str,
    observer: Observer,
    *,
    shown: Callable[[MiningProgress], None],
    on_event: Callable[[Event], None] | None = None,
) -> MiningProgress:
    """Start or go on with a job, here. Raises what its parts raise."""
    resume(store, job)
    with opened(settings, store, job, observer) as means:
        return asyncio.run(run_job(store, job, means, shown=shown, on_event=on_event))


@dataclass(frozen=True)
class RayChoice:
    """How many workers, and at which cluster; none: one on this machine."""

    workers: int
    address: str | None = None


def run_ray(
    settings: Settings,
    store: MiningStore,
    job: str,
    chosen: RayChoice,
    observer: Observer,
    *,
    shown: Callable[[MiningProgress], None],
) -> MiningProgress:
    """The same on Ray. Raises MiningError where it is not installed, or cannot do what the job wants."""
    spec = store.spec(job)
    if spec.search or spec.library or spec.matches or spec.compare:
        raise MiningError(
            f"{spec.name}: on Ray, pairs only are asked: run the job once more without --ray for known uses, "
            "matches and comparisons"
        )
    try:
        import ray  # noqa: F401 - is it there?
    except ModuleNotFoundError as error:
        raise MiningError("ray is not installed: pip install 'hypothesis-finder[ray]' brings it") from error
    from agents.mining.on_ray import Cluster, run_on_ray

    each = max(1, settings.run.concurrency // chosen.workers)
    cluster = Cluster(chosen.workers, each, chosen.address)
    resume(store, job)
    with open_models(settings, observer) as endpoints:
        return run_on_ray(store, job, answering(endpoints), load_ontology(settings), cluster, shown=shown)


def question_of(mined: Mined) -> tuple[str, dict[str, tuple[str, ...]]]:
    """What to ask about a transfer, and the pins that give it the method's perspective."""
    pair = mined.pair
    question = (
        f"Could {pair.method.label}, a method of {pair.home.label}, help with {pair.target.label} "
        f"in {pair.field.label}?"
    )
    if mined.finding:
        said = mined.finding.transfer
        question += f" What must hold: {said.must_hold} A first test: {said.first_test}"
    return question, {"frameworks": (pair.method.uri,), "disciplines": (pair.home.uri,)}


def answering(endpoints: Mapping[str, Endpoint]) -> Endpoint:
    """The model that is asked about pairs."""
    return endpoints.get(STEP, endpoints["default"])


@contextmanager
def opened(settings: Settings, store: MiningStore, job: str, observer: Observer) -> Iterator[Means]:
    """Models, ontology and, where the job wants known uses, what is searched for them."""
    spec = store.spec(job)
    with ExitStack() as stack:
        searched = _searching(settings, spec, lambda: load_embedder(settings, observer), observer.doing)
        uses = stack.enter_context(searched)
        endpoints = stack.enter_context(open_models(settings, observer))
        require_judge(spec, endpoints)
        yield Means(endpoints, load_ontology(settings), pairs_at_once(answering(endpoints), settings), uses)


@contextmanager
def opened_in(runtime: Runtime, store: MiningStore, job: str) -> Iterator[Means]:
    """The same of what a service holds ready."""
    spec, settings = store.spec(job), runtime.settings
    with _searching(settings, spec, lambda: runtime.embedder, log.info) as uses:
        at_once = pairs_at_once(answering(runtime.endpoints), settings)
        yield Means(runtime.endpoints, runtime.ontology, at_once, uses)


def plan_in(runtime: Runtime, spec: Spec) -> MiningPlan:
    """Raises what `make_plan` raises, and MiningError for a judge that cannot rank."""
    require_judge(spec, runtime.endpoints)
    return _plan(runtime.ontology, runtime.router, spec)


def pairs_at_once(endpoint: Endpoint, settings: Settings) -> int:
    """No more pairs under way than are answered: a pause waits for them."""
    return min(settings.run.concurrency, endpoint.at_once or settings.run.concurrency)


def require_judge(spec: Spec, endpoints: Mapping[str, Endpoint]) -> None:
    """Raises MiningError where a tournament is wanted of a model that is known to be no judge."""
    judge = endpoints.get("judge", endpoints["default"]).name
    if spec.matches and not can_rank([judge]):
        raise MiningError(
            f"{spec.name}: matches are wanted, and {judge} cannot rank: set steps.judge, or matches 0"
        )


@contextmanager
def _searching(
    settings: Settings, spec: Spec, embedder: Callable[[], "MiniLM"], notice: Callable[[str], None]
) -> Iterator[Callable[[str], list[KnownUse]] | None]:
    """What looks for known uses, where the job wants them."""
    from agents.literature.finding import find
    from agents.tool_context import ToolContext

    if not spec.search and not spec.library:
        yield None
        return
    with ExitStack() as stack:
        shelves = None
        if spec.library:
            shelves = stack.enter_context(holding_shelves(settings, embedder(), notice))
        context = ToolContext(library=shelves, sources=open_sources(settings, spec.search, embedder))

        def search(query: str) -> list[KnownUse]:
            passages = islice(find(context, query, USES).passages, USES)
            return [KnownUse(title=p.work.title, source=p.work.doi or p.work.arxiv or "") for p in passages]

        yield search
