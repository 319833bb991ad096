"""Where defects stand to each other on the lattice, up to the symmetries of the layer.

Distances and undirected angles cannot see which way a triangle points: one of S vacancies around a Mo site
has the sides of one around a hollow. A word says more: a site, and the cells to it from that of an origin,
under one operation of the layer group. The least words over all operations are the same for configurations
that symmetry maps onto each other, and for no others.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration
from tools.defects.graph import TIE, image_cells, image_vectors
from tools.defects.hosts import Host
from tools.defects.symmetry import SymmetryOperation, keeps_supercell, layer_group

Ints = NDArray[np.int64]
CELL_BITS: Final = 7  # of the cells along an axis, −64 to 63
SITE_SHIFT: Final = 2 * CELL_BITS
KIND_SHIFT: Final = SITE_SHIFT + 2
WORD_BITS: Final = KIND_SHIFT + 5
MIDDLE: Final = 1 << (CELL_BITS - 1)
NEVER: Final = np.iinfo(np.int64).max
MOST_DEFECTS: Final = 100  # that a canonical form is sought of


@dataclass(frozen=True)
class Words:
    """Tables for G operations over the basis sites of an origin and another defect and the cells between.

    A word has no kind yet: it is added at KIND_SHIFT.
    """

    origins: Ints
    """(b, G): the site that an operation maps the origin on."""
    others: Ints
    """(b, b, n, m, G): where it maps the other, seen from the origin, through the nearest image."""
    least: Ints
    """(b, b, n, m): both words in one number, the least over all operations and equally near images."""
    steps: Ints
    """(b, b, n, m, 2): cells to the nearest image."""
    is_tied: NDArray[np.bool_]
    """(b, b, n, m): whether several images are as near."""
    is_symmetric: bool
    """Whether all operations map the supercell onto itself."""


@lru_cache(maxsize=32)
def word_tables(host: Host, n: int, m: int, *, whole_group: bool = True) -> Words:
    """Return the tables for the layer group, or only for its operations that keep the supercell."""
    group = [one for one in layer_group(host) if whole_group or keeps_supercell(one, n, m)]
    is_symmetric = all(keeps_supercell(one, n, m) for one in group)
    distance = np.linalg.norm(image_vectors(host, n, m), axis=-1)
    tied = distance < distance.min(-1, keepdims=True) + TIE
    cells = np.broadcast_to(image_cells(n, m), (*tied.shape, 2))
    codes = np.where(tied, _encoded(cells), NEVER)
    nearest = np.take_along_axis(cells, codes.argmin(-1)[..., None, None], axis=-2)
    home = codes.min(-1) if is_symmetric else None
    sites = np.array([one.image for one in group]).T
    others = np.stack([_moved(one, nearest, home) for one in group], axis=-1)[..., 0, :]
    origins = (sites << SITE_SHIFT)[:, None, None, None]
    least = ((origins << WORD_BITS) | others).min(-1)
    if not is_symmetric:
        every = np.stack([_moved(one, cells, None) for one in group], axis=-1)
        joined = (origins[..., None, :] << WORD_BITS) | every
        least = np.where(tied[..., None], joined, NEVER).min((-1, -2))
    return Words(sites << SITE_SHIFT, others, least, nearest[..., 0, :], tied.sum(-1) > 1, is_symmetric)


def canonical_form(configuration: Configuration) -> bytes:
    """Return what is the same for configurations that a symmetry of the supercell maps onto each other.

    Every defect is the origin in turn, under every operation; the least list of words is kept. Configurations
    that no symmetry maps onto each other have different forms. Empty for more than MOST_DEFECTS defects.
    """
    count = len(configuration.defects)
    if not 0 < count <= MOST_DEFECTS:
        return b""
    n, m = configuration.n, configuration.m
    table = word_tables(configuration.host, n, m, whole_group=False)
    i, j, basis = configuration.sites.T
    ranks = {kind: k for k, kind in enumerate(sorted(set(configuration.kinds)))}
    kinds = np.array([ranks[kind] for kind in configuration.kinds]) << KIND_SHIFT
    along_a, along_b = (i[None] - i[:, None]) % n, (j[None] - j[:, None]) % m
    words = table.others[basis[:, None], basis[None], along_a, along_b] | kinds[None, :, None]
    rows = np.sort(words[~np.eye(count, dtype=bool)].reshape(count, count - 1, words.shape[-1]), axis=1)
    first = (kinds[:, None] | table.origins[basis])[:, None]
    forms = np.concatenate([first, rows], axis=1).transpose(0, 2, 1).reshape(-1, count)
    least = forms[np.lexsort(forms.T[::-1])[0]]
    return np.asarray(least, dtype=">i8").tobytes()


def _moved(operation: SymmetryOperation, cells: Ints, home: Ints | None) -> Ints:
    """(b, b, n, m, images): words of the other's place; `home` has the nearest images in a supercell."""
    image, shift = np.array(operation.image), np.array(operation.shift)
    apart = (shift[None] - shift[:, None])[:, :, None, None, None]
    moved = cells @ np.array(operation.turn) + apart
    one, other = (np.broadcast_to(x, image.shape * 2) for x in (image[:, None], image[None]))
    if home is None:
        codes = _encoded(moved)
    else:
        inside = moved % home.shape[2:]
        codes = home[one[..., None, None, None], other[..., None, None, None], inside[..., 0], inside[..., 1]]
    return np.asarray(codes | (other << SITE_SHIFT)[..., None, None, None])


def _encoded(cells: Ints) -> Ints:
    return np.asarray((cells[..., 0] + MIDDLE) << CELL_BITS | (cells[..., 1] + MIDDLE))
