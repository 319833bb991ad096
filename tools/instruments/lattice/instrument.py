"""Lattice spins as instruments: each model in units of J, and magnets in kelvin, meV and tesla."""

from collections.abc import Callable, Mapping
from typing import Final

from tools.instruments.contract import (
    Choice,
    Cost,
    InstrumentKind,
    Measurement,
    Parameter,
    Response,
    Settings,
    Source,
)
from tools.instruments.lattice import words
from tools.instruments.lattice.magnet import (
    MAGNET_CHOICES,
    MAGNET_PARAMETERS,
    MAGNET_RESPONSES,
    reduced,
    unit,
)
from tools.instruments.lattice.sample import Setting, refusal, sample, wall_energy

VERSION: Final = "1"
COST: Final = Cost(seconds=0.35, memory_mb=160)
SOURCES: Final = (
    Source(
        citation="Swendsen and Wang, Nonuniversal critical dynamics in Monte Carlo simulations",
        doi="10.1103/PhysRevLett.58.86",
    ),
    Source(
        citation="Wolff, Collective Monte Carlo updating for spin systems", doi="10.1103/PhysRevLett.62.361"
    ),
)
FORMULAS: Final = {
    "magnetisation": "order",
    "susceptibility": "susceptibility",
    "heat_capacity": "heat_capacity",
    "energy": "energy",
    "binder_cumulant": "binder",
    "domain_wall_density": "unlike_share",
    "correlation_length": "correlation_length",
}
ENERGIES: Final = frozenset({"energy", "domain_wall_energy"})


class LatticeSpins:
    """Classical spins on a lattice, sampled by cluster Monte Carlo."""

    kind: Final = InstrumentKind.SIMULATION
    version: Final = VERSION
    stochastic: Final = True
    cost: Final = COST
    source: Final = SOURCES
    extra: Final = None

    def __init__(
        self,
        *,
        name: str,
        title: str,
        purpose: str,
        systems: tuple[str, ...],
        parameters: tuple[Parameter, ...],
        choices: tuple[Choice, ...],
        responses: tuple[Response, ...],
        translate: Callable[[Settings], Setting],
        scale: Callable[[str, Settings], float],
    ) -> None:
        self.name, self.title, self.purpose, self.systems = name, title, purpose, systems
        self.parameters, self.choices, self.responses = parameters, choices, responses
        self._translate, self._scale = translate, scale

    def validity(self, settings: Settings) -> str | None:
        return refusal(self._translate(settings))

    def measure(self, settings: Settings, response: str, seed: int) -> Measurement:
        """Return a mean over 400 updates after 60 to warm up, with its jackknife uncertainty (20 batches)."""
        from tools.instruments.lattice import sample as observables

        setting = self._translate(settings)
        if response == "domain_wall_energy":
            value, std = wall_energy(setting, seed)
        else:
            formula = getattr(observables, FORMULAS[response])
            value, std = sample(setting, seed).estimate(formula)
        scale = self._scale(response, settings)
        return Measurement(value=value * scale, std=std * scale)


def _model(name: str) -> Callable[[Settings], Setting]:
    def translate(settings: Settings) -> Setting:
        exchange = float(settings["exchange"])
        return Setting(
            model=name,
            lattice=str(settings["lattice"]),
            size=round(float(settings["size"])),
            beta=exchange / float(settings["temperature"]),
            field=float(settings["field"]) / exchange,
            dilution=float(settings["dilution"]),
            states=round(float(settings.get("states", 0))),
        )

    return translate


def _in_units_of_j(response: str, settings: Settings) -> float:
    exchange = float(settings["exchange"])
    if response in ENERGIES:
        return exchange
    return 1 / exchange if response == "susceptibility" else 1.0


COLD: Final = {"ising": 2.0, "potts": 0.9, "xy": 0.8, "heisenberg": 1.2}
"""Defaults of the temperature: somewhat below the transition of the default lattice."""
LATTICES: Final = {"heisenberg": "cubic"}
"""In two dimensions it has no order at any temperature (Mermin and Wagner 1966)."""


def _parameters(name: str) -> tuple[Parameter, ...]:
    temperature = words.TEMPERATURE.model_copy(update={"default": COLD[name]})
    common = (temperature, words.EXCHANGE, words.FIELD, words.SIZE, words.DILUTION)
    return (*common, words.STATES) if name == "potts" else common


MODELS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "ising": (
        "Ising model",
        (
            "Ising model",
            "Ising ferromagnet",
            "two-dimensional Ising model",
            "three-dimensional Ising model",
            "uniaxial ferromagnet",
            "lattice gas",
            "square-lattice Ising model",
            "Ising spins",
            "diluted Ising model",
            "Ising chain",
        ),
    ),
    "potts": (
        "Potts model",
        ("Potts model", "q-state Potts model", "Potts spins", "three-state Potts model"),
    ),
    "xy": (
        "XY model",
        (
            "XY model",
            "planar rotors",
            "easy-plane magnet",
            "Kosterlitz-Thouless transition",
            "planar spins",
            "superfluid film model",
            "O(2) model",
        ),
    ),
    "heisenberg": (
        "Heisenberg model",
        ("classical Heisenberg model", "Heisenberg model", "Heisenberg ferromagnet", "isotropic ferromagnet",
         "O(3) model", "Heisenberg spins"),
    ),
}  # fmt: skip

INSTRUMENTS: Final = (
    *(
        LatticeSpins(
            name=f"lattice_{name}",
            title=f"{title} on a lattice",
            purpose=f"The classical {title} with nearest-neighbour exchange, by cluster Monte Carlo, in "
            "units of the exchange J. Leaves out quantum fluctuations, anisotropy and long-range forces.",
            systems=systems,
            parameters=_parameters(name),
            choices=(words.LATTICE.model_copy(update={"default": LATTICES.get(name, "square")}),),
            responses=words.RESPONSES,
            translate=_model(name),
            scale=_in_units_of_j,
        )
        for name, (title, systems) in MODELS.items()
    ),
    LatticeSpins(
        name="lattice_magnet",
        title="Ferromagnet of classical spins",
        purpose="A magnet that orders when it cools through its transition, and its domain walls: classical "
        "Ising, XY or Heisenberg spins with nearest-neighbour exchange, temperature in kelvin, exchange in "
        "meV, moment in Bohr magnetons and field in tesla. Leaves out quantum fluctuations, itinerant "
        "electrons and dipolar forces.",
        systems=(
            "ferromagnet",
            "magnetic material",
            "ferromagnetic crystal",
            "two-dimensional magnet",
            "magnetic thin film",
            "van der Waals magnet",
            "CrI3 monolayer",
            "magnetic insulator",
            "spin lattice",
        ),
        parameters=MAGNET_PARAMETERS,
        choices=MAGNET_CHOICES,
        responses=MAGNET_RESPONSES,
        translate=reduced,
        scale=unit,
    ),
)
