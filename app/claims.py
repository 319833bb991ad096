"""Tests of claims outside a run: with the embedder where it can be had, a model where one is asked for."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from agents.experiments.meaning import make_embed
from agents.model import Journal, can_rank
from agents.model.catalogue import embedded_name
from app.errors import InputError
from app.settings import Settings
from app.settings.sections import EMBEDDED
from retrieval import RetrievalError
from tools.experiments.deciding import Choose, assess
from tools.experiments.ledger import ErrorRateLedger
from tools.experiments.matching import Embed, is_typed
from tools.experiments.planning import ExperimentTerms
from tools.experiments.running import ExperimentRunner
from tools.experiments.schema import ClaimLine, ExperimentResult
from tools.instruments import instruments

if TYPE_CHECKING:
    from app.runtime import Observer


@dataclass(frozen=True)
class ClaimTester:
    """Tests one claim after the other."""

    runner: ExperimentRunner
    terms: ExperimentTerms
    load_embed: Callable[[], Embed | None]
    choose: Choose | None = None
    ledger: ErrorRateLedger | None = None

    @cached_property
    def _embed(self) -> Embed | None:
        return self.load_embed()

    def test(self, line: ClaimLine) -> ExperimentResult:
        """Return the verdict. Claims of one ledger share its error rate.

        Raises Cancelled, InputError where the ledger cannot be written, or what the model's endpoint raises.
        """
        embed = None if is_typed(line) else self._embed
        if self.ledger is None:
            return assess(line, instruments(), self.runner, self.terms, embed=embed, choose=self.choose)
        try:
            number, level = self.ledger.begin(str(line.id or line.statement or line.cause)[:200])
            terms = replace(self.terms, error_rate=level)
            result = assess(line, instruments(), self.runner, terms, embed=embed, choose=self.choose)
            self.ledger.finish(number, result)
        except OSError as error:
            raise InputError(f"the ledger cannot be written: {error}") from error
        return result


def may_choose(settings: Settings) -> bool:
    """Tell whether the model of the settings may choose better than the rule.

    Of 27 sentences the rule chose rightly for 21 and the embedded model for 18, and of 7 that nothing here
    can test it recognised 2 where the rule recognised 6 (`python -m bench.testing`, docs/testing.md).
    """
    model = settings.model
    return not model.embedded or can_rank([embedded_name(model.name or EMBEDDED)])


@contextmanager
def open_tester(
    settings: Settings,
    terms: ExperimentTerms,
    observer: "Observer",
    ledger: Path | None = None,
    *,
    model: bool = False,
) -> Iterator[ClaimTester]:
    """Yield what tests claims; `model`: the model of the settings is asked where the rule is in doubt.

    Raises InputError for a file that is no ledger, and what opening a model raises.
    """
    cache = settings.paths.cache
    with ExitStack() as stack:
        runner = stack.enter_context(ExperimentRunner(cache / "measurements"))
        choose = stack.enter_context(open_chooser(settings, observer)) if model else None
        kept = open_ledger(ledger, terms.error_rate) if ledger else None
        yield ClaimTester(runner, terms, lambda: _load_embed(settings, observer), choose, kept)


@contextmanager
def open_chooser(settings: Settings, observer: "Observer") -> Iterator[Choose]:
    """Yield the model of the settings as one that chooses; its answers are kept in the cache folder.

    Raises SettingsError, RetrievalError or EndpointError.
    """
    from agents.experiments.instrument_choice import Chooser
    from app.runtime import open_models

    folder = settings.paths.cache / "matches"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        open_models(settings, observer) as endpoints,
        Chooser(endpoints, Journal(folder / "calls.jsonl")) as chooser,
    ):
        yield chooser


def _load_embed(settings: Settings, observer: "Observer") -> Embed | None:
    """Return the embedder; None where it cannot be had, and names alone are compared."""
    from app.runtime import load_embedder

    try:
        embedder = load_embedder(settings, observer)
    except RetrievalError as error:
        observer.doing(f"without meanings, as the embedding model cannot be had: {error}")
        return None
    return make_embed(lambda: embedder)


def open_ledger(path: Path, rate: float) -> ErrorRateLedger:
    """Return the ledger of a file, a new one where there is none. Raises InputError."""
    try:
        ledger = ErrorRateLedger(rate, path)
        if not ledger.attempts and path.exists() and path.stat().st_size:
            raise InputError(f"{path} is no ledger of tests: name another file")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the ledger {path} cannot be read: {error}") from error
    return ledger
