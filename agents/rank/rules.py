"""The rules of a tournament are data: agents/data/ranking.yaml says why each is what it is."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

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
    coin_counts_agreement: bool = Field(description="whether ties are evidence too")
    coin_spreads: tuple[Annotated[float, Field(gt=0)], ...] = Field(min_length=1)
    coin_tie_spread: float = Field(gt=0)
    readings: int = Field(ge=1, description="of one pair by one judge, at most")
    dependence: Share = Field(description="of repeated readings, before any was seen")
    dependence_known: float = Field(gt=0, description="pairs of readings that this counts for")
    verdict: float = Field(ge=0, description="what the verdict of a test weighs, in matches")
    samples: Literal["posterior", "bootstrap"]


NOW = 2
"""The version of the rules by which new runs are ranked."""


@cache
def rules(version: int = NOW) -> Rules:
    """Return the rules of that version: a run is replayed by those it was made with."""
    text = (files("agents") / "data" / "ranking.yaml").read_text(encoding="utf-8")
    given = yaml.safe_load(text)
    earlier = given.pop("earlier")
    return Rules.model_validate(given | earlier.get(version, {}))
