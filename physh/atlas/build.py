"""Counts concepts, pairs of concepts and words in files of abstracts, and writes them as one atlas.

Two passes: the first counts concepts and pairs by year, the second which words go with which concepts, on an
even sample of at most SAMPLE works. Memory does not grow with the number of works but for their hashes.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from physh.atlas.records import WorkRecord, arxiv_identifier, read_records
from physh.atlas.tags import ConceptTagger
from physh.atlas.text import stems
from physh.errors import AtlasError
from physh.ontology import Ontology

Integers = NDArray[np.int64]
PART = 20_000  # works between two merges of counts
SAMPLE = 200_000  # works that are read for words
RAREST, COMMONEST = 8, 0.1  # works with a word; share of works with it
KEPT = 40  # concepts a word
PER_YEAR = 1 << 12  # years fit below; places of concepts above
Progress = Callable[[str, int, int], None]  # what, works done, works in all (0 where unknown)


def build(
    files: Sequence[Path], ontology: Ontology, target: Path, name: str, progress: Progress | None = None
) -> dict[str, object]:
    """Write the atlas of `files` to `target` and return what it says of itself.

    Raises AtlasError if a file cannot be opened or none holds a usable record.
    """
    tagger = ConceptTagger(ontology)
    refused: Counter[str] = Counter()
    counts = _Counts()
    for done, record in enumerate(unique_records(files, refused), start=1):
        counts.add(record.year, sorted(tagger.tag(f"{record.title} . {record.abstract}")))
        if progress and done % PART == 0:
            progress("works", done, 0)
    if not counts.works:
        told = ", ".join(f"{reason}: {n}" for reason, n in refused.most_common()) or "the files are empty"
        raise AtlasError(f"no usable record in {len(files)} files ({told})")
    tables = counts.tables(len(tagger.concepts))
    words = _count_words(files, tagger, counts.total, progress)
    about: dict[str, object] = {
        "name": name,
        "works": counts.total,
        "from": int(tables["years"][0]),
        "to": int(tables["years"][-1]),
        "physh": ontology.release,
        "files": {path.name: _sha256(path) for path in files},
        "refused": dict(refused.most_common()),
        "command": f"hypofind atlas build {' '.join(path.name for path in files)}",
    }
    uris = "\n".join(concept.uri for concept in tagger.concepts).encode()
    said = json.dumps(about, ensure_ascii=False).encode()
    arrays: dict[str, Any] = {
        "about": np.frombuffer(said, dtype=np.uint8),
        "uris": np.frombuffer(uris, dtype=np.uint8),
        **tables,
        **words,
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as stream:
        np.savez_compressed(stream, **arrays)
    return about


def unique_records(files: Sequence[Path], refused: Counter[str]) -> Iterator[WorkRecord]:
    """Yield each work of the files once; `refused` counts the others by reason."""
    seen: set[int] = set()
    for path in files:
        for record in read_records(path, refused):
            key = hash(arxiv_identifier(record.id) or record.title)
            if key in seen:
                refused["duplicate"] += 1
                continue
            seen.add(key)
            yield record


class _Counts:
    """Sums over works, merged every PART works so that memory stays bounded."""

    def __init__(self) -> None:
        self.works: Counter[int] = Counter()  # by year
        self._fresh: dict[str, list[int]] = {"concepts": [], "pairs": []}
        self._sums: dict[str, tuple[Integers, Integers]] = {}

    @property
    def total(self) -> int:
        return sum(self.works.values())

    def add(self, year: int, places: Sequence[int]) -> None:
        self.works[year] += 1
        self._fresh["concepts"] += [place * PER_YEAR + year for place in places]
        self._fresh["pairs"] += [
            (first * PER_YEAR + second) * PER_YEAR + year
            for at, first in enumerate(places)
            for second in places[at + 1 :]
        ]
        if self.total % PART == 0:
            self._merge()

    def _merge(self) -> None:
        for kind, fresh in self._fresh.items():
            keys, counts = np.unique(np.array(fresh, dtype=np.int64), return_counts=True)
            known = self._sums.get(kind, (keys[:0], counts[:0]))
            both = np.concatenate([known[0], keys])
            self._sums[kind] = _summed(both, np.concatenate([known[1], counts]))
            fresh.clear()

    def tables(self, concepts: int) -> dict[str, NDArray[np.generic]]:
        self._merge()
        years = np.arange(min(self.works), max(self.works) + 1)
        by_year = np.zeros((concepts, len(years)), dtype=np.uint32)
        keys, counts = self._sums["concepts"]
        by_year[keys // PER_YEAR, keys % PER_YEAR - years[0]] = counts
        keys, counts = self._sums["pairs"]
        pairs = keys // PER_YEAR
        return {
            "years": years.astype(np.uint16),
            "works": np.array([self.works[int(year)] for year in years], dtype=np.uint32),
            "counts": by_year,
            "first": (pairs // PER_YEAR).astype(np.uint16),
            "second": (pairs % PER_YEAR).astype(np.uint16),
            "year": (keys % PER_YEAR - years[0]).astype(np.uint8 if len(years) < 256 else np.uint16),  # noqa: PLR2004 - a byte
            "together": np.minimum(counts, 65_535).astype(np.uint16),
        }


def _summed(keys: Integers, counts: Integers) -> tuple[Integers, Integers]:
    unique, where = np.unique(keys, return_inverse=True)
    return unique, np.bincount(where, weights=counts, minlength=len(unique)).astype(np.int64)


def _count_words(
    files: Sequence[Path], tagger: ConceptTagger, total: int, progress: Progress | None
) -> dict[str, NDArray[np.generic]]:
    """For each word the concepts that go with it: √p(concept | word) × ln(lift), as bytes."""
    from scipy import sparse

    step = max(1, -(-total // SAMPLE))
    places: dict[str, int] = {}
    said, tagged = _Rows(), _Rows()
    for number, record in enumerate(unique_records(files, Counter())):
        if number % step == 0:
            text = f"{record.title} . {record.abstract}"
            said.add([places.setdefault(word, len(places)) for word in set(stems(text))])
            tagged.add(list(tagger.tag(text)))
        if progress and (number + 1) % PART == 0:
            progress("words", number + 1, total)
    rows, marks = said.matrix(len(places)), tagged.matrix(len(tagger.concepts))
    frequency = np.asarray(rows.sum(axis=0)).ravel()
    rarest = min(RAREST, max(1, total // 100))
    telling = [
        place
        for word, place in places.items()
        if not word.isdigit() and len(word) > 2 and rarest <= frequency[place] <= COMMONEST * rows.shape[0]  # noqa: PLR2004 - no symbols
    ]
    together = sparse.csr_matrix(rows[:, telling].T @ marks)
    base = np.asarray(marks.sum(axis=0)).ravel() / rows.shape[0]
    names = list(places)
    return _strengths(together, frequency[telling], base) | {
        "words": np.frombuffer("\n".join(names[place] for place in telling).encode(), dtype=np.uint8),
        "frequency": (frequency[telling] * step).astype(np.uint32),
    }


class _Rows:
    """Lists of columns as a sparse matrix of ones."""

    def __init__(self) -> None:
        from array import array

        self._columns, self._ends = array("i"), array("q", [0])

    def add(self, columns: list[int]) -> None:
        self._columns.extend(columns)
        self._ends.append(len(self._columns))

    def matrix(self, width: int) -> Any:  # noqa: ANN401 - scipy has no types
        from scipy import sparse

        ones = np.ones(len(self._columns), dtype=np.float32)
        shape = (len(self._ends) - 1, width)
        return sparse.csr_matrix((ones, np.array(self._columns), np.array(self._ends)), shape=shape)


def _strengths(
    together: Any,  # noqa: ANN401 - a sparse matrix
    frequency: NDArray[np.floating],
    base: NDArray[np.floating],
) -> dict[str, NDArray[np.generic]]:
    ends, concepts, strengths = [0], [], []
    for row, times in enumerate(frequency):
        at = slice(together.indptr[row], together.indptr[row + 1])
        share = together.data[at] / times
        lift = np.log((share + 1e-6) / (base[together.indices[at]] + 3e-5)).clip(0)
        value = np.sqrt(share) * lift
        best = np.argsort(-value, kind="stable")[:KEPT]
        best = best[value[best] > 1 / 50]
        concepts.append(together.indices[at][best].astype(np.uint16))
        strengths.append(np.minimum(value[best] * 50, 255).astype(np.uint8))
        ends.append(ends[-1] + len(best))
    return {
        "word_ends": np.array(ends, dtype=np.uint32),
        "word_concepts": np.concatenate(concepts) if concepts else np.zeros(0, dtype=np.uint16),
        "word_strengths": np.concatenate(strengths) if strengths else np.zeros(0, dtype=np.uint8),
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
