"""From a proposal to claims that can be compared: what a model left empty is read from its prose by rules.

A number is taken only where its unit shows which quantity it is of; what stays open the plan of the test
chooses, and the report says so.
"""

import re
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from agents.schema import Claim
from tools.experiments import CauseRange, Comparator, Falsifier, Relation, TypedClaim, ValueWithUnit
from tools.experiments.errors import BadClaim
from tools.experiments.units import agree, is_reduced, read_unit

N = TypeVar("N", CauseRange, ValueWithUnit, Falsifier)

_NUMBER = r"[-−+]?\d+(?:\.\d+)?(?:\s?[×x·]\s?10\s?\^?\s?[-−]?\d+|[eE][-−+]?\d+)?"
_UNIT = r"(?:[^\W\d_]|[%°µΩÅ²³⁻¹])[\w%°µΩÅ²³⁻¹/·*^−-]*|1/[^\W\d]\w*"
_NAMED = re.compile(r"^(?P<name>.+?)\s*(?:,?\s+in\s+|\(\s*(?:in\s+)?)(?P<unit>[^()]{1,30}?)\s*\)?$")
_FROM_TO = re.compile(
    rf"(?:from|between)\s+(?P<low>{_NUMBER})\s*(?P<first>{_UNIT})?\s+(?:to|and)\s+(?P<high>{_NUMBER})\s*(?P<unit>{_UNIT})?",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    rf"(?P<side>less|smaller|lower|fewer|below|under|<|more|greater|larger|higher|above|over|beyond|exceed\w*|>)"
    rf"(?:\s+than)?\s+(?:about\s+)?(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?",
    re.IGNORECASE,
)
_BELOW = ("less", "smaller", "lower", "fewer", "below", "under", "<")
_QUANTITIES = (
    ("exponent", r"exponent|power law"),
    ("ratio", r"ratio|factor|-fold|\btimes\b"),
    ("position", r"peak|maxim|minim|threshold|transition|optim|least|critical"),
    ("change", r"chang|ris(?:e|es|ing)|increas|decreas|fall|drop|differ|grow|reduc|vari"),
)
_LARGEST = 1e300  # what is written larger is no measurable number, and overflows
_NOT_UNITS = {
    "and",
    "or",
    "at",
    "as",
    "when",
    "while",
    "if",
    "over",
    "in",
    "of",
    "the",
    "for",
    "with",
    "to",
    "times",
}
_PARTS = (
    ("cause_range", "the range of the cause"),
    ("smallest_effect", "the smallest effect that counts"),
    ("falsifier", "a falsifier as a number"),
)


class Worded(Protocol):
    """A hypothesis in words, and the claims in it."""

    @property
    def claims(self) -> Sequence[Claim]: ...
    @property
    def statement(self) -> str: ...
    @property
    def prediction(self) -> str: ...
    @property
    def falsifier(self) -> str: ...


def typed_claims(proposal: Worded) -> list[TypedClaim]:
    """Return its one or two claims. Fields that neither the model nor the prose fills are None."""
    return [_typed(claim, proposal, first=number == 0) for number, claim in enumerate(proposal.claims)]


def lacks(claim: TypedClaim) -> list[str]:
    """Return what a claim leaves open to the plan of its test."""
    return [name for field, name in _PARTS if getattr(claim, field) is None]


def _typed(claim: Claim, proposal: Worded, *, first: bool) -> TypedClaim:
    cause, cause_unit = split_quantity(claim.cause, claim.cause_unit)
    response, response_unit = split_quantity(claim.response, claim.response_unit)
    typed = TypedClaim(
        system=claim.system[:500],
        cause=cause,
        response=response,
        relation=claim.relation,
        cause_unit=cause_unit,
        response_unit=response_unit,
        cause_range=_readable(claim.cause_range),
        fixed={held.quantity: _figure(held.value) for held in claim.held},
        smallest_effect=_readable(claim.smallest_effect),
        exponent=claim.exponent,
        position=_readable(claim.position),
        falsifier=_readable(claim.falsifier),
        instrument=claim.instrument,
        statement=proposal.statement[:2000] if first else None,
    )
    return _derive(typed, proposal) if first else typed


def _readable(field: N) -> N | None:
    """What has a unit that can be read, or none."""
    return field if field is not None and (field.unit in ("1", "%") or _reads(field.unit)) else None


def _derive(claim: TypedClaim, proposal: Worded) -> TypedClaim:
    """Read from the prose what the fields leave open."""
    found: dict[str, Any] = {}
    if claim.cause_range is None:
        found["cause_range"] = _range(f"{proposal.prediction} {proposal.falsifier}", claim.cause_unit)
    if claim.falsifier is None:
        found["falsifier"] = _falsifier(proposal.falsifier, claim)
    return claim.model_copy(update={name: value for name, value in found.items() if value is not None})


def split_quantity(text: str, unit: str | None) -> tuple[str, str | None]:
    """`domain-wall density in 1/µm` as name and unit; a unit that pint does not know is left in the name."""
    match = _NAMED.match(text.strip())
    if match and (match["unit"].lower() in ("no unit", "dimensionless", "1") or _reads(match["unit"])):
        own = match["unit"] if _reads(match["unit"]) else "1"
        return match["name"][:300], unit if unit and _reads(unit) else own
    return text[:300], unit if unit and _reads(unit) else None


def _range(text: str, unit: str | None) -> CauseRange | None:
    """The first range whose unit fits that of the cause."""
    for match in _FROM_TO.finditer(text):
        low, high = _value(match["low"]), _value(match["high"])
        given = _unit(match["unit"]) or _unit(match["first"])
        if low < high and unit and _alike(given or "1", unit):
            return CauseRange(low=low, high=high, unit=given or "1")
    return None


def _falsifier(text: str, claim: TypedClaim) -> Falsifier | None:
    """The first limit whose unit fits what the words around it speak of."""
    for match in _LIMIT.finditer(text):
        given = _unit(match["unit"]) or "1"
        quantity = _quantity(text, claim)
        wanted = {"position": claim.cause_unit, "exponent": "1", "ratio": "1"}.get(
            quantity, claim.response_unit
        )
        if quantity == "position" and not (wanted and _alike(given, wanted)):
            quantity, wanted = "value", claim.response_unit
        if given == "%" or wanted is None or not _alike(given, wanted):
            continue
        number, below = _value(match["number"]), match["side"].lower() in _BELOW
        if quantity == "change" and claim.relation is Relation.FALLS and number > 0:
            number, below = -number, not below  # a fall of less than 2 is a change above −2
        comparator = Comparator.BELOW if below else Comparator.ABOVE
        return Falsifier(quantity=quantity, comparator=comparator, number=number, unit=given)
    return None


def _quantity(text: str, claim: TypedClaim) -> str:
    lower = text.lower()
    if claim.relation is Relation.SCALES and re.search(_QUANTITIES[0][1], lower):
        return "exponent"
    return next((name for name, words in _QUANTITIES[1:] if re.search(words, lower)), "value")


def _figure(text: str) -> ValueWithUnit | str:
    """`300 K` as a number with its unit; what is none stays a text."""
    match = re.fullmatch(rf"\s*({_NUMBER})\s*(.*?)\s*", text)
    if not match or (match[2] and not _reads(match[2])):
        return text[:200]
    return ValueWithUnit(value=_value(match[1]), unit=match[2] or "1")


def _value(text: str) -> float:
    plain = re.sub(r"\s?[×x·]\s?10\s?\^?\s?", "e", text).replace("−", "-").replace(" ", "")
    return min(max(float(plain), -_LARGEST), _LARGEST)


def _unit(text: str | None) -> str | None:
    if text is None or text.lower() in _NOT_UNITS:
        return None
    plain = text.rstrip(".,;")
    return plain if plain == "%" or _reads(plain) else None


def _reads(unit: str) -> bool:
    """Whether it is a unit."""
    if is_reduced(unit):
        return True
    try:
        read_unit(unit)
    except BadClaim:
        return False
    return True


def _alike(one: str, other: str) -> bool:
    return _reads(one) and _reads(other) and agree(one, other)
