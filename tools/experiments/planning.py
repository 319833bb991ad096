"""The plan of an experiment: which values of the cause, how often, compared with what."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

import numpy as np

from tools.experiments.conditions import find_part
from tools.experiments.lexicon import stem_list
from tools.experiments.schema import (
    Comparator,
    Experiment,
    Falsifier,
    Figure,
    Match,
    Relation,
    Span,
    TypedClaim,
    same_words,
)
from tools.experiments.units import (
    BadClaim,
    convert,
    convert_difference,
    convert_figure,
    convert_span,
    is_reduced,
    read_unit,
)
from tools.instruments.contract import Instrument, Kind, Parameter, Response, Setting, Settings

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
FEWEST: Final = 3
"""Values, and replicates of a stochastic instrument."""
USUAL: Final = 6
"""Replicates."""
NEGLIGIBLE: Final = 1e-6
"""Share of the response that counts as an effect where the instrument is exact."""
SMALL: Final = 0.01
"""Share of the response that counts as an effect where it is not."""
LIKENESS: Final[Mapping[bool, float]] = {True: 0.01, False: 0.05}
"""Share of the response that may change where it "stays the same", by whether the instrument is exact."""
EXPONENT: Final[Mapping[bool, float]] = {True: 0.05, False: 0.1}


class NotPlanned(BadClaim):
    """Nothing here can test the claim as it stands. `needs` says what it would take."""

    def __init__(self, message: str, needs: str) -> None:
        super().__init__(message)
        self.needs = needs


@dataclass(frozen=True)
class Terms:
    """What a test may cost and how often it may err."""

    budget_seconds: float = 20.0
    error_rate: float = 0.05
    seed: int = 0
    values: int | None = None
    revises: str | None = None


MOST_VALUES: Final = 200
AROUND: Final = 4.0
"""Factor to either side of a claimed position within which it is looked for."""


def plan(
    claim: TypedClaim,
    match: Match,
    instrument: Instrument,
    terms: Terms | None = None,
    *,
    by: Literal["rule", "model", "asked"] = "rule",
) -> Experiment:
    """Write the experiment down. Raises BadClaim for a contradiction, NotPlanned for what is outside."""
    terms = terms or Terms()
    cause = find_parameter(instrument, match.cause)
    response = next((one for one in instrument.responses if one.name == match.response), None)
    if cause is None or response is None:
        raise BadClaim(f"{instrument.name} has no {match.cause if cause is None else match.response}")
    check_claim(claim)
    _check_units(claim, response.unit, cause.unit)
    if terms.values and terms.values > MOST_VALUES:
        raise BadClaim(f"{terms.values:,} values are too many: at most {MOST_VALUES}")
    settings = _settle(instrument, match, cause.name)
    span = cut_range(claim, cause)
    count, replicates = _afford(claim.relation, instrument, terms)
    logarithmic = _spread_by_logarithm(claim, cause, span)
    spread = _values(span, count, integer=cause.integer, logarithmic=logarithmic)
    values = _valid(spread, instrument, cause.name, settings, claim.system)
    exact = not instrument.stochastic and instrument.kind in {Kind.FORMULA, Kind.SIMULATION}
    effect, relative = _smallest(claim, response.unit, exact=exact)
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
        falsifier=_falsifier(claim, cause.unit, response.unit),
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


def check_claim(claim: TypedClaim) -> None:
    """Raise BadClaim for what no instrument could test."""
    if same_words(claim.cause, claim.response) and not claim.statement:
        raise BadClaim(f"cause and response are both {claim.cause!r}: a claim joins two quantities")
    spans = (claim.cause_range, claim.position, claim.smallest_effect, claim.falsifier)
    for unit in (claim.cause_unit, claim.response_unit, *(one.unit for one in spans if one)):
        if unit and not is_reduced(unit):
            read_unit(unit)
    falsifier = claim.falsifier
    if falsifier and falsifier.quantity == "change":
        sign = {Relation.RISES: 1, Relation.SATURATES: 1, Relation.FALLS: -1}.get(claim.relation, 0)
        upwards = falsifier.comparator is Comparator.ABOVE
        if (sign > 0 and upwards and falsifier.number <= 0) or (
            sign < 0 and not upwards and falsifier.number >= 0
        ):
            raise BadClaim(
                "the falsifier would refute the claim just where it holds: turn its comparison round"
            )


def _check_units(claim: TypedClaim, response_unit: str, cause_unit: str) -> None:
    """Raise BadClaim where the claim's units have other dimensions than the instrument's."""
    span = claim.cause_range
    for unit, wanted, what in (
        (claim.cause_unit, cause_unit, claim.cause),
        (claim.response_unit, response_unit, claim.response),
        (span.unit if span and span.unit != "1" else None, cause_unit, f"the range of {claim.cause}"),
    ):
        if unit:
            try:
                convert(1.0, unit, wanted)
            except BadClaim as error:
                raise BadClaim(f"{what}: {error}") from error


def _settle(instrument: Instrument, match: Match, cause: str) -> dict[str, Setting]:
    """Return every setting but the cause: what the claim names, else the default. Raises NotPlanned."""
    settings: dict[str, Setting] = {
        one.name: one.default for one in instrument.parameters if one.name != cause
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


def cut_range(claim: TypedClaim, cause: Parameter) -> Span:
    """Return the claim's range as far as the instrument reaches. Raises NotPlanned where it does not."""
    whole = Span(low=cause.low, high=cause.high, unit=cause.unit)
    if claim.cause_range is None:
        return _around_position(claim, whole) or _part(claim, cause, whole)
    asked = claim.cause_range
    if asked.unit == "1" and claim.cause_unit:
        asked = asked.model_copy(update={"unit": claim.cause_unit})
    if asked.unit != "1" or cause.unit == "1":
        asked = convert_span(asked, cause.unit)
    low, high = max(asked.low, whole.low), min(asked.high, whole.high)
    if low >= high or (high - low) < 0.1 * (asked.high - asked.low):
        raise NotPlanned(
            f"the range {asked.low:g} to {asked.high:g} lies outside the {whole.low:g} to {whole.high:g} "
            f"{whole.unit} that the instrument covers",
            f"an instrument that reaches {cause.label} = {asked.low:g} to {asked.high:g} {cause.unit}",
        )
    return Span(low=low, high=high, unit=cause.unit)


def _around_position(claim: TypedClaim, whole: Span) -> Span | None:
    """Return the range around where an extremum or threshold is said to lie; None where it is not said."""
    position = claim.position
    if position is None or (position.unit == "1") != (whole.unit == "1"):
        return None
    there = convert_span(position, whole.unit)
    middle = (there.low + there.high) / 2
    if not max(whole.low, 0.0) < middle < whole.high:
        return None
    return Span(low=max(middle / AROUND, whole.low), high=min(middle * AROUND, whole.high), unit=whole.unit)


def _part(claim: TypedClaim, cause: Parameter, whole: Span) -> Span:
    """Return the part of a range that the claim speaks of ("weakly disordered", "at high temperature")."""
    words = {stem for name in (cause.label, *cause.words) for stem in stem_list(name)}
    part = find_part(claim.statement or "", lambda word: bool(words.intersection(stem_list(word))))
    if part is None or claim.relation in {Relation.PEAKS, Relation.DIPS, Relation.JUMPS}:
        return whole
    if cause.logarithmic and whole.low > 0:
        middle = math.sqrt(whole.low * whole.high)
    else:
        middle = whole.low + (whole.high - whole.low) / 4 * (1 if part == "low" else 3)
    low, high = (whole.low, middle) if part == "low" else (middle, whole.high)
    return Span(low=low, high=high, unit=whole.unit)


def _spread_by_logarithm(claim: TypedClaim, cause: Parameter, span: Span) -> bool:
    if span.low <= 0:
        return False
    if claim.relation is Relation.SCALES:
        return True
    return cause.logarithmic and span.high / span.low > 10  # noqa: PLR2004 - below a decade it hardly matters


def _values(span: Span, count: int, *, integer: bool, logarithmic: bool) -> list[float]:
    spread = np.geomspace if logarithmic else np.linspace
    values = [float(value) for value in spread(span.low, span.high, count)]
    values[0], values[-1] = span.low, span.high
    if integer:
        low, high = int(np.ceil(span.low)), int(np.floor(span.high))
        values = [float(min(max(round(value), low), high)) for value in values]
    return sorted({float(f"{value:.12g}") for value in values})


def _valid(
    values: Sequence[float], instrument: Instrument, cause: str, settings: Settings, system: str
) -> list[float]:
    """Return the values of the cause where the instrument says something. Raises NotPlanned for too few."""
    kept = [value for value in values if instrument.validity({**settings, cause: value}) is None]
    if len(kept) < FEWEST:
        reason = instrument.validity({**settings, cause: (values[0] + values[-1]) / 2})
        raise NotPlanned(
            f"{instrument.title} says nothing there: {reason or 'too few values of the cause are valid'}",
            f"an instrument for {system} that is valid there",
        )
    return kept


def _afford(relation: Relation, instrument: Instrument, terms: Terms) -> tuple[int, int]:
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


def _smallest(claim: TypedClaim, response_unit: str, *, exact: bool) -> tuple[float, bool]:
    """Return the smallest effect that counts, and whether it is a share of the response."""
    if claim.relation is Relation.SCALES:
        figure = claim.smallest_effect
        return (abs(figure.value) if figure and figure.unit == "1" else EXPONENT[exact]), False
    if claim.smallest_effect is None:
        like = claim.relation is Relation.STAYS
        return (LIKENESS[exact] if like else NEGLIGIBLE if exact else SMALL), True
    figure = claim.smallest_effect
    if figure.unit in {"%", "percent"} and response_unit not in {"%", "percent"}:
        return abs(figure.value) / 100, True
    try:
        return abs(convert_difference(figure.value, figure.unit, response_unit)), False
    except BadClaim as error:
        raise BadClaim(f"the smallest effect: {error}") from error


def _falsifier(claim: TypedClaim, cause_unit: str, response_unit: str) -> Falsifier | None:
    """Return the falsifier in the instrument's units. Raises BadClaim."""
    falsifier = claim.falsifier
    if falsifier is None:
        return None
    figure = Figure(value=falsifier.number, unit=falsifier.unit)
    try:
        number, unit = _in_units(falsifier.quantity, figure, cause_unit, response_unit)
    except BadClaim as error:
        raise BadClaim(f"the falsifier: {error}") from error
    return falsifier.model_copy(update={"number": number, "unit": unit})


def _in_units(quantity: str, figure: Figure, cause_unit: str, response_unit: str) -> tuple[float, str]:
    if quantity in {"ratio", "exponent"}:
        return convert_figure(figure, "1"), "1"
    wanted = cause_unit if quantity == "position" else response_unit
    if figure.unit == "1":
        return figure.value, wanted
    change = convert_difference if quantity == "change" else convert
    return change(figure.value, figure.unit, wanted), wanted


def fill(experiment: Experiment, value: float) -> Settings:
    """Return the settings at one value of the cause."""
    return {**experiment.settings, experiment.cause: value}
