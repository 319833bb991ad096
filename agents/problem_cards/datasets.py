"""Data that could test a hypothesis: databases by meaning and units, and the structures of its system."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from agents.experiments.claims import split_quantity
from agents.schema.problem import DataFound, DataOption, HeldQuantity, StructureWish
from agents.tool_context import ToolContext
from retrieval.errors import BadQuery
from tools import ToolError

if TYPE_CHECKING:
    from retrieval.datasets import DatabaseMatch, NeededQuantity, StructureQuery
    from retrieval.datasets.search import Embed

MOST = 5
USUAL = ("mp", "oqmd", "alexandria.pbe", "cod")
"""Providers named where no database that fits speaks OPTIMADE."""
MOST_PROVIDERS = 4
MATERIALS = Path(__file__).parents[1] / "data" / "materials.yaml"
_COUNTED = re.compile(
    r"\b(?:atom|defect|site|molecule|formula_unit|mol)s?\b"
)  # eV/atom is eV for one of them
_NAMED_SIZES = {"solar_mass": "kg", "earth_mass": "kg", "earth_radius": "m"}  # pint knows none of them
_TOKEN = re.compile(r"(?<![\w-])(?:[A-Z][a-z]?[\d₀₁₂₃₄₅₆₇₈₉]{0,4}){1,12}(?![\w]|-[xyδ])")
_WORDS = frozenset("In As At No He Be Am I Re Os Ho Po Pa Es Md Th II III IV V VI".split())  # noqa: SIM905
"""Symbols that are words or numerals too, alone in a sentence."""
_ARTICLE = re.compile(r"^\s*(?:the|an?|its|their)\s+", re.IGNORECASE)
_SHOUTED = 3  # letters, all large and without a number: an abbreviation such as SOC


@lru_cache(maxsize=1024)
def dimension(unit: str) -> str | None:
    """Return the dimension of a unit, as pint writes it; None where it is no unit.

    Per atom and per mole count as the same: both are of one of many.
    """
    from tools.experiments.errors import BadClaim
    from tools.experiments.units import read_unit

    plain = _COUNTED.sub("dimensionless", unit)
    for name, standing in _NAMED_SIZES.items():
        plain = plain.replace(name, standing)
    try:
        return str(read_unit(plain).dimensionality)
    except BadClaim:
        return None


def load_embed(context: ToolContext) -> "Embed | None":
    """Return what embeds texts; None where no model is loaded, and words and units have to do."""
    from retrieval.datasets.search import make_embed

    try:
        return make_embed(context.load_embedder())
    except ToolError:
        return None


def read_quantity(text: str, role: str, unit: str | None = None) -> "NeededQuantity":
    """Return a quantity from words such as `band gap (eV)`."""
    from retrieval.datasets import NeededQuantity

    name, own = split_quantity(_ARTICLE.sub("", text), unit)
    return NeededQuantity.model_validate({"name": name, "unit": own, "role": role})


def find_data(
    text: str,
    quantities: Sequence["NeededQuantity"],
    system: str,
    *,
    concepts: Sequence[str] = (),
    embed: "Embed | None" = None,
    limit: int = MOST,
) -> DataFound:
    """Return the databases that fit a text, and how structures of its system are asked for.

    `concepts` are URIs; without `embed` words, quantities and concepts are compared, and the result says so.
    """
    from retrieval.datasets import DataNeed, load_registry, search_registry

    registry = load_registry()
    wanted = DataNeed(text=text[:8_000], quantities=tuple(quantities), concepts=tuple(concepts)[:50])
    found = search_registry(registry, wanted, limit, embed=embed, dimension=dimension)
    how = (
        "by meaning, words, quantities and units"
        if embed
        else "by words, quantities and units, not by meaning"
    )
    return DataFound(
        options=[_option(match) for match in found],
        structures=wish_structures(system, [name for match in found for name in match.dataset.optimade]),
        searched=f"{len(registry)} databases and data sets that ship as facts, {how}",
    )


def wish_structures(system: str, providers: Sequence[str] = ()) -> StructureWish:
    """Return how databases are asked for the structures that a system's words name."""
    query = read_system(system)
    if query is None:
        gap = "the system names no formula and no element that a structure database could be asked for"
        return StructureWish(filter=None, gap=gap)
    chosen = list(dict.fromkeys([*providers, *USUAL]))[:MOST_PROVIDERS]
    options = ["--formula", query.formula] if query.formula else ["--elements", ",".join(query.elements)]
    return StructureWish(filter=query.filter, options=options, providers=chosen)


def read_system(system: str) -> "StructureQuery | None":
    """Return the structures that words such as `monolayer MoS2 with sulfur vacancies` name; None: none.

    The first compound counts, in symbols or by a name of `agents/data/materials.yaml`, else the elements.
    """
    from retrieval.datasets import make_query

    symbols: list[str] = []
    for token in _TOKEN.findall(system[:2_000]):
        if token in _WORDS or (token.isupper() and token.isalpha() and len(token) >= _SHOUTED):
            continue
        try:
            query = make_query(formula=token)
        except BadQuery:
            continue
        if not token.isalpha() or sum(letter.isupper() for letter in token) > 1:
            return query
        symbols.append(token)
    named = _named(system)
    if named:
        return make_query(formula=named)
    return make_query(elements=tuple(dict.fromkeys(symbols))) if symbols else None


def _named(system: str) -> str | None:
    """The longest name of a material that stands in the words."""
    lower = system.lower()
    standing = [name for name in _materials() if re.search(rf"\b{re.escape(name)}\b", lower)]
    return _materials()[max(standing, key=len)] if standing else None


@cache
def _materials() -> dict[str, str]:
    import yaml

    names: dict[str, str] = yaml.safe_load(MATERIALS.read_text(encoding="utf-8"))
    return names


def _option(match: "DatabaseMatch") -> DataOption:
    entry = match.dataset
    return DataOption(
        id=entry.id,
        title=entry.title,
        url=entry.url,
        holds=entry.holds,
        origin=entry.origin,
        held=[
            HeldQuantity(asked=one.asked.name, role=one.asked.role, name=one.name, unit=one.unit)
            for one in match.held
        ],
        lacks=[quantity.name for quantity in match.lacks],
        size=entry.size,
        access=entry.access,
        licence=entry.licence,
        doi=entry.doi,
        optimade=list(entry.optimade),
        likeness=match.likeness,
    )
