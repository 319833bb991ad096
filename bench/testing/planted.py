"""Claims whose truth is known, as they stand in `bench/data/claims`."""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field

from agents.experiments.meaning import make_embed
from app.settings.sections import PathsSection
from retrieval import load_embedder
from tools.experiments.matching import Embed
from tools.experiments.schema import ClaimLine

FOLDER = Path(__file__).parents[1] / "data" / "claims"


class Planted(ClaimLine):
    """A claim whose truth is known from a source, with what should test it."""

    id: str
    truth: bool | None = Field(description="null: outside all instruments")
    parameter: str | None = None
    response_name: str | None = None
    source: str
    split: Literal["tune", "test", "plain"]
    also: list[tuple[str, str, str]] = Field(
        default_factory=list, description="(instrument, parameter, response) of the same relation elsewhere"
    )

    @property
    def wanted(self) -> set[tuple[str | None, str | None, str | None]]:
        """Return (instrument, parameter, response) of every right choice."""
        return {(self.instrument, self.parameter, self.response_name), *self.also}

    def line(self) -> ClaimLine:
        """Return the claim without its answer."""
        return ClaimLine.model_validate(
            self.model_dump(
                exclude={*(set(Planted.model_fields) - set(ClaimLine.model_fields)), "instrument"}
            )
        )

    def sentence(self) -> ClaimLine:
        return ClaimLine(id=self.id, statement=self.statement)


def load(folder: str | None = None) -> list[Planted]:
    """Return the claims of one file or all. Raises ValueError where two have one id."""
    paths = sorted(FOLDER.glob(f"{folder or '*'}.yaml"))
    claims = [
        Planted.model_validate(entry) for path in paths for entry in yaml.safe_load(path.read_text("utf-8"))
    ]
    ids = [claim.id for claim in claims]
    twice = {one for one in ids if ids.count(one) > 1}
    if twice:
        raise ValueError(f"two claims are called {min(twice)}")
    return claims


def open_embedder() -> Embed:
    """Return the project's embedder, which keeps its vectors of instruments on disk."""
    cache = PathsSection().cache
    return make_embed(lambda: load_embedder(cache))
