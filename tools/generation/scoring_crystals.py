"""Crystals under one rule set."""

from collections import Counter
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.crystals.fingerprints import CoverageCount
from tools.generation.crystals.matching import Cabinet
from tools.generation.funnel import SampleVerdict, find_fault
from tools.generation.judging.facts import CrystalFacts, SampleFinding
from tools.generation.measuring import (
    NO_REFERENCE,
    NO_TRAINING,
    NOTHING,
    build,
    build_distance,
    build_missing,
    build_share,
    distance,
)
from tools.generation.results import Measure
from tools.generation.rules import COVERAGE, CrystalRules, MeasureName, RuleSet
from tools.generation.schema import Sample, Stage
from tools.generation.scoring import Examined, Scorer, TrainingShelf

DRAWN: Final = 1_000
WITHOUT: Final = "left out: fingerprints were not asked for, or matminer is not installed"
OF: Final[dict[MeasureName, Callable[[CrystalFacts], float]]] = {
    MeasureName.DENSITY: lambda facts: facts.density,
    MeasureName.ELEMENTS: lambda facts: float(len(facts.crystal.composition)),
}


class CrystalScorer(Scorer[CrystalRules, CrystalFacts]):
    """Distributions are of valid crystals."""

    def __init__(
        self,
        rules: RuleSet,
        part: CrystalRules,
        reference: Examined | None,
        training: TrainingShelf | None,
        seed: int,
    ) -> None:
        super().__init__(rules, part, reference, training, seed, facts=CrystalFacts, valued=OF, drawn=DRAWN)
        self._counts: Counter[MeasureName] = Counter()
        self._parsed = 0
        self._coverage = self._build_coverage(reference)

    def _build_coverage(self, reference: Examined | None) -> CoverageCount | None:
        cutoffs = None if reference is None else self._part.cutoffs(reference.reference.family)
        asked = COVERAGE & set(self._part.measures) and any(f.fingerprint is not None for f in self._real)
        return CoverageCount(self._real, cutoffs) if asked and cutoffs is not None else None

    def take(self, sample: Sample, finding: SampleFinding) -> SampleVerdict:
        verdict = self.funnel.take(sample, finding)
        self._counts[MeasureName.COPIED] += finding.copied
        if isinstance(finding.facts, CrystalFacts):
            self._parsed += 1
            self._count(finding.facts, verdict)
        return verdict

    def _count(self, facts: CrystalFacts, verdict: SampleVerdict) -> None:
        table, nearest = self._part.table, self._part.nearest
        self._counts[MeasureName.STRUCTURAL] += nearest is None or facts.shortest >= nearest
        self._counts[MeasureName.COMPOSITIONAL] += table is None or facts.neutral[table]
        if self._coverage is not None:
            self._coverage.take(facts)
        if find_fault(facts, self._part) is None:
            self._counts[MeasureName.VALID] += 1
            self._drawn.take(facts)
            for name, values in self._values.items():
                values.append(OF[name](facts))
        if self._training is not None and (verdict.loss is None or verdict.loss.stage is Stage.NOVEL):
            formula = facts.crystal.formula in self._training.formulas
            self._counts[MeasureName.NOVEL_FORMULA] += not formula
            self._counts[MeasureName.NOVEL_PROTOTYPE] += facts.prototype not in self._training.prototypes
            self._counts[MeasureName.NOVEL_STRUCTURE] += formula and verdict.loss is None

    def measures(self) -> list[Measure]:
        return [self._measure(name) for name in self._part.measures]

    def _measure(self, name: MeasureName) -> Measure:
        counts, passed, requested = self._counts, self.funnel.counts, self.funnel.requested
        unique = passed[Stage.UNIQUE]
        of_training = {
            MeasureName.NOVEL: (passed[Stage.NOVEL], unique),
            MeasureName.VALID_UNIQUE_NOVEL: (passed[Stage.NOVEL], requested),
            MeasureName.NOVEL_FORMULA: (counts[MeasureName.NOVEL_FORMULA], unique),
            MeasureName.NOVEL_PROTOTYPE: (counts[MeasureName.NOVEL_PROTOTYPE], unique),
            MeasureName.NOVEL_STRUCTURE: (counts[MeasureName.NOVEL_STRUCTURE], unique),
        }
        shares = of_training | {
            MeasureName.VALID: (counts[MeasureName.VALID], requested),
            MeasureName.STRUCTURAL: (counts[MeasureName.STRUCTURAL], requested),
            MeasureName.COMPOSITIONAL: (counts[MeasureName.COMPOSITIONAL], requested),
            MeasureName.UNIQUE: (unique, counts[MeasureName.VALID]),
            MeasureName.COPIED: (counts[MeasureName.COPIED], self._parsed),
        }
        if name in of_training and self._training is None:
            return build_missing(name, NO_TRAINING)
        if name in shares:
            return build_share(name, *shares[name], self._seed)
        if name in COVERAGE:
            return self._measure_coverage(name)
        if name in OF:
            return build_distance(name, self._values_drawn(name), self._values_of_reference(name), self._seed)
        return self._measure_matches(name)

    def _measure_coverage(self, name: MeasureName) -> Measure:
        if self._coverage is None:
            return build_missing(name, WITHOUT if self._has_reference else NO_REFERENCE)
        if name is MeasureName.COVERAGE_RECALL:
            return build_share(name, *self._coverage.covered, self._seed, "interval over the reference alone")
        return build_share(name, self._coverage.precise, self.funnel.requested, self._seed)

    def _values_drawn(self, name: MeasureName) -> NDArray[np.float64]:
        values = np.array(self._values[name])
        if self._part.drawn is None or len(values) <= self._part.drawn:
            return values
        drawn = np.random.default_rng(self._seed).choice(values, self._part.drawn, replace=False)
        return np.asarray(drawn)

    def _values_of_reference(self, name: MeasureName) -> NDArray[np.float64] | None:
        return np.array([OF[name](f) for f in self._real]) if self._has_reference else None

    def _measure_matches(self, name: MeasureName) -> Measure:
        """The four of matbench-genmetrics, on the drawn samples."""
        drawn = self._drawn.items
        if not drawn:
            return build_missing(name, NOTHING)
        if name is MeasureName.PAIR_UNIQUENESS:
            return self._measure_pairs(drawn)
        if name is MeasureName.MATCH_COVERAGE:
            return self._measure_matched(drawn)
        if self._training is None:
            return build_missing(name, NO_TRAINING)
        if name is MeasureName.MATCH_NOVELTY:
            new = sum(self._training.shelf.find(f) is None for f in drawn)
            return build_share(name, new, len(drawn), self._seed)
        return self._measure_groups(drawn, self._training.groups)

    def _measure_matched(self, drawn: list[CrystalFacts]) -> Measure:
        if not self._real:
            return build_missing(MeasureName.MATCH_COVERAGE, NO_REFERENCE)
        cabinet = self._cabinet(drawn)
        found = sum(cabinet.find(f.crystal) is not None for f in self._real)
        return build_share(MeasureName.MATCH_COVERAGE, found, len(self._real), self._seed)

    def _measure_pairs(self, drawn: list[CrystalFacts]) -> Measure:
        cabinet = self._cabinet(drawn)
        matches = sum(number != k for k, f in enumerate(drawn) for number in cabinet.find_all(f.crystal))
        pairs = len(drawn) * (len(drawn) - 1)  # in both orders
        return build(MeasureName.PAIR_UNIQUENESS, 1 - matches / pairs if pairs else None, pairs)

    def _measure_groups(self, drawn: list[CrystalFacts], training: tuple[int, ...]) -> Measure:
        """1 − W(training, samples) / W(training, all in space group 1)."""
        real = np.array(training, dtype=float)
        groups = np.array([f.group or 1 for f in drawn], dtype=float)
        dummy = distance(real, np.ones(1))
        if dummy == 0:
            return build_missing(
                MeasureName.GROUP_VALIDITY, "the training set lies in space group 1 throughout"
            )
        return build(MeasureName.GROUP_VALIDITY, 1 - distance(groups, real) / dummy, len(drawn))

    def _cabinet(self, drawn: list[CrystalFacts]) -> Cabinet:
        cabinet = Cabinet(self._part.tolerances)
        for number, facts in enumerate(drawn):
            cabinet.put(number, facts.crystal)
        return cabinet
