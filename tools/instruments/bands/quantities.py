"""What band models set and measure: the quantities that several of them share."""

from typing import Final

from tools.instruments.contract import Parameter, Response

STRUCTURE: Final = ("Electronic structure", "Band structure methods")
TOPOLOGY: Final = ("Topological phases of matter", "Geometric & topological phases")
TRANSPORT: Final = ("Transport phenomena", "Electrical conductivity")
EIGENVALUE: Final = 1e-12
"""What diagonalisation leaves of an energy that is zero, in eV, and of what is read from energies."""


def parameter(  # noqa: PLR0917 - rows of a table
    name: str,
    label: str,
    symbol: str,
    unit: str,
    bounds: tuple[float, float, float],
    meaning: str,
    words: str,
    *,
    concepts: tuple[str, ...] = STRUCTURE,
    integer: bool = False,
    logarithmic: bool = False,
) -> Parameter:
    low, default, high = bounds
    return Parameter(
        name=name,
        label=label,
        symbol=symbol,
        unit=unit,
        low=low,
        default=default,
        high=high,
        meaning=meaning,
        words=tuple(words.split("; ")),
        concepts=concepts,
        integer=integer,
        logarithmic=logarithmic,
    )


def response(  # noqa: PLR0917 - rows of a table
    name: str,
    label: str,
    symbol: str,
    unit: str,
    meaning: str,
    words: str,
    *,
    concepts: tuple[str, ...] = STRUCTURE,
    resolution: float = EIGENVALUE,
) -> Response:
    return Response(
        name=name,
        label=label,
        symbol=symbol,
        unit=unit,
        meaning=meaning,
        words=tuple(words.split("; ")),
        concepts=concepts,
        resolution=resolution,
    )


HOPPING: Final = parameter(
    "hopping",
    "hopping energy",
    "t",
    "eV",
    (0.1, 2.7, 5.0),
    "matrix element between neighbours",
    "hopping; hopping amplitude; transfer integral; tunnelling amplitude; hopping strength; overlap of "
    "orbitals",
)
ENERGY: Final = parameter(
    "energy",
    "energy",
    "E",
    "eV",
    (-6.0, 0.5, 6.0),
    "from the middle of the bands",
    "Fermi energy; chemical potential; Fermi level; doping; electron energy; gate voltage",
)
MASS: Final = parameter(
    "sublattice_potential",
    "sublattice potential",
    "m",
    "eV",
    (0.0, 0.1, 3.0),
    "energies of +m and −m on the two sublattices",
    "staggered potential; mass term; sublattice asymmetry; sublattice imbalance; inversion breaking; "
    "staggered on-site energy; energy difference of the sublattices",
)
GAP: Final = response(
    "gap",
    "band gap",
    "E_g",
    "eV",
    "between the filled lower half of the states and the rest",
    "gap; energy gap; bandgap; insulating gap; bulk gap; spectral gap",
)
WIDTH: Final = response(
    "band_width",
    "band width",
    "W",
    "eV",
    "from the lowest to the highest energy",
    "bandwidth; total band width; width of the band; spectral width; energy range of the bands",
)
CHERN: Final = response(
    "chern_number",
    "Chern number",
    "|C|",
    "1",
    "modulus of the Chern number of the lowest band",
    "topological invariant; Hall conductance; quantised Hall conductance; Hall conductivity in e²/h; "
    "number of edge modes; topological index",
    concepts=TOPOLOGY,
)
DENSITY: Final = response(
    "density_of_states",
    "density of states",
    "D(E)",
    "1/eV",
    "per orbital at the energy, broadened by t/50",
    "DOS; number of states at the Fermi level; spectral density; density of levels",
)
CONDUCTANCE: Final = response(
    "conductance",
    "conductance",
    "G",
    "conductance_quantum",
    "Landauer's, in units of 2e²/h",
    "Landauer conductance; quantised conductance; number of open channels; transmission; electrical "
    "conductance; "
    "number of conducting channels",
    concepts=TRANSPORT,
)
