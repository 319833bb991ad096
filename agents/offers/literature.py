"""Search in the user's library and in the sources that the run may ask."""

from pydantic import BaseModel, Field

from agents.literature.finding import concepts_within, find
from agents.offers.offer import Offer
from agents.places import Places
from agents.schema import Prose, Strict
from physh import UnknownConcept
from retrieval.passage import Search
from tools import ToolError

MOST = 5
SHOWN = 280  # characters of a passage: enough to see what it is about


class Looking(Strict):
    """What is looked for."""

    query: Prose = Field(description="three to ten words that such a paper would use")
    within: str | None = Field(
        description="a PhySH discipline or facet that passages of the library must touch; null for all"
    )


class Excerpt(Strict):
    """The beginning of a passage."""

    passage: str = Field(description="its key")
    title: str
    year: int | None
    source: str
    begins: str


class Excerpts(Strict):
    """What was found, best first, and what was asked for it."""

    excerpts: list[Excerpt]
    searches: list[Search]
    note: str | None = Field(default=None, description="what was not done as asked")


class LiteratureSearch:
    """Fits `tools.Tool`."""

    name = "literature_search"
    version = "2"
    purpose = "Passages of papers and of the user's own library on a subject"
    arguments: type[BaseModel] = Looking

    def __init__(self, places: Places) -> None:
        self._places = places

    def run(self, arguments: BaseModel) -> Excerpts:
        """Raises ToolError if no source could be searched."""
        asked = Looking.model_validate(arguments)
        concepts, note = self._limit(asked.within)
        found = find(self._places, asked.query, MOST, concepts)
        if found.searches and all(search.error for search in found.searches):
            raise ToolError("; ".join(f"{search.source}: {search.error}" for search in found.searches))
        return Excerpts(
            excerpts=[
                Excerpt(
                    passage=passage.key,
                    title=passage.work.title,
                    year=passage.work.year,
                    source=passage.work.source,
                    begins=passage.text[:SHOWN],
                )
                for passage in found.passages[:MOST]
            ],
            searches=found.searches,
            note=note,
        )

    def _limit(self, within: str | None) -> tuple[list[str] | None, str | None]:
        """Concepts that a passage must touch, and what to say where no such branch is known."""
        if within is None or self._places.ontology is None:
            return None, None
        try:
            return concepts_within(self._places.ontology, within), None
        except UnknownConcept:
            return None, f"{within[:80]!r} is no discipline and no facet of PhySH: all was searched"


LITERATURE = Offer(name=LiteratureSearch.name, fits=lambda scene: scene.literature, make=LiteratureSearch)
