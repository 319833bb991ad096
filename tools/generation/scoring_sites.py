"""Binding sites under one rule set."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.funnel import SampleVerdict, has_clash, is_bonded
from tools.generation.judging.facts import SampleFinding, SiteFacts
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
from tools.generation.rules import MeasureName, RuleSet, SiteRules
from tools.generation.schema import Sample, Stage
from tools.generation.scoring import Examined, Scorer, TrainingShelf
from tools.generation.sites.matching import centres_of, nearest_distance

DRAWN: Final = 1_000  # sites whose nearest training site is looked for
MOST_VALUES: Final = 200_000  # of one property: a bootstrap draw sorts them all
OF: Final[dict[MeasureName, Callable[[SiteFacts], Iterable[float]]]] = {
    MeasureName.BOND_LENGTHS: lambda facts: facts.lengths,
    MeasureName.BOND_ANGLES: lambda facts: facts.angles,
    MeasureName.CHIS: lambda facts: facts.chis,
    MeasureName.CONTACTS: lambda facts: facts.contacts,
    MeasureName.RESIDUES: lambda facts: (float(len(facts.complete)),),
}


class SiteScorer(Scorer[SiteRules, SiteFacts]):
    """Distributions are of all sites that can be read, valid or not."""

    def __init__(
        self,
        rules: RuleSet,
        part: SiteRules,
        reference: Examined | None,
        training: TrainingShelf | None,
        seed: int,
    ) -> None:
        valued = [name for name in part.measures if name in OF]
        super().__init__(rules, part, reference, training, seed, facts=SiteFacts, valued=valued, drawn=DRAWN)
        self._names: Counter[str] = Counter()
        self._counts: Counter[MeasureName] = Counter()

    def take(self, sample: Sample, finding: SampleFinding) -> SampleVerdict:
        verdict = self.funnel.take(sample, finding)
        if isinstance(finding.facts, SiteFacts):
            self._count(finding.facts, verdict)
        return verdict

    def _count(self, facts: SiteFacts, verdict: SampleVerdict) -> None:
        counts, part = self._counts, self._part
        counts[MeasureName.COMPLETE] += sum(facts.complete)
        counts[MeasureName.BONDED] += sum(is_bonded(strain, part) for strain in facts.strains)
        counts[MeasureName.CLASH_FREE] += not has_clash(facts, part)
        self._names.update(facts.site.order)
        for name, values in self._values.items():
            values.extend(list(OF[name](facts))[: MOST_VALUES - len(values)])
        if verdict.loss is not None and verdict.loss.stage in {Stage.STRUCTURAL, Stage.CHEMICAL}:
            return
        counts[MeasureName.VALID] += 1
        self._drawn.take(facts)
        unique = verdict.loss is None or verdict.loss.stage is Stage.NOVEL
        if unique and self._training is not None:
            counts[MeasureName.NOVEL_ORDER] += facts.site.order not in self._training.orders

    def measures(self) -> list[Measure]:
        return [self._measure(name) for name in self._part.measures]

    def _measure(self, name: MeasureName) -> Measure:
        steps, counts, residues = self.funnel.counts, self._counts, self._names.total()
        if (
            name in {MeasureName.NOVEL, MeasureName.VALID_UNIQUE_NOVEL, MeasureName.NOVEL_ORDER}
            and self._training is None
        ):
            return build_missing(name, NO_TRAINING)
        shares = {
            MeasureName.VALID: (counts[MeasureName.VALID], self.funnel.requested),
            MeasureName.COMPLETE: (counts[MeasureName.COMPLETE], residues),
            MeasureName.BONDED: (counts[MeasureName.BONDED], residues),
            MeasureName.CLASH_FREE: (counts[MeasureName.CLASH_FREE], steps[Stage.TYPED]),
            MeasureName.UNIQUE: (steps[Stage.UNIQUE], counts[MeasureName.VALID]),
            MeasureName.NOVEL: (steps[Stage.NOVEL], steps[Stage.UNIQUE]),
            MeasureName.VALID_UNIQUE_NOVEL: (steps[Stage.NOVEL], self.funnel.requested),
            MeasureName.NOVEL_ORDER: (counts[MeasureName.NOVEL_ORDER], steps[Stage.UNIQUE]),
        }
        if name in shares:
            return build_share(name, *shares[name], self._seed)
        if name in OF:
            return build_distance(name, np.array(self._values[name]), self._of_reference(name), self._seed)
        return self._composition() if name is MeasureName.COMPOSITION else self._nearest()

    def _of_reference(self, name: MeasureName) -> NDArray[np.float64] | None:
        if not self._has_reference:
            return None
        return np.array([value for facts in self._real for value in OF[name](facts)][:MOST_VALUES])

    def _composition(self) -> Measure:
        """Half the sum of differences between the shares of the twenty residues."""
        real = Counter(name for facts in self._real for name in facts.site.order)
        if not self._has_reference or not real or not self._names:
            return build_missing(MeasureName.COMPOSITION, NOTHING if self._has_reference else NO_REFERENCE)
        own, n = self._names, self._names.total()
        total = sum(abs(own[name] / n - real[name] / real.total()) for name in own | real)
        return build(MeasureName.COMPOSITION, total / 2, n)

    def _nearest(self) -> Measure:
        """Median distance to the nearest training site, of those that have one like them."""
        if self._training is None:
            return build_missing(MeasureName.NEAREST, NO_TRAINING)
        drawn = [centres_of(facts.site) for facts in self._drawn.items]
        found = [nearest_distance(site, self._training.centres) for site in drawn]
        near = np.array([distance for distance in found if distance is not None])
        if not len(near):
            why = "none has a training site with half of its residues" if drawn else NOTHING
            return build_missing(MeasureName.NEAREST, why)
        note = f"{len(near)} of {len(drawn)} have a training site with half of their residues"
        measure = build(MeasureName.NEAREST, float(np.median(near)), len(near))
        spread = mean_interval(near, self._seed, np.median)
        return measure.model_copy(update={"note": note, "interval": spread})
