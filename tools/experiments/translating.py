"""Whether a claim contradicts itself, and what it says in the units of the instrument that tests it."""

from collections.abc import Mapping
from typing import Final

from tools.experiments.errors import BadClaim
from tools.experiments.schema import Comparator, Falsifier, Relation, TypedClaim, ValueWithUnit, same_words
from tools.experiments.units import convert, convert_difference, convert_figure, is_reduced, read_unit

NEGLIGIBLE: Final = 1e-6
"""Share of the response that counts as an effect where the instrument is exact."""
SMALL: Final = 0.01
"""Share of the response that counts as an effect where it is not."""
LIKENESS: Final[Mapping[bool, float]] = {True: 0.01, False: 0.05}
"""Share of the response that may change where it "stays the same", by whether the instrument is exact."""
EXPONENT: Final[Mapping[bool, float]] = {True: 0.05, False: 0.1}


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


def check_units(claim: TypedClaim, response_unit: str, cause_unit: str) -> None:
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


def smallest_effect(claim: TypedClaim, response_unit: str, *, exact: bool) -> tuple[float, bool]:
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


def translate_falsifier(claim: TypedClaim, cause_unit: str, response_unit: str) -> Falsifier | None:
    """Return the falsifier in the instrument's units. Raises BadClaim."""
    falsifier = claim.falsifier
    if falsifier is None:
        return None
    figure = ValueWithUnit(value=falsifier.number, unit=falsifier.unit)
    try:
        number, unit = _in_units(falsifier.quantity, figure, cause_unit, response_unit)
    except BadClaim as error:
        raise BadClaim(f"the falsifier: {error}") from error
    return falsifier.model_copy(update={"number": number, "unit": unit})


def _in_units(quantity: str, figure: ValueWithUnit, cause_unit: str, response_unit: str) -> tuple[float, str]:
    if quantity in {"ratio", "exponent"}:
        return convert_figure(figure, "1"), "1"
    wanted = cause_unit if quantity == "position" else response_unit
    if figure.unit == "1":
        return figure.value, wanted
    change = convert_difference if quantity == "change" else convert
    return change(figure.value, figure.unit, wanted), wanted
