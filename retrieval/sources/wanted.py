"""Foreign JSON: wanted fields are picked, others ignored, and a field of a wrong kind counts as missing."""

from collections.abc import Iterable
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from retrieval.errors import SourceUnavailable

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


def _or_none(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401 - of any foreign kind
    try:
        return validate(value)
    except ValidationError:
        return None


Maybe: TypeAlias = Annotated[T | None, WrapValidator(_or_none)]


class ForeignRecord(BaseModel):
    """Part of a foreign record."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def some(values: Iterable[T | None] | None) -> list[T]:
    return [value for value in values or () if value is not None]


def read_json(body: bytes, model: type[M], host: str) -> M:
    """Return the answer as JSON. Raises SourceUnavailable in one line, which never quotes the answer."""
    if body.lstrip()[:1] == b"<":
        raise SourceUnavailable(f"{host} answered with a web page where JSON was expected")
    if not body.strip():
        raise SourceUnavailable(f"{host} answered with nothing")
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        cut = error.errors(include_input=False, include_url=False)[0]["type"] == "json_invalid"
        what = "JSON that is cut or broken" if cut else "JSON of another shape than its documentation says"
        raise SourceUnavailable(f"{host} answered with {what}") from None
