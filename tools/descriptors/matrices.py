"""Matrices between the charges of nuclei, by their eigenvalues: Coulomb, sine and Ewald sum.

Faber, Lindmaa, von Lilienfeld and Armiento, 10.1002/qua.24917; Rupp et al., 10.1103/PhysRevLett.108.058301.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.descriptors.contract import Descriptor, Floats, Ints
from tools.descriptors.periodic import vectors_within

DIAGONAL: Final = 0.5  # times Z^2.4: a fit to the energies of free atoms (Rupp et al.)
POWER: Final = 2.4
ACCURACY: Final = 1e-12  # of the Ewald sums: terms beyond it are left out
MOST: Final = 500


def coulomb(r: Floats, Z: Ints, a: Floats | None = None) -> NDArray[Any]:  # noqa: ARG001, N803 - one call for all
    """Return the eigenvalues (N), largest size first: Z_i Z_j / |r_i - r_j|. The cell is not looked at."""
    apart = np.linalg.norm(r[:, None] - r[None], axis=-1)
    return _eigenvalues(_with_diagonal(_over(np.outer(Z, Z), apart), Z))


def sorted_coulomb(r: Floats, Z: Ints, size: int) -> Floats:  # noqa: N803 - symbols of the field
    """Return the upper triangle, rows and columns by falling norm, filled with zeros to `size` atoms."""
    apart = np.linalg.norm(r[:, None] - r[None], axis=-1)
    matrix = _with_diagonal(_over(np.outer(Z, Z), apart), Z)
    order = np.argsort(-np.linalg.norm(matrix, axis=1), kind="stable")
    whole = np.zeros((size, size))
    whole[: len(Z), : len(Z)] = matrix[np.ix_(order, order)]
    return np.asarray(whole[np.triu_indices(size)])


def sine(r: Floats, Z: Ints, a: Floats) -> NDArray[Any]:  # noqa: N803 - symbols of the field
    """Return the eigenvalues (N) for the distance |A sum_k e_k sin²(pi f_k)|, f the fractional difference."""
    fractional = np.linalg.solve(a.T, (r[:, None] - r[None]).reshape(-1, 3).T).T
    apart = np.linalg.norm(np.sin(np.pi * fractional) ** 2 @ a, axis=-1).reshape(len(r), len(r))
    return _eigenvalues(_with_diagonal(_over(np.outer(Z, Z), apart), Z))


def ewald(r: Floats, Z: Ints, a: Floats) -> NDArray[Any]:  # noqa: N803 - symbols of the field
    """Return the eigenvalues (N) of the energies of pairs of nuclei and their images, e²/(4 pi eps0 Å).

    A uniform background makes each neutral. The width of the screening charges is that of Jackson and
    Catlow, 10.1080/08927028808080944; the result does not depend on it.
    """
    from scipy.special import erfc

    volume = abs(np.linalg.det(a))
    alpha = np.sqrt(np.pi) * (len(r) / volume**2) ** (1 / 6)
    reach = np.sqrt(-np.log(ACCURACY))
    fractional = np.linalg.solve(a.T, r.T).T
    apart = (fractional[:, None] - fractional[None]) @ a
    widest = float(np.linalg.norm(apart, axis=-1).max())
    shifts = vectors_within(a, reach / alpha + widest)
    waves = vectors_within(np.asarray(2 * np.pi * np.linalg.inv(a).T, dtype=np.float64), 2 * alpha * reach)
    waves = waves[np.linalg.norm(waves, axis=1) > 0]
    squares = (waves**2).sum(1)
    weights = 4 * np.pi / volume * np.exp(-squares / (4 * alpha**2)) / squares
    potential = np.empty((len(r), len(r)))
    for i in range(len(r)):  # a row at a time bounds the memory
        distance = np.linalg.norm(apart[i][:, None] + shifts[None], axis=-1)
        distance = np.where(distance < 1e-8, np.inf, distance)  # noqa: PLR2004 - axes, or a pair
        near = np.where(distance < reach / alpha, erfc(alpha * distance) / distance, 0.0).sum(1)
        potential[i] = near + np.cos(apart[i] @ waves.T) @ weights - np.pi / (volume * alpha**2)
    potential[np.diag_indices(len(r))] -= 2 * alpha / np.sqrt(np.pi)
    matrix = np.outer(Z, Z) * potential
    matrix[np.diag_indices(len(r))] /= 2
    return _eigenvalues(matrix)


def _over(charges: Ints, apart: Floats) -> Floats:
    """Return the quotient, 0 on the diagonal."""
    return np.divide(charges, apart, out=np.zeros_like(apart), where=~np.eye(len(apart), dtype=bool))


def _with_diagonal(matrix: Floats, numbers: Ints) -> Floats:
    matrix[np.diag_indices(len(numbers))] = DIAGONAL * numbers.astype(float) ** POWER
    return matrix


def _eigenvalues(matrix: Floats) -> NDArray[Any]:
    values = np.linalg.eigvalsh(matrix)
    return np.asarray(values[np.argsort(-np.abs(values), kind="stable")])


_CRYSTAL: Final = """
  in   r : position[N,3] angstrom
       Z : species[N]
       a : lattice[3,3] angstrom
  out  x : spectrum[n] 1/angstrom
"""

COULOMB = Descriptor(
    name="coulomb_matrix",
    title="Coulomb matrix",
    specification="""transform coulomb_matrix
  in   r : position[N,3] angstrom
       Z : species[N]
  out  x : spectrum[n] 1/angstrom
  invariant under E(3), permutation(N)
  preserves composition(Z), geometry
  loses handedness, orientation, origin, order(N)
""",
    compute=coulomb,
    source="Rupp et al. 2012, 10.1103/PhysRevLett.108.058301",
    most_atoms=MOST * 4,
)
SINE = Descriptor(
    name="sine_matrix",
    title="sine matrix",
    specification=f"""transform sine_matrix{_CRYSTAL}  invariant under E(3), permutation(N), images
  preserves composition(Z), geometry, volume
  loses handedness, orientation, origin, order(N)
""",
    compute=sine,
    source="Faber et al. 2015, 10.1002/qua.24917",
    most_atoms=MOST * 4,
)
EWALD = Descriptor(
    name="ewald_matrix",
    title="Ewald sum matrix",
    specification=f"""transform ewald_matrix{_CRYSTAL}  invariant under E(3), permutation(N), images
  invariant under lattice(SL(3,Z))
  preserves composition(Z), geometry, volume
  loses handedness, orientation, origin, order(N)
""",
    compute=ewald,
    source="Faber et al. 2015, 10.1002/qua.24917",
    most_atoms=MOST,
)
