"""Search in the user's library and in the sources that the run may ask."""

from pydantic import BaseModel, Field

from agents.literature.finding import find
from agents.offers.offer import Offer
from agents.places import Places
from agents.schema import Prose, Strict
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


class LiteratureSearch:
    """Fits `tools.Tool`."""

    name = "literature_search"
    version = "1"
    purpose = "Passages of papers and of the user's own library on a subject"
    arguments: type[BaseModel] = Looking

    def __init__(self, places: Places) -> None:
        self._places = places

    def run(self, arguments: BaseModel) -> Excerpts:
        """Raises ToolError if no source could be searched."""
        asked = Looking.model_validate(arguments)
        found = find(self._places, asked.query, MOST, asked.within)
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
        )


LITERATURE = Offer(name=LiteratureSearch.name, fits=lambda scene: scene.literature, make=LiteratureSearch)
