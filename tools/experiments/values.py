"""Which values of the cause are measured: over which range, spread how, and where the instrument is valid."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from tools.experiments.errors import NotPlanned
from tools.experiments.lexicon import stem_list
from tools.experiments.schema import CauseRange, Relation, TypedClaim
from tools.experiments.units import convert_span
from tools.experiments.wording import find_part
from tools.instruments.contract import Instrument, Parameter, Settings

AROUND: Final = 4.0
"""Factor to either side of a claimed position within which it is looked for."""
FEWEST: Final = 3
"""Values, and replicates of a stochastic instrument."""


def cut_range(claim: TypedClaim, cause: Parameter) -> CauseRange:
    """Return the claim's range as far as the instrument reaches. Raises NotPlanned where it does not."""
    whole = CauseRange(low=cause.low, high=cause.high, unit=cause.unit)
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
    return CauseRange(low=low, high=high, unit=cause.unit)


def _around_position(claim: TypedClaim, whole: CauseRange) -> CauseRange | None:
    """Return the range around where an extremum or threshold is said to lie; None where it is not said."""
    position = claim.position
    if position is None or (position.unit == "1") != (whole.unit == "1"):
        return None
    there = convert_span(position, whole.unit)
    middle = (there.low + there.high) / 2
    if not max(whole.low, 0.0) < middle < whole.high:
        return None
    return CauseRange(
        low=max(middle / AROUND, whole.low), high=min(middle * AROUND, whole.high), unit=whole.unit
    )


def _part(claim: TypedClaim, cause: Parameter, whole: CauseRange) -> CauseRange:
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
    return CauseRange(low=low, high=high, unit=whole.unit)


def spread_by_logarithm(claim: TypedClaim, cause: Parameter, span: CauseRange) -> bool:
    if span.low <= 0:
        return False
    if claim.relation is Relation.SCALES:
        return True
    return cause.logarithmic and span.high / span.low > 10  # noqa: PLR2004 - below a decade it hardly matters


def spread_values(span: CauseRange, count: int, *, integer: bool, logarithmic: bool) -> list[float]:
    spread = np.geomspace if logarithmic else np.linspace
    values = [float(value) for value in spread(span.low, span.high, count)]
    values[0], values[-1] = span.low, span.high
    if integer:
        low, high = int(np.ceil(span.low)), int(np.floor(span.high))
        values = [float(min(max(round(value), low), high)) for value in values]
    return sorted({float(f"{value:.12g}") for value in values})


def keep_valid(
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
