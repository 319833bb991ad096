"""Problems of physics in plain words, each with the concepts that it is about and those that work on it.

`data/problems/` is ours, as `data/glosses.yaml` is: what a specialist would say, a file a discipline. Each
problem has: `say`, it in plain words; the concepts it is `about`; those that specialists work on it `with`,
methods first; what it `needs` done (keys of agents/data/operations.yaml) and on whose behaviour (`of`); and,
where we know any, methods from `far`: method | its discipline | what it does there to its own objects; here
what takes whose place, and what that would tell. Concepts are PhySH labels; one that the loaded release does
not have is passed over.
A question is held against the sentences by meaning and by rare words.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from physh import cache
from physh.atlas.text import stems
from physh.concept import Analogy
from physh.ontology import Ontology
from physh.route.results import TextEmbedder
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
READ_CLOSELY = 500  # problems whose phrases are compared: the most like by all else
FORMAT = 2  # raise it whenever StoredProblem, or how it is made, changes


class KnownProblem(NamedTuple):
    """`about` and `works` are URIs, best first; `needs` are operations on the behaviour of `object`."""

    text: str
    field: str  # label of its discipline
    about: tuple[str, ...]
    works: tuple[str, ...]
    needs: tuple[str, ...]
    object: str
    far: tuple[Analogy, ...]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    say: str
    about: str
    works: str = Field(alias="with")
    needs: str
    of: str
    far: tuple[str, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    discipline: str = Field(alias="in")
    problems: tuple[_Entry, ...]


class StoredProblem(NamedTuple):
    """A problem as it is kept: concepts by label, with the phrases and stems that texts are held against."""

    say: str
    field: str
    about: tuple[str, ...]
    works: tuple[str, ...]
    needs: tuple[str, ...]
    object: str
    far: tuple[Analogy, ...]
    phrases: tuple[str, ...]
    stems: tuple[str, ...]


class Problems:
    """All problems, made ready to be compared with a text."""

    def __init__(
        self, ontology: Ontology, embedder: TextEmbedder, folder: Path, progress: Progress | None = None
    ) -> None:
        known = read_known(folder)
        labels = {c.label: c.uri for c in ontology.concepts.values() if not c.deprecated}
        self.all = [_problem(one, labels) for one in known]
        ends = np.cumsum([0, *(len(one.phrases) for one in known)])
        self._spans = list(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True))  # of each one's phrases
        named = progress and (lambda _what, done, total: progress("problems", done, total))
        rows = recall_or_encode(embedder, problem_texts(known), folder, named)
        self._texts = rows[: len(known)].copy()  # a view would keep all of them in memory
        self._phrases = rows[len(known) :].astype(np.float16)
        self._rarity, self._with_word = _words([one.stems for one in known])
        self._concepts = _Lists(self.all)

    def likeness(self, text: str, vector: Matrix, literature: Mapping[str, float]) -> Matrix:
        """Return how like a text is to each problem.

        `literature`: URI → how far the concept stands out in the works nearest to the text.
        """
        whole = cosines(self._texts, vector)
        rest = WHOLE * whole + WORDS * self._shared_words(text) + WORKS * self._concepts.agreement(literature)
        likeness: Matrix = rest + PART * self._best_phrases(whole, rest, vector)
        return likeness

    def nearest(self, likeness: Matrix, limit: int) -> list[tuple[KnownProblem, float]]:
        """Return problems, best first, with how surely the text is that problem, 0 to 1."""
        order = np.argsort(-likeness, kind="stable")[:limit]
        sure = 1 / (1 + np.exp(-STEEP * (likeness[order] - EVEN)))
        return [(self.all[i], float(share)) for i, share in zip(order, sure, strict=True)]

    def weighed(self, likeness: Matrix) -> list[tuple[KnownProblem, float]]:
        """Return the NEAREST problems, each as `nearest` but less the further it is behind the first."""
        near = self.nearest(likeness, NEAREST)
        best = near[0][1]
        return [(problem, sure * math.exp((sure - best) / APART)) for problem, sure in near]

    def _best_phrases(self, whole: Matrix, rest: Matrix, vector: Matrix) -> Matrix:
        """Return the cosine of each problem's best phrase; of those far off, that of the whole."""
        best = whole.copy()
        chosen = np.argsort(-rest, kind="stable")[:READ_CLOSELY]
        spans = [self._spans[i] for i in chosen]
        places = np.concatenate([np.arange(*span) for span in spans])
        starts = np.cumsum([0, *(end - start for start, end in spans[:-1])])
        best[chosen] = np.maximum.reduceat(cosines(self._phrases[places].astype(np.float32), vector), starts)
        return best

    def _shared_words(self, text: str) -> Matrix:
        known = {word: self._rarity[word] for word in set(stems(text)) if word in self._rarity}
        shares = np.zeros(len(self.all), dtype=np.float32)
        for word, rarity in known.items():
            shares[self._with_word[word]] += rarity
        return shares / np.float32(PRIOR + sum(known.values()))


class _Lists:
    """Each problem's concepts as a unit row, rare ones and topics counting more; kept without the zeros."""

    def __init__(self, problems: Sequence[KnownProblem]) -> None:
        lists = Counter(uri for problem in problems for uri in {*problem.about, *problem.works})
        self._columns = {uri: place for place, uri in enumerate(lists)}
        rarity = {uri: math.log(len(problems) / n) for uri, n in lists.items()}
        columns, values, owners = list[int](), list[float](), list[int]()
        for owner, problem in enumerate(problems):
            row = {uri: rarity[uri] for uri in problem.works} | {u: TOPIC * rarity[u] for u in problem.about}
            norm = max(math.hypot(*row.values()), 1e-9)
            columns += [self._columns[uri] for uri in row]
            values += [value / norm for value in row.values()]
            owners += [owner] * len(row)
        self._at: NDArray[np.intp] = np.array(columns, dtype=np.intp)
        self._owners: NDArray[np.intp] = np.array(owners, dtype=np.intp)
        self._values = np.array(values, dtype=np.float32)
        self._n = len(problems)

    def agreement(self, literature: Mapping[str, float]) -> Matrix:
        """Return the cosine of each problem's concepts and those of the works nearest to the text."""
        said = np.zeros(len(self._columns), dtype=np.float32)
        for uri, value in literature.items():
            if uri in self._columns:
                said[self._columns[uri]] = value
        norm = float(np.linalg.norm([*literature.values()])) or 1.0
        products = self._values * said[self._at] / norm
        return np.bincount(self._owners, products, self._n).astype(np.float32)


def problem_texts(known: Sequence[StoredProblem]) -> list[str]:
    """What of the problems is embedded: each whole, and then all phrases of each."""
    return [*(one.say for one in known), *(phrase for one in known for phrase in one.phrases)]


def read_known(folder: Path) -> list[StoredProblem]:
    """Return the problems that ship. Reading YAML takes a second, so that `folder` keeps what was read."""
    contents = [path.read_bytes() for path in sorted(FOLDER.glob("*.yaml"))]
    digest = hashlib.sha256(b"\0".join(contents)).hexdigest()[:32]
    kept = folder / f"problems-{FORMAT}-{digest}.json"
    body = cache.unseal(kept)
    if body is not None:
        return _KNOWN.validate_json(body)
    known = [_known(entry, file.discipline) for file in map(_parse, contents) for entry in file.problems]
    cache.seal(kept, json.dumps(known, ensure_ascii=False, separators=(",", ":")).encode())
    return known


_KNOWN = TypeAdapter(list[StoredProblem])


def _parse(content: bytes) -> _File:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
    return _File.model_validate(yaml.load(content, loader))  # noqa: S506 - it is safe


def _known(entry: _Entry, field: str) -> StoredProblem:
    about, works = (tuple(names.split("; ")) for names in (entry.about, entry.works))
    phrases = tuple(phrase.strip() for phrase in entry.say.replace(";", ",").split(","))
    bag = tuple(sorted(set(stems(f"{entry.say} {entry.about} {entry.works}"))))
    far = tuple(Analogy(*line.split(" | ")) for line in entry.far)
    return StoredProblem(
        entry.say, field, about, works, tuple(entry.needs.split(", ")), entry.of, far, phrases, bag
    )


def _problem(known: StoredProblem, labels: Mapping[str, str]) -> KnownProblem:
    about, works = (
        tuple(labels[name] for name in names if name in labels) for names in (known.about, known.works)
    )
    return KnownProblem(known.say, known.field, about, works, known.needs, known.object, known.far)


def _words(bags: Sequence[Sequence[str]]) -> tuple[dict[str, float], dict[str, list[int]]]:
    """Return how rare each telling word is, in nats, and the places of the problems that have it."""
    frequency = Counter(word for bag in bags for word in bag)
    rarity = {
        word: math.log(len(bags) / n)
        for word, n in frequency.items()
        if n < COMMON * len(bags) and len(word) > 2  # noqa: PLR2004 - no symbols
    }
    with_word: dict[str, list[int]] = {word: [] for word in rarity}
    for place, bag in enumerate(bags):
        for word in bag:
            if word in rarity:
                with_word[word].append(place)
    return rarity, with_word
