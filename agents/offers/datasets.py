"""Search among databases and data sets that could test a claim. Nothing is asked over the network."""

from pydantic import Field

from agents.schema import DataFound, Prose, Strict
from agents.tool_context import ToolContext
from tools import Scene, ToolError, ToolSpec
from tools.views import Block, Sentences, Table

MOST = 5


class DataWanted(Strict):
    """What data are looked for."""

    about: Prose = Field(description="the system and what is asked of it, in ten to thirty words")
    cause: str | None = Field(
        description='the quantity that is varied, with its unit: "strain (percent)"; or null'
    )
    response: str | None = Field(description='the quantity that is measured: "band gap (eV)"; or null')


class DataSearch(ToolSpec[DataWanted, DataFound]):
    """Looks in the registry that ships, by the embedder that it is handed."""

    name = "data_search"
    title = "data search"
    version = "1"
    purpose = "Databases and data sets that could test a claim: what they list, in which units, their licence"
    when = "always, but not to a small model"
    arguments, result = DataWanted, DataFound
    for_small_models = False
    for_judges = False

    def __init__(self, context: ToolContext) -> None:
        self._context = context

    def fits(self, scene: Scene) -> bool:  # noqa: ARG002 - whatever is asked
        return True

    def run(self, arguments: DataWanted) -> DataFound:
        """Raises ToolError."""
        from agents.problem_cards.datasets import find_data, load_embed, read_quantity
        from retrieval.errors import RetrievalError

        named = {"cause": arguments.cause, "response": arguments.response}
        quantities = [
            read_quantity(text[:300], role) for role, text in named.items() if text and text.strip()
        ]
        try:
            return find_data(
                arguments.about, quantities, arguments.about, embed=load_embed(self._context), limit=MOST
            )
        except RetrievalError as error:
            raise ToolError(str(error)) from error

    def tell(self, arguments: DataWanted) -> tuple[str, ...]:
        return (f"data on “{arguments.about}”",)

    def view(self, arguments: DataWanted, result: DataFound) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        rows = (
            (
                one.title,
                ", ".join(f"{held.name} ({held.unit})" if held.unit else held.name for held in one.held),
                one.licence or "look there",
                one.url,
            )
            for one in result.options
        )
        return (
            Sentences((f"Of {result.searched}.",)),
            Table(("database", "lists", "licence", "address"), tuple(rows)),
        )
