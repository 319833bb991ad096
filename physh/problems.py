"""Problems of physics in plain words, each with the concepts that it is about and those that work on it.

`data/problems.yaml` is ours, as `data/glosses.yaml` is: what a specialist would say. A question is held
against its sentences by meaning and by rare words.
"""

import math
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from physh.atlas.text import stems
from physh.ontology import Ontology
from physh.route.results import Embedder
from physh.route.vectors import Matrix, Progress, cosines, recall_or_encode

PATH = Path(__file__).parent / "data" / "problems.yaml"
WHOLE, PART, WORDS = (
    0.5,
    0.5,
    0.3,
)  # weights of likeness to all of it, to its best phrase, of shared rare words
COMMON = 0.2  # share of problems from which a word says nothing
NEAREST = 5  # problems that are weighed
SURE = 0.65  # likeness from which a problem is the text's own
APART = 0.08  # likeness by which a problem may be behind the nearest until it counts 1/e
PRIOR = 5.0  # nats of rarity that are added: one rare word alone is no match


class Problem(NamedTuple):
    """`about` and `works` are URIs, best first; `needs` are operations on the behaviour of `object`."""

    text: str
    field: str  # label of its discipline
    about: tuple[str, ...]
    works: tuple[str, ...]
    needs: tuple[str, ...]
    object: str


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    say: str
    field: str = Field(alias="in")
    about: str
    works: str = Field(alias="with")
    needs: str
    of: str


class Problems:
    """All problems, made ready to be compared with a text."""

    def __init__(
        self, ontology: Ontology, embedder: Embedder, folder: Path, progress: Progress | None = None
    ) -> None:
        entries = _read()
        labels = {c.label: c.uri for c in ontology.concepts.values() if not c.deprecated}
        self.all = [_problem(entry, labels) for entry in entries]
        phrases = [(i, phrase) for i, entry in enumerate(entries) for phrase in _phrases(entry.say)]
        self._owners = np.array([i for i, _ in phrases], dtype=np.intp)
        texts = [
            *(entry.say for entry in entries),
            *(f"{entry.say}. {entry.about.replace(';', ',')}" for entry in entries),
            *(phrase for _, phrase in phrases),
        ]
        rows = recall_or_encode(embedder, texts, folder, progress)
        self._texts, self._topics, self._phrases = np.split(rows, [len(entries), 2 * len(entries)])
        bags = [frozenset(stems(f"{entry.say} {entry.about} {entry.works}")) for entry in entries]
        frequency = Counter(word for bag in bags for word in bag)
        self._rarity = {
            word: math.log(len(bags) / n)
            for word, n in frequency.items()
            if n < COMMON * len(bags) and len(word) > 2  # noqa: PLR2004 - no symbols
        }
        self._bags = bags

    def nearest(self, text: str, vector: Matrix, limit: int) -> list[tuple[Problem, float]]:
        """Best first, with likeness from 0 to about 1."""
        whole = (cosines(self._texts, vector) + cosines(self._topics, vector)) / 2
        part = np.full(len(self.all), -1.0, dtype=np.float32)
        np.maximum.at(part, self._owners, cosines(self._phrases, vector))
        likeness = WHOLE * whole + PART * part + WORDS * self._shared_words(text)
        order = np.argsort(-likeness, kind="stable")[:limit]
        return [(self.all[i], max(0.0, float(likeness[i]))) for i in order]

    def weighed(self, text: str, vector: Matrix) -> list[tuple[Problem, float]]:
        """The NEAREST known problems, weighed from 0 to 1 by how surely the text is one of them."""
        near = self.nearest(text, vector, NEAREST)
        best = near[0][1]
        return [
            (p, min(1.0, likeness / SURE) ** 2 * math.exp((likeness - best) / APART)) for p, likeness in near
        ]

    def _shared_words(self, text: str) -> NDArray[np.float32]:
        known = {word: self._rarity[word] for word in set(stems(text)) if word in self._rarity}
        total = PRIOR + sum(known.values())
        shares = [sum(known[word] for word in known.keys() & bag) / total for bag in self._bags]
        return np.array(shares, dtype=np.float32)


@cache
def _read() -> Sequence[_Entry]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
    read = yaml.load(PATH.read_text(encoding="utf-8"), loader)  # noqa: S506 - it is safe
    return TypeAdapter(tuple[_Entry, ...]).validate_python(read)


def _problem(entry: _Entry, labels: dict[str, str]) -> Problem:
    about, works = (
        tuple(labels[name] for name in names.split("; ") if name in labels)
        for names in (entry.about, entry.works)
    )
    return Problem(entry.say, entry.field, about, works, tuple(entry.needs.split(", ")), entry.of)


def _phrases(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.replace(";", ",").split(",")]
