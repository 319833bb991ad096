"""Systems of few variables: maps, chaotic flows, oscillators, neurons, predators and prey.

They are declared in `data/instruments.yaml` and read by `systems`.
"""

from importlib import resources
from typing import Final

from tools.instruments.declared import Simulation, declarations
from tools.instruments.dynamics import systems

READINGS: Final = {
    "dynamics_lorenz": systems.LORENZ,
    "dynamics_logistic": systems.LOGISTIC,
    "dynamics_duffing": systems.DUFFING,
    "dynamics_pendulum": systems.PENDULUM,
    "dynamics_fitzhugh_nagumo": systems.NEURON,
    "dynamics_van_der_pol": systems.VAN_DER_POL,
    "dynamics_two_oscillators": systems.TWO_OSCILLATORS,
    "dynamics_lotka_volterra": systems.LOTKA_VOLTERRA,
}
FILE: Final = resources.files("tools.instruments.dynamics") / "data" / "instruments.yaml"
INSTRUMENTS: Final = tuple(
    Simulation(declaration, READINGS[name]) for name, declaration in declarations(FILE).items()
)
