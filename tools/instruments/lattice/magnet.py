"""A magnet in kelvin, meV, tesla and Bohr magnetons, and how that reads in units of the exchange."""

from typing import Final

from tools.instruments.contract import Choice, Parameter, Settings
from tools.instruments.lattice import words
from tools.instruments.lattice.sample import Setting

K_B: Final = 0.08617333262
"""meV/K (CODATA 2022)."""
MU_B: Final = 0.05788381798
"""meV/T (CODATA 2022)."""
R_GAS: Final = 8.31446261815324
"""J/mol/K."""

MAGNET_PARAMETERS: Final = (
    words.TEMPERATURE.model_copy(
        update={
            "symbol": "T",
            "unit": "K",
            "low": 5.0,
            "high": 1000.0,
            "default": 100.0,
            "meaning": "temperature of the magnet",
            "words": ("heating", "cooling", "absolute temperature"),
        }
    ),
    words.EXCHANGE.model_copy(
        update={
            "unit": "meV",
            "low": 0.5,
            "high": 50.0,
            "default": 5.0,
            "meaning": "J of neighbours in E = −Σ J s·s′ with spins of unit length",
        }
    ),
    words.FIELD.model_copy(
        update={
            "symbol": "B",
            "unit": "T",
            "low": 0.0,
            "high": 100.0,
            "meaning": "flux density along the easy axis",
        }
    ),
    Parameter(
        name="moment",
        label="magnetic moment",
        symbol="μ",
        unit="bohr_magneton",
        low=0.5,
        high=10,
        default=3,
        meaning="moment of a spin",
        words=("spin moment", "local moment", "moment per atom", "atomic moment"),
        concepts=("Magnetism",),
    ),
    words.SIZE,
    words.DILUTION,
)
MAGNET_CHOICES: Final = (
    Choice(
        name="spins",
        label="spins",
        values=("ising", "xy", "heisenberg"),
        default="heisenberg",
        meaning="how free the spins are",
        words={
            "ising": ("Ising", "uniaxial", "easy axis", "strong anisotropy"),
            "xy": ("XY", "easy plane", "planar"),
            "heisenberg": ("Heisenberg", "isotropic"),
        },
    ),
    words.LATTICE.model_copy(update={"default": "cubic"}),
)
UNITS: Final = {
    "susceptibility": "bohr_magneton/tesla",
    "heat_capacity": "J/mol/K",
    "energy": "meV",
    "domain_wall_energy": "meV",
    "magnetisation": "bohr_magneton",
}
MEANINGS: Final = {
    "magnetisation": "mean moment per site",
    "susceptibility": "N(⟨m²⟩ − ⟨|m|⟩²)/(k_B T) per site: change of the moment with the field",
    "heat_capacity": "of the spins, per mole of sites (classical: without quantum freezing near 0 K)",
    "energy": "mean magnetic energy per site",
    "domain_wall_energy": "energy that a wall costs, per site of its face",
}
MAGNET_RESPONSES: Final = tuple(
    response.model_copy(
        update={
            "unit": UNITS.get(response.name, response.unit),
            "meaning": MEANINGS.get(response.name, response.meaning),
        }
    )
    for response in words.RESPONSES
)


def reduced(settings: Settings) -> Setting:
    """Return the settings in units of the exchange."""
    exchange = float(settings["exchange"])
    return Setting(
        model=str(settings["spins"]),
        lattice=str(settings["lattice"]),
        size=round(float(settings["size"])),
        beta=exchange / (K_B * float(settings["temperature"])),
        field=MU_B * float(settings["moment"]) * float(settings["field"]) / exchange,
        dilution=float(settings["dilution"]),
    )


def unit(response: str, settings: Settings) -> float:
    """Return what one of the reduced response is in the magnet's unit."""
    exchange, moment = float(settings["exchange"]), float(settings["moment"])
    return {
        "magnetisation": moment,
        "susceptibility": moment**2 * MU_B / exchange,
        "heat_capacity": R_GAS,
        "energy": exchange,
        "domain_wall_energy": exchange,
    }.get(response, 1.0)
