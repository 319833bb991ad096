"""From candidates to scores: reading, features, what is near, and where the model does not apply."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from tools.errors import ToolError
from tools.quantity import Quantity
from tools.structures.atoms import Atoms
from tools.structures.elements import NAMES
from tools.synthesis.basis import GROUPS, Basis, find_basis
from tools.synthesis.crystals import MOST_ATOMS, Prototype, find_prototype
from tools.synthesis.elements import Floats
from tools.synthesis.errors import SynthesisError
from tools.synthesis.formulas import Composition, read_formula, write_formula
from tools.synthesis.model import Part, SynthesisModel, load_model
from tools.synthesis.reference import Reference, read_entries
from tools.synthesis.schema import (
    Alike,
    FeatureContribution,
    Refused,
    SynthesisCandidate,
    SynthesizabilityScore,
    SynthesizabilityScores,
)

NEAREST: Final = 3
FEWEST: Final = 20  # entries of an element, below which its compounds are an extrapolation
MOST_ELEMENTS, MOST_SITES = 3, 20  # of the entries
LEAST: Final = 0.005  # log-odds of a reason that is told
DIGITS: Final = 4


@dataclass(frozen=True)
class ReadCandidate:
    """A candidate that was read."""

    composition: Composition
    prototype: Prototype | None = None
    hull: float | None = None


def score_all(candidates: Sequence[SynthesisCandidate]) -> SynthesizabilityScores:
    """Return scores, and what was refused. Raises SynthesisError if nothing can be said of any."""
    queries, refused = [], []
    for number, candidate in enumerate(candidates):
        try:
            queries.append(read_candidate(candidate))
        except ToolError as error:
            name = candidate.formula or "structure"
            refused.append(Refused(number=number, name=name[:60], reason=str(error)))
    if not queries:
        raise SynthesisError(refused[0].reason)
    model = load_model()
    return SynthesizabilityScores(
        scores=score_queries(queries, model), refused=refused, model=f"{model.card.name} {model.card.version}"
    )


def read_candidate(candidate: SynthesisCandidate) -> ReadCandidate:
    """Raises SynthesisError, BadStructure, MissingPackage."""
    prototype = None
    if candidate.structure is not None:
        from tools.structures import read_structure

        prototype = find_prototype(read_structure(candidate.structure, MOST_ATOMS))
        composition = prototype.composition
    else:
        composition = read_formula(candidate.formula or "")
    return check(ReadCandidate(composition, prototype, candidate.above_hull))


def check(query: ReadCandidate) -> ReadCandidate:
    """Return the query. Raises SynthesisError for an element and where an element is known from nowhere."""
    if len(query.composition) == 1:
        raise SynthesisError(f"{NAMES[query.composition[0][0] - 1]} is an element: the score is of compounds")
    known = _entries_by_element()
    strange = [NAMES[z - 1] for z, _ in query.composition if not known[z]]
    if strange:
        raise SynthesisError(
            f"no compound of {', '.join(strange)} is known here: nothing can be learned from"
        )
    return query


def score_queries(queries: Sequence[ReadCandidate], model: SynthesisModel) -> list[SynthesizabilityScore]:
    """Return scores in the order of the queries."""
    held: dict[Basis, list[int]] = defaultdict(list)
    for place, query in enumerate(queries):
        held[find_basis(query.prototype, query.hull)].append(place)
    found: dict[int, SynthesizabilityScore] = {}
    for basis, places in held.items():
        some = [queries[i] for i in places]
        sums = model.sums(
            basis,
            [query.composition for query in some],
            [query.prototype for query in some if query.prototype is not None],
            [query.hull for query in some if query.hull is not None],
        )
        for row, place in enumerate(places):
            found[place] = _tell(queries[place], basis, model, sums.margins[row], sums.parts[row])
    return [found[place] for place in range(len(queries))]


def score_crystal(symbols: Sequence[str], fractional: Floats, lattice: Floats) -> Quantity:
    """Return the score of a crystal: lattice vectors as rows in Å. Raises SynthesisError, MissingPackage."""
    prototype = find_prototype(Atoms(tuple(symbols), fractional, lattice))
    query = check(ReadCandidate(prototype.composition, prototype))
    return score_queries([query], load_model())[0].score


def _tell(
    query: ReadCandidate, basis: Basis, model: SynthesisModel, margins: Floats, parts: Floats
) -> SynthesizabilityScore:
    part, composition = model.parts[basis], query.composition
    mean = np.array([margins.mean()])
    known = model.reference.made.get(composition)
    alike = _alike(query, model.reference)
    caveats = find_caveats(query, known=bool(alike))
    return SynthesizabilityScore(
        formula=write_formula(composition),
        basis=basis.value,
        score=_score(part, margins),
        among_made=round(float(part.share_above(mean, made=True)[0]), DIGITS),
        among_others=round(float(part.share_above(mean, made=False)[0]), DIGITS),
        made_as=None if known is None else f"mp-{known}",
        alike=alike,
        reasons=_reasons(part, parts),
        applicable=not caveats,
        caveats=caveats,
    )


def _score(part: Part, margins: Floats) -> Quantity:
    value = float(part.probability(np.array([margins.mean()]))[0])
    spread = float(part.probability(margins).std(ddof=1))
    return Quantity(value=round(value, DIGITS), std=round(spread, DIGITS), unit="")


def _reasons(part: Part, parts: Floats) -> list[FeatureContribution]:
    told = [
        FeatureContribution(about=group.value, log_odds=round(part.card.slope * float(parts[place]), 3))
        for place, group in enumerate(GROUPS[: len(parts)])
        if abs(part.card.slope * parts[place]) > LEAST
    ]
    return sorted(told, key=lambda reason: -abs(reason.log_odds))


def _alike(query: ReadCandidate, reference: Reference) -> list[Alike]:
    """Those of the prototype, where there are any; else those of the proportions."""
    found = reference.alike_in_structure(query.prototype, NEAREST) if query.prototype else []
    return [
        Alike(formula=write_formula(one), entry=f"mp-{number}", unlikeness=round(unlike, 3))
        for one, number, unlike in found or reference.alike(query.composition, NEAREST)
    ]


def find_caveats(query: ReadCandidate, *, known: bool) -> list[str]:
    """Return why the score of a candidate is an extrapolation."""
    told = []
    entries = _entries_by_element()
    rare = [NAMES[z - 1] for z, _ in query.composition if entries[z] < FEWEST]
    if rare:
        told.append(f"fewer than {FEWEST} entries of {', '.join(rare)}")
    if len(query.composition) > MOST_ELEMENTS:
        told.append(f"{len(query.composition)} elements: calibrated on compounds of two and three")
    if query.prototype is not None and query.prototype.atoms > MOST_SITES:
        told.append(f"{query.prototype.atoms} atoms in the primitive cell: calibrated up to {MOST_SITES}")
    if not known:
        told.append("no compound with these proportions was made, as far as is known here")
    return told


@cache
def _entries_by_element() -> Counter[int]:
    return Counter(z for entry in read_entries() for z, _ in entry.composition)
