"""Which pairs are tried: every pair of disciplines in turn, within each the best that PhySH does not know.

Disciplines meet as in a Latin square, each once as source and once as target before any meets a second
partner, so that a short job already touches all of them. Blocks of scores are computed one at a time and
only the best of each are kept: memory does not grow with the number of candidates.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from agents.errors import MiningError
from agents.mining.cell_candidates import CellCandidates, PairUses, SelectedPair
from agents.mining.schema import Cell, TransferPair
from agents.mining.spec import Cross, Names, Spec, Strategy
from agents.schema import ConceptRef
from physh import Concept, Discipline, Ontology

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from physh import PairFeatures
    from physh.atlas import Atlas

NO_METHODS = "PhySH lists no {facet} of {home}"
NO_TARGETS = "PhySH lists no {facet} of {field}"
ALL_KNOWN = "every pair is linked in PhySH, shares a discipline, or is joined by the literature"
TOO_FEW = "the job's pairs were used up by other cells"
POOL = 8  # candidates kept for each pair that a block may have to give


class Selection:
    """Raises MiningError for an unknown discipline or facet, or where nothing can be chosen."""

    def __init__(
        self, ontology: Ontology, features: "PairFeatures", spec: Spec, atlas: "Atlas | None" = None
    ) -> None:
        """`atlas`: pairs that its abstracts join are known, and not tried."""
        self.ontology, self.features, self.spec, self._atlas = ontology, features, spec, atlas
        self.sources = self._disciplines(spec.sources)
        self.targets = self._disciplines(spec.targets)
        self._require_comparable()
        self._inside = {cross: _facet_uris(ontology, cross) for cross in spec.cross}
        self._used = PairUses(
            features.places, {uri: concept.label for uri, concept in ontology.concepts.items()}
        )
        self.cells: list[Cell] = []

    def pairs(self) -> Iterator[TransferPair]:
        """As many as the spec asks for, or all there are; afterwards `cells` tells of every cell."""
        from physh import ConceptDistances

        blocks = self._blocks()
        counts: Counter[int] = Counter()
        distances = ConceptDistances(self.ontology)
        for number, choice in self._in_turn(blocks):
            counts[number] += 1
            yield self._pair(blocks[number].cell, choice, distances.between(choice.method, choice.target))
        self.cells = [_counted(block.cell, counts[number]) for number, block in enumerate(blocks)]
        if not counts:
            raise MiningError(f"{self.spec.name}: nothing to try: {self._why_nothing()}")

    def _why_nothing(self) -> str:
        reasons = Counter(cell.reason for cell in self.cells if cell.reason)
        return reasons.most_common(1)[0][0] if reasons else "sources and targets are the same one discipline"

    def _disciplines(self, names: Names) -> list[Discipline]:
        if names == "all":
            return list(self.ontology.disciplines)
        return list({found.uri: found for found in map(self.ontology.discipline, names)}.values())

    def _require_comparable(self) -> None:
        for first, second in self.spec.compare:
            if self.ontology.discipline(first) == self.ontology.discipline(second):
                raise MiningError(f"{self.spec.name}: compare: {first!r} and {second!r} are one discipline")

    def _blocks(self) -> list[CellCandidates]:
        """In the order in which disciplines meet. Every cell has one, also those that give nothing."""
        meetings = list(_meetings(self.sources, self.targets, self.spec.seed))
        share = -(-self.spec.pairs // max(1, len(meetings) * len(self.spec.cross)))
        return [
            self._block(home, goal, cross, POOL * share)
            for home, goal in meetings
            for cross in self.spec.cross
        ]

    def _block(self, home: Discipline, goal: Discipline, cross: Cross, keep: int) -> CellCandidates:
        inside, outside = self._inside[cross]
        methods = self._of(home, inside, without=goal)
        targets = self._of(goal, outside - inside, without=home, bar=inside)
        cell = Cell(
            home=_ref(home),
            field=_ref(goal),
            methods_facet=cross.methods,
            targets_facet=cross.targets,
            candidates=0,
            chosen=0,
        )
        if not methods or not targets:
            return CellCandidates(_skipped(cell, self._why_empty(home, goal, cross)))
        scores = self._scores(methods, targets)
        scores[self._linked(methods, targets)] = -np.inf
        if self._atlas is not None:
            scores[self._atlas.known(methods, targets)] = -np.inf
        candidates = int(np.isfinite(scores).sum())
        if not candidates:
            return CellCandidates(_skipped(cell, ALL_KNOWN))
        return CellCandidates(
            cell.model_copy(update={"candidates": candidates}), methods, targets, scores, most=keep
        )

    def _why_empty(self, home: Discipline, goal: Discipline, cross: Cross) -> str:
        inside, outside = self._inside[cross]
        if not self._of(home, inside):
            return NO_METHODS.format(facet=cross.methods, home=home.label)
        if not self._of(goal, outside - inside, bar=inside):
            return NO_TARGETS.format(facet=cross.targets, field=goal.label)
        return ALL_KNOWN

    def _of(
        self,
        discipline: Discipline,
        facets: AbstractSet[str],
        *,
        without: Discipline | None = None,
        bar: AbstractSet[str] = frozenset(),
    ) -> list[str]:
        """Concepts of the discipline in one of the facets, in none of those barred, not of the other."""
        other = without.uri if without else ""
        return [
            concept.uri
            for concept in self._members[discipline.uri]
            if facets & set(concept.facets)
            and not bar & set(concept.facets)
            and other not in concept.disciplines
        ]

    @cached_property
    def _members(self) -> dict[str, list[Concept]]:
        """Concepts in use, by discipline."""
        members: dict[str, list[Concept]] = {d.uri: [] for d in self.ontology.schemes}
        for concept in self.ontology.concepts.values():
            for uri in concept.disciplines if not concept.deprecated else ():
                members[uri].append(concept)
        return members

    def _scores(self, methods: Sequence[str], targets: Sequence[str]) -> "NDArray[np.float32]":
        match self.spec.strategy:
            case Strategy.STRUCTURE:
                return self.features.structural(methods, targets)
            case Strategy.EMBEDDING:
                return self.features.semantic(methods, targets)
        said = "\0".join([str(self.spec.seed), *methods, *targets])
        random = np.random.default_rng(list(hashlib.sha256(said.encode()).digest()[:8]))
        return random.random((len(methods), len(targets)), dtype=np.float32)

    def _linked(self, methods: Sequence[str], targets: Sequence[str]) -> "NDArray[np.bool_]":
        """Same, above or below each other, or called related."""
        columns = {uri: place for place, uri in enumerate(targets)}
        linked = np.zeros((len(methods), len(targets)), dtype=bool)
        for row, uri in enumerate(methods):
            concept = self.ontology.concepts[uri]
            above = (kin.uri for kin in self.ontology.ancestors(uri))
            for other in (uri, *concept.narrower, *concept.related, *above):
                if other in columns:
                    linked[row, columns[other]] = True
        return linked

    def _in_turn(self, blocks: Sequence[CellCandidates]) -> Iterator[tuple[int, SelectedPair]]:
        """One pair a meeting of disciplines, again and again, from each of its cells in turn."""
        crosses = len(self.spec.cross)
        meetings = [list(range(start, start + crosses)) for start in range(0, len(blocks), crosses)]
        left, turn = self.spec.pairs, 0
        while left and meetings:
            for meeting in list(meetings):
                if not left:
                    return
                found = self._next(blocks, meeting, turn)
                if found is None:
                    meetings.remove(meeting)
                else:
                    left -= 1
                    yield found
            turn += 1

    def _next(
        self, blocks: Sequence[CellCandidates], meeting: Sequence[int], turn: int
    ) -> tuple[int, SelectedPair] | None:
        for step in range(len(meeting)):
            number = meeting[(turn + step) % len(meeting)]
            if found := blocks[number].take(self._used):
                return number, found
        return None

    def _pair(self, cell: Cell, choice: SelectedPair, distance: int) -> TransferPair:
        said = f"{choice.method} {choice.target} {cell.home.uri} {cell.field.uri}"
        return TransferPair(
            id=hashlib.sha256(said.encode()).hexdigest()[:32],
            method=_ref(self.ontology.concepts[choice.method]),
            home=cell.home,
            target=_ref(self.ontology.concepts[choice.target]),
            field=cell.field,
            methods_facet=cell.methods_facet,
            targets_facet=cell.targets_facet,
            fit=round(choice.score, 4),
            distance=distance,
        )


def _facet_uris(ontology: Ontology, cross: Cross) -> tuple[set[str], set[str]]:
    from physh.concept import reachable

    tree = {facet.uri: facet.narrower for facet in ontology.facets}
    inside, outside = (
        set(reachable([ontology.facet(name).uri], tree)) for name in (cross.methods, cross.targets)
    )
    return inside, outside


def _meetings(
    sources: Sequence[Discipline], targets: Sequence[Discipline], seed: int
) -> Iterator[tuple[Discipline, Discipline]]:
    random = np.random.default_rng(seed)
    rows = [sources[place] for place in random.permutation(len(sources))]
    columns = [targets[place] for place in random.permutation(len(targets))]
    longest = max(len(rows), len(columns))
    for shift in range(longest):
        for place in range(longest):
            if place < len(rows) and (place + shift) % longest < len(columns):
                home, goal = rows[place], columns[(place + shift) % longest]
                if home.uri != goal.uri:
                    yield home, goal


def _ref(thing: Discipline | Concept) -> ConceptRef:
    return ConceptRef(uri=thing.uri, label=thing.label)


def _skipped(cell: Cell, reason: str) -> Cell:
    return cell.model_copy(update={"reason": reason})


def _counted(cell: Cell, chosen: int) -> Cell:
    reason = cell.reason or (None if chosen else TOO_FEW)
    return cell.model_copy(update={"chosen": chosen, "reason": reason})
