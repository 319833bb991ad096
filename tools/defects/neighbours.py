"""The training structures most like a given one, by fingerprint."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration
from tools.defects.fingerprints import Fingerprint, coded, fingerprint, similarities
from tools.defects.schema import Neighbour

MOST: Final = 3

Arrays = dict[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Library:
    """Fingerprints of the training structures, one after the other."""

    ids: tuple[str, ...]
    numbers: NDArray[np.int64]
    """Defects of each structure."""
    kinds: NDArray[np.uint8]
    """(all defects, 2): atomic numbers before and after, 0 for a vacancy."""
    edges: NDArray[np.float16]
    """(all defects, 2): distance and Δz to the next, Å; the last of a structure has none, and 0."""

    @classmethod
    def of(cls, ids: Sequence[str], configurations: Sequence[Configuration]) -> "Library":
        prints = [fingerprint(c) for c in configurations]
        kinds = np.concatenate([np.array(p.kinds, dtype=np.uint8) for p in prints])
        edges = np.concatenate([np.array([*p.edges, (0.0, 0.0)], dtype=np.float16) for p in prints])
        return cls(tuple(ids), np.array([len(p.kinds) for p in prints]), kinds, edges)

    @classmethod
    def unpack(cls, arrays: Arrays) -> "Library":
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

    def nearest(self, configuration: Configuration, dataset: str) -> tuple[Neighbour, ...]:
        """Best first; none where the training set has no structure with as many defects."""
        number = len(configuration.defects)
        if number not in self._by_number:
            return ()
        rows, kinds, edges = self._by_number[number]
        alike = similarities(fingerprint(configuration), kinds, edges)
        most = alike.argpartition(-min(MOST, len(alike)))[-MOST:]
        best = most[np.argsort(-alike[most], kind="stable")]
        return tuple(
            Neighbour(
                id=self.ids[rows[k]],
                dataset=dataset,
                fingerprint=str(self._print(rows[k], configuration.host.name)),
                similarity=float(alike[k]),
            )
            for k in best
            if alike[k] > 0
        )

    def _print(self, row: int, host: str) -> Fingerprint:
        first = int(self._first[row])
        last = first + int(self.numbers[row])
        kinds = tuple((int(before), int(after)) for before, after in self.kinds[first:last])
        edges = tuple((float(distance), float(dz)) for distance, dz in self.edges[first : last - 1])
        return Fingerprint(host, kinds, edges)

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
