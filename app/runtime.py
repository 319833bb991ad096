"""From settings to what the agents need: ontology, router, models. For every door of the application."""

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import agents
from agents import Pins, Report, Run, RunSettings, create_run
from agents.concurrency import run_to_end
from agents.experiments.instruments import Instruments
from agents.experiments.meaning import make_embed
from agents.model import Budget, Endpoint, can_rank
from agents.perspectives.choosing_voices import STEP as CHOOSE
from agents.run import Parent
from agents.run.events import Noticed, Watch
from agents.run.report import SCRIPTED
from agents.run.walk import judging_steps
from agents.schema import ModelRef
from agents.tool_context import ToolContext
from app.literature import has_library, holding_shelves, open_sources
from app.settings import Settings
from app.settings.sections import EMBEDDED, OUTSIDE_RUNS, ModelChoice
from tools.runner import Runner, RunsTools

if TYPE_CHECKING:
    from physh import Ontology, Router
    from physh.atlas import Atlas
    from retrieval import MiniLM
    from retrieval.papers import Papers


MATCHES_EACH = 4  # for each hypothesis asked for, where nothing else is set
FEWEST_MATCHES = 18  # so that three are ranked by a judge that is right 80 % (docs/ranking.md)
CHILDREN = 2


class Observer(Protocol):
    """Who shows what is being made ready."""

    def doing(self, what: str) -> None: ...

    def download(self, what: str, done: int, total: int) -> None: ...

    def embedded(self, what: str, done: int, total: int) -> None: ...


def load_ontology(settings: Settings) -> "Ontology":
    import physh

    return physh.load(cache=settings.paths.cache)


def update_ontology(settings: Settings, file: Path | None, observer: Observer) -> "Ontology":
    """Install the official release, downloaded or from `file`. Raises RetrievalError or PhyshError."""
    import physh
    import retrieval

    path = file or retrieval.fetch(
        retrieval.artefact("physh-release"), cache=settings.paths.cache, progress=observer.download
    )
    return physh.install_release(path, settings.paths.cache)


def load_embedder(settings: Settings, observer: Observer) -> "MiniLM":
    """Raises RetrievalError if the embedding model cannot be had."""
    import retrieval

    return retrieval.load_embedder(settings.paths.cache, observer.download)


def make_router(settings: Settings, ontology: "Ontology", embedder: "MiniLM", observer: Observer) -> "Router":
    import physh

    observer.doing(f"reading PhySH {ontology.release}")
    return physh.Router(
        ontology,
        embedder,
        settings.paths.cache,
        observer.embedded,
        atlas=load_atlas(settings),
        literature=_shipped_papers(embedder),
    )


def load_atlas(settings: Settings) -> "Atlas":
    """Return the atlas that is set, else the one that ships. Raises AtlasError."""
    from physh.atlas import load

    return load(settings.paths.atlas)


def _shipped_papers(embedder: "MiniLM") -> "Papers | None":
    """The papers that ship, whose vectors are those of the embedder that ships."""
    from retrieval import MiniLM
    from retrieval.papers import load_papers

    return load_papers() if embedder.name == MiniLM.name else None


@contextmanager
def open_models(settings: Settings, observer: Observer) -> Iterator[dict[str, Endpoint]]:
    """An endpoint for "default" and each step with a choice of its own; embedded models run meanwhile.

    Raises SettingsError, RetrievalError or EndpointError.
    """
    chosen = settings.models()
    with ExitStack() as stack:
        served = {
            name: stack.enter_context(_serve(settings, name, observer))
            for name in dict.fromkeys(
                c.name or EMBEDDED for c in chosen.values() if isinstance(c, ModelChoice)
            )
        }
        yield {
            step: choice if isinstance(choice, Endpoint) else _tuned(served[choice.name or EMBEDDED], choice)
            for step, choice in chosen.items()
        }


@contextmanager
def _serve(settings: Settings, name: str, observer: Observer) -> Iterator[Endpoint]:
    from agents.model.embedded import serve_embedded

    observer.doing(f"starting the model {name}")
    ours = settings.embedded
    with serve_embedded(
        name,
        settings.paths.cache,
        threads=ours.threads,
        slots=ours.slots,
        local=settings.embedded_file(name),
        progress=observer.download,
    ) as endpoint:
        yield endpoint


def _tuned(endpoint: Endpoint, choice: ModelChoice) -> Endpoint:
    return Endpoint.model_validate(dict(endpoint) | choice.tuning())


@dataclass(frozen=True)
class Runtime:
    """Everything that runs need, ready. Several may share it."""

    settings: Settings
    ontology: "Ontology"
    embedder: "MiniLM"
    router: "Router"
    endpoints: Mapping[str, Endpoint]
    runner: RunsTools | None = None  # a service's, for the tools of all runs; None: each run has its own

    @property
    def run_endpoints(self) -> dict[str, Endpoint]:
        """Those that a run asks: another model for mining makes it no other run."""
        return {step: endpoint for step, endpoint in self.endpoints.items() if step not in OUTSIDE_RUNS}

    def begin(self, question: str, pins: Pins, name: str | None = None, parent: Parent | None = None) -> Run:
        """A new run's folder, named before or now, forked from another or not. Raises RunError."""
        models = {step: endpoint.ref for step, endpoint in self.run_endpoints.items()}
        chosen = RunSettings(
            pins=pins,
            models=models,
            library=has_library(self.settings),
            **self._choices(models),
        )
        return create_run(self.settings.paths.runs, question, chosen, name=name, parent=parent)

    def _choices(self, models: Mapping[str, ModelRef]) -> dict[str, Any]:
        """With what is left open decided: a tournament is worth its calls if a judge may be able to rank."""
        run = self.settings.run
        judges = [models.get(step, models["default"]).name for step in judging_steps(models)]
        ranks = can_rank(judges)
        wanted = max(MATCHES_EACH * run.perspectives, FEWEST_MATCHES) * ranks
        matches = wanted if run.matches is None else run.matches
        return {
            "perspectives": run.perspectives,
            "reviewers": run.reviewers,
            "seed": run.seed,
            "sources": run.sources,
            "matches": matches,
            "children": CHILDREN * bool(matches) if run.children is None else run.children,
            "overview": bool(matches) if run.overview is None else run.overview,
            "test_seconds": run.test_seconds,
            "from_data": run.from_data,
            "choose": _may_choose(models.get(CHOOSE, models["default"]).name),
        }

    def finish(self, run: Run, watch: Watch) -> Report:
        """Answer, or go on answering, and write the report's files. Ctrl-C and SIGTERM end with a report too.

        Raises AgentsError, PhyshError, or RetrievalError for a wrong mail or key of a source.
        """
        with run.writing():
            report = run_to_end(_cancelled_by_sigterm(self._ask(run, watch)))
            from app.exports import render_all  # not before: the first call would wait for it

            run.write(render_all(report))
        return report

    @contextmanager
    def _context(self, run: RunSettings, notice: Callable[[str], None]) -> Iterator[ToolContext]:
        """Where the agents' tools look things up. Raises RetrievalError for a source's wrong mail or key."""
        with (
            holding_shelves(self.settings, self.embedder, notice)
            if run.library
            else nullcontext() as shelves,
            nullcontext(self.runner) if self.runner else Runner() as runner,
        ):
            yield ToolContext(
                ontology=self.ontology,
                router=self.router,
                embedder=lambda: self.embedder,
                library=shelves,
                sources=open_sources(self.settings, run.sources, lambda: self.embedder),
                laboratory=Instruments(
                    self.settings.paths.cache / "experiments",
                    make_embed(lambda: self.embedder),
                ),
                runner=runner,
            )

    async def _ask(self, run: Run, watch: Watch) -> Report:
        limits = self.settings.run
        with self._context(run.record.settings, lambda text: watch(Noticed(text))) as context:
            return await agents.ask(
                run,
                endpoints=self.run_endpoints,
                ontology=self.ontology,
                router=self.router,
                budget=Budget(tokens=limits.budget_tokens, usd=limits.budget_usd),
                concurrency=limits.concurrency,
                context=context,
                watch=watch,
            )


@contextmanager
def open_runtime(settings: Settings, pins: Pins, perspectives: int, observer: Observer) -> Iterator[Runtime]:
    """Settings and pins are checked before anything is downloaded. Raises what its parts raise."""
    settings.models()
    ontology = load_ontology(settings)
    check_pins(ontology, pins, perspectives)
    threading.Thread(target=_import_client).start()
    embedder = load_embedder(settings, observer)
    router = make_router(settings, ontology, embedder, observer)
    with open_models(settings, observer) as endpoints:
        yield Runtime(settings, ontology, embedder, router, endpoints)


def _import_client() -> None:
    """Import what asks a model, a second of work, while this machine reads and embeds on its other core."""
    with suppress(Exception):  # whatever a broken package raises is raised again where a model is asked
        import_module("agents.model.wire")


def check_pins(ontology: "Ontology", pins: Pins, perspectives: int) -> None:
    """Raises UnknownConcept or PinsError."""
    from agents.perspectives.pins import read_pins

    read_pins(ontology, pins).require_room(perspectives)


async def _cancelled_by_sigterm(work: Coroutine[object, object, Report]) -> Report:
    """asyncio cancels on Ctrl-C by itself; a service manager's SIGTERM deserves the same."""
    task = asyncio.current_task()
    if task and threading.current_thread() is threading.main_thread():
        with suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work


def _may_choose(model: str) -> bool:
    """Whether a model chooses who speaks: our small ones and a script that plays a model cannot."""
    return model != SCRIPTED and can_rank([model])
