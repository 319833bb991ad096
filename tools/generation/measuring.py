"""What every measure is called, and how its number is put together."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation import statistics
from tools.generation.results import Measure
from tools.generation.rules import MeasureName


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
    MeasureName.VALID: Title("valid", "requested"),
    MeasureName.STRUCTURAL: Title("structurally valid", "requested"),
    MeasureName.COMPOSITIONAL: Title("compositionally valid", "requested"),
    MeasureName.UNIQUE: Title("unique", "valid"),
    MeasureName.UNIQUE_FIRST: Title("unique among the first", "valid"),
    MeasureName.NOVEL: Title("novel", "unique"),
    MeasureName.VALID_UNIQUE_NOVEL: Title("valid, unique and novel", "requested"),
    MeasureName.NOVEL_FORMULA: Title("novel formula", "unique"),
    MeasureName.NOVEL_PROTOTYPE: Title("novel prototype", "unique"),
    MeasureName.NOVEL_STRUCTURE: Title("novel structure of a known formula", "unique"),
    MeasureName.COPIED: Title("copied from the prompt", "parsed", lower=True),
    MeasureName.COVERAGE_RECALL: Title("COV-R", "reference"),
    MeasureName.COVERAGE_PRECISION: Title("COV-P", "requested"),
    MeasureName.DENSITY: Title("W density", BETWEEN, "g/cm³", lower=True),
    MeasureName.ELEMENTS: Title("W number of elements", BETWEEN, lower=True),
    MeasureName.GROUP_VALIDITY: Title("validity by space groups", BETWEEN),
    MeasureName.MATCH_COVERAGE: Title("reference matched", "reference"),
    MeasureName.MATCH_NOVELTY: Title("unmatched in training", "valid samples drawn"),
    MeasureName.PAIR_UNIQUENESS: Title("pairs that do not match", "pairs of valid samples drawn"),
    MeasureName.WEIGHT: Title("W molecular weight", BETWEEN, "g/mol", lower=True),
    MeasureName.SYNTHESIS: Title("W synthetic accessibility", BETWEEN, lower=True),
    MeasureName.LIKENESS: Title("W QED", BETWEEN, lower=True),
    MeasureName.LOGP: Title("W logP", BETWEEN, lower=True),
    MeasureName.SIMILARITY: Title("SNN", BETWEEN),
    MeasureName.DIVERSITY_1: Title("internal diversity, p = 1", "valid samples drawn"),
    MeasureName.DIVERSITY_2: Title("internal diversity, p = 2", "valid samples drawn"),
    MeasureName.FILTERS: Title("passes MCF and PAINS", "valid"),
    MeasureName.FRECHET: Title("FCD", BETWEEN, lower=True),
    MeasureName.COMPLETE: Title("residues complete", "residues"),
    MeasureName.BONDED: Title("residues with bonds within 0.2 Å", "residues"),
    MeasureName.CLASH_FREE: Title("no clash", "read"),
    MeasureName.BOND_LENGTHS: Title("W bond lengths", BETWEEN_READ, "Å", lower=True),
    MeasureName.BOND_ANGLES: Title("W bond angles", BETWEEN_READ, "°", lower=True),
    MeasureName.CHIS: Title("W side-chain torsions", BETWEEN_READ, "°", lower=True),
    MeasureName.CONTACTS: Title("W distance of residues from the ligand", BETWEEN_READ, "Å", lower=True),
    MeasureName.RESIDUES: Title("W number of residues", BETWEEN_READ, lower=True),
    MeasureName.COMPOSITION: Title("difference of composition", BETWEEN_READ, lower=True),
    MeasureName.NOVEL_ORDER: Title("novel order of residues", "unique"),
    MeasureName.NEAREST: Title("distance to the nearest training site", "valid samples drawn", "Å"),
}
NO_REFERENCE: Final = "needs a reference set: give --reference"
NO_TRAINING: Final = "needs the training set: give --training"
NOTHING: Final = "no sample came so far"


def build_share(name: MeasureName, count: int, n: int, seed: int, note: str = "") -> Measure:
    """A fraction with its bootstrap interval."""
    value = count / n if n else None
    interval = statistics.share_interval(count, n, seed)
    return build(name, value, n).model_copy(update={"interval": interval, "note": note if n else NOTHING})


def build_distance(
    name: MeasureName, values: NDArray[np.float64], reference: NDArray[np.float64] | None, seed: int
) -> Measure:
    """A Wasserstein distance with its bootstrap interval and the floor that real data set."""
    if reference is None or not len(values) or not len(reference):
        return build_missing(name, NO_REFERENCE if reference is None else NOTHING)
    between = statistics.distance_around if name is MeasureName.CHIS else statistics.distance
    return build(name, between(values, reference), len(values)).model_copy(
        update={
            "interval": statistics.distance_interval(values, reference, seed, between),
            "floor": statistics.floor_of(reference, len(values), seed, between),
        }
    )


def build(name: MeasureName, value: float | None, n: int) -> Measure:
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


def build_missing(name: MeasureName, why: str) -> Measure:
    return build(name, None, 0).model_copy(update={"note": why})
