"""What /v1/mining takes and gives, beside the classes of agents.mining."""

from pydantic import Field

from agents.mining import CellReport, Choices, Mined, MiningProgress
from agents.mining.atlas import Meeting, Surprise, Traveller
from agents.mining.meetings import Compared
from agents.model import Budget
from agents.schema import Strict
from app.atlas_map import Known

MOST_PAIRS = 5_000  # of a job that is handed in here: planning more would hold up the request
TOP = 50


class NewMining(Choices):
    """A job for the service's own model."""

    pairs: int = Field(ge=1, le=MOST_PAIRS)


class StartMining(Strict):
    """How to go on with a job."""

    budget: Budget | None = Field(default=None, description="in place of the job's own")


class MiningList(Strict):
    items: list[MiningProgress]


class TransferPage(Strict):
    items: list[Mined]
    next: str | None = Field(default=None, description="`cursor` of the next page; null: this is the last")
    known: dict[str, Known] = Field(
        default_factory=dict, description="by a pair's id: abstracts of the atlas that name both, with papers"
    )


class Cells(Strict):
    items: list[CellReport]


class Map(Strict):
    """A job at a glance."""

    note: str = Field(description="who answered, and what a reader must know of it")
    meetings: list[Meeting]
    methods: list[Traveller] = Field(description=f"the {TOP} that transfer most widely")
    surprises: list[Surprise]
    contrasts: list[Compared] = Field(description="disciplines side by side, as the job wanted")
    known: dict[str, Known] = Field(
        default_factory=dict, description="of the surprises, by a pair's id: what abstracts name both"
    )
