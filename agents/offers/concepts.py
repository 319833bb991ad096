"""Search for PhySH concepts by meaning, so that a text can name its subjects by their URIs."""

from pydantic import BaseModel, Field

from agents.offers.offer import Offer
from agents.places import Places
from agents.schema import Prose, Strict
from physh import PhyshError
from tools import ToolError

MOST = 6


class Topic(Strict):
    """What is looked for."""

    topic: Prose = Field(description="a few words of physics")


class Found(Strict):
    """A PhySH concept. `score` says how near it is, 0 to 1, and not how probable."""

    uri: str
    label: str
    score: float


class Concepts(Strict):
    """Best first."""

    concepts: list[Found]
    release: str = Field(description="of PhySH")


class ConceptSearch:
    """Fits `tools.Tool`."""

    name = "physh_search"
    version = "1"
    purpose = "Concepts of the Physics Subject Headings (PhySH) nearest to a few words, with their URIs"
    arguments: type[BaseModel] = Topic

    def __init__(self, places: Places) -> None:
        self._places = places

    def run(self, arguments: BaseModel) -> Concepts:
        """Raises ToolError."""
        router, ontology = self._places.router, self._places.ontology
        if router is None or ontology is None:
            raise ToolError("PhySH is not loaded here")
        try:
            route = router.route(Topic.model_validate(arguments).topic, MOST)
        except PhyshError as error:
            raise ToolError(str(error)) from error
        found = [Found(uri=c.uri, label=c.label, score=c.score) for c in route.concepts]
        return Concepts(concepts=found, release=ontology.release)


CONCEPTS = Offer(name=ConceptSearch.name, fits=lambda _scene: True, make=ConceptSearch, helps=True)
