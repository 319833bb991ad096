"""What the settings and responses of lattice spins are called, in units of J and of a magnet."""

from typing import Final

from tools.instruments.contract import Choice, Parameter, Response

MAGNETISM: Final = ("Magnetism", "Classical spin models")

TEMPERATURE: Final = Parameter(
    name="temperature",
    label="temperature",
    symbol="k_B T/J",
    unit="1",
    low=0.1,
    high=10,
    default=2.0,
    meaning="thermal energy k_B T in units of the exchange J",
    words=(
        "reduced temperature",
        "temperature in units of J/k_B",
        "thermal energy over exchange",
        "heating",
        "cooling",
        "thermal fluctuations",
    ),
    concepts=("Phase transitions",),
)
EXCHANGE: Final = Parameter(
    name="exchange",
    label="exchange coupling",
    symbol="J",
    unit="1",
    low=0.1,
    high=5,
    default=1,
    meaning="coupling of neighbours, in units of the default J; energies stay in units of the default",
    words=(
        "exchange",
        "exchange constant",
        "coupling strength",
        "interaction strength",
        "coupling between neighbours",
        "exchange interaction",
        "nearest-neighbour coupling",
    ),
    concepts=MAGNETISM,
)
FIELD: Final = Parameter(
    name="field",
    label="magnetic field",
    symbol="h/J",
    unit="1",
    low=0,
    high=5,
    default=0,
    meaning="field along the first axis, or along the first state, times the moment, in units of J",
    words=("external field", "applied field", "field strength", "Zeeman energy", "field"),
    concepts=("Magnetism",),
)
SIZE: Final = Parameter(
    name="size",
    label="linear size",
    symbol="L",
    unit="1",
    low=4,
    high=32,
    default=12,
    integer=True,
    meaning="sites along a side of the lattice, with periodic boundaries (a chain has its square)",
    words=("lattice size", "system size", "number of sites per side", "size", "linear dimension", "box size"),
    concepts=("Lattice models in statistical physics",),
)
DILUTION: Final = Parameter(
    name="dilution",
    label="dilution",
    symbol="x",
    unit="1",
    low=0,
    high=0.6,
    default=0,
    meaning="share of sites without a spin, at random",
    words=(
        "share of missing spins",
        "share of nonmagnetic sites",
        "vacancy concentration",
        "concentration of vacancies",
        "site dilution",
        "nonmagnetic impurities",
        "impurity concentration",
        "fraction of vacant sites",
    ),
    concepts=("Disordered systems", "Defects"),
)
STATES: Final = Parameter(
    name="states",
    label="number of states",
    symbol="q",
    unit="1",
    low=2,
    high=12,
    default=3,
    integer=True,
    meaning="values that a spin can take",
    words=("number of Potts states", "q", "number of colours", "number of spin values", "Potts states"),
    concepts=("Potts model",),
)
LATTICE: Final = Choice(
    name="lattice",
    label="lattice",
    values=("square", "triangular", "cubic", "chain"),
    default="square",
    meaning="where the spins sit",
    words={
        "square": (
            "square lattice",
            "two-dimensional",
            "two dimensions",
            "2D",
            "plane",
            "layer",
            "thin film",
        ),
        "triangular": ("triangular lattice", "hexagonal lattice"),
        "cubic": (
            "simple cubic",
            "cubic lattice",
            "three-dimensional",
            "three dimensions",
            "3D",
            "bulk",
        ),
        "chain": ("one-dimensional", "one dimension", "1D", "spin chain", "linear chain"),
    },
)


def _response(name: str, label: str, symbol: str, meaning: str, words: str) -> Response:
    return Response(
        name=name,
        label=label,
        symbol=symbol,
        unit="1",
        meaning=meaning,
        words=tuple(word.strip() for word in words.split(";")),
        concepts=MAGNETISM,
    )


RESPONSES: Final = (
    _response(
        "magnetisation",
        "magnetisation",
        "m",
        "length of the mean spin per site, 0 to 1; Potts: how far the commonest state exceeds 1/q",
        "magnetization; order parameter; spontaneous magnetisation; net moment; magnetic order; "
        "ferromagnetic order; long-range order; alignment of the spins",
    ),
    _response(
        "susceptibility",
        "magnetic susceptibility",
        "χ",
        "N(⟨m²⟩ − ⟨|m|⟩²)/(k_B T) per site, in units of 1/J",
        "susceptibility; response to a field; magnetic response; fluctuations of the magnetisation",
    ),
    _response(
        "heat_capacity",
        "heat capacity",
        "C/k_B",
        "N(⟨e²⟩ − ⟨e⟩²)/(k_B T)² per site, in units of k_B",
        "specific heat; heat capacity per spin; thermal capacity; energy fluctuations",
    ),
    _response(
        "energy",
        "energy per site",
        "e",
        "mean energy per spin, in units of the default J",
        "internal energy; energy per spin; mean energy; magnetic energy",
    ),
    _response(
        "binder_cumulant",
        "Binder cumulant",
        "U₄",
        "1 − ⟨m⁴⟩/(3⟨m²⟩²)",
        "fourth-order cumulant; Binder ratio; Binder parameter; kurtosis of the magnetisation",
    ),
    _response(
        "domain_wall_density",
        "domain-wall density",
        "ρ",
        "share of neighbours whose spins differ: (1 − cos of their angle)/2, or unequal states",
        "density of domain walls; wall density; share of unlike neighbours; fraction of broken bonds; "
        "number of domain walls; misaligned neighbours; disorder of the spins",
    ),
    _response(
        "domain_wall_energy",
        "domain-wall energy",
        "σ",
        "energy that a wall forced by antiperiodic boundaries costs, per site of its face, in units of J",
        "wall energy; energy of a domain wall; interface energy; wall cost; domain wall tension",
    ),
    _response(
        "correlation_length",
        "correlation length",
        "ξ",
        "of the connected correlations, in lattice constants, from the two smallest wave vectors",
        "spin correlation length; range of the correlations; length of the correlations; cluster size",
    ),
)
