"""Problems of physics in plain words, each with the concepts that it is about and those that work on it.

`data/problems/` is ours, as `data/glosses.yaml` is: what a specialist would say, a file a discipline. Each
problem has: `say`, it in plain words; the concepts it is `about`; those that specialists work on it `with`,
methods first; what it `needs` done (keys of agents/data/operations.yaml) and on whose behaviour (`of`); and,
where we know one, a method from `far` that does this to other objects: method | its discipline | what it does
there | to which objects. Concepts are PhySH labels; one that the loaded release does not have is passed over.
A question is held against the sentences by meaning and by rare words.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from physh.atlas.text import stems
from physh.concept import FarMethod
from physh.ontology import Ontology
from physh.route.results import Embedder
from physh.route.vectors import Matrix, Progress, cosines, recall_or_encode

FOLDER = Path(__file__).parent.parent / "data" / "problems"
WHOLE, PART, WORDS = (
    0.6,
    0.4,
    0.3,
)  # weights of likeness to all of it, to its best phrase, of shared rare words
COMMON = 0.2  # share of problems from which a word says nothing
WORKS = 0.4  # weight of agreement with the concepts of the nearest works
TOPIC = 2  # weight in it of what a problem is about against what it is worked on with
NEAREST = 5  # problems that are weighed
EVEN, STEEP = 0.62, 9.0  # likeness at which a text is as likely the problem as not; log odds a unit of it
APART = 0.35  # of sureness, by which a problem may be behind the nearest until it counts 1/e
PRIOR = 5.0  # nats of rarity that are added: one rare word alone is no match


class Problem(NamedTuple):
    """`about` and `works` are URIs, best first; `needs` are operations on the behaviour of `object`."""

    text: str
    field: str  # label of its discipline
    about: tuple[str, ...]
    works: tuple[str, ...]
    needs: tuple[str, ...]
    object: str
    far: FarMethod | None


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    say: str
    about: str
    works: str = Field(alias="with")
    needs: str
    of: str
    far: str | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    discipline: str = Field(alias="in")
    problems: tuple[_Entry, ...]


class Problems:
    """All problems, made ready to be compared with a text."""

    def __init__(
        self, ontology: Ontology, embedder: Embedder, folder: Path, progress: Progress | None = None
    ) -> None:
        labels = {c.label: c.uri for c in ontology.concepts.values() if not c.deprecated}
        self.all = [_problem(e, file.discipline, labels) for file in _read() for e in file.problems]
        entries = [entry for file in _read() for entry in file.problems]
        phrases = [(i, phrase) for i, entry in enumerate(entries) for phrase in _phrases(entry.say)]
        owners = [i for i, _ in phrases]
        self._starts = np.searchsorted(owners, range(len(entries)))  # of each problem's phrases
        texts = problem_texts()
        named = progress and (lambda _what, done, total: progress("problems", done, total))
        rows = recall_or_encode(embedder, texts, folder, named)
        self._texts, self._phrases = np.split(rows, [len(entries)])
        bags = [frozenset(stems(f"{entry.say} {entry.about} {entry.works}")) for entry in entries]
        frequency = Counter(word for bag in bags for word in bag)
        self._rarity = {
            word: math.log(len(bags) / n)
            for word, n in frequency.items()
            if n < COMMON * len(bags) and len(word) > 2  # noqa: PLR2004 - no symbols
        }
        self._with_word: dict[str, list[int]] = {word: [] for word in self._rarity}
        for place, bag in enumerate(bags):
            for word in bag & self._rarity.keys():
                self._with_word[word].append(place)
        self._columns, self._rows = _lists(self.all)

    def likeness(self, text: str, vector: Matrix, literature: Mapping[str, float]) -> Matrix:
        """Return how like a text is to each problem.

        `literature`: URI → how far the concept stands out in the works nearest to the text.
        """
        part = np.maximum.reduceat(cosines(self._phrases, vector), self._starts)
        meaning = WHOLE * cosines(self._texts, vector) + PART * part
        likeness: Matrix = meaning + WORDS * self._shared_words(text) + WORKS * self._agreement(literature)
        return likeness

    def nearest(self, likeness: Matrix, limit: int) -> list[tuple[Problem, float]]:
        """Return problems, best first, with how surely the text is that problem, 0 to 1."""
        order = np.argsort(-likeness, kind="stable")[:limit]
        sure = 1 / (1 + np.exp(-STEEP * (likeness[order] - EVEN)))
        return [(self.all[i], float(share)) for i, share in zip(order, sure, strict=True)]

    def weighed(self, likeness: Matrix) -> list[tuple[Problem, float]]:
        """Return the NEAREST problems, each as `nearest` but less the further it is behind the first."""
        near = self.nearest(likeness, NEAREST)
        best = near[0][1]
        return [(problem, sure * math.exp((sure - best) / APART)) for problem, sure in near]

    def _agreement(self, literature: Mapping[str, float]) -> Matrix:
        """Return the cosine of each problem's concepts and those of the works nearest to the text."""
        said = np.zeros(len(self._columns), dtype=np.float32)
        for uri, value in literature.items():
            if uri in self._columns:
                said[self._columns[uri]] = value
        norm = float(np.linalg.norm([*literature.values()])) or 1.0
        found: Matrix = self._rows @ said / norm
        return found

    def _shared_words(self, text: str) -> Matrix:
        known = {word: self._rarity[word] for word in set(stems(text)) if word in self._rarity}
        shares = np.zeros(len(self.all), dtype=np.float32)
        for word, rarity in known.items():
            shares[self._with_word[word]] += rarity
        return shares / np.float32(PRIOR + sum(known.values()))


def problem_texts() -> list[str]:
    """What of the problems is embedded: each whole, and then all phrases of each."""
    entries = [entry for file in _read() for entry in file.problems]
    return [
        *(entry.say for entry in entries),
        *(phrase for entry in entries for phrase in _phrases(entry.say)),
    ]


@cache
def _read() -> Sequence[_File]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
    return [
        _File.model_validate(yaml.load(path.read_text(encoding="utf-8"), loader))  # noqa: S506 - it is safe
        for path in sorted(FOLDER.glob("*.yaml"))
    ]


def _problem(entry: _Entry, field: str, labels: dict[str, str]) -> Problem:
    about, works = (
        tuple(labels[name] for name in names.split("; ") if name in labels)
        for names in (entry.about, entry.works)
    )
    far = FarMethod(*entry.far.split(" | ")) if entry.far else None
    return Problem(entry.say, field, about, works, tuple(entry.needs.split(", ")), entry.of, far)


def _lists(problems: Sequence[Problem]) -> tuple[dict[str, int], Matrix]:
    """Return columns by URI, and unit rows of each problem's concepts; rare ones and topics count more."""
    lists = Counter(uri for problem in problems for uri in {*problem.about, *problem.works})
    columns = {uri: place for place, uri in enumerate(lists)}
    rows = np.zeros((len(problems), len(columns)), dtype=np.float32)
    for row, problem in zip(rows, problems, strict=True):
        for weight, uris in ((1, problem.works), (TOPIC, problem.about)):
            for uri in uris:
                row[columns[uri]] = weight * math.log(len(problems) / lists[uri])
    unit: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return columns, unit


def _phrases(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.replace(";", ",").split(",")]
