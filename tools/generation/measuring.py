"""What every measure is called, and how its number is put together."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation import statistics
from tools.generation.results import Measure
from tools.generation.rules import Name


@dataclass(frozen=True)
class Title:
    """`over`: what the number is a fraction of, or which values are compared."""

    text: str
    over: str
    unit: str = ""
    lower: bool = False


BETWEEN: Final = "valid samples against the reference"
BETWEEN_READ: Final = "samples that were read against the reference"
TITLES: Final = {
    Name.VALID: Title("valid", "requested"),
    Name.STRUCTURAL: Title("structurally valid", "requested"),
    Name.COMPOSITIONAL: Title("compositionally valid", "requested"),
    Name.UNIQUE: Title("unique", "valid"),
    Name.UNIQUE_FIRST: Title("unique among the first", "valid"),
    Name.NOVEL: Title("novel", "unique"),
    Name.VALID_UNIQUE_NOVEL: Title("valid, unique and novel", "requested"),
    Name.NOVEL_FORMULA: Title("novel formula", "unique"),
    Name.NOVEL_PROTOTYPE: Title("novel prototype", "unique"),
    Name.NOVEL_STRUCTURE: Title("novel structure of a known formula", "unique"),
    Name.COPIED: Title("copied from the prompt", "parsed", lower=True),
    Name.COVERAGE_RECALL: Title("COV-R", "reference"),
    Name.COVERAGE_PRECISION: Title("COV-P", "requested"),
    Name.DENSITY: Title("W density", BETWEEN, "g/cm³", lower=True),
    Name.ELEMENTS: Title("W number of elements", BETWEEN, lower=True),
    Name.GROUP_VALIDITY: Title("validity by space groups", BETWEEN),
    Name.MATCH_COVERAGE: Title("reference matched", "reference"),
    Name.MATCH_NOVELTY: Title("unmatched in training", "valid samples drawn"),
    Name.PAIR_UNIQUENESS: Title("pairs that do not match", "pairs of valid samples drawn"),
    Name.WEIGHT: Title("W molecular weight", BETWEEN, "g/mol", lower=True),
    Name.SYNTHESIS: Title("W synthetic accessibility", BETWEEN, lower=True),
    Name.LIKENESS: Title("W QED", BETWEEN, lower=True),
    Name.LOGP: Title("W logP", BETWEEN, lower=True),
    Name.SIMILARITY: Title("SNN", BETWEEN),
    Name.DIVERSITY_1: Title("internal diversity, p = 1", "valid samples drawn"),
    Name.DIVERSITY_2: Title("internal diversity, p = 2", "valid samples drawn"),
    Name.FILTERS: Title("passes MCF and PAINS", "valid"),
    Name.FRECHET: Title("FCD", BETWEEN, lower=True),
    Name.COMPLETE: Title("residues complete", "residues"),
    Name.BONDED: Title("residues with bonds within 0.2 Å", "residues"),
    Name.CLASH_FREE: Title("no clash", "read"),
    Name.BOND_LENGTHS: Title("W bond lengths", BETWEEN_READ, "Å", lower=True),
    Name.BOND_ANGLES: Title("W bond angles", BETWEEN_READ, "°", lower=True),
    Name.CHIS: Title("W side-chain torsions", BETWEEN_READ, "°", lower=True),
    Name.CONTACTS: Title("W distance of residues from the ligand", BETWEEN_READ, "Å", lower=True),
    Name.RESIDUES: Title("W number of residues", BETWEEN_READ, lower=True),
    Name.COMPOSITION: Title("difference of composition", BETWEEN_READ, lower=True),
    Name.NOVEL_ORDER: Title("novel order of residues", "unique"),
    Name.NEAREST: Title("distance to the nearest training site", "valid samples drawn", "Å"),
}
NO_REFERENCE: Final = "needs a reference set: give --reference"
NO_TRAINING: Final = "needs the training set: give --training"
NOTHING: Final = "no sample came so far"


def build_share(name: Name, count: int, n: int, seed: int, note: str = "") -> Measure:
    """A fraction with its bootstrap interval."""
    value = count / n if n else None
    interval = statistics.share_interval(count, n, seed)
    return build(name, value, n).model_copy(update={"interval": interval, "note": note if n else NOTHING})


def build_distance(
    name: Name, values: NDArray[np.float64], reference: NDArray[np.float64] | None, seed: int
) -> Measure:
    """A Wasserstein distance with its bootstrap interval and the floor that real data set."""
    if reference is None or not len(values) or not len(reference):
        return build_missing(name, NO_REFERENCE if reference is None else NOTHING)
    between = statistics.distance_around if name is Name.CHIS else statistics.distance
    return build(name, between(values, reference), len(values)).model_copy(
        update={
            "interval": statistics.distance_interval(values, reference, seed, between),
            "floor": statistics.floor_of(reference, len(values), seed, between),
        }
    )


def build(name: Name, value: float | None, n: int) -> Measure:
    title = TITLES[name]
    return Measure(
        name=name,
        title=title.text,
        value=value,
        unit=title.unit,
        lower_is_better=title.lower,
        over=title.over,
        n=n,
    )


def build_missing(name: Name, why: str) -> Measure:
    return build(name, None, 0).model_copy(update={"note": why})
