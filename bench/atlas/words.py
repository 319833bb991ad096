"""What is written around each concept until a year, for link prediction in time: words and categories.

Two concepts that never met may stand in abstracts of the same words. A concept's profile is the sum of the
tf–idf rows of the abstracts that name it, words hashed to HASHED columns.
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import physh
from physh.atlas import Atlas
from physh.atlas.build import unique_records
from physh.atlas.tags import ConceptTagger
from physh.atlas.text import stems

HASHED = 1 << 14  # columns of words
RAREST, COMMONEST = 5, 0.1  # abstracts with a word; share of abstracts with it
RANK = 128  # of the reduced profiles
RECENT = 3  # years
Matrix = NDArray[np.float32]


class AbstractMatrix(NamedTuple):
    """The abstracts of some files, a row each. Sparse matrices of scipy."""

    years: NDArray[np.int64]
    concepts: Any  # (abstracts, concepts of the atlas): 1 where one is named
    words: Any  # (abstracts, HASHED): how often
    categories: Any  # (abstracts, categories of arXiv): 1 where it is in one


def read_written(files: Sequence[Path], ontology: physh.Ontology, atlas: Atlas) -> AbstractMatrix:
    """Read and tag all abstracts once: some minutes for 150,000."""
    tagger, places = ConceptTagger(ontology), atlas.places
    mine = {number: places[one.uri] for number, one in enumerate(tagger.concepts) if one.uri in places}
    kinds: dict[str, int] = {}
    years, rows = list[int](), {name: _Rows() for name in ("concepts", "words", "categories")}
    for record in unique_records(files, Counter()):
        text = f"{record.title} . {record.abstract}"
        years.append(record.year)
        rows["concepts"].add(Counter(mine[n] for n in tagger.tag(text) if n in mine))
        rows["words"].add(Counter(zlib.crc32(stem.encode()) % HASHED for stem in stems(text)))
        rows["categories"].add(
            Counter(kinds.setdefault(one, len(kinds)) for one in record.categories.split())
        )
    widths = {"concepts": len(atlas.uris), "words": HASHED, "categories": max(1, len(kinds))}
    return AbstractMatrix(np.array(years), *(rows[name].matrix(width) for name, width in widths.items()))


class _Rows:
    """Sparse rows that come one by one."""

    def __init__(self) -> None:
        self._columns, self._values, self._ends = list[int](), list[int](), [0]

    def add(self, counts: Counter[int]) -> None:
        self._columns += counts.keys()
        self._values += counts.values()
        self._ends.append(len(self._columns))

    def matrix(self, width: int) -> Any:  # noqa: ANN401 - scipy has no types
        from scipy.sparse import csr_matrix

        values = np.array(self._values, dtype=np.float32)
        return csr_matrix((values, self._columns, self._ends), shape=(len(self._ends) - 1, width))


class Profiles(NamedTuple):
    """Likenesses of all concepts at the end of a year, (concepts, concepts) each."""

    words: Matrix
    recent: Matrix
    reduced: Matrix
    categories: Matrix


def profiles(written: AbstractMatrix, places: NDArray[np.int64], year: int) -> Profiles:
    """Of the atlas's concepts at `places`, from abstracts until `year`."""
    until, lately = written.years <= year, (written.years <= year) & (written.years > year - RECENT)
    weighted = _weighted(written.words, until)
    named = written.concepts[:, places]
    whole = _sums(named[until], weighted[until])
    return Profiles(
        words=_cosines(whole),
        recent=_cosines(_sums(named[lately], weighted[lately])),
        reduced=_cosines(_reduce(whole)),
        categories=_cosines(_sums(named[until], written.categories[until])),
    )


def _weighted(words: Any, until: NDArray[np.bool_]) -> Any:  # noqa: ANN401 - scipy has no types
    """Return tf–idf rows of unit length, weighed by the abstracts until then alone."""
    from scipy.sparse import diags
    from sklearn.preprocessing import normalize

    seen, works = np.asarray((words[until] > 0).sum(axis=0)).ravel(), int(until.sum())
    kept = (seen >= RAREST) & (seen <= COMMONEST * works)
    rows = words.copy()
    rows.data = 1 + np.log(rows.data)
    weight = np.where(kept, np.log(works / np.maximum(seen, 1)), 0).astype(np.float32)
    return normalize(rows @ diags(weight), copy=False)


def _sums(named: Any, rows: Any) -> Matrix:  # noqa: ANN401 - as above
    found: Matrix = np.asarray((named > 0).astype(np.float32).T.dot(rows).todense(), dtype=np.float32)
    return found


def _reduce(rows: Matrix) -> Matrix:
    from sklearn.utils.extmath import randomized_svd

    left, values, _ = randomized_svd(_unit(np.sqrt(rows)), RANK, random_state=0)
    found: Matrix = (left[:, 1:] * values[1:]).astype(np.float32)  # the first says how common words are
    return found


def _unit(rows: Matrix) -> Matrix:
    found: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return found


def _cosines(rows: Matrix) -> Matrix:
    unit = _unit(rows)
    return unit @ unit.T
