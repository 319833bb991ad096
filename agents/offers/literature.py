"""Search in the user's library and in the sources that the run may ask."""

from pydantic import Field

from agents.schema import Prose, Strict
from agents.tool_context import ToolContext
from physh import UnknownConcept
from retrieval.passage import Search
from tools import Scene, ToolError, ToolSpec
from tools.views import Block, Sentences, Table

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


class LiteratureSearch(ToolSpec[Looking, Excerpts]):
    """Looks in the library and the sources that it is handed."""

    name = "literature_search"
    title = "literature search"
    version = "2"
    purpose = "Passages of papers and of the user's own library on a subject"
    when = "when the run searches a library or sources"
    arguments, result = Looking, Excerpts
    for_judges = False

    def __init__(self, context: ToolContext) -> None:
        self._context = context

    def fits(self, scene: Scene) -> bool:
        return scene.literature

    def run(self, arguments: Looking) -> Excerpts:
        """Raises ToolError if no source could be searched."""
        from agents.literature.finding import find  # reviewers read our digests, and it imports reviewers

        concepts, note = self._limit(arguments.within)
        found = find(self._context, arguments.query, MOST, concepts)
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

    def tell(self, arguments: Looking) -> tuple[str, ...]:
        within = f", within {arguments.within}" if arguments.within else ""
        return (f"passages on “{arguments.query}”{within}",)

    def view(self, arguments: Looking, result: Excerpts) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        searches = (f"{one.source}: {one.error or f'{one.found} found'}" for one in result.searches)
        rows = ((one.title, str(one.year or ""), one.source, one.begins) for one in result.excerpts)
        return (
            Sentences((f"Searched {'; '.join(searches) or 'nothing'}.", *filter(None, [result.note]))),
            Table(("title", "year", "source", "begins"), tuple(rows)),
        )

    def _limit(self, within: str | None) -> tuple[list[str] | None, str | None]:
        """Concepts that a passage must touch, and what to say where no such branch is known."""
        if within is None or self._context.ontology is None:
            return None, None
        from agents.literature.finding import concepts_within

        try:
            return concepts_within(self._context.ontology, within), None
        except UnknownConcept:
            return None, f"{within[:80]!r} is no discipline and no facet of PhySH: all was searched"
