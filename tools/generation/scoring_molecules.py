"""Molecules under one rule set."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.errors import MissingPackage
from tools.generation.funnel import SampleVerdict
from tools.generation.judging.facts import MoleculeFacts, SampleFinding
from tools.generation.measuring import (
    NO_REFERENCE,
    NO_TRAINING,
    NOTHING,
    build,
    build_distance,
    build_missing,
    build_share,
    mean_interval,
)
from tools.generation.results import Measure
from tools.generation.rules import MeasureName, MoleculeRules, RuleSet
from tools.generation.schema import LossReason, Sample, Stage
from tools.generation.scoring import Examined, Scorer, TrainingShelf

DRAWN: Final = 10_000
OF: Final[dict[MeasureName, Callable[[MoleculeFacts], float | None]]] = {
    MeasureName.WEIGHT: lambda facts: facts.weight,
    MeasureName.SYNTHESIS: lambda facts: facts.synthesis,
    MeasureName.LIKENESS: lambda facts: facts.likeness,
    MeasureName.LOGP: lambda facts: facts.logp,
}


class MoleculeScorer(Scorer[MoleculeRules, MoleculeFacts]):
    """Distributions are of valid molecules."""

    def __init__(
        self,
        rules: RuleSet,
        part: MoleculeRules,
        reference: Examined | None,
        training: TrainingShelf | None,
        seed: int,
    ) -> None:
        valued = [name for name in part.measures if name in OF]
        super().__init__(
            rules, part, reference, training, seed, facts=MoleculeFacts, valued=valued, drawn=DRAWN
        )
        self._valid = self._passing = self._copied = self._parsed = 0
        self._firsts: list[bool] = []

    def take(self, sample: Sample, finding: SampleFinding) -> SampleVerdict:
        verdict = self.funnel.take(sample, finding)
        self._copied += finding.copied
        if isinstance(finding.facts, MoleculeFacts):
            self._parsed += 1
            self._count(finding.facts, verdict)
        return verdict

    def _count(self, facts: MoleculeFacts, verdict: SampleVerdict) -> None:
        if verdict.loss is not None and verdict.loss.stage in {Stage.STRUCTURAL, Stage.CHEMICAL}:
            return
        self._valid += 1
        self._passing += bool(facts.passes)
        if self._valid <= max(self._part.firsts, default=0):
            self._firsts.append(verdict.loss is None or verdict.loss.reason is not LossReason.DUPLICATE)
        for name, values in self._values.items():
            values.append(OF[name](facts) or 0.0)
        self._drawn.take(facts)

    def measures(self) -> list[Measure]:
        return [measure for name in self._part.measures for measure in self._measure(name)]

    def _measure(self, name: MeasureName) -> list[Measure]:
        counts, seed = self.funnel.counts, self._seed
        if name is MeasureName.UNIQUE_FIRST:
            return [self._first(k) for k in self._part.firsts]
        shares = {
            MeasureName.VALID: (self._valid, self.funnel.requested),
            MeasureName.UNIQUE: (counts[Stage.UNIQUE], self._valid),
            MeasureName.NOVEL: (counts[Stage.NOVEL], counts[Stage.UNIQUE]),
            MeasureName.VALID_UNIQUE_NOVEL: (counts[Stage.NOVEL], self.funnel.requested),
            MeasureName.FILTERS: (self._passing, self._valid),
            MeasureName.COPIED: (self._copied, self._parsed),
        }
        if name in {MeasureName.NOVEL, MeasureName.VALID_UNIQUE_NOVEL} and self._training is None:
            return [build_missing(name, NO_TRAINING)]
        if name in shares:
            return [build_share(name, *shares[name], seed)]
        if name in OF:
            return [build_distance(name, np.array(self._values[name]), self._of_reference(name), seed)]
        return [self._of_pairs(name)]

    def _first(self, k: int) -> Measure:
        marks = self._firsts[:k]
        note = "" if len(marks) == k else f"only {len(marks)} valid"
        measure = build_share(MeasureName.UNIQUE_FIRST, sum(marks), len(marks), self._seed, note)
        return measure.model_copy(update={"name": f"unique@{k}", "title": f"unique@{k}"})

    def _of_reference(self, name: MeasureName) -> NDArray[np.float64] | None:
        return np.array([OF[name](f) or 0.0 for f in self._real]) if self._has_reference else None

    def _of_pairs(self, name: MeasureName) -> Measure:
        """Measures that compare molecules two by two, on the drawn ones."""
        from tools.generation.molecules.similarity import (
            frechet_distance,
            internal_diversity,
            nearest_similarities,
            unpack,
        )

        drawn, n = self._drawn.items, len(self._drawn.items)
        if n < 2:  # noqa: PLR2004 - a pair
            return build_missing(name, NOTHING)
        if name in {MeasureName.DIVERSITY_1, MeasureName.DIVERSITY_2}:
            rows = unpack([f.bits for f in drawn])
            return build(name, internal_diversity(rows, 1 if name is MeasureName.DIVERSITY_1 else 2), n)
        if not self._has_reference:
            return build_missing(name, NO_REFERENCE)
        if name is MeasureName.SIMILARITY:
            nearest = nearest_similarities(
                unpack([f.bits for f in drawn]), unpack([f.bits for f in self._real])
            )
            measure = build(name, float(nearest.mean()), n)
            return measure.model_copy(update={"interval": mean_interval(nearest, self._seed)})
        try:
            return build(
                name, frechet_distance([f.smiles for f in drawn], [f.smiles for f in self._real[:DRAWN]]), n
            )
        except MissingPackage as error:
            return build_missing(name, str(error))
