"""Whether a quotation stands in the passage it names. No model is asked.

A quote has to occur in its passage (rapidfuzz's partial alignment of the normalised texts, at least 0.9), and
whatever differs between the two must be mere looks: spacing, hyphens, articles, endings of a word. A changed
number, unit, sign, negation or content word is a misquotation, however long the quote around it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, product
from typing import NamedTuple, Protocol

from pydantic import Field

from retrieval.passage import FrozenModel, Passage
from retrieval.tokens import Token, normalise, tokenise

__all__ = ["CheckedCitations", "KeptCitation", "RejectedCitation", "check"]

NEEDED = 0.9
LEAST_WORDS = 4
LEAST_LETTERS = 20

_NEGATIONS = frozenset(
    {
        "not",
        "no",
        "never",
        "neither",
        "nor",
        "without",
        "cannot",
        "non",
        "hardly",
        "barely",
        "none",
        "nothing",
    }
)
_ARTICLES = frozenset({"a", "an", "the", "An", "The"})  # not "A": an ampere
_CASED_UNITS = frozenset(  # M is mega and m is milli; T is tesla and t a time
    {
        "ev",
        "mev",
        "gev",
        "tev",
        "k",
        "mk",
        "t",
        "mt",
        "pa",
        "mpa",
        "gpa",
        "w",
        "mw",
        "gw",
        "hz",
        "mhz",
        "ghz",
        "thz",
    }
    | {
        "s",
        "ms",
        "g",
        "mg",
        "m",
        "mm",
        "v",
        "mv",
        "ma",
        "n",
        "mn",
        "h",
        "mh",
        "mω",
        "b",
        "j",
        "mj",
        "c",
        "mc",
        "wb",
        "pm",
    }
    | {"f", "pf", "mol", "mmol", "phz"}
)
_LIGATURES = ("ffi", "ffl", "ff", "fi", "fl")


class Quoting(Protocol):
    """What an author writes: the key of a passage, and words of it."""

    @property
    def passage(self) -> str: ...
    @property
    def quote(self) -> str: ...


class KeptCitation(FrozenModel):
    passage: str
    quote: str
    found: float = Field(ge=NEEDED, le=1, description="how much of the quote occurs in the passage")


class RejectedCitation(FrozenModel):
    passage: str
    quote: str
    reason: str


class CheckedCitations(FrozenModel):
    kept: tuple[KeptCitation, ...]
    removed: tuple[RejectedCitation, ...]


class _Text(NamedTuple):
    """A text made ready to be compared."""

    folded: str
    tokens: list[Token]


def check(quotations: Iterable[Quoting], passages: Sequence[Passage]) -> CheckedCitations:
    """Keep the quotations that stand word for word in the passage they name; say why each other does not."""
    texts = {passage.key: _prepare(passage.text) for passage in passages}
    kept, removed = [], []
    for quotation in quotations:
        key, quote = quotation.passage, quotation.quote
        verdict = _judge(key, quote, texts)
        if isinstance(verdict, str):
            removed.append(RejectedCitation(passage=key, quote=quote, reason=verdict))
        else:
            kept.append(KeptCitation(passage=key, quote=quote, found=verdict))
    return CheckedCitations(kept=tuple(kept), removed=tuple(removed))


def _prepare(text: str) -> _Text:
    """Return the text folded character by character, so that places stay where they are."""
    normal = normalise(text)
    folded = "".join(char.lower() if len(char.lower()) == 1 else char for char in normal)
    return _Text(folded, tokenise(normal))


def _judge(key: str, quote: str, texts: Mapping[str, _Text]) -> float | str:
    """Return how much of the quote was found, or why it does not count."""
    if key not in texts:
        return "no passage of this key was retrieved"
    wanted = _prepare(quote)
    if not _is_telling(wanted):
        return (
            f"the quote is too short to show anything ({LEAST_WORDS} words and {LEAST_LETTERS} letters are)"
        )
    score, reason = _compare(wanted, texts[key])
    if reason is None:
        return score
    others = [other for other in texts if other != key and _compare(wanted, texts[other])[1] is None]
    return f"{reason}; it stands in {others[0]}" if others else reason


def _is_telling(quote: _Text) -> bool:
    words = [token for token in quote.tokens if not token.is_symbol and not token.has_number]
    return len(words) >= LEAST_WORDS and sum(len(token.text) for token in quote.tokens) >= LEAST_LETTERS


def _compare(quote: _Text, passage: _Text) -> tuple[float, str | None]:
    """Return how much of the quote occurs, and what speaks against it."""
    from rapidfuzz.fuzz import partial_ratio_alignment, ratio

    if len(quote.folded) > len(passage.folded):  # else the shorter would be looked for in the longer
        score, start, end = ratio(quote.folded, passage.folded), 0, len(passage.folded)
    else:
        found = partial_ratio_alignment(quote.folded, passage.folded)
        score, start, end = (found.score, found.dest_start, found.dest_end) if found else (0.0, 0, 0)
    if score < 100 * NEEDED:
        return score / 100, f"the quote does not occur in the passage (at best {score:.0f} % of it)"
    return score / 100, _misquotation(quote.tokens, passage.tokens, start, end)


class _Change(NamedTuple):
    """A stretch of the quote and what the passage has in its place."""

    written: list[Token]
    real: list[Token]
    place: int  # of `real` in the passage
    opens: bool  # the quote begins with it
    closes: bool  # the quote ends with it


def _misquotation(quote: list[Token], passage: list[Token], start: int, end: int) -> str | None:
    """Return what the quote changes beyond looks. `start` and `end` are where it lies, roughly."""
    first = max(0, next((i for i, token in enumerate(passage) if token.end > start), 0) - 1)
    last = next((i for i, token in enumerate(passage) if token.start >= end), len(passage)) + 1
    begins, ends = first, min(last, len(passage))
    for change in _changes(quote, passage[first:last], first):
        fit = _fit(change)
        if fit is None:
            return f"the quote changes the passage: {_show(change.written)} for {_show(change.real)}"
        if change.opens:
            begins = change.place + fit[0]
        if change.closes:
            ends = change.place + fit[1]
    return _cut_short(quote, passage, begins, ends)


def _changes(quote: list[Token], window: list[Token], offset: int) -> Iterator[_Change]:
    """Return neighbouring differences together, and equal words that differ in case."""
    from rapidfuzz.distance import Levenshtein

    codes = Levenshtein.opcodes([token.folded for token in quote], [token.folded for token in window])
    for equal, run in groupby(codes, key=lambda code: code.tag == "equal"):
        stretch = list(run)
        a, b = stretch[0].src_start, stretch[-1].src_end
        c, d = stretch[0].dest_start, stretch[-1].dest_end
        if not equal:
            yield _Change(quote[a:b], window[c:d], offset + c, opens=a == 0, closes=b == len(quote))
            continue
        for i, (left, right) in enumerate(zip(quote[a:b], window[c:d], strict=True)):
            if left.text != right.text:
                yield _Change([left], [right], offset + c + i, opens=False, closes=False)


def _fit(change: _Change) -> tuple[int, int] | None:
    """Return which part of `real` the quote means, if they differ in looks only. A quote's ends are open."""
    size = len(change.real)
    starts = range(size, -1, -1) if change.opens else range(1)
    ends = range(size + 1) if change.closes else range(size, size + 1)
    return next(
        (
            (start, end)
            for start, end in product(starts, ends)
            if start <= end and _is_looks(change.written, change.real[start:end])
        ),
        None,
    )


def _is_looks(written: list[Token], real: list[Token]) -> bool:
    """Return whether two stretches say the same but for spacing, articles, a plural or lost ligatures."""
    if [token.folded for token in written] == [token.folded for token in real]:
        return not any(_is_cased(a, b) for a, b in zip(written, real, strict=True))
    left, right = ([token for token in side if token.text not in _ARTICLES] for side in (written, real))
    if any(token.has_number or token.is_symbol or token.folded in _NEGATIONS for token in (*left, *right)):
        return False
    joined, real_joined = ("".join(token.folded for token in side) for side in (left, right))
    return joined == real_joined or _without_ligatures(joined) == real_joined or _is_plural(left, right)


def _is_cased(a: Token, b: Token) -> bool:
    """Return whether a difference in case may be one of meaning: meV and MeV, mT and MT."""
    return a.text != b.text and (a.folded in _CASED_UNITS or a.has_number)


def _without_ligatures(word: str) -> str:
    for ligature in _LIGATURES:
        word = word.replace(ligature, "")
    return word


def _is_plural(left: list[Token], right: list[Token]) -> bool:
    """Return whether one word stands against its plural. Short ones may be symbols: A and As."""
    if len(left) != 1 or len(right) != 1:
        return False
    short, long = sorted((left[0].folded, right[0].folded), key=len)
    return len(short) > 3 and long == short + "s"  # noqa: PLR2004 - letters of a symbol or unit at most


def _cut_short(quote: list[Token], passage: list[Token], start: int, end: int) -> str | None:
    """A quote may not begin behind a negation or sign that belongs to it, nor end within a number."""
    before = passage[start - 1] if 0 < start <= len(passage) else None
    after = passage[end] if 0 <= end < len(passage) else None
    if before and (before.folded in _NEGATIONS or before.folded.endswith("n't")):
        return f"the quote leaves out the {before.text!r} before it"
    if before and quote[0].has_number and before.is_symbol:
        return f"the quote leaves out the {before.text!r} before it"
    if after and quote[-1].has_number and after.is_symbol:
        return f"the quote leaves out the {after.text!r} after it"
    return None


def _show(tokens: Collection[Token]) -> str:
    return repr(" ".join(token.text for token in tokens)[:60]) if tokens else "nothing"
