"""The plan of an experiment: which values of the cause, how often, compared with what."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

from tools.experiments.errors import BadClaim, NotPlanned
from tools.experiments.schema import Experiment, InstrumentMatch, Relation, TypedClaim
from tools.experiments.translating import check_claim, check_units, smallest_effect, translate_falsifier
from tools.experiments.units import convert_span
from tools.experiments.values import FEWEST, cut_range, keep_valid, spread_by_logarithm, spread_values
from tools.instruments.contract import Instrument, InstrumentKind, Parameter, Response, Setting, Settings

STATISTICS: Final[Mapping[Relation, str]] = {
    Relation.RISES: "linear contrast, Welch 1",
    Relation.FALLS: "linear contrast, Welch 1",
    Relation.PEAKS: "interior maximum, intersection-union 1",
    Relation.DIPS: "interior minimum, intersection-union 1",
    Relation.JUMPS: "break against smooth curve, BIC and Cox 1",
    Relation.OSCILLATES: "turning points, simultaneous 1",
    Relation.STAYS: "equivalence, two one-sided tests 1",
    Relation.SATURATES: "slope at the end, contrast 1",
    Relation.SCALES: "log-log slope, two one-sided tests 1",
}
VALUES: Final[Mapping[Relation, tuple[int, int]]] = {
    Relation.RISES: (5, 11),
    Relation.FALLS: (5, 11),
    Relation.PEAKS: (9, 21),
    Relation.DIPS: (9, 21),
    Relation.JUMPS: (13, 31),
    Relation.OSCILLATES: (15, 41),
    Relation.STAYS: (4, 11),
    Relation.SATURATES: (7, 15),
    Relation.SCALES: (5, 11),
}
"""Fewest and usual numbers of values."""
CHEAP: Final = 0.002
"""Seconds of a measurement below which four times as many values cost nothing."""
USUAL: Final = 6
"""Replicates."""
MOST_VALUES: Final = 200


@dataclass(frozen=True)
class ExperimentTerms:
    """What a test may cost and how often it may err."""

    budget_seconds: float = 20.0
    error_rate: float = 0.05
    seed: int = 0
    values: int | None = None
    revises: str | None = None


def plan(
    claim: TypedClaim,
    match: InstrumentMatch,
    instrument: Instrument,
    terms: ExperimentTerms | None = None,
    *,
    by: Literal["rule", "model", "asked"] = "rule",
) -> Experiment:
    """Write the experiment down. Raises BadClaim for a contradiction, NotPlanned for what is outside."""
    terms = terms or ExperimentTerms()
    cause = find_parameter(instrument, match.cause)
    response = next((one for one in instrument.responses if one.name == match.response), None)
    if cause is None or response is None:
        raise BadClaim(f"{instrument.name} has no {match.cause if cause is None else match.response}")
    check_claim(claim)
    check_units(claim, response.unit, cause.unit)
    if terms.values and terms.values > MOST_VALUES:
        raise BadClaim(f"{terms.values:,} values are too many: at most {MOST_VALUES}")
    settings = _settle(instrument, match, cause.name)
    span = cut_range(claim, cause)
    count, replicates = _afford(claim.relation, instrument, terms)
    logarithmic = spread_by_logarithm(claim, cause, span)
    spread = spread_values(span, count, integer=cause.integer, logarithmic=logarithmic)
    values = keep_valid(spread, instrument, cause.name, settings, claim.system)
    exact = not instrument.stochastic and instrument.kind in {
        InstrumentKind.FORMULA,
        InstrumentKind.SIMULATION,
    }
    effect, relative = smallest_effect(claim, response.unit, exact=exact)
    return Experiment(
        claim=claim,
        instrument=instrument.name,
        instrument_version=instrument.version,
        cause=cause.name,
        response=response.name,
        cause_unit=cause.unit,
        response_unit=response.unit,
        values=values,
        settings=settings,
        replicates=replicates,
        seed=terms.seed,
        statistic=STATISTICS[claim.relation],
        error_rate=terms.error_rate,
        smallest_effect=effect,
        relative=relative,
        logarithmic=logarithmic,
        exponent=claim.exponent,
        position=None if claim.position is None else convert_span(claim.position, cause.unit),
        falsifier=translate_falsifier(claim, cause.unit, response.unit),
        revises=terms.revises,
        matched_by=by,
        budget_seconds=terms.budget_seconds,
    )


def key_of(experiment: Experiment) -> str:
    """Return the SHA-256 of the experiment as canonical JSON."""
    content = experiment.model_dump(mode="json")
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def find_parameter(instrument: Instrument, name: str) -> Parameter | None:
    return next((one for one in instrument.parameters if one.name == name), None)


def find_response(instrument: Instrument, name: str) -> Response:
    return next(one for one in instrument.responses if one.name == name)


def _settle(instrument: Instrument, match: InstrumentMatch, cause: str) -> dict[str, Setting]:
    """Return every setting but the cause: what the claim names, else the default. Raises NotPlanned.

    Of a table's columns only those that are named: the others are left free, and not held at a value.
    """
    settings: dict[str, Setting] = {
        one.name: one.default
        for one in instrument.parameters
        if one.name != cause and instrument.kind is not InstrumentKind.TABLE
    }
    settings |= {one.name: one.default for one in instrument.choices}
    held = {name: value for name, value in match.settings.items() if name != cause}
    check_held(instrument, held)
    return settings | held


def check_held(instrument: Instrument, settings: Settings) -> None:
    """Raise NotPlanned where a parameter is held at what lies outside its range."""
    for name, value in settings.items():
        parameter = find_parameter(instrument, name)
        if parameter and not (isinstance(value, (int, float)) and parameter.low <= value <= parameter.high):
            raise NotPlanned(
                f"{parameter.label} = {value} lies outside {parameter.low:g} to {parameter.high:g} "
                f"{parameter.unit} of {instrument.title}",
                f"an instrument that reaches {parameter.label} = {value} {parameter.unit}",
            )


def _afford(relation: Relation, instrument: Instrument, terms: ExperimentTerms) -> tuple[int, int]:
    """Return how many values and replicates the budget allows. Raises NotPlanned."""
    fewest, usual = VALUES[relation]
    usual = terms.values or usual * (
        4 if instrument.cost.seconds < CHEAP and not instrument.stochastic else 1
    )
    usual, fewest = max(usual, FEWEST), min(fewest, usual)
    possible = int(terms.budget_seconds / instrument.cost.seconds)
    least = FEWEST if instrument.stochastic else 1
    if possible < fewest * least:
        needed = math.ceil(fewest * least * instrument.cost.seconds)
        raise NotPlanned(
            f"{fewest * least} measurements of {instrument.title} take about {needed} s, "
            f"and the budget is {terms.budget_seconds:g} s",
            f"a budget of {needed} s",
        )
    if not instrument.stochastic:
        return min(usual, possible), 1
    replicates = min(USUAL, max(FEWEST, possible // usual))
    return min(usual, possible // replicates), replicates


def fill(experiment: Experiment, value: float) -> Settings:
    """Return the settings at one value of the cause."""
    return {**experiment.settings, experiment.cause: value}
