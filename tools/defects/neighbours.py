"""The training structures most like a given one, by fingerprint."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration
from tools.defects.fingerprints import Fingerprint, coded, compare, edge_fingerprints
from tools.defects.schema import Neighbour

MOST: Final = 3
AT_ONCE: Final = 100_000  # numbers that are compared: what fits into a cache nearby
NOTHING: Final = 1e-30  # in place of 0, whose logarithm is none

Arrays = dict[str, NDArray[np.generic]]


@dataclass(frozen=True)
class FingerprintLibrary:
    """Fingerprints of the training structures, one after the other."""

    ids: tuple[str, ...]
    numbers: NDArray[np.int64]
    """Defects of each structure."""
    kinds: NDArray[np.uint8]
    """(all defects, 2): atomic numbers before and after, 0 for a vacancy."""
    edges: NDArray[np.float16]
    """(all defects, 2): distance and Δz to the next, Å; the last of a structure has none, and 0."""

    @classmethod
    def of(cls, ids: Sequence[str], configurations: Sequence[Configuration]) -> "FingerprintLibrary":
        prints = edge_fingerprints(configurations)
        kinds = np.concatenate([np.array(p.kinds, dtype=np.uint8) for p in prints])
        edges = np.concatenate([np.array([*p.edges, (0.0, 0.0)], dtype=np.float16) for p in prints])
        return cls(tuple(ids), np.array([len(p.kinds) for p in prints]), kinds, edges)

    @classmethod
    def unpack(cls, arrays: Arrays) -> "FingerprintLibrary":
        ids = tuple(arrays["ids"].tobytes().decode().split("\n"))
        kinds, edges = arrays["print_kinds"].astype(np.uint8), arrays["print_edges"].astype(np.float16)
        return cls(ids, arrays["print_numbers"].astype(np.int64), kinds, edges)

    def pack(self) -> Arrays:
        ids = np.frombuffer("\n".join(self.ids).encode(), dtype=np.uint8)
        return {
            "ids": ids,
            "print_numbers": self.numbers,
            "print_kinds": self.kinds,
            "print_edges": self.edges,
        }

    def nearest(self, configurations: Sequence[Configuration], dataset: str) -> list[tuple[Neighbour, ...]]:
        """Best first; none where the training set has no structure with as many defects."""
        prints = edge_fingerprints(configurations)
        groups: dict[int, list[int]] = {}
        for row, one in enumerate(prints):
            groups.setdefault(len(one.kinds), []).append(row)
        found: dict[int, tuple[Neighbour, ...]] = {}
        for number in groups.keys() & self._by_number.keys():
            step = max(1, AT_ONCE // self._by_number[number][1].size)
            for k in range(0, len(groups[number]), step):
                rows = groups[number][k : k + step]
                found |= zip(rows, self._nearest([prints[row] for row in rows], dataset), strict=True)
        return [found.get(row, ()) for row in range(len(prints))]

    def _nearest(self, prints: Sequence[Fingerprint], dataset: str) -> Iterator[tuple[Neighbour, ...]]:
        """`prints` have as many defects each."""
        number = len(prints[0].kinds)
        rows, kinds, edges = self._by_number[number]
        alike, apart = compare(prints, kinds, edges)
        merits = np.log(np.arange(number + 1).clip(min=NOTHING) / number)[alike] - apart
        few = min(MOST, len(rows))
        most = merits.argpartition(-few, axis=1)[:, -few:]
        best = np.take_along_axis(merits, most, 1)
        order = np.argsort(-best, axis=1, kind="stable")
        columns = (
            np.take_along_axis(x, order, 1)
            for x in (rows[most], np.take_along_axis(alike, most, 1), np.exp(best).clip(max=1.0))
        )
        for one, *own in zip(prints, *(x.tolist() for x in columns), strict=True):
            yield tuple(
                Neighbour(
                    id=self.ids[row],
                    dataset=dataset,
                    fingerprint=self._told(row, one.host),
                    similarity=likeness,
                )
                for row, same, likeness in zip(*own, strict=True)
                if same
            )

    def _told(self, row: int, host: str) -> str:
        """The same few are the nearest of many."""
        if row not in self._sentences:
            self._sentences[row] = str(self._print(row, host))
        return self._sentences[row]

    @cached_property
    def _sentences(self) -> dict[int, str]:
        return {}

    def _print(self, row: int, host: str) -> Fingerprint:
        first = int(self._first[row])
        last = first + int(self.numbers[row])
        kinds, edges = self._listed
        return Fingerprint(host, tuple(kinds[first:last]), tuple(edges[first : last - 1]))

    @cached_property
    def _listed(self) -> tuple[list[tuple[int, int]], list[tuple[float, float]]]:
        """Kinds and edges as Python's numbers, which are quicker to take one by one."""
        kinds, edges = self.kinds.tolist(), self.edges.astype(float).tolist()
        return list(map(tuple, kinds)), list(map(tuple, edges))

    @cached_property
    def _first(self) -> NDArray[np.int64]:
        """Where the defects of each structure begin."""
        return np.asarray(np.cumsum(self.numbers) - self.numbers)

    @cached_property
    def _by_number(self) -> dict[int, tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]]:
        """Rows, coded kinds (N, n) and edges (N − 1, 2, n) of the n structures with N defects."""
        groups = {}
        for number in np.unique(self.numbers).tolist():
            rows = np.flatnonzero(self.numbers == number)
            places = self._first[rows, None] + np.arange(number)
            kinds = coded(self.kinds[places.T.ravel()]).reshape(number, -1)
            edges = np.ascontiguousarray(self.edges[places[:, :-1]].transpose(1, 2, 0), dtype=np.float32)
            groups[number] = (rows, kinds, edges)
        return groups
