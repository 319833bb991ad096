"""A small literature for tests: works, a library, sources, and an embedder that counts words."""

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from agents.literature.finding import as_passage
from agents.tool_context import ToolContext
from retrieval import RetrievalError
from retrieval.passage import Passage, Search, Work

WHEN = datetime(2026, 11, 20, 9, 0, 0, tzinfo=UTC)
ABSTRACTS: list[tuple[str, str]] = [
    (title, abstract)
    for title, abstract in yaml.safe_load(
        (Path(__file__).parent / "abstracts.yaml").read_text(encoding="utf-8")
    )
]


def make_work(number: int = 0, /, **fields: object) -> Work:
    title, abstract = ABSTRACTS[number]
    facts = {"source": "arxiv", "id": f"2401.0000{number}", "arxiv": f"2401.0000{number}", "title": title}
    return Work.model_validate(
        facts | {"abstract": abstract, "authors": ("A. Author",), "year": 2024} | fields
    )


def all_works() -> list[Work]:
    return [make_work(number) for number in range(len(ABSTRACTS))]


def all_passages() -> list[Passage]:
    return [as_passage(work) for work in all_works()]


class WordEmbedder:
    """Unit vectors of hashed words: texts that share words are near."""

    name = "words"

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), 256), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[hashlib.sha256(word.encode()).digest()[0]] += 1
        rows[:, 0] += 1e-6
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


@dataclass(frozen=True)
class Hit:
    passage: Passage


@dataclass
class Shelf:
    """A library that gives what stands on it, and remembers what it was asked."""

    passages: list[Passage]
    fault: RetrievalError | None = None
    asked: list[tuple[str, Collection[str] | None]] = field(default_factory=list)

    def search(self, query: str, limit: int, concepts: Collection[str] | None = None, /) -> list[Hit]:
        self.asked.append((query, concepts))
        if self.fault:
            raise self.fault
        return [Hit(passage) for passage in self.passages[:limit]]


@dataclass(frozen=True)
class Found:
    works: Sequence[Work]
    searches: Sequence[Search]


@dataclass
class Services:
    """Two services: one has the works, the other cannot be asked."""

    works: list[Work]
    asked: list[str] = field(default_factory=list)

    def __call__(self, query: str, limit: int) -> Found:
        self.asked.append(query)
        works = self.works[:limit]
        return Found(
            works,
            [
                Search(source="arxiv", query=query, at=WHEN, found=len(works)),
                Search(source="openalex", query=query, at=WHEN, found=0, error="too many requests (429)"),
            ],
        )


def make_context(
    library: Shelf | None = None, sources: Callable[[str, int], Found] | None = None
) -> ToolContext:
    return ToolContext(embedder=WordEmbedder, library=library, sources=sources)
