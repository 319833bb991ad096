"""The historical transfers in bench/data/transfers.yaml, as objects."""

from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter

from agents.schema import ConceptRef, Strict

FILE = Path(__file__).parent / "data" / "transfers.yaml"


class HistoricalTransfer(Strict):
    """A method of one discipline that was carried to a problem of another."""

    method: ConceptRef
    home: ConceptRef
    target: ConceptRef
    field: ConceptRef = Field(description="the target's discipline")
    year: int = Field(ge=1900, le=2026)
    source: str
    doi: str = Field(pattern=r"^10\.\d{4,}/\S+$")


def read_transfers() -> tuple[HistoricalTransfer, ...]:
    return TypeAdapter(tuple[HistoricalTransfer, ...]).validate_python(
        yaml.safe_load(FILE.read_text(encoding="utf-8")), strict=False
    )
