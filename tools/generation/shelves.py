"""The reference and the training set as an evaluation uses them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.generation.funnel import Shelf, build_shelf
from tools.generation.judging.facts import CrystalFacts, Facts, SampleFinding, SiteFacts
from tools.generation.references import ReferenceSet
from tools.generation.rules import Rules
from tools.generation.sites.matching import Centres, centres_of


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
