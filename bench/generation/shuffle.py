"""As many different strings as a bench asks for, made of real ones."""

import random
from collections.abc import Iterator, Sequence

import numpy as np

from tools.generation.crystals.crystal import Crystal
from tools.generation.crystals.text import write_text
from tools.structures import NAMES

GROUPS = ("C", "N", "O", "F", "CC", "CN", "CO", "C(C)C", "C#N", "CCC", "OC", "NC")


def vary_molecules(texts: Sequence[str], seed: int) -> Iterator[str]:
    """Real SMILES first as they are, then with groups put before them; some are no molecules."""
    chance = random.Random(seed)  # noqa: S311 - a bench, no secret
    yield from texts
    while True:
        yield chance.choice(GROUPS) + chance.choice(GROUPS) + chance.choice(texts)


def vary_crystals(crystals: Sequence[Crystal], seed: int) -> Iterator[str]:
    """Real crystals first as they are, then with other elements on their sites."""
    chance = random.Random(seed)  # noqa: S311 - a bench, no secret
    yield from (write_text(crystal, decimals=4) for crystal in crystals)
    while True:
        crystal = chance.choice(crystals)
        kinds = sorted(set(crystal.symbols))
        other = dict(zip(kinds, chance.sample(NAMES[:83], len(kinds)), strict=True))
        symbols = tuple(other[symbol] for symbol in crystal.symbols)
        scale = 1 + 0.05 * chance.random()
        yield write_text(
            Crystal(symbols, np.asarray(crystal.fractional), crystal.lattice * scale), decimals=4
        )
