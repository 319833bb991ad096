"""The fingerprint of N defects: N − 1 edges in an order that no symmetry of the crystal changes, and a form.

The edges say how alike two configurations are, the form whether they are the same: edges cannot see
which way a triangle points (`orientation`). Defects are ordered by distance from the centre plane,
atomic number, and total distance to the others; the edges join neighbours in that order. Among
defects that tie, the order is the one whose edges come first, as far as MOST orders at once can tell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import groupby, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration, Gathered, describe, gather
from tools.defects.graph import COLUMNS, ELEMENT_NUMBERS, pair_table
from tools.defects.orientation import MOST_DEFECTS, canonical_form

DECIMALS: Final = 2  # of an Å: distances between sites differ by far more, rounding errors by far less
MOST: Final = 32  # orders that are followed at once
WIDTH: Final = 1.0  # Å over which two edges grow unlike

Edge = tuple[float, float]
SYMBOLS: Final = {number: symbol for symbol, number in ELEMENT_NUMBERS.items()}


@dataclass(frozen=True)
class Fingerprint:
    """Defects in order, and an edge from each to the next."""

    host: str
    kinds: tuple[tuple[int, int], ...]
    """(before, after) atomic numbers; 0 is a vacancy."""
    edges: tuple[Edge, ...]
    """(distance, Δz), Å."""
    form: str = ""
    """The same for configurations that a symmetry of the supercell maps onto each other, and for no others;
    empty if it was not sought, or among more than 100 defects."""

    def __str__(self) -> str:
        """Such as "MoS2: vacancy S, 5.5 Å (Δz 3.1 Å) to W on Mo"."""
        first, *others = (
            describe((SYMBOLS.get(before, "?"), SYMBOLS.get(after, "?"))) for before, after in self.kinds
        )
        steps = (
            f"{distance:.1f} Å (Δz {dz:.1f} Å) to {kind}"
            for kind, (distance, dz) in zip(others, self.edges, strict=True)
        )
        return f"{self.host}: {', '.join([first, *steps])}"


def fingerprint(configuration: Configuration) -> Fingerprint:
    digest = blake2b(canonical_form(configuration), digest_size=8).hexdigest()
    form = digest if len(configuration.defects) <= MOST_DEFECTS else ""
    return replace(edge_fingerprints([configuration])[0], form=form)


def edge_fingerprints(configurations: Sequence[Configuration]) -> list[Fingerprint]:
    """Return fingerprints without their forms: by these likeness is measured."""
    found: dict[int, Fingerprint] = {}
    for group in gather(configurations):
        found |= zip(group.rows.tolist(), _of_group(group), strict=True)
    return [found[row] for row in range(len(configurations))]


def _of_group(group: Gathered) -> Iterator[Fingerprint]:
    columns = [COLUMNS.index(name) for name in ("distance", "dz")]
    table = pair_table(group.host, group.n, group.m).values[..., columns].round(DECIMALS)
    lengths = table[group.between]
    heights = group.host.basis[:, 2]
    above = np.abs(heights - (heights.max() + heights.min()) / 2).round(DECIMALS)[group.sites[..., 2]]
    totals = np.sort(lengths[..., 0], axis=-1).sum(-1).round(DECIMALS)
    edges: list[list[list[list[float]]]] = lengths.tolist()
    for one, own, *keys in zip(group.members, edges, above.tolist(), totals.tolist(), strict=True):
        numbers = [(_number(before), _number(after)) for before, after in one.kinds]
        order = _first(_tied(numbers, *keys), own)
        steps = tuple((own[p][q][0], own[p][q][1]) for p, q in pairwise(order))
        yield Fingerprint(one.host.name, tuple(numbers[k] for k in order), steps)


def _number(symbol: str) -> int:
    return ELEMENT_NUMBERS.get(symbol, -1)


def similarity(one: Fingerprint, other: Fingerprint) -> float:
    """1 where equal, 0 where host or number of defects differ.

    Else the product over the edges, each 1 where it joins the same kinds at the same distance, to
    the power 1 / number of edges.
    """
    if one.host != other.host or len(one.kinds) != len(other.kinds):
        return 0.0
    edges = np.array(other.edges, dtype=np.float32).reshape(-1, 2, 1)
    alike, apart = compare([one], coded(other.kinds)[:, None], edges)
    return float(alike[0, 0] / len(one.kinds) * np.exp(-apart[0, 0]))


def coded(kinds: Sequence[tuple[int, int]] | NDArray[np.integer]) -> NDArray[np.int32]:
    """One number for what was there before and after."""
    before, after = np.asarray(kinds, dtype=np.int32).reshape(-1, 2).T
    return np.asarray(before * 256 + after, dtype=np.int32)


def compare(
    prints: Sequence[Fingerprint], kinds: NDArray[np.int32], edges: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """(S, n) each: how many kinds are the same, and the mean squared difference of the edges over 2 WIDTH².

    The S prints and the n others have N defects each.
    """
    number = len(kinds)
    own = coded([kind for one in prints for kind in one.kinds]).reshape(-1, number, 1)
    alike = (kinds == own).sum(1)
    lengths = np.array([one.edges for one in prints], dtype=np.float32).reshape(len(prints), number - 1, 2, 1)
    apart = ((edges - lengths) ** 2).sum((1, 2)) / (max(1, number - 1) * 2 * WIDTH**2)
    return alike, apart


def _tied(
    numbers: Sequence[tuple[int, int]], above: Sequence[float], totals: Sequence[float]
) -> list[list[int]]:
    """Groups of defects in order; within a group the keys are equal."""
    keys = [
        (high, after, before, total)
        for high, (before, after), total in zip(above, numbers, totals, strict=True)
    ]
    ordered = sorted(range(len(keys)), key=keys.__getitem__)
    return [list(group) for _, group in groupby(ordered, key=keys.__getitem__)]


def _first(groups: list[list[int]], edges: list[list[list[float]]]) -> tuple[int, ...]:
    """The order, group after group, whose sequence of edges is the least."""
    if all(len(group) == 1 for group in groups):
        return tuple(k for (k,) in groups)
    outlook = _Outlook(groups, edges)
    orders: list[tuple[int, ...]] = [()]
    for group in groups:
        for _ in group:
            longer = [(*order, k) for order in orders for k in group if k not in order]
            steps = [edges[o[-2]][o[-1]] if len(o) > 1 else [0.0, 0.0] for o in longer]
            least = min(steps)
            # what follows depends only on which are used and where we stand
            kept = {(frozenset(o), o[-1]): o for o, step in zip(longer, steps, strict=True) if step == least}
            orders = outlook.thin(list(kept.values()))
    return orders[0]


class _Outlook:
    """Where an order may lead, in terms that no symmetry changes.

    Defects on a regular lattice tie in so many ways that following all of them would never end. Beyond MOST
    orders, of those with the same outlook one goes on, and only the MOST with the least.
    """

    def __init__(self, groups: list[list[int]], edges: list[list[list[float]]]) -> None:
        lengths = np.asarray(edges)
        _, codes = np.unique(lengths.reshape(-1, lengths.shape[-1]), axis=0, return_inverse=True)
        self._codes = codes.reshape(lengths.shape[:2])
        self._group = np.empty(len(edges), dtype=np.int64)
        for number, group in enumerate(groups):
            self._group[group] = number

    def thin(self, orders: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        if len(orders) <= MOST:
            return orders
        seen = {self._of(order): order for order in orders}
        return [seen[outlook] for outlook in sorted(seen)[:MOST]]

    def _of(self, order: tuple[int, ...]) -> bytes:
        """Of each defect that is left: its group, its edge from the last, and those to the others left."""
        left = np.setdiff1d(np.arange(len(self._group)), order)
        among = np.sort(self._codes[np.ix_(left, left)], axis=1)
        rows = np.column_stack([self._group[left], self._codes[order[-1], left], among])
        return rows[np.lexsort(rows.T[::-1])].astype(">u2").tobytes()
