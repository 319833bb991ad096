"""Where a page begins, as text that only we read."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query

from app.api.problems import ProblemError, ProblemKind

Cursor = Annotated[str | None, Query(max_length=200, description="a page's `next`")]


def write_cursor(*place: float) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, *kinds: type) -> list[Any] | None:
    """The place, of values of these kinds. Raises ProblemError."""
    if cursor is None:
        return None
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        place = None
    if not isinstance(place, list) or [type(value) for value in place] != list(kinds) or _huge(place):
        raise ProblemError(ProblemKind.INVALID, "is not what a page gave as `next`", pointer="cursor")
    return place


def read_below(cursor: str | None) -> int | None:
    """The number below which a page begins; None for the first page. Raises ProblemError."""
    place = read_cursor(cursor, int)
    return place[0] if place else None


def write_below(numbers: Sequence[int], limit: int) -> str | None:
    """Return where the next page begins; None at the end. `numbers`: of one thing more than a page holds."""
    return write_cursor(numbers[limit - 1]) if len(numbers) > limit else None


def _huge(place: list[Any]) -> bool:
    return any(abs(value) >= 2**63 for value in place)  # more than a database counts
