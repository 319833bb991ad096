"""The rules of a tournament are data: agents/data/ranking.yaml says why each is what it is."""

from functools import cache
from importlib.resources import files
from typing import Annotated

import yaml
from pydantic import Field

from agents.schema import Strict

Share = Annotated[float, Field(ge=0, le=1)]


class Rules(Strict):
    """How matches become ratings, when they are believed, and when judging stops."""

    spreads: tuple[Annotated[float, Field(gt=0)], ...] = Field(min_length=1)
    tie_centre: float
    tie_spread: float = Field(gt=0)
    resamples: int = Field(ge=1)
    fewest_matches: int = Field(ge=1)
    batch: int = Field(ge=1)
    worth: Share
    shared: Share
    settled: float = Field(gt=0, description="above 1: never")
    useful_decided: Share
    doubt: Share
    coin_odds: float = Field(ge=1)
    coin_hopeless: Share


@cache
def rules() -> Rules:
    text = (files("agents") / "data" / "ranking.yaml").read_text(encoding="utf-8")
    return Rules.model_validate(yaml.safe_load(text))
