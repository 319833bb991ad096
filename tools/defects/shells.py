"""Pairs of sites sorted into shells: two pairs share one if the host's symmetry (nearly) maps them."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.hosts import Host
from tools.defects.pairs import COLUMNS, pair_table

DECIMALS: Final = 2  # of an Å
UNSEEN: Final = -1

Keys = tuple[tuple[float, ...], ...]


@lru_cache(maxsize=16)
def shell_keys(host: Host) -> Keys:
    """(distance, |Δz|) of each shell in the training supercell, with |Δx|, |Δy| where x and y differ."""
    rows = _keys(host, *host.supercell)
    return tuple(sorted({tuple(row) for row in rows.reshape(-1, rows.shape[-1]).tolist()}))


def shell_distances(host: Host) -> NDArray[np.float64]:
    return np.array([key[0] for key in shell_keys(host)])


@lru_cache(maxsize=64)
def shell_table(host: Host, n: int, m: int) -> NDArray[np.int64]:
    """(b, b, n, m) shell numbers; UNSEEN beyond the training supercell."""
    known = {key: number for number, key in enumerate(shell_keys(host))}
    keys = _keys(host, n, m)
    flat = [known.get(tuple(row), UNSEEN) for row in keys.reshape(-1, keys.shape[-1]).tolist()]
    return np.array(flat, dtype=np.int64).reshape(keys.shape[:-1])


def _keys(host: Host, n: int, m: int) -> NDArray[np.float64]:
    names = ("distance", "dz", "dx", "dy") if host.is_anisotropic else ("distance", "dz")
    values = pair_table(host, n, m).values[..., [COLUMNS.index(name) for name in names]]
    rounded: NDArray[np.float64] = values.round(DECIMALS) + 0.0  # no −0
    return rounded
