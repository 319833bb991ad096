"""What services answer: wanted fields of foreign JSON, and plain text out of them.

Other fields are ignored, and a field of a wrong kind counts as missing.
"""

import html
import re
import unicodedata
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


LONGEST_TITLE = 500
LONGEST_ABSTRACT = 10_000
LONGEST_NAME = 120
MOST_AUTHORS = 100
OTHERS = "et al."  # stands for the authors after these

_BLOCK_TAG = re.compile(
    r"</?(?:jats:)?(?:p|br|sec|title|div|list|list-item|disp-formula)\b[^<>]*>", re.IGNORECASE
)
_INLINE_TAG = re.compile(
    r"</?(?:(?:jats|mml|m):[\w-]+|i|b|em|strong|sub|sup|scp|tt|u|span|italic|bold|sc|inline-formula|tex-math"
    r"|math|m(?:i|o|n|row|sub|sup|subsup|text|over|under|frac|space|style|sqrt))\b[^<>]*>",
    re.IGNORECASE,
)
_ABSTRACT_HEADING = re.compile(r"<(jats:)?title>\s*(?:abstract|summary)\s*</(jats:)?title>", re.IGNORECASE)


def plain(text: str, longest: int) -> str:
    """Return one line: without markup, control characters and direction marks, cut at a word."""
    text = html.unescape(html.unescape(text))  # many records are escaped twice
    text = _INLINE_TAG.sub("", _BLOCK_TAG.sub(" ", _ABSTRACT_HEADING.sub(" ", text)))
    shown = (" " if char.isspace() else char for char in unicodedata.normalize("NFC", text))
    line = " ".join("".join(c for c in shown if unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " …"


def read_title(text: str | None) -> str:
    return plain(text or "", LONGEST_TITLE)


def read_abstract(text: str | None) -> str | None:
    return plain(text or "", LONGEST_ABSTRACT) or None


def read_names(names: Iterable[str | None]) -> tuple[str, ...]:
    """Return authors as "First Last"; after a hundred, "et al."."""
    read = [name for name in (_turn_round(plain(name or "", LONGEST_NAME)) for name in names) if name]
    return tuple(read[:MOST_AUTHORS] + [OTHERS] * (len(read) > MOST_AUTHORS))


def _turn_round(name: str) -> str:
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and first and ", " not in first else name


def read_year(year: int | None) -> int | None:
    return year if year is not None and 1500 <= year <= 2100 else None  # noqa: PLR2004 - else a typing error
