"""What the literature transfers between disciplines, and what stands around a concept, for every door."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from pydantic import Field

from agents.mining import TransferPair
from agents.run.planning import name_atlas
from agents.schema import AtlasRef, ConceptRef, Strict
from physh import Discipline, Ontology
from physh.atlas import Atlas
from physh.atlas.transfers import Transfers
from retrieval.papers import as_work, load_papers
from retrieval.passage import Work

PAPERS = 2  # named for each pair
NEIGHBOURS = 24


class Known(Strict):
    """Two concepts in the abstracts of the atlas."""

    first: ConceptRef
    second: ConceptRef
    together: int = Field(description="abstracts that name both")
    first_year: int | None = Field(description="of the earliest; null: there is none")
    direction: str = Field(description='"rising", "steady", "falling", or why nothing is said of it')
    works: list[Work] = Field(description="shipped papers on both, the latest first")


class OpenPair(Strict):
    """A method and a problem that no abstract names together."""

    method: ConceptRef
    problem: ConceptRef
    shared: int = Field(description="concepts that the literature joins with both")


class DisciplineLink(Strict):
    """A discipline's methods on another's problems, as abstracts join them."""

    home: ConceptRef = Field(description="whose methods")
    field: ConceptRef = Field(description="whose problems")
    pairs: int = Field(description="of a method and a problem, in at least 3 abstracts and more than chance")
    methods: int
    problems: int
    since: int = Field(description="year of the earliest abstract")


class AtlasMap(Strict):
    """Every two disciplines between which the literature transfers methods."""

    atlas: AtlasRef
    meetings: list[DisciplineLink]


class Exchange(Strict):
    """A discipline's methods on another's problems: what is known, and what is not joined yet."""

    home: ConceptRef
    field: ConceptRef
    known: list[Known] = Field(description="method first; in most abstracts first")
    open: list[OpenPair] = Field(description="most shared neighbours first: such pairs tend to meet next")


class ConceptNeighbour(Strict):
    concept: ConceptRef
    together: int
    strength: float = Field(description="log of observed over expected abstracts")


class ConceptNeighbourhood(Strict):
    """What the literature writes about with a concept."""

    concept: ConceptRef
    works: int
    by_year: dict[int, int]
    neighbours: list[ConceptNeighbour] = Field(description="strongest first")
    papers: list[Work]


class AtlasView:
    """One atlas, read with one ontology."""

    def __init__(self, ontology: Ontology, atlas: Atlas) -> None:
        self._ontology, self._atlas = ontology, atlas

    @cached_property
    def map(self) -> AtlasMap:
        meetings = [
            DisciplineLink(
                home=_of(met.home),
                field=_of(met.field),
                pairs=met.pairs,
                methods=met.methods,
                problems=met.problems,
                since=met.since,
            )
            for met in self._transfers.meetings()
        ]
        return AtlasMap(atlas=name_atlas(self._atlas), meetings=meetings)

    def exchange(self, home: str, field: str, limit: int) -> Exchange:
        """Raises UnknownConcept for a discipline that there is not."""
        one, other = self._ontology.discipline(home), self._ontology.discipline(field)
        return Exchange(
            home=_of(one),
            field=_of(other),
            known=[
                self.known(found.method, found.problem)
                for found in self._transfers.between(one, other, limit)
            ],
            open=[
                OpenPair(method=self._ref(pair.method), problem=self._ref(pair.problem), shared=pair.shared)
                for pair in self._transfers.open_between(one, other, limit)
            ],
        )

    def known_by_name(self, first: str, second: str) -> Known:
        """By label or URI. Raises UnknownConcept."""
        return self.known(self._ontology.concept(first).uri, self._ontology.concept(second).uri)

    def known_of_pairs(self, pairs: Iterable[TransferPair]) -> dict[str, Known]:
        """By a mining pair's id; without those of concepts that this release of PhySH has not."""
        has = self._ontology.concepts
        return {
            pair.id: self.known(pair.method.uri, pair.target.uri)
            for pair in pairs
            if pair.method.uri in has and pair.target.uri in has
        }

    def known(self, first: str, second: str) -> Known:
        """What is known of two concepts by URI. Raises KeyError for one that the ontology has not."""
        pair = self._atlas.pair(first, second)
        return Known(
            first=self._ref(first),
            second=self._ref(second),
            together=pair.together,
            first_year=pair.first_year,
            direction=pair.direction,
            works=_papers([first, second]) if pair.together else [],
        )

    def neighbourhood(self, name: str) -> ConceptNeighbourhood:
        """Raises UnknownConcept."""
        concept = self._ontology.concept(name)
        by_year = self._atlas.concept(concept.uri)
        near = self._atlas.neighbours(concept.uri, NEIGHBOURS)
        return ConceptNeighbourhood(
            concept=self._ref(concept.uri),
            works=sum(by_year.values()),
            by_year=by_year,
            neighbours=[
                ConceptNeighbour(concept=self._ref(uri), together=together, strength=strength)
                for uri, together, strength in near
                if uri in self._ontology.concepts
            ],
            papers=_papers([concept.uri]),
        )

    @cached_property
    def _transfers(self) -> Transfers:
        return Transfers(self._ontology, self._atlas)

    def _ref(self, uri: str) -> ConceptRef:
        return ConceptRef(uri=uri, label=self._ontology.concepts[uri].label)


def _of(discipline: Discipline) -> ConceptRef:
    return ConceptRef(uri=discipline.uri, label=discipline.label)


def _papers(uris: Sequence[str]) -> list[Work]:
    return [as_work(paper) for paper in load_papers().with_concepts(uris, PAPERS)]
