"""Sentences that speak to their reader, kept from whoever gives marks, plans calls or judges.

A hypothesis speaks of nature. A sentence in it that speaks of marks, reviewers, prompts or "you" is an order
at worst and no argument at best; the report shows it, and those who judge see that something was withheld.
Words are compared after look-alikes, invisible characters, spelt-out letters and figures for letters are
undone. This finds what it has words for and no more: docs/prompt-injection.md has what was measured.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from agents.data_files import order_words
from agents.schema import Proposal

KEPT = 2048  # texts: one of 8,000 characters takes 50–300 ms, and each step asks for some 30 a branch
WITHHELD = "[a sentence that speaks to its reader was withheld]"
_SENTENCE = re.compile(r".+?(?:[.!?;。！？](?=\s|$)|\n|$)\s*", re.DOTALL)
# Base64 has figures and both cases in one run without hyphens; names of theorems and molecules do not.
_ENCODED = re.compile(
    r"(?<![\w/_.-])(?=[A-Za-z+/]*\d)(?=[A-Za-z\d+/]*[a-z][A-Z]|[A-Z\d+/]*[A-Z][a-z])[A-Za-z\d+/]{28,}={0,2}(?![\w/_.-])"
    r"|(?:\b[0-9A-Fa-f]{2}[\s:]){8,}|\b(?:[01]{8}\s?){3,}"
)
_MARKUP = re.compile(
    r"</?\s?(?:system|user|assistant|data|tool|script|img|iframe|svg|style|form|object|embed|meta|link|html|body"
    r"|https?:|a\s+href)\b[^<>]{0,200}>?|<\|[a-z]+_?[a-z]*\|>(?!.*[|⟩>]\s*=)|<!--|```|\[/?inst\]"
    r"|\[\w+\]:\s*https?:|\]\((?:https?:|javascript:|data:|mailto:|www\.)|!\[[^\]]*\]\("
    r"|(?:^|\n)\s*(?:#{2,}\s|={3,}\s*\w|-{3,}\s*\w+[\w\s]*-{3,}|(?:system|user|assistant)\s*:)",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"[A-Za-z0-9+/=_-]{28,}|(?:[0-9A-Fa-f]{2}[\s:]){8,}|(?:[01]{8}\s?){3,}"
    r"|<\s*/?\s*[a-z!|]|\]\s*\(|!\[|```|<\||\[/?inst|#{2,}|={3,}|-{3,}|\b(?:system|user|assistant)\s*:",
    re.IGNORECASE,
)  # both, in runs of the first rules
_SPELT = re.compile(r"(?<!\w)(?:\w[ .\-_*]){3,}\w(?!\w)")
_LOOKALIKES = str.maketrans("аеорсухіѕԁһјӏАВЕКМНОРСТХοαν", "aeopcyxisdhjlABEKMHOPCTXoav")
_FIGURES = str.maketrans("0134@$!|", "oieaasil")


@lru_cache(maxsize=KEPT)
def withhold(text: str, *, question: bool = False) -> str:
    """The text without its sentences that speak to a reader. A question may say "you"."""
    parts = [
        WITHHELD + " " if speaks_to_reader(part, question=question) else part for part in sentences(text)
    ]
    return "".join(parts).strip()


def clear(proposal: Proposal) -> Proposal:
    """The proposal as those see it who judge it."""
    cleared = Proposal.model_validate(_clear(proposal.model_dump(mode="json")))
    return cleared.model_copy(
        update={"claim": cleared.claim.model_copy(update={"relation": proposal.claim.relation})}
    )


def withheld_sentences(proposal: Proposal, *, first: bool = False) -> list[str]:
    """Return the sentences of it that were withheld; in runs of the first rules, by the words of then."""
    texts = _texts(proposal.model_dump(mode="json"))
    if not first:
        texts = (text for text in texts if withhold(text) != text.strip())
    return [part.strip() for text in texts for part in sentences(text) if reasons(part, first=first)]


def speaks_to_reader(sentence: str, *, question: bool = False) -> bool:
    """Whether it speaks to its reader, as far as our words go."""
    return bool(reasons(sentence, question=question))


def reasons(sentence: str, *, question: bool = False, first: bool = False) -> list[str]:
    """Return what in the sentence speaks to a reader; nothing where it does not."""
    patterns = (_FIRST,) if first else (_ENCODED, _MARKUP)
    found = [match[0] for pattern in patterns if (match := pattern.search(sentence))]
    kinds = ("always", "foreign") if question else ("always", "foreign", "person")
    for reading in sorted(_readings(sentence)):
        found += [match[0].lower() for kind in kinds if (match := _pattern(kind, first).search(reading))]
    return found


def sentences(text: str) -> list[str]:
    """Cut a text after full stops, question marks, semicolons and line ends."""
    return _SENTENCE.findall(text) or [text]


def _readings(sentence: str) -> set[str]:
    """The sentence as it may be meant: in plain letters, spelt-out words joined, figures read as letters."""
    seen = "".join(c for c in sentence if unicodedata.category(c) not in {"Cf", "Mn", "Cc"} or c in "\n\t")
    written = unicodedata.normalize("NFKC", seen)
    plain = written.translate(_LOOKALIKES)
    joined = _SPELT.sub(lambda found: re.sub(r"[ .\-_*]", "", found[0]), plain)
    words = re.sub(
        r"\b(?=\w*[a-zA-Z])(?=\w*[0134@$!|])[\w@$!|]+", lambda found: found[0].translate(_FIGURES), joined
    )
    return {written, plain, joined, words}


@cache
def _pattern(kind: str, first: bool) -> re.Pattern[str]:
    entries = (
        re.escape(entry)
        .replace(r"\*", r"\w*")
        .replace(r"\ …\ ", r"\W+(?:[^.!?]{0,40}\W)?")
        .replace(r"\ ", r"\s+")
        for line in order_words(first=first)[kind]
        for entry in line
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(entries)})(?!\w)", re.IGNORECASE)


_NAMES = {"relation", "comparator"}  # fields whose values are ours


def _clear(value: Any) -> Any:  # noqa: ANN401 - whatever a proposal's JSON holds
    if isinstance(value, str):
        return withhold(value)
    if isinstance(value, list):
        return [_clear(item) for item in value]
    if isinstance(value, dict):
        return {key: item if key in _NAMES else _clear(item) for key, item in value.items()}
    return value


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
