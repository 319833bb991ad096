"""Which databases could hold what is asked for: by meaning, by words, and by quantities with their units.

Without an embedder the words, quantities and concepts are all there is, which is the floor that
`python -m bench.datasets` measures the search against. Vectors of the registry's entries ship, made by
`python -m bench.datasets --vectors`; where texts or model are others than its own, all are embedded anew.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import Field

from retrieval.datasets.registry import Dataset, Registry
from retrieval.passage import FrozenModel
from retrieval.ranking import Embedder
from retrieval.stems import stem_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Embed = Callable[[Sequence[str]], "NDArray[np.float32]"]
"""Texts to rows of unit length."""
Dimension = Callable[[str], str | None]
"""A unit to its physical dimension, which is equal for units that convert; None: it is no unit."""

MEANING, WORDS, QUANTITIES, CONCEPTS = 1.0, 0.5, 0.5, 0.1  # weights, chosen on the validation questions
SAME = 0.55  # likeness of two names from which they are one quantity
ALIKE = 0.35  # score below which nothing is said to fit
ALIKE_IN_WORDS = 0.1  # the same where meanings were not compared
VECTORS = Path(__file__).parents[1] / "data" / "datasets.npz"


class NeededQuantity(FrozenModel):
    """A quantity that the data must hold."""

    name: str = Field(min_length=1, max_length=300)
    unit: str | None = Field(default=None, max_length=60, description='"1": a plain number; null: not known')
    role: Literal["cause", "response", "asked for"] = "asked for"


class ListedQuantity(FrozenModel):
    """A quantity that was asked for, as the database calls and measures it."""

    asked: NeededQuantity
    name: str
    unit: str | None


class DatabaseMatch(FrozenModel):
    """A database that could hold what was asked for. `score` orders and says nothing beyond that."""

    dataset: Dataset
    score: float
    likeness: float | None = Field(default=None, description="cosine of the meanings; null: not compared")
    held: tuple[ListedQuantity, ...] = Field(
        default=(), description="of the quantities, those that its entry lists"
    )
    lacks: tuple[NeededQuantity, ...] = Field(default=(), description="those that its entry does not list")


class DataNeed(FrozenModel):
    """What data are looked for."""

    text: str = Field(min_length=1, max_length=8_000)
    quantities: tuple[NeededQuantity, ...] = Field(default=(), max_length=8)
    concepts: tuple[str, ...] = Field(default=(), max_length=50, description="URIs of PhySH concepts")


def search_registry(
    registry: Registry,
    wanted: DataNeed,
    limit: int = 5,
    *,
    embed: Embed | None = None,
    dimension: Dimension | None = None,
) -> list[DatabaseMatch]:
    """Return the databases that fit best, best first; none where nothing is like what is wanted."""
    likeness = _likeness(registry, wanted.text, embed) if embed else None
    coverage = _cover(wanted.text, registry.texts)
    asked = frozenset(wanted.concepts)
    matches = []
    for place, entry in enumerate(registry.datasets):
        pairs = [_closest(quantity, entry, dimension) for quantity in wanted.quantities]
        closeness = sum(score for score, _ in pairs) / len(pairs) if pairs else 0.0
        shared = len(asked.intersection(entry.concepts.values())) / max(len(asked), 1)
        near = likeness[place] if likeness is not None else None
        held = tuple(found for score, found in pairs if found and score >= SAME)
        matches.append(
            DatabaseMatch(
                dataset=entry,
                score=round(
                    MEANING * (near or 0.0)
                    + WORDS * coverage[place]
                    + QUANTITIES * closeness
                    + CONCEPTS * shared,
                    4,
                ),
                likeness=None if near is None else round(near, 3),
                held=held,
                lacks=_without(wanted.quantities, held),
            )
        )
    best = sorted(matches, key=lambda match: -match.score)[:limit]
    least = ALIKE if embed else ALIKE_IN_WORDS
    return [match for match in best if match.score >= least or match.held]


def _without(
    quantities: Sequence[NeededQuantity], held: Collection[ListedQuantity]
) -> tuple[NeededQuantity, ...]:
    found = [one.asked for one in held]
    return tuple(quantity for quantity in quantities if quantity not in found)


def _likeness(registry: Registry, text: str, embed: Embed) -> list[float]:
    rows = embed(registry.texts) @ embed([text])[0]
    return [min(1.0, max(0.0, float(cosine))) for cosine in rows]


def _closest(
    quantity: NeededQuantity, entry: Dataset, dimension: Dimension | None
) -> tuple[float, ListedQuantity | None]:
    """Return the entry's quantity whose name is likest, and how like; 0 where the units contradict."""
    best: tuple[float, ListedQuantity | None] = (0.0, None)
    for name, unit in entry.quantities.items():
        score = _alike(quantity.name, name)
        if score > best[0] and not _contradict(quantity.unit, unit, dimension):
            best = score, ListedQuantity(asked=quantity, name=name, unit=unit)
    return best


def _contradict(asked: str | None, unit: str | None, dimension: Dimension | None) -> bool:
    if asked is None or unit is None or dimension is None:
        return False
    one, other = dimension(asked), dimension(unit)
    return one is not None and other is not None and one != other


@lru_cache(maxsize=16_384)
def _alike(one: str, other: str) -> float:
    """Dice's coefficient of the stems of two names: 1 for the same words."""
    first, second = frozenset(stem_words(one)), frozenset(stem_words(other))
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def _cover(text: str, documents: Sequence[str]) -> list[float]:
    """Return for each document the share of the text's words that it holds, rare ones counting more."""
    asked = set(stem_words(text))
    held = [asked & _stems(document) for document in documents]
    frequency = Counter(word for words in held for word in words)
    weight = {word: math.log(1 + len(documents) / (1 + frequency[word])) for word in asked}
    total = sum(weight.values()) or 1.0
    return [sum(weight[word] for word in words) / total for words in held]


@lru_cache(maxsize=4_096)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem_words(text))


class ShippedVectors(NamedTuple):
    """Rows of unit length, of texts and a model with this digest."""

    digest: str
    rows: "NDArray[np.float32]"


def make_embed(embedder: Embedder) -> Embed:
    """Return what embeds texts; those of the registry that ships are known already."""
    shipped = load_vectors()

    def embed(texts: Sequence[str]) -> "NDArray[np.float32]":
        if len(texts) > 1 and digest(embedder.name, texts) == shipped.digest:
            return shipped.rows
        return embedder.encode(texts)

    return embed


def digest(model: str, texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join([model, *texts]).encode()).hexdigest()


@cache
def load_vectors(path: Path = VECTORS) -> ShippedVectors:
    import numpy as np

    with np.load(path, allow_pickle=False) as stored:
        return ShippedVectors(str(stored["digest"]), stored["rows"].astype(np.float32))


def write_vectors(embedder: Embedder, texts: Sequence[str], path: Path = VECTORS) -> None:
    import numpy as np

    rows = embedder.encode(texts).astype(np.float16)
    np.savez_compressed(path, digest=np.array(digest(embedder.name, texts)), rows=rows)
