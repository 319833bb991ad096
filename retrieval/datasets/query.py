"""Structures that are looked for, and the OPTIMADE filter that says so.

The filter language is that of the OPTIMADE specification, version 1 (Andersen et al., Sci. Data 8, 217, 2021,
doi:10.1038/s41597-021-00974-z). Only what every provider must be able to filter by is used, but for the
space group, which came with version 1.2.
"""

import re
from math import gcd
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from retrieval.errors import BadQuery
from retrieval.passage import FrozenModel

_ELEMENTS = """
H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr
Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir
Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl
Mc Lv Ts Og
"""
SYMBOLS = frozenset(_ELEMENTS.split())
MOST_ATOMS = 9_999  # of one element in a formula
_PART = re.compile(r"([A-Z][a-z]?)(\d{0,4})")
_FORMULA = re.compile(r"(?:[A-Z][a-z]?\d{0,4}){1,20}")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def _known(symbol: str) -> str:
    if symbol not in SYMBOLS:
        raise ValueError(f"{symbol[:20]!r} is no chemical element: write its symbol, as in Mo")
    return symbol


def reduce_formula(text: str) -> str:
    """Return the formula as OPTIMADE writes it: elements by the alphabet, smallest whole numbers.

    Raises ValueError where it is no formula.
    """
    plain = text.strip().translate(_SUBSCRIPTS)
    if not _FORMULA.fullmatch(plain):
        raise ValueError(f"{text[:40]!r} is no formula of whole numbers, such as MoS2")
    counts: dict[str, int] = {}
    for symbol, number in _PART.findall(plain):
        counts[_known(symbol)] = counts.get(symbol, 0) + int(number or 1)
    if not all(0 < count <= MOST_ATOMS for count in counts.values()):
        raise ValueError(f"{text[:40]!r} has a number of atoms outside 1 to {MOST_ATOMS:,}")
    divisor = gcd(*counts.values())
    return "".join(f"{symbol}{_written(counts[symbol] // divisor)}" for symbol in sorted(counts))


def _written(count: int) -> str:
    return "" if count == 1 else str(count)


Symbol = Annotated[str, AfterValidator(_known)]
Formula = Annotated[str, Field(max_length=80), AfterValidator(reduce_formula)]


_NARROWING = ("formula", "fewest_elements", "most_elements", "most_sites", "periodic", "space_group")


class StructureQuery(FrozenModel):
    """Which structures are looked for. What is null is left open."""

    elements: tuple[Symbol, ...] = Field(default=(), max_length=20, description="all of these occur")
    only: bool = Field(default=False, description="no other element occurs")
    formula: Formula | None = Field(default=None, description="reduced, such as MoS2")
    fewest_elements: int | None = Field(default=None, ge=1, le=118, description="different ones")
    most_elements: int | None = Field(default=None, ge=1, le=118)
    most_sites: int | None = Field(default=None, ge=1, le=10_000, description="in the cell")
    periodic: int | None = Field(default=None, ge=0, le=3, description="number of periodic directions")
    space_group: int | None = Field(
        default=None, ge=1, le=230, description="number in the International Tables"
    )

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if not any(getattr(self, name) is not None for name in _NARROWING) and not self.elements:
            raise ValueError("name at least one element, a formula or a space group: not all is fetched")
        low, high = self.fewest_elements, self.most_elements
        if low and high and low > high:
            raise ValueError(f"from {low} to {high} elements: the smaller number comes first")
        if high and len(set(self.elements)) > high:
            raise ValueError(f"{len(set(self.elements))} elements are named and {high} may occur")
        if self.only and not self.elements:
            raise ValueError("`only` needs the elements that it is about")
        return self

    @property
    def filter(self) -> str:
        """The same in OPTIMADE's language."""
        elements = sorted(set(self.elements))
        parts = [f"elements HAS ALL {', '.join(map(_quoted, elements))}"] * bool(elements)
        parts += [f"nelements={len(elements)}"] * self.only
        parts += [f"chemical_formula_reduced={_quoted(self.formula)}"] if self.formula else []
        limits = (
            ("nelements>={}", self.fewest_elements),
            ("nelements<={}", self.most_elements),
            ("nsites<={}", self.most_sites),
            ("nperiodic_dimensions={}", self.periodic),
            ("space_group_it_number={}", self.space_group),
        )
        parts += [text.format(number) for text, number in limits if number is not None]
        return " AND ".join(parts)


def _quoted(text: str) -> str:
    return f'"{text}"'


def make_query(**parts: object) -> StructureQuery:
    """Return the query. Raises BadQuery in one line where its parts make none."""
    from pydantic import ValidationError

    try:
        return StructureQuery.model_validate(parts)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"] if not isinstance(part, int))
        message = first["msg"].removeprefix("Value error, ")
        raise BadQuery(f"{where}: {message}" if where else message) from error
