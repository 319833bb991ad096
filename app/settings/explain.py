"""Pydantic's findings as one line each: which setting, which value, from where, and what would do."""

import re
from collections.abc import Callable
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

HIDDEN = ("key", "keys", "client_secret", "cookie_secret")  # parts of a secret setting's name


def explain(
    error: ValidationError,
    section: str = "",
    *,
    origin: Callable[[tuple[str, ...]], str] = lambda _: "",
    choices: Callable[[tuple[str, ...]], list[str]] = lambda _: [],
) -> str:
    """One line a finding. `origin` tells where a setting came from, `choices` what its section offers."""
    return "\n".join(
        _line(found, tuple(part for part in (section, *map(str, found["loc"])) if part), origin, choices)
        for found in error.errors(include_url=False)
    )


def _line(
    found: ErrorDetails,
    loc: tuple[str, ...],
    origin: Callable[[tuple[str, ...]], str],
    choices: Callable[[tuple[str, ...]], list[str]],
) -> str:
    name, source = ".".join(loc), origin(loc)
    where = f" ({source})" if source else ""
    if found["type"] == "extra_forbidden":
        return f"{name}{where} is no setting{_suggest(loc[-1], choices(loc[:-1]))}"
    secret = isinstance(found["input"], dict) or any(part in HIDDEN for part in loc)
    shown = "" if secret else f" = {_short(found['input'])}"
    message = found["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{name}{shown}{where}: {message}"


def _suggest(wrong: str, names: list[str]) -> str:
    near = get_close_matches(wrong, names, 1)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; there are: {', '.join(names)}" if names else ""


def hide_password(text: str) -> str:
    """Without what stands before the @ of an address."""
    return re.sub(r"//\S*@", "//…@", text)


def _short(value: object, limit: int = 60) -> str:
    text = hide_password(repr(value))
    return text if len(text) <= limit else f"{text[:limit]}…"
