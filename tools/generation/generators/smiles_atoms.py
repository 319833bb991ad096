"""What an atom of a SMILES can bind, as RDKit's sanitisation counts it."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Final

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
