"""Perovskites ABX3 of Perov-5 as sites, and a regression of their heats of formation."""

import csv
import gzip
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from tools.generation.crystals.crystal import Crystal, parse_cif, shortest_distance
from tools.generation.crystals.text import parse_text, write_text
from tools.generation.lost import Lost

ATOMS: Final = 5
NEAREST: Final = 0.5  # Å, as in CDVAE's structural validity
RIDGE: Final = 3.0
EDGE: Final = 4.0  # Å, of strings that are written without a cell of their own
PLACES: Final = ("0 0 0", "0.5 0.5 0.5", "0.5 0.5 0", "0.5 0 0.5", "0 0.5 0.5")


@dataclass(frozen=True)
class Perovskite:
    """Elements at the corner (A), the centre (B) and the faces (X, sorted)."""

    a: str
    b: str
    x: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.a} {self.b} {' '.join(self.x)}"


def write_perovskite(one: Perovskite) -> str:
    elements = (one.a, one.b, *one.x)
    sites = [f"{element} {place}" for element, place in zip(elements, PLACES, strict=True)]
    return "\n".join([f"{EDGE} {EDGE} {EDGE} 90 90 90", *sites])


def read_perovskite(text: str) -> Perovskite | None:
    """From a string; none where it is no crystal, or has not the five atoms of that prototype apart."""
    try:
        crystal = parse_text(text)
    except Lost:
        return None
    return find_sites(crystal) if shortest_distance(crystal) >= NEAREST else None


def find_sites(crystal: Crystal) -> Perovskite | None:
    """By the order of atoms in the set's files, A, B, anions: A may lie far off its site."""
    if len(crystal.symbols) != ATOMS:
        return None
    a, b, *anions = crystal.symbols
    return Perovskite(a, b, tuple(sorted(anions)))


@dataclass(frozen=True)
class Heats:
    """A ridge regression with one-body terms and pairs, as a cluster expansion cut after pairs."""

    a_sites: list[str]
    b_sites: list[str]
    anions: list[tuple[str, ...]]
    weights: NDArray[np.float64]
    mean: float
    texts: list[str]
    """The strings that it was fitted to."""

    @classmethod
    def fit(cls, path: Path) -> Self:
        crystals, sites, heats = read_rows(path)
        a_sites = sorted({one.a for one in sites})
        b_sites = sorted({one.b for one in sites})
        anions = sorted({one.x for one in sites})
        texts = [write_text(crystal, decimals=4) for crystal in crystals]
        model = cls(a_sites, b_sites, anions, np.zeros(0), float(heats.mean()), texts)
        rows = model._features(sites)
        inner = rows.T @ rows + RIDGE * np.eye(rows.shape[1])
        weights = np.linalg.solve(inner, rows.T @ (heats - heats.mean()))
        return cls(a_sites, b_sites, anions, weights, model.mean, texts)

    def knows(self, one: Perovskite) -> bool:
        return one.a in self.a_sites and one.b in self.b_sites and one.x in self.anions

    def of(self, sites: Sequence[Perovskite]) -> NDArray[np.float64]:
        """eV/atom."""
        return np.asarray(self._features(sites) @ self.weights + self.mean)

    def judge(self, path: Path) -> str:
        _, sites, heats = read_rows(path)
        kept = [k for k, one in enumerate(sites) if self.knows(one)]
        left = heats[kept] - self.of([sites[k] for k in kept])
        r2 = 1 - (left**2).sum() / ((heats[kept] - heats[kept].mean()) ** 2).sum()
        return (
            f"objective: heat of formation, ridge on {len(self.texts):,} of val; on {len(kept):,} of test R2 "
            f"{r2:.3f}, mean absolute error {np.abs(left).mean():.3f} eV/atom"
        )

    def _features(self, sites: Sequence[Perovskite]) -> NDArray[np.float64]:
        a, b, x = len(self.a_sites), len(self.b_sites), len(self.anions)
        rows = np.zeros((len(sites), a + b + x + a * b + a * x + b * x))
        for row, one in zip(rows, sites, strict=True):
            i, j, k = self.a_sites.index(one.a), self.b_sites.index(one.b), self.anions.index(one.x)
            pairs = a + b + x
            row[[i, a + j, a + b + k]] = 1
            row[[pairs + i * b + j, pairs + a * b + i * x + k, pairs + a * b + a * x + j * x + k]] = 1
        return rows


def read_rows(path: Path) -> tuple[list[Crystal], list[Perovskite], NDArray[np.float64]]:
    """Crystals, their sites and heats of formation, of all rows in which the sites are found."""
    csv.field_size_limit(sys.maxsize)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [(parse_cif(row["cif"]), float(row["heat_all"])) for row in csv.DictReader(file)]
    found = [(crystal, one, heat) for crystal, heat in rows if (one := find_sites(crystal))]
    crystals, sites, heats = zip(*found, strict=True)
    return list(crystals), list(sites), np.array(heats)
