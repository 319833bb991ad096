"""The works that a report leans on: those that it cites, and the nearest prior work that it names."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agents.schema import Hypothesis, Report
from retrieval.identifiers import unversioned
from retrieval.passage import Work
from retrieval.sources import are_same, merge

LETTERS = 3  # behind the year
_LETTERS_OF = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "đ": "d", "ı": "i"}
)


@dataclass(frozen=True)
class CitedWork:
    """A work under its citation key, with what the report uses it for."""

    key: str
    work: Work
    uses: tuple[str, ...]

    @property
    def note(self) -> str:
        told = " or ".join((self.work.source, *self.work.also))
        warning = f"RETRACTED or withdrawn, according to {told}. " if self.work.retracted else ""
        return f"{warning}{'; '.join(self.uses)}"


def gather(report: Report) -> list[CitedWork]:
    """In the order of their keys, each work once however often it was found."""
    used = [use for hypothesis in (*report.hypotheses, *report.merged) for use in _uses(hypothesis)]
    works = merge(work for work, _ in used)
    keys = _name(works)
    entries = (
        CitedWork(key, work, tuple(dict.fromkeys(use for other, use in used if are_same(work, other))))
        for key, work in zip(keys, works, strict=True)
    )
    return sorted(entries, key=lambda entry: entry.key)


def _uses(hypothesis: Hypothesis) -> Iterator[tuple[Work, str]]:
    if hypothesis.literature is None:
        return
    passages = {passage.key: passage.work for passage in hypothesis.literature.passages}
    for citation in hypothesis.literature.citations:
        if citation.passage in passages:
            yield passages[citation.passage], f"cited in {hypothesis.key}"
    for near in hypothesis.literature.nearest:
        yield near.work, f"among the nearest prior work of {hypothesis.key}"


def _name(works: Iterable[Work]) -> list[str]:
    """Keys as INSPIRE forms them, "Author:2024abc". The letters are a hash: the same in every report."""
    keys: list[str] = []
    for work in works:
        stem, letters = f"{_surname(work)}:{work.year or ''}", _letters(work)
        length = LETTERS
        while stem + letters[:length] in keys:
            length += 1
        keys.append(stem + letters[:length])
    return keys


def _surname(work: Work) -> str:
    last = work.authors[0].split(",")[0].split()[-1:] if work.authors else []
    plain = unicodedata.normalize("NFKD", "".join(last).translate(_LETTERS_OF))
    return re.sub(r"[^A-Za-z]", "", plain).capitalize() or "Anonymous"


def _letters(work: Work) -> str:
    arxiv = unversioned(work.arxiv) if work.arxiv else None
    identity = work.doi or arxiv or f"{work.source}:{work.id}"
    digest = hashlib.sha256(identity.encode()).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest)
