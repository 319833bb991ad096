"""The laboratory of this installation: plans and runs experiments on the instruments of `tools`."""

from collections.abc import Callable, Sequence
from pathlib import Path

from agents.experiments.laboratory import SweepFinding, SweepRequest, TestTerms, fresh_settings
from agents.experiments.meaning import Embed
from agents.schema import Menu, ScoredConcept
from tools.experiments import Experiment, ExperimentResult, InstrumentMatch, Shortlist, TypedClaim
from tools.instruments import Instrument


class Instruments:
    """The laboratory of this installation. Measurements are cached by content in `cache`."""

    def __init__(self, cache: Path | None, embed: Embed | None = None) -> None:
        self._cache, self._embed = cache, embed

    @property
    def instruments(self) -> Sequence[Instrument]:
        """All that there are: one whose extra is missing is named where it fits, and cannot measure."""
        from tools.instruments import instruments

        return instruments()

    def menu(self, question: str, concepts: Sequence[ScoredConcept], *, drafting: bool = False) -> Menu:
        from agents.experiments.menu import make_menu

        return make_menu(question, concepts, self.instruments, self._embed, drafting=drafting)

    def shortlist(self, claim: TypedClaim) -> Shortlist:
        from tools.experiments.matching import shortlist

        return shortlist(claim, self.instruments)

    def plan(self, claim: TypedClaim, match: InstrumentMatch, terms: TestTerms) -> Experiment:
        from tools.experiments import planning

        instrument, before = self._find(match.instrument), terms.revises
        if before is not None:
            match = match.model_copy(update={"settings": fresh_settings(instrument, match, before)})
        return planning.plan(
            claim,
            match,
            instrument,
            planning.ExperimentTerms(
                budget_seconds=terms.seconds,
                error_rate=terms.error_rate,
                seed=terms.seed,
                revises=None if before is None else planning.key_of(before),
            ),
            by=terms.chosen_by,
        )

    def run(self, experiment: Experiment, key: str, stopped: Callable[[], bool]) -> ExperimentResult:
        from tools.experiments.deciding import conclude
        from tools.experiments.running import ExperimentRunner

        instrument = self._find(experiment.instrument)
        with ExperimentRunner(self._cache, cancelled=stopped) as runner:
            return conclude(experiment, key, instrument, runner.run(experiment, instrument))

    def repeat(self, experiment: Experiment, key: str, measurements: int) -> ExperimentResult:
        """Measure again, without a cache, as much as was measured before: time was another's."""
        from tools.experiments.deciding import conclude
        from tools.experiments.running import ExperimentRunner

        instrument = self._find(experiment.instrument)
        with ExperimentRunner() as runner:
            return conclude(
                experiment, key, instrument, runner.run(experiment, instrument, again=measurements)
            )

    def sweep(self, request: SweepRequest, stopped: Callable[[], bool]) -> SweepFinding | None:
        from agents.experiments.sweep import Explorer
        from tools.experiments.running import ExperimentRunner

        with ExperimentRunner(self._cache, cancelled=stopped) as runner:
            return Explorer(self._find(request.instrument), request, runner).find()

    def _find(self, name: str) -> Instrument:
        return next(one for one in self.instruments if one.name == name)
