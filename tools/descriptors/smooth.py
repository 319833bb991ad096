"""SOAP and the many-body tensor representation, by dscribe: smooth densities of neighbours.

Bartók, Kondor and Csányi, 10.1103/PhysRevB.87.184115; Huo and Rupp, 10.1088/2632-2153/aca005; dscribe,
Himanen et al., 10.1016/j.cpc.2019.106949.
"""

from typing import Any, Final

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
    with needing(EXTRAS, MissingDscribe):
        from dscribe.descriptors import SOAP

        maker = SOAP(
            species=sorted({int(z) for z in Z}),
            r_cut=CUTOFF,
            n_max=RADIAL,
            l_max=ANGULAR,
            average="outer",
            periodic=True,
        )
        return np.asarray(maker.create(_atoms(r, Z, a)), dtype=float)


def mbtr(r: Floats, Z: Ints, a: Floats) -> NDArray[Any]:  # noqa: N803 - symbols of the field
    """Return the distribution of inverse distances (0 to 1 per Å, 50 points) for each pair of elements."""
    with needing(EXTRAS, MissingDscribe):
        from dscribe.descriptors import MBTR

        maker = MBTR(
            species=sorted({int(z) for z in Z}),
            geometry={"function": "inverse_distance"},
            grid={"min": 0, "max": 1, "n": 50, "sigma": 0.02},
            weighting={"function": "exp", "scale": 0.5, "threshold": 1e-3},
            periodic=True,
            normalization="l2",
        )
        return np.asarray(maker.create(_atoms(r, Z, a)), dtype=float)


def _atoms(r: Floats, numbers: Ints, lattice: Floats) -> Any:  # noqa: ANN401 - arrays of any type
    import warnings

    from ase import Atoms as Make

    warnings.filterwarnings("ignore", category=FutureWarning, module="dscribe")
    make: Any = Make  # ase types some of its functions and not others
    atoms = make(numbers, positions=r, cell=lattice, pbc=True)
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
