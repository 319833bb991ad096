"""What a model learned, as objects."""

from pydantic import Field

from tools.laws.schema import LawResult
from tools.strict import Strict


class Agreement(Strict):
    """Whether a model knows what is known."""

    told: str
    agrees: bool | None = Field(description="null: it does not answer there, or is not sure enough")
    found: str
    source: str


class InputEffect(Strict):
    """One input: how much of the answers' variance it explains beside the others, and the answer along it."""

    name: str
    unit: str
    share: float = Field(description="of the variance, 0 to 1")
    levels: list[float | str]
    answers: list[float] = Field(description="at each level, all else averaged over its levels")


class Interaction(Strict):
    """Two inputs that matter together."""

    first: str
    second: str
    share: float = Field(description="of the variance, beyond all effects of single inputs")
    answers: list[list[float | None]] = Field(
        description="mean at each level of the first (rows) and of the second (columns)"
    )


class Explanation(Strict):
    """What a model learned of one response."""

    instrument: str
    response: str
    unit: str
    asked: int = Field(description="settings that it answered")
    refused: int
    whole: bool = Field(description="whether every cell of the grid was asked; else cells drawn at random")
    logarithmic: bool = Field(description="effects and shares are of the answer's decimal logarithm")
    effects: list[InputEffect] = Field(description="the strongest first")
    interactions: list[Interaction] = Field(description="those above 1 % of the variance")
    additive: float = Field(description="share of the variance that single inputs explain together")
    held: dict[str, float | str] = Field(description="inputs that were not varied")
    law: LawResult | None = Field(
        description="a formula over the numeric inputs, choices as usual, if one stands in for the model"
    )
    fidelity: float | None = Field(description="share of the variance that the law explains in its rows")
    fidelity_outside: float | None = Field(description="the same in the outer rows, which it had not seen")
    line_outside: float | None = Field(description="of a straight line in those rows")
    physics: list[Agreement]
    notes: list[str]
