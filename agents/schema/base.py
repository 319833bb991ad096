"""What every value from outside has in common."""

from typing import Annotated

from pydantic import AfterValidator, Field


def _not_blank(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValueError("is empty: write at least one sentence")
    return text


Prose = Annotated[str, AfterValidator(_not_blank)]
ProseList = Annotated[list[Prose], Field(min_length=1, max_length=4)]
