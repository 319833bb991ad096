"""Search for PhySH concepts by meaning, so that a text can name its subjects by their URIs."""

from pydantic import Field

from agents.schema import Prose, Strict
from agents.tool_context import ToolContext
from physh import PhyshError
from tools import Scene, ToolError, ToolSpec
from tools.views import Block, Table

MOST = 6


class Topic(Strict):
    """What is looked for."""

    topic: Prose = Field(description="a few words of physics")


class FoundConcept(Strict):
    """A PhySH concept. `score` says how near it is, 0 to 1, and not how probable."""

    uri: str
    label: str
    score: float


class Concepts(Strict):
    """Best first."""

    concepts: list[FoundConcept]
    release: str = Field(description="of PhySH")


class ConceptSearch(ToolSpec[Topic, Concepts]):
    """Looks in the router that it is handed."""

    name = "physh_search"
    title = "PhySH search"
    version = "1"
    purpose = "Concepts of the Physics Subject Headings (PhySH) nearest to a few words, with their URIs"
    when = "always, but not to a small model"
    arguments, result = Topic, Concepts
    for_small_models = False
    for_judges = False

    def __init__(self, context: ToolContext) -> None:
        self._context = context

    def fits(self, scene: Scene) -> bool:  # noqa: ARG002 - whatever is asked
        return True

    def tell(self, arguments: Topic) -> tuple[str, ...]:
        return (f"concepts near “{arguments.topic}”",)

    def view(self, arguments: Topic, result: Concepts) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        rows = ((one.label, f"{one.score:.2f}", one.uri) for one in result.concepts)
        return (Table(("concept", "how near", "URI"), tuple(rows), title=f"PhySH {result.release}"),)

    def run(self, arguments: Topic) -> Concepts:
        """Raises ToolError."""
        router, ontology = self._context.router, self._context.ontology
        if router is None or ontology is None:
            raise ToolError("PhySH is not loaded here")
        try:
            route = router.route(arguments.topic, MOST)
        except PhyshError as error:
            raise ToolError(str(error)) from error
        found = [FoundConcept(uri=c.uri, label=c.label, score=c.score) for c in route.concepts]
        return Concepts(concepts=found, release=ontology.release)
