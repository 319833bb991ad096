"""CHGNet, an interatomic potential whose wheel holds its weights.

Deng et al., Nature Machine Intelligence 5, 1031 (2023), doi 10.1038/s42256-023-00716-3; trained on
relaxations of the Materials Project (GGA and GGA+U with its 2020 corrections).
"""

import io
import time
import warnings
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tools.generation.extra import needing_extra

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chgnet.model.dynamics import CHGNetCalculator
    from pymatgen.core.structure import Structure

WEIGHTS: Final = "0.3.0"
NAME: Final = f"CHGNet {WEIGHTS}"
FORCE: Final = 0.05  # eV/Å
STEPS: Final = 200
SECONDS: Final = 60.0
HUGE: Final = 2.0  # of the volume before, or its inverse: the structure has fallen apart or in
LARGEST: Final = 200  # atoms


@dataclass(frozen=True)
class Relaxed:
    """A structure at rest, or where the steps ran out."""

    structure: "Structure"
    energy: float
    """eV/atom"""
    largest_force: float
    """eV/Å"""
    steps: int
    converged: bool
    volume_change: float


@cache
def load() -> "CHGNetCalculator":
    """Raises MissingPackage."""
    with needing_extra(), _quietly():
        from chgnet.model.dynamics import CHGNetCalculator
        from chgnet.model.model import CHGNet

        model = CHGNet.load(model_name=WEIGHTS, use_device="cpu", verbose=False)
        return CHGNetCalculator(model, use_device="cpu", on_isolated_atoms="error")


def relax(structure: "Structure", *, steps: int = STEPS, seconds: float = SECONDS) -> Relaxed:
    """Atoms and cell, by FIRE, until all forces are below FORCE or steps or time run out.

    Raises ValueError where an atom loses its last neighbour within 6 Å.
    """
    calculator = load()
    from ase.filters import FrechetCellFilter
    from ase.optimize.fire import FIRE
    from pymatgen.io.ase import AseAtomsAdaptor

    atoms: Any = AseAtomsAdaptor.get_atoms(structure, msonable=False)
    atoms.calc = calculator
    with _quietly():
        made, converged = _move(FIRE, FrechetCellFilter(atoms), steps, time.monotonic() + seconds)  # type: ignore[no-untyped-call]  # ase
        energy = float(atoms.get_potential_energy()) / len(atoms)
        force = float((atoms.get_forces() ** 2).sum(axis=1).max() ** 0.5)
    change = float(atoms.get_volume()) / structure.volume - 1
    return Relaxed(AseAtomsAdaptor.get_structure(atoms), energy, force, made, converged, change)


def _move(optimizer: Any, cell: Any, steps: int, end: float) -> tuple[int, bool]:  # noqa: ANN401 - ase's classes carry no types
    """Steps made, and whether all forces are small."""
    made, converged, volume = -1, False, cell.atoms.get_volume()
    for at_rest in optimizer(cell, logfile=None).irun(fmax=FORCE, steps=steps):
        made, converged = made + 1, bool(at_rest)
        if time.monotonic() > end or not 1 / HUGE < cell.atoms.get_volume() / volume < HUGE:
            break
    return made, converged


@contextmanager
def _quietly() -> "Iterator[None]":
    """Its libraries tell standard output where they run, and warn of what we handle."""
    with redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
