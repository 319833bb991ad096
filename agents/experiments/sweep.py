"""Relations found in an instrument without a model: swept, told apart by tests, tried at other settings.

Of all relations between a cause and a response that are seen, one becomes a claim: the most surprising (the
rarest of its kind in this instrument), most stable (seen at other settings too) and strongest. The test step
tests it later, at settings and seeds that were not looked at here.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from agents.experiments.laboratory import SweepFinding, SweepRequest, variations
from agents.schema import FoundInData
from tools.experiments import (
    CauseRange,
    Comparator,
    Experiment,
    Falsifier,
    InstrumentMatch,
    Relation,
    TypedClaim,
    ValueWithUnit,
)
from tools.experiments.errors import BadClaim
from tools.experiments.outcomes import ClaimOutcome
from tools.experiments.planning import ExperimentTerms, plan
from tools.experiments.running import ExperimentRunner
from tools.experiments.statistics import apply_test
from tools.experiments.sweep import Sweep, make_sweep
from tools.instruments import Instrument, Parameter, Response

MOST_SPECIFIC_FIRST: Final = (
    Relation.OSCILLATES,
    Relation.PEAKS,
    Relation.DIPS,
    Relation.SATURATES,
    Relation.SCALES,
    Relation.RISES,
    Relation.FALLS,
)
VALUES: Final = 9
EXPLORED: Final = 0.6  # of the time; the rest is for other settings
TRIED: Final = 3  # relations that are looked at under other settings, the best first
OTHER: Final = 2  # other settings; one more is held back for the test
ERROR: Final = 0.05
MOST_SIGMA: Final = 100.0  # an exact effect has infinitely many
FEWEST: Final = 4  # values that must have been measured


@dataclass(frozen=True)
class Relationship:
    """How a response was seen to answer to a cause."""

    experiment: Experiment
    relation: Relation
    outcome: ClaimOutcome
    sweep: Sweep

    @property
    def sigma(self) -> float:
        """The largest difference in the sweep, in standard uncertainties."""
        sweep = self.sweep
        step = sweep.difference(int(sweep.mean.argmin()), int(sweep.mean.argmax()))
        return min(abs(step.value) / step.error, MOST_SIGMA) if step.error else MOST_SIGMA


class Explorer:
    """Looks for relations in one instrument."""

    def __init__(self, instrument: Instrument, request: SweepRequest, runner: ExperimentRunner) -> None:
        self.instrument, self.request, self.runner = instrument, request, runner
        self.measurements, self.looked_at, self.seconds = 0, 0, 0.0
        replicates = 3 if instrument.stochastic else 1
        self._each = VALUES * replicates * instrument.cost.seconds  # of a sweep, about

    def find(self) -> SweepFinding | None:
        """Return the most telling relation; None where nothing is seen. Raises Cancelled."""
        seen = [found for pair in self._affordable() if (found := self._look(*pair, {}, EXPLORED))]
        kinds = Counter(one.relation for one in seen)
        looked_at = self.looked_at
        best = sorted(seen, key=lambda one: -self._worth(one, kinds, looked_at))[:TRIED]
        rated = [(self._stability(one), one) for one in best]
        if not rated:
            return None
        stability, chosen = max(
            rated, key=lambda item: (item[0] or 0) + self._worth(item[1], kinds, looked_at) / 10
        )
        return self._claim(chosen, stability, _surprise(chosen, kinds, looked_at), looked_at)

    def _affordable(self) -> Sequence[tuple[str, str]]:
        return self.request.pairs[: max(1, int(EXPLORED * self.request.seconds / self._each))]

    def _look(
        self, cause: str, response: str, settings: dict[str, float | str], share: float
    ) -> Relationship | None:
        """Sweep once, unless this share of the time is spent, and return the most specific relation shown."""
        left = share * self.request.seconds - self.seconds
        if left <= 0:
            return None
        self.looked_at += 1
        terms = ExperimentTerms(
            budget_seconds=min(left, 2 * self._each), error_rate=ERROR, seed=self.request.seed, values=VALUES
        )
        match = InstrumentMatch(
            instrument=self.instrument.name,
            cause=cause,
            response=response,
            score=1,
            settings=settings,
            reason="swept",
        )
        try:
            experiment = plan(self._bare(cause, response), match, self.instrument, terms)
        except BadClaim:
            return None
        measured = self.runner.run(experiment, self.instrument)
        self.measurements += measured.count
        self.seconds += measured.seconds
        if len(measured.values) < FEWEST:
            return None
        sweep = make_sweep(
            experiment.values,
            measured.values,
            logarithmic=experiment.logarithmic,
            stochastic=self.instrument.stochastic,
            resolution=self._response(response).resolution,
        )
        return self._name_relation(experiment, sweep)

    def _name_relation(self, experiment: Experiment, sweep: Sweep) -> Relationship | None:
        for relation in MOST_SPECIFIC_FIRST:
            if relation is Relation.SCALES and sweep.cause[0] <= 0:
                continue
            claim = experiment.claim.model_copy(update={"relation": relation})
            update: dict[str, object] = {"claim": claim}
            if relation is Relation.SCALES:
                update |= {"smallest_effect": 0.1, "relative": False}
            outcome = apply_test(sweep, experiment.model_copy(update=update))
            if outcome.verdict.value == "survived":
                return Relationship(experiment, relation, outcome, sweep)
        return None

    def _worth(self, one: Relationship, kinds: Counter[Relation], looked_at: int) -> float:
        return _surprise(one, kinds, looked_at) + math.log10(1 + one.sigma)

    def _stability(self, one: Relationship) -> float | None:
        """Return in which share of the other settings the same relation is seen; None without any."""
        experiment = one.experiment
        others = islice(variations(self.instrument, {}, experiment), 1, 1 + OTHER)  # the first is held back
        again = [self._look(experiment.cause, experiment.response, settings, 1) for settings in others]
        same = [found is not None and found.relation is one.relation for found in again]
        return sum(same) / len(same) if same else None

    def _claim(
        self, one: Relationship, stability: float | None, surprise: float, looked_at: int
    ) -> SweepFinding:
        cause, response = self._parameter(one.experiment.cause), self._response(one.experiment.response)
        held_back = next(variations(self.instrument, {}, one.experiment), {})
        bare = self._bare(one.experiment.cause, one.experiment.response)
        span = CauseRange(low=one.experiment.values[0], high=one.experiment.values[-1], unit=cause.unit)
        claim = bare.model_copy(
            update={
                "relation": one.relation,
                "cause_range": span,
                "fixed": {name: self._figure(name, value) for name, value in held_back.items()},
                **_numbers(one, response.unit),
            }
        )
        told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in held_back.items())
        found = FoundInData(
            instrument=self.instrument.name,
            title=self.instrument.title,
            purpose=self.instrument.purpose,
            relations=looked_at,
            measurements=self.measurements,
            effect=round(one.sigma, 1),
            stability=None if stability is None else round(stability, 2),
            surprise=round(surprise, 2),
            law=self._law(one),
            held_back=" and ".join(filter(None, (told, "other seeds" * self.instrument.stochastic)))
            or "a finer grid of the same range",
        )
        return SweepFinding(claim, found)

    def _law(self, one: Relationship) -> str | None:
        """Return a formula for the sweep, where a short one comes close."""
        from tools.laws.learned import describe_curve

        cause, response = (
            self._parameter(one.experiment.cause),
            self._response(one.experiment.response),
        )
        return describe_curve(
            (cause.name, cause.unit, one.sweep.cause.tolist()),
            (response.name, response.unit, one.sweep.mean.tolist()),
        )

    def _bare(self, cause: str, response: str) -> TypedClaim:
        first, second = self._parameter(cause), self._response(response)
        return TypedClaim(
            system=self.instrument.systems[0],
            cause=first.label,
            response=second.label,
            relation=Relation.PEAKS,  # it asks for the densest grid; what is seen replaces it
            cause_unit=first.unit,
            response_unit=second.unit,
            instrument=self.instrument.name,
        )

    def _figure(self, name: str, value: float | str) -> ValueWithUnit | str:
        if isinstance(value, str):
            return value
        return ValueWithUnit(value=value, unit=self._parameter(name).unit)

    def _parameter(self, name: str) -> Parameter:
        return next(one for one in self.instrument.parameters if one.name == name)

    def _response(self, name: str) -> Response:
        return next(one for one in self.instrument.responses if one.name == name)


def _surprise(one: Relationship, kinds: Counter[Relation], looked_at: int) -> float:
    """Return −log2 of the share of the pairs looked at that show a relation of this kind (Laplace's rule)."""
    return -math.log2((kinds[one.relation] + 1) / (looked_at + 2))


def _numbers(one: Relationship, unit: str) -> dict[str, object]:
    """Return what the claim says beyond its relation: half of what was seen, and what would refute it."""
    effect = one.outcome.effect
    if one.relation in (Relation.RISES, Relation.FALLS, Relation.SATURATES):
        half = float(f"{one.sweep.mean[-1] - one.sweep.mean[0]:.2g}") / 2
        comparator = Comparator.BELOW if half > 0 else Comparator.ABOVE
        return {
            "smallest_effect": ValueWithUnit(value=abs(half), unit=unit) if half else None,
            "falsifier": Falsifier(quantity="change", comparator=comparator, number=half, unit=unit),
        }
    if one.relation is Relation.SCALES:
        return {
            "exponent": float(f"{effect.value:.2g}"),
            "smallest_effect": ValueWithUnit(value=max(0.1, float(f"{abs(effect.value) / 10:.2g}"))),
        }
    return {}
