"""Search by words over very many texts: postings in segments, that are written once and read where needed.

A segment holds, by stem, which of its texts have it and how often. Texts are scored by BM25 (Robertson and
Zaragoza 2009, doi:10.1561/1500000019; k1 = 1.5, b = 0.75, Lucene's form) with frequencies over all segments.
Nothing of a segment is in memory but what a query reads.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from retrieval.stems import stem_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

K1, B = 1.5, 0.75
WIDTH = 48  # bytes at the end of a stem or URI that tell it apart
MOST_STEMS = 24  # of a query, the rarest: a common word adds work and hardly any order
MOST_TIMES = 255  # a byte each


class PostingEntry(NamedTuple):
    """A text at its place among all, with the URIs of concepts that it touches."""

    place: int
    text: str
    concepts: Sequence[str] = ()


def write_segment(folder: Path, entries: Iterable[PostingEntry]) -> None:
    """Write a segment to a new folder. Raises OSError."""
    import numpy as np

    places, lengths = array("q"), array("i")
    texts: dict[str, array[int]] = defaultdict(lambda: array("i"))
    times: dict[str, array[int]] = defaultdict(lambda: array("B"))
    touching: dict[str, array[int]] = defaultdict(lambda: array("i"))
    for number, entry in enumerate(entries):
        counts = Counter(stem_words(entry.text))
        places.append(entry.place)
        lengths.append(counts.total())
        for stem, often in counts.items():
            texts[stem].append(number)
            times[stem].append(min(often, MOST_TIMES))
        for uri in entry.concepts:
            touching[uri].append(number)
    folder.mkdir(parents=True)
    np.save(folder / "places.npy", np.array(places, dtype=np.int64))
    np.save(folder / "lengths.npy", np.array(lengths, dtype=np.float32))
    order = _write_lists(folder, "words", texts)
    np.save(folder / "times.npy", _joined([times[stem] for stem in order], np.uint8))
    _write_lists(folder, "concepts", touching)


def _write_lists(folder: Path, name: str, lists: "Mapping[str, array[int]]") -> list[str]:
    """Write lists of numbers under sorted keys. The order in which they stand."""
    import numpy as np

    order = sorted(lists, key=_key)
    keys = np.array([_key(key) for key in order], dtype=f"S{WIDTH}")
    np.save(folder / f"{name}-keys.npy", keys)
    np.save(folder / f"{name}-ends.npy", np.cumsum([0, *(len(lists[key]) for key in order)], dtype=np.int64))
    np.save(folder / f"{name}.npy", _joined([lists[key] for key in order], np.int32))
    return order


def _key(text: str) -> bytes:
    """The last bytes: URIs of concepts begin alike."""
    return text.encode()[-WIDTH:]


def _joined(parts: "Sequence[array[int]]", kind: type) -> "NDArray[np.generic]":
    import numpy as np

    return np.concatenate([np.array(part, dtype=kind) for part in parts] or [np.zeros(0, dtype=kind)])


class _Lists:
    """Lists of numbers under keys, as they were written."""

    def __init__(self, folder: Path, name: str) -> None:
        self._keys, self._ends = _open(folder, f"{name}-keys"), _open(folder, f"{name}-ends")
        self.numbers = _open(folder, name)

    def rows(self, text: str) -> slice:
        """Where the numbers of a key stand; empty for one that is not there."""
        import numpy as np

        key = np.bytes_(_key(text))
        at = int(np.searchsorted(self._keys, key))
        if at == len(self._keys) or self._keys[at] != key:
            return slice(0, 0)
        return slice(int(self._ends[at]), int(self._ends[at + 1]))


class Segment:
    """One that was written; of each table only what is looked at is read from disk."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError or ValueError where it is missing or cut."""
        self.places, self.lengths = _open(folder, "places"), _open(folder, "lengths")
        self.words, self._concepts = _Lists(folder, "words"), _Lists(folder, "concepts")
        self._times = _open(folder, "times")

    def score(self, weights: dict[str, float], mean: float) -> "NDArray[np.float32]":
        """BM25 of each text. `weights`: of each stem, in nats; `mean`: words of a text."""
        import numpy as np

        scores = np.zeros(len(self.places), dtype=np.float32)
        usual = K1 * (1 - B + B * self.lengths / mean)
        for stem, weight in weights.items():
            at = self.words.rows(stem)
            texts, times = self.words.numbers[at], self._times[at].astype(np.float32)
            scores[texts] += weight * times * (K1 + 1) / (times + usual[texts])
        return scores

    def touching(self, concepts: Collection[str]) -> "NDArray[np.bool_]":
        """Whether each text touches any of these concepts."""
        import numpy as np

        found = np.zeros(len(self.places), dtype=bool)
        for uri in concepts:
            found[self._concepts.numbers[self._concepts.rows(uri)]] = True
        return found


def _open(folder: Path, name: str) -> "NDArray[Any]":
    import numpy as np

    table: NDArray[Any] = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    return table


def best_places(
    segments: Sequence[Segment], query: str, limit: int, concepts: Collection[str] | None = None
) -> list[int]:
    """Places of the texts that hold a query's words, best first; with `concepts`, of those that touch one."""
    import numpy as np

    total = sum(len(segment.places) for segment in segments)
    stems = dict.fromkeys(stem_words(query))
    held = {stem: sum(_count(segment.words.rows(stem)) for segment in segments) for stem in stems}
    rare = sorted((stem for stem in stems if held[stem]), key=held.__getitem__)[:MOST_STEMS]
    weights = {stem: float(np.log1p((total - held[stem] + 0.5) / (held[stem] + 0.5))) for stem in rare}
    if not weights:
        return []
    mean = sum(float(segment.lengths.sum()) for segment in segments) / total
    places, scores = [], []
    for segment in segments:
        found = segment.score(weights, mean)
        if concepts is not None:
            found[~segment.touching(concepts)] = 0
        top = np.argpartition(-found, min(limit, len(found) - 1))[:limit]
        top = top[found[top] > 0]
        places.append(segment.places[top])
        scores.append(found[top])
    order = np.argsort(-np.concatenate(scores), kind="stable")[:limit]
    return [int(place) for place in np.concatenate(places)[order]]


def _count(rows: slice) -> int:
    return int(rows.stop) - int(rows.start)
