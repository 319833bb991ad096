"""The reference and the training set as an evaluation uses them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.generation.funnel import Shelf, build_shelf
from tools.generation.judging.facts import CrystalFacts, Facts, Finding
from tools.generation.references import Reference
from tools.generation.rules import CrystalRules, MoleculeRules


@dataclass(frozen=True)
class Examined:
    """A set and what was found of its entries; those that cannot be read have no facts."""

    reference: Reference
    findings: Sequence[Finding]

    @property
    def facts(self) -> list[Facts]:
        return [f.facts for f in self.findings if f.facts is not None]

    def part(self, places: range) -> "Examined":
        return Examined(self.reference, [self.findings[k] for k in places])


@dataclass(frozen=True)
class Known:
    """The training set on shelves: numbers are the places of its entries."""

    shelf: Shelf
    formulas: frozenset[str] = frozenset()
    prototypes: frozenset[str] = frozenset()
    groups: tuple[int, ...] = field(default=())
    ids: tuple[str, ...] = ()


def shelve(examined: Examined, rules: CrystalRules | MoleculeRules) -> Known:
    shelf = build_shelf(rules)
    for place, finding in enumerate(examined.findings):
        if finding.facts is not None:
            shelf.put(place, finding.facts)
    crystals = [facts for facts in examined.facts if isinstance(facts, CrystalFacts)]
    return Known(
        shelf,
        frozenset(c.crystal.formula for c in crystals),
        frozenset(c.prototype for c in crystals if c.prototype),
        tuple(c.group for c in crystals if c.group is not None),
        examined.reference.ids,
    )
