"""The funnel: which sample reaches which stage under one rule set, and why the others do not."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Protocol

from tools.generation.crystals.fingerprints import digest
from tools.generation.crystals.matching import Cabinet, Tolerances
from tools.generation.judging.facts import CrystalFacts, Facts, MoleculeFacts, SampleFinding, SiteFacts
from tools.generation.results import FunnelStep, LossCount
from tools.generation.rules import CrystalRules, MoleculeRules, Rules, SiteRules
from tools.generation.schema import Loss, LossReason, Sample, Stage
from tools.generation.sites.matching import SiteCabinet

EXAMPLES: Final = 3  # of each loss


@dataclass(frozen=True)
class SampleVerdict:
    """One sample under one rule set; `loss` is none for those that came through."""

    rules: str
    number: int
    sample: Sample
    finding: SampleFinding
    loss: Loss | None

    @property
    def reached(self) -> Stage | None:
        """The last stage that the sample passed; none: it was not returned."""
        if self.loss is None:
            return Stage.NOVEL
        before = list(Stage).index(self.loss.stage)
        return list(Stage)[before - 1] if before else None


class Shelf(Protocol):
    """Facts that were put in with a number and are found again by what they stand for."""

    def put(self, number: int, facts: Facts) -> None: ...

    def find(self, facts: Facts) -> int | None: ...


class MoleculeShelf:
    """By canonical SMILES, as 16 bytes each."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}

    def put(self, number: int, facts: Facts) -> None:
        assert isinstance(facts, MoleculeFacts)  # noqa: S101 - the kind is one for a whole evaluation
        self._numbers.setdefault(_digest(facts.smiles.encode()), number)

    def find(self, facts: Facts) -> int | None:
        assert isinstance(facts, MoleculeFacts)  # noqa: S101 - likewise
        return self._numbers.get(_digest(facts.smiles.encode()))


class CrystalShelf:
    """By StructureMatcher; a crystal equal in every number was compared before and gets the same answer."""

    def __init__(self, tolerances: Tolerances) -> None:
        self._cabinet = Cabinet(tolerances)
        self._answers: dict[bytes, int] = {}

    def put(self, number: int, facts: Facts) -> None:
        assert isinstance(facts, CrystalFacts)  # noqa: S101 - likewise
        self._cabinet.put(number, facts.crystal)
        self._answers.setdefault(digest(facts.crystal), number)

    def find(self, facts: Facts) -> int | None:
        assert isinstance(facts, CrystalFacts)  # noqa: S101 - likewise
        key = digest(facts.crystal)
        if key not in self._answers:
            found = self._cabinet.find(facts.crystal)
            if found is None:
                return None
            self._answers[key] = found
        return self._answers[key]


class SiteShelf:
    """By residues in their order and the distance of their centres."""

    def __init__(self, same: float) -> None:
        self._cabinet = SiteCabinet(same)

    def put(self, number: int, facts: Facts) -> None:
        assert isinstance(facts, SiteFacts)  # noqa: S101 - likewise
        self._cabinet.put(number, facts.site)

    def find(self, facts: Facts) -> int | None:
        assert isinstance(facts, SiteFacts)  # noqa: S101 - likewise
        return self._cabinet.find(facts.site)


def build_shelf(rules: Rules) -> Shelf:
    if isinstance(rules, SiteRules):
        return SiteShelf(rules.same)
    return CrystalShelf(rules.tolerances) if isinstance(rules, CrystalRules) else MoleculeShelf()


class Funnel:
    """Takes findings one after the other, keeps what later ones are compared with, counts losses."""

    def __init__(
        self,
        name: str,
        rules: Rules,
        training: Shelf | None,
        ids: tuple[str, ...] = (),
    ) -> None:
        self.name, self._rules, self._training, self._ids = name, rules, training, ids
        self._seen = build_shelf(rules)
        self.requested = 0
        self.counts: Counter[Stage] = Counter()
        self._losses: Counter[tuple[Stage, LossReason]] = Counter()
        self._examples: dict[tuple[Stage, LossReason], list[str]] = defaultdict(list)

    def take(self, sample: Sample, finding: SampleFinding) -> SampleVerdict:
        number = self.requested
        self.requested += 1
        loss = self._loss(number, finding)
        verdict = SampleVerdict(self.name, number, sample, finding, loss)
        reached = verdict.reached
        self.counts.update(list(Stage)[: list(Stage).index(reached) + 1] if reached else [])
        if loss is not None:
            self._losses[loss.stage, loss.reason] += 1
            examples = self._examples[loss.stage, loss.reason]
            if len(examples) < EXAMPLES:
                examples.append(f"#{number}: {loss.detail}" if loss.detail else f"#{number}")
        return verdict

    def steps(self) -> tuple[FunnelStep, ...]:
        judged = [s for s in Stage if s is not Stage.NOVEL or self._training is not None]
        return tuple(FunnelStep(stage=s, count=self.counts[s] if s in judged else None) for s in Stage)

    def losses(self) -> tuple[LossCount, ...]:
        order = list(Stage)
        return tuple(
            LossCount(stage=s, reason=r, count=count, examples=tuple(self._examples[s, r]))
            for (s, r), count in sorted(
                self._losses.items(), key=lambda item: (order.index(item[0][0]), -item[1])
            )
        )

    def _loss(self, number: int, finding: SampleFinding) -> Loss | None:
        if finding.facts is None:
            return finding.loss
        return find_fault(finding.facts, self._rules) or self._known(number, finding)

    def _known(self, number: int, finding: SampleFinding) -> Loss | None:
        assert finding.facts is not None  # noqa: S101 - asked only for what was read
        earlier = self._seen.find(finding.facts)
        if earlier is not None:
            return Loss(stage=Stage.UNIQUE, reason=LossReason.DUPLICATE, detail=f"of #{earlier}")
        self._seen.put(number, finding.facts)
        if finding.copied:
            return Loss(stage=Stage.NOVEL, reason=LossReason.COPIED)
        place = self._training.find(finding.facts) if self._training is not None else None
        if place is None:
            return None
        return Loss(stage=Stage.NOVEL, reason=LossReason.KNOWN, detail=self._ids[place] if self._ids else "")


def find_fault(facts: Facts, rules: Rules) -> Loss | None:
    """What the rules find against one crystal, molecule or site by itself."""
    if isinstance(facts, SiteFacts):
        assert isinstance(rules, SiteRules)  # noqa: S101 - the kind is one for a whole evaluation
        return _fault_of_site(facts, rules)
    if isinstance(facts, CrystalFacts):
        assert isinstance(rules, CrystalRules)  # noqa: S101 - the kind is one for a whole evaluation
        return _fault_of_structure(facts, rules) or _fault_of_composition(facts, rules)
    if isinstance(rules, MoleculeRules) and not rules.fragments and facts.fragments > 1:
        return Loss(stage=Stage.STRUCTURAL, reason=LossReason.FRAGMENTS, detail=f"{facts.fragments}")
    return None


def _fault_of_structure(facts: CrystalFacts, rules: CrystalRules) -> Loss | None:
    if rules.nearest is None or facts.shortest >= rules.nearest:
        return None
    return Loss(stage=Stage.STRUCTURAL, reason=LossReason.ATOMS_TOO_CLOSE, detail=f"{facts.shortest:.2f} Å")


def _fault_of_composition(facts: CrystalFacts, rules: CrystalRules) -> Loss | None:
    if rules.table is None or facts.neutral[rules.table]:
        return None
    detail = f"{facts.crystal.formula}, {rules.table}"
    return Loss(stage=Stage.CHEMICAL, reason=LossReason.NOT_NEUTRAL, detail=detail)


def _fault_of_site(facts: SiteFacts, rules: SiteRules) -> Loss | None:
    if has_clash(facts, rules):
        return Loss(
            stage=Stage.STRUCTURAL, reason=LossReason.ATOMS_TOO_CLOSE, detail=f"{facts.shortest:.2f} Å"
        )
    for number, (whole, strain) in enumerate(zip(facts.complete, facts.strains, strict=True), 1):
        named = f"{facts.site.order[number - 1]}, residue {number} of {len(facts.complete)}"
        if not whole:
            return Loss(stage=Stage.CHEMICAL, reason=LossReason.INCOMPLETE, detail=named)
        if not is_bonded(strain, rules):
            detail = f"{named}: {strain:.2f} Å off"
            return Loss(stage=Stage.CHEMICAL, reason=LossReason.BOND_LENGTH, detail=detail)
    return None


def has_clash(facts: SiteFacts, rules: SiteRules) -> bool:
    """Whether two atoms that are not bonded are too near."""
    return facts.shortest < rules.apart


def is_bonded(strain: float, rules: SiteRules) -> bool:
    """Whether every bond of a residue has its length."""
    return strain <= rules.bond


def _digest(raw: bytes) -> bytes:
    return blake2b(raw, digest_size=16).digest()
