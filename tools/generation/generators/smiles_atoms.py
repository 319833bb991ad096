"""What the atoms of a SMILES can bind, as RDKit's sanitisation counts it.

Aromatic ones are given single and double bonds if they can be (a Kekulé structure).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Final, TypeAlias

ATOM: Final = re.compile(r"\[([A-Z][a-z]?|[a-z])@{0,2}(H?)(\d?)([+-]?)\]|(Cl|Br|[BCNOPSFIbcnops])$")
VALENCES: Final = {
    ("B", 0): 3, ("C", 0): 4, ("N", 0): 3, ("O", 0): 2, ("P", 0): 5, ("S", 0): 6,
    ("F", 0): 1, ("Cl", 0): 1, ("Br", 0): 1, ("I", 0): 1,
    ("B", -1): 4, ("C", -1): 3, ("N", -1): 2, ("O", -1): 1, ("S", -1): 1,
    ("C", 1): 3, ("N", 1): 4, ("O", 1): 3, ("P", 1): 4, ("S", 1): 3,
}  # fmt: skip
SIGMA: Final = 3
LOWER: Final = {"P": (0, 2), "S": (0, 2)}


class Pi(Enum):
    """Whether an aromatic atom takes part in a double bond of its Kekulé structure."""

    ALWAYS = auto()
    UNLESS_THREE_BONDS = auto()
    NEVER = auto()


@dataclass(frozen=True)
class BondingAtom:
    """What one atom binds.

    `limit` is the sum of bond orders it can take, aromatic bonds counted as one; `spare` how much of that may
    stay free where no hydrogen fills it, none meaning any.
    """

    aromatic: bool
    limit: int
    spare: tuple[int, ...] | None
    pi: Pi = Pi.NEVER
    outward_double: bool = False


@cache
def read_atom(token: str) -> BondingAtom | None:
    """None where the token is no atom, or one whose valence is not in the table."""
    found = ATOM.fullmatch(token)
    if found is None:
        return None
    inside, hydrogen, count, sign, bare = found.groups()
    symbol = inside or bare
    charge = {"+": 1, "-": -1}.get(sign or "", 0)
    hydrogens = (int(count) if count else 1) if hydrogen else 0
    valence = VALENCES.get((symbol.capitalize(), charge))
    if valence is None:
        return None
    if symbol.islower():
        return _aromatic(symbol, charge, hydrogens, bracket=bare is None)
    spare = None if bare else LOWER.get(symbol, (0,))
    return BondingAtom(aromatic=False, limit=valence - hydrogens, spare=spare)


def _aromatic(symbol: str, charge: int, hydrogens: int, *, bracket: bool) -> BondingAtom:
    spare = (0,) if bracket else None
    if symbol == "c":
        pi = Pi.NEVER if charge else Pi.ALWAYS
        return BondingAtom(
            aromatic=True,
            limit=SIGMA - hydrogens,
            spare=(0,) if bracket else None,
            pi=pi,
            outward_double=not bracket,
        )
    if symbol == "n":
        pi = Pi.ALWAYS if charge > 0 else Pi.NEVER if charge < 0 or hydrogens else Pi.UNLESS_THREE_BONDS
        return BondingAtom(aromatic=True, limit=SIGMA - hydrogens - (charge < 0), spare=spare, pi=pi)
    pi = Pi.ALWAYS if charge > 0 else Pi.NEVER
    return BondingAtom(aromatic=True, limit=2, spare=(0,), pi=pi)


Graph: TypeAlias = Mapping[int, Iterable[int]]


def without_leaves(graph: Graph) -> set[int]:
    """The nodes left when nodes with fewer than two neighbours are taken away, again and again.

    An atom that goes this way is on no ring. A neighbour may be listed twice.
    """
    degree = {node: len(list(others)) for node, others in graph.items()}
    leaves = [node for node, count in degree.items() if count < 2]  # noqa: PLR2004 - a ring enters and leaves
    while leaves:
        leaf = leaves.pop()
        if degree.pop(leaf, None) is None:
            continue
        for other in graph[leaf]:
            if other in degree:
                degree[other] -= 1
                if degree[other] == 1:
                    leaves.append(other)
    return set(degree)


def bridges(graph: Graph) -> set[tuple[int, int]]:
    """Edges on no ring, both ways round; graphs of a molecule's size."""
    found = set()
    for node, others in graph.items():
        for other in others:
            if not _reaches(graph, node, other):
                found.add((node, other))
    return found


def _reaches(graph: Graph, start: int, goal: int) -> bool:
    """Whether there is a way from start to goal besides their own bond."""
    seen, waiting = {start}, [node for node in graph[start] if node != goal]
    while waiting:
        node = waiting.pop()
        if node == goal:
            return True
        if node not in seen:
            seen.add(node)
            waiting.extend(graph[node])
    return False


def pairable(graph: Graph, needed: set[int], able: set[int]) -> bool:
    """Whether every needed node can have a partner of its own among the able ones (needed included)."""
    if not needed:
        return True
    free = {node: [other for other in graph[node] if other in able] for node in needed}
    node = min(free, key=lambda place: len(free[place]))
    return any(
        pairable(graph, needed - {node, other}, able - {node, other})
        for other in sorted(free[node], key=lambda other: other not in needed)
    )
