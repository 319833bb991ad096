"""Energies of cubic crystals by CHGNet, and what follows from them: volume, bulk modulus, pressure, moment.

Uncertainties come from CHGNet's published errors on its test set (Deng et al. 2023, table 1): 30 meV an atom,
0.348 GPa of stress, 0.032 Bohr magnetons. They are errors against the density-functional theory that it
learned from, and neighbours in a series share part of them.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.extras import needing
from tools.instruments.contract import InstrumentError, Measurement, OutsideValidity, Settings
from tools.instruments.crystals.prototypes import MATERIALS, SERIES, OrderedAlloy, PrototypeCrystal

ENERGY_ERROR = 0.030
STRESS_ERROR = 0.348
MOMENT_ERROR = 0.032
GPA = 160.21766208
"""Of one eV/Å³."""
GRAM = 1.66053906892
"""g/cm³ of one dalton/Å³."""
SEARCHED = 0.09
"""How far from the start a lattice parameter is looked for, relatively."""
FITTED = np.linspace(-0.08, 0.03, 12)
"""Lattice parameters about the minimum to which an equation of state is fitted, relatively."""
MODULUS_ERROR = STRESS_ERROR * np.sqrt(2) / 0.12
"""GPa: two stresses, at volumes 12 % apart."""
SOFTENING = 0.15
"""Of a modulus, relatively: universal potentials of this kind are too soft (Deng et al. 2025)."""

Values = NDArray[np.float64]


@lru_cache(maxsize=1)
def _model() -> Any:  # noqa: ANN401 - CHGNet has no types
    with needing({"chgnet": "stability", "torch": "stability"}, InstrumentError):
        import torch
        from chgnet.model.model import CHGNet
    torch.set_num_threads(1)
    return CHGNet.load(use_device="cpu", verbose=False)


def energies(crystal: PrototypeCrystal | OrderedAlloy, lattice_parameters: Values) -> Values:
    """Return energies in eV an atom."""
    structures = [crystal.structure(float(size)) for size in lattice_parameters]
    return np.array(
        [float(found["e"]) for found in _model().predict_structure(structures, task="e", batch_size=16)]
    )


class EquationOfState:
    """Birch and Murnaghan's third order, fitted to a crystal: volumes an atom in Å³, energies in eV, GPa."""

    def __init__(self, crystal: PrototypeCrystal | OrderedAlloy) -> None:
        """Find the minimum and fit. Raises InstrumentError where there is none near the start."""
        wide = crystal.start * (1 + np.linspace(-SEARCHED, SEARCHED, 19))
        found = energies(crystal, wide)
        best = int(found.argmin())
        if best in (0, len(wide) - 1):
            raise InstrumentError(
                f"no minimum of the energy near a lattice parameter of {crystal.start:.2f} Å"
            )
        sizes = wide[best] * (1 + FITTED)
        self.crystal, cell = crystal, crystal.structure(float(wide[best]))
        self.shape = cell.volume / len(cell) / wide[best] ** 3
        self.mass = float(cell.composition.weight) / len(cell)
        strain = (self.shape * sizes**3) ** (-2 / 3)
        self._cubic = np.polynomial.Polynomial.fit(strain, energies(crystal, sizes), 3)
        self._slope, self._bend = self._cubic.deriv(), self._cubic.deriv(2)
        self._range = (float(sizes[0]), float(sizes[-1]))
        self.volume = self.at_pressure(0.0)
        self.energy = float(self._cubic(self.volume ** (-2 / 3)))

    def pressure(self, volume: float) -> float:
        """Return −dE/dV in GPa."""
        return float(self._slope(volume ** (-2 / 3)) * 2 / 3 * volume ** (-5 / 3)) * GPA

    def modulus(self, volume: float) -> float:
        """Return −V dP/dV in GPa, by a difference of a hundredth."""
        step = 0.005 * volume
        return -(self.pressure(volume + step) - self.pressure(volume - step)) / 0.01

    def at_pressure(self, pressure: float) -> float:
        """Return the volume an atom at which the crystal bears a pressure in GPa."""
        from scipy.optimize import brentq

        low, high = (self.shape * size**3 for size in self._range)
        try:
            return float(brentq(lambda volume: self.pressure(volume) - pressure, low, high))
        except ValueError as error:
            raise OutsideValidity(f"{pressure:g} GPa lies beyond the fitted equation of state") from error


@lru_cache(maxsize=64)
def equation(crystal: PrototypeCrystal | OrderedAlloy) -> EquationOfState:
    """Return the crystal's equation of state; made once a process."""
    return EquationOfState(crystal)


def compress(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - nothing is random
    """Put a crystal under hydrostatic pressure."""
    state = equation(MATERIALS[str(settings["material"])])
    return _measured(state, state.at_pressure(float(settings["pressure"])), response)


def along(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - nothing is random
    """Go along a series of compounds from period to period, at no pressure."""
    state = equation(SERIES[str(settings["series"])][int(settings["period"])])
    return _measured(state, state.volume, response)


def mix(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - nothing is random
    """Replace atoms of an ordered alloy, at no pressure."""
    pair, replaced = str(settings["pair"]), int(settings["replaced"])
    state = equation(OrderedAlloy(pair, replaced))
    if response != "mixing_energy":
        return _measured(state, state.volume, response)
    host, guest = (equation(OrderedAlloy(pair, number)).energy for number in (0, 4))
    share = replaced / 4
    error = 0 if replaced in (0, 4) else ENERGY_ERROR
    return Measurement(value=1000 * (state.energy - (1 - share) * host - share * guest), std=1000 * error)


def _measured(state: EquationOfState, volume: float, response: str) -> Measurement:
    modulus = state.modulus(volume)
    size = (volume / state.shape) ** (1 / 3)
    loose = STRESS_ERROR / modulus  # relative error of the volume
    if response == "magnetic_moment":
        moments = _model().predict_structure(state.crystal.structure(size), task="em")["m"]
        return Measurement(value=float(np.mean(np.abs(moments))), std=MOMENT_ERROR)
    values = {
        "volume": (volume, volume * loose),
        "lattice_parameter": (size, size * loose / 3),
        "bulk_modulus": (modulus, np.hypot(MODULUS_ERROR, SOFTENING * modulus)),
        "density": (state.mass / volume * GRAM, state.mass / volume * GRAM * loose),
    }
    value, error = values[response]
    return Measurement(value=float(value), std=abs(float(error)))


def in_series(settings: Settings) -> str | None:
    """Say that a series has no such member; None where it has."""
    members = SERIES[str(settings["series"])]
    if int(settings["period"]) not in members:
        return f"the {settings['series']} here have the periods {', '.join(map(str, members))}"
    return None
