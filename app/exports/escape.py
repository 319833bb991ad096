"""Foreign text made inert in Markdown.

What a model, an endpoint or a file wrote may hold anything. After `inert` it is one line of plain words: no
HTML, link, image, heading, list, table cell or formula of its own, and it reads as it was written.
"""

import re
import unicodedata

_ACTIVE = re.compile(r"([\\`*_\[\]<>|~$#]|&(?=#?\w+;))")  # of ampersands only one that begins an entity
_LIST_MARKER = re.compile(r"[+\-=]+|\d+[.)]")  # or a rule, or an underline: alone at the start of a line
_TOKEN = re.compile(r"[^\s`|]+|[\s`|]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # can make a line read backwards
_UNSEEN = "\N{REPLACEMENT CHARACTER}"  # stands for what cannot be shown
_AUTOLINKED = ("://", "www.", "@")  # GitHub makes links and mentions of these without any brackets


class Safe(str):
    """Text that is Markdown on purpose, because we wrote it."""

    __slots__ = ()


def inert(text: str) -> Safe:
    line = " ".join(_DIRECTION.sub("", text).split()) or _UNSEEN * bool(text)
    shown = "".join(_visible(char) for char in line)
    return Safe("".join(_escape(token, first=i == 0) for i, token in enumerate(_TOKEN.findall(shown))))


def link(uri: str) -> Safe:
    """An autolink if the text is a plain web address, else the text."""
    return Safe(f"<{uri}>") if re.fullmatch(r"https?://[\w./:#%?=&~+,;-]+", uri, re.ASCII) else inert(uri)


def _visible(char: str) -> str:
    return _UNSEEN if unicodedata.category(char) in {"Cc", "Cs"} else char


def _escape(token: str, *, first: bool) -> str:
    if any(mark in token.lower() for mark in _AUTOLINKED):
        return f"`{token}`"
    if first and _LIST_MARKER.fullmatch(token):
        return f"{token[:-1]}\\{token[-1]}"
    return _ACTIVE.sub(r"\\\1", token)
