"""What the scorers of all kinds hold: the funnel, examined sets, values by measure, a drawn part."""

import random
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tools.generation.funnel import Funnel, Shelf, build_shelf
from tools.generation.judging.facts import CrystalFacts, Facts, MoleculeFacts, SampleFinding, SiteFacts
from tools.generation.rules import CrystalRules, MeasureName, MoleculeRules, Rules, RuleSet, SiteRules
from tools.generation.schema import ReferenceSet
from tools.generation.sites.matching import Centres, centres_of

Item = TypeVar("Item")


class Draw(Generic[Item]):
    """Keeps `most` of the items that pass by, each with the same chance (Vitter, ACM TOMS 11, 37 (1985))."""

    def __init__(self, most: int, seed: int) -> None:
        self._most, self._random, self._passed = most, random.Random(seed), 0  # noqa: S311 - a sample, no secret
        self.items: list[Item] = []

    def take(self, item: Item) -> None:
        self._passed += 1
        if len(self.items) < self._most:
            self.items.append(item)
            return
        place = self._random.randrange(self._passed)
        if place < self._most:
            self.items[place] = item


@dataclass(frozen=True)
class Examined:
    """A set and what was found of its entries; those that cannot be read have no facts."""

    reference: ReferenceSet
    findings: Sequence[SampleFinding]

    @property
    def facts(self) -> list[Facts]:
        return [f.facts for f in self.findings if f.facts is not None]

    def part(self, places: range) -> "Examined":
        return Examined(self.reference, [self.findings[k] for k in places])


@dataclass(frozen=True)
class TrainingShelf:
    """The training set on shelves: numbers are the places of its entries."""

    shelf: Shelf
    formulas: frozenset[str] = frozenset()
    prototypes: frozenset[str] = frozenset()
    groups: tuple[int, ...] = field(default=())
    ids: tuple[str, ...] = ()
    orders: frozenset[tuple[str, ...]] = frozenset()
    centres: tuple[Centres, ...] = ()


def shelve(examined: Examined, rules: Rules) -> TrainingShelf:
    shelf = build_shelf(rules)
    for place, finding in enumerate(examined.findings):
        if finding.facts is not None:
            shelf.put(place, finding.facts)
    crystals = [facts for facts in examined.facts if isinstance(facts, CrystalFacts)]
    sites = [facts.site for facts in examined.facts if isinstance(facts, SiteFacts)]
    return TrainingShelf(
        shelf,
        frozenset(c.crystal.formula for c in crystals),
        frozenset(c.prototype for c in crystals if c.prototype),
        tuple(c.group for c in crystals if c.group is not None),
        examined.reference.ids,
        frozenset(site.order for site in sites),
        tuple(centres_of(site) for site in sites),
    )


Part = TypeVar("Part", CrystalRules, MoleculeRules, SiteRules)
KindFacts = TypeVar("KindFacts", CrystalFacts, MoleculeFacts, SiteFacts)


class Scorer(Generic[Part, KindFacts]):
    """Takes findings one after the other; memory grows with what must be remembered, not with the strings."""

    def __init__(
        self,
        rules: RuleSet,
        part: Part,
        reference: Examined | None,
        training: TrainingShelf | None,
        seed: int,
        *,
        facts: type[KindFacts],
        valued: Iterable[MeasureName],
        drawn: int,
    ) -> None:
        """`valued` measures keep a value of each sample; `drawn` samples are compared one by one."""
        self._part: Part = part
        self._training, self._seed = training, seed
        self._has_reference = reference is not None
        given = () if reference is None else reference.facts
        self._real: list[KindFacts] = [one for one in given if isinstance(one, facts)]
        self.funnel = Funnel(
            rules.name, part, training.shelf if training else None, training.ids if training else ()
        )
        self._values = {name: array("d") for name in valued}
        self._drawn: Draw[KindFacts] = Draw(part.drawn or drawn, seed)
