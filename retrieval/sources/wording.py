"""Plain text for a search, and plain text out of an answer."""

import html
import re
import unicodedata
from collections.abc import Iterable

MOST_WORDS = 10
LONGEST_WORD = 40
LONGEST_TITLE = 500
LONGEST_ABSTRACT = 10_000
LONGEST_NAME = 120
MOST_AUTHORS = 100
OTHERS = "et al."  # stands for the authors after these

_STOP_WORDS = """
a about above across after all also an and andnot any are as at be because been between both but by
can could do does during each either every for from had has have how if in into is it its may might
more most must near no nor not of on only onto or other our over per same shall should so some such
than that the their them then there these they this those through to too under until up upon use
used using very via was we were what when where whether which while who whose why will with within
without would
"""
_STOP = frozenset(_STOP_WORDS.split())
_LATEX_COMMAND = re.compile(r"\\(?:mathrm|mathbf|mathcal|text|textit|textbf|rm|bf|it|emph)\b")
_FORMULA_MARKUP = re.compile(r"[${}^_]")
_WORD = re.compile(r"[^\W_]+")
_BLOCK_TAG = re.compile(
    r"</?(?:jats:)?(?:p|br|sec|title|div|list|list-item|disp-formula)\b[^<>]*>", re.IGNORECASE
)
_INLINE_TAG = re.compile(
    r"</?(?:(?:jats|mml|m):[\w-]+|i|b|em|strong|sub|sup|scp|tt|u|span|italic|bold|sc|inline-formula|tex-math"
    r"|math|m(?:i|o|n|row|sub|sup|subsup|text|over|under|frac|space|style|sqrt))\b[^<>]*>",
    re.IGNORECASE,
)
_ABSTRACT_HEADING = re.compile(r"<(jats:)?title>\s*(?:abstract|summary)\s*</(jats:)?title>", re.IGNORECASE)


def keywords(question: str) -> str:
    """Return the words of a text that are worth searching for, in their order, each once.

    Nothing that a service could take for an operator, a field or a wildcard is left of it.
    """
    text = _FORMULA_MARKUP.sub("", _LATEX_COMMAND.sub(" ", unicodedata.normalize("NFKC", question)))
    words = (word[:LONGEST_WORD] for word in _WORD.findall(text.lower()))
    telling = dict.fromkeys(word for word in words if len(word) > 1 and word not in _STOP)
    return " ".join(list(telling)[:MOST_WORDS])


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
