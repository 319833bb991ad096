"""SOAP and the many-body tensor representation, by dscribe: smooth densities of neighbours.

Bartók, Kondor and Csányi, 10.1103/PhysRevB.87.184115; Huo and Rupp, 10.1088/2632-2153/aca005; dscribe,
Himanen et al., 10.1016/j.cpc.2019.106949.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tools.descriptors.contract import Descriptor, Floats, Ints
from tools.descriptors.errors import DescriptorError
from tools.extras import needing

CUTOFF: Final = 5.0  # Å
RADIAL, ANGULAR = 6, 4
EXTRAS: Final = dict.fromkeys(("dscribe", "ase"), "descriptors")
MOST: Final = 500


class MissingDscribe(DescriptorError):
    """The optional packages are not installed."""


def soap(r: Floats, Z: Ints, a: Floats) -> NDArray[Any]:  # noqa: N803 - symbols of the field
    """Return the power spectrum averaged over atoms, for the elements that are present, by atomic number.

    How many they are sets its length; which they are it does not say, so O for F may leave it as it is.
    """
    return np.asarray(of_many("soap", [(r, Z, a)])[0], dtype=float)


def mbtr(r: Floats, Z: Ints, a: Floats) -> NDArray[Any]:  # noqa: N803 - symbols of the field
    """Return the distribution of inverse distances (0 to 1 per Å, 50 points) for each pair of elements."""
    return np.asarray(of_many("mbtr", [(r, Z, a)])[0], dtype=float)


def of_many(
    name: Literal["soap", "mbtr"], structures: Sequence[tuple[Floats, Ints, Floats]], *, periodic: bool = True
) -> NDArray[Any]:
    """Return a row for each structure (places, numbers, lattice), for all elements that occur in any."""
    species = sorted({int(z) for _, numbers, _ in structures for z in numbers})
    with needing(EXTRAS, MissingDscribe):
        maker = _soap(species, periodic) if name == "soap" else _mbtr(species, periodic)
        return np.array([maker.create(_atoms(*one, periodic=periodic)) for one in structures], dtype=float)


def _soap(species: list[int], periodic: bool) -> Any:  # noqa: ANN401 - of dscribe, imported late
    from dscribe.descriptors import SOAP

    return SOAP(
        species=species, r_cut=CUTOFF, n_max=RADIAL, l_max=ANGULAR, average="outer", periodic=periodic
    )


def _mbtr(species: list[int], periodic: bool) -> Any:  # noqa: ANN401 - likewise
    from dscribe.descriptors import MBTR

    return MBTR(
        species=species,
        geometry={"function": "inverse_distance"},
        grid={"min": 0, "max": 1, "n": 50, "sigma": 0.02},
        weighting={"function": "exp", "scale": 0.5, "threshold": 1e-3},
        periodic=periodic,
        normalization="l2",
    )


def _atoms(r: Floats, numbers: Ints, lattice: Floats, *, periodic: bool) -> Any:  # noqa: ANN401 - arrays of any type
    import warnings

    from ase import Atoms as Make

    warnings.filterwarnings("ignore", category=FutureWarning, module="dscribe")
    make: Any = Make  # ase types some of its functions and not others
    atoms = make(numbers, positions=r, cell=lattice, pbc=periodic)
    if periodic:
        atoms.wrap()  # dscribe 2.1.2 misses neighbours of atoms that stand outside the cell
    return atoms


_TEXT: Final = """
  in   r : position[N,3] angstrom
       Z : species[N]
       a : lattice[3,3] angstrom
  out  x : spectrum[n]
  invariant under E(3), permutation(N), images, lattice(SL(3,Z)), supercell
  preserves geometry, volume
  loses handedness, orientation, origin, order(N)
"""
SOAP = Descriptor(
    name="soap",
    title="SOAP",
    specification=f"transform soap{_TEXT}",
    compute=soap,
    source="Bartók et al. 2013, 10.1103/PhysRevB.87.184115; dscribe, 10.1016/j.cpc.2019.106949",
    most_atoms=MOST,
    extra="descriptors",
)
MBTR = Descriptor(
    name="mbtr",
    title="many-body tensor representation",
    specification=f"transform mbtr{_TEXT}",
    compute=mbtr,
    source="Huo and Rupp 2022, 10.1088/2632-2153/aca005; dscribe, 10.1016/j.cpc.2019.106949",
    most_atoms=MOST,
    extra="descriptors",
)
