"""What a model cites from memory is marked as unverified: no report shows it as a source."""

from typing import TypeVar

from pydantic import BaseModel

T = TypeVar("T", bound=BaseModel)


def mark_references(value: T) -> T:
    """The same object, with every reference in its texts replaced by a plain word that says so.

    Whoever writes proposals, reviews and verdicts is shown no passage: none of theirs can be verified.
    """
    return type(value).model_validate(_marked(value.model_dump(mode="json")))


def _marked(value: object) -> object:
    from retrieval.references import strip

    if isinstance(value, dict):
        return {key: _marked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_marked(item) for item in value]
    return strip(value) if isinstance(value, str) else value
