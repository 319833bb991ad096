"""What every value from outside has in common."""

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

T = TypeVar("T")


def _not_blank(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValueError("is empty: write at least one sentence")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds half a character (a lone surrogate): nothing can store or show it")
    return text


def _or_none(value: object, check: ValidatorFunctionWrapHandler) -> object:
    try:
        return check(value)
    except ValidationError:
        return None


def is_empty(value: Any) -> bool:  # noqa: ANN401 - of any field
    """Whether a field is left out of what is written: reports of older runs keep their bytes."""
    return value is None or value in ([], {})


Prose = Annotated[str, AfterValidator(_not_blank)]
ProseList = Annotated[list[Prose], Field(min_length=1, max_length=4)]
Optional = Annotated[T | None, WrapValidator(_or_none), Field(exclude_if=is_empty)]
"""A field of a model's answer that may fail without the rest: what does not fit is None."""
