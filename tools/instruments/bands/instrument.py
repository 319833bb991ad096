"""Band models as instruments: what can be set, what is measured, and for which systems."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from tools.instruments.bands import models
from tools.instruments.contract import (
    Choice,
    Cost,
    Kind,
    Measurement,
    Parameter,
    Response,
    Settings,
    Source,
)

VERSION: Final = "1"
STRUCTURE: Final = ("Electronic structure", "Band structure methods")
TOPOLOGY: Final = ("Topological phases of matter", "Geometric & topological phases")
TRANSPORT: Final = ("Transport phenomena", "Electrical conductivity")


class BandModel:
    """Electrons without interaction in tight binding, solved by diagonalisation."""

    kind: Final = Kind.SIMULATION
    version: Final = VERSION
    choices: Final[tuple[Choice, ...]] = ()
    extra: Final = None

    def __init__(
        self,
        *,
        name: str,
        title: str,
        purpose: str,
        systems: tuple[str, ...],
        parameters: tuple[Parameter, ...],
        responses: tuple[Response, ...],
        readings: Mapping[str, models.Reading],
        source: Source,
        seconds: float,
        stochastic: bool = False,
        refusal: Callable[[Settings], str | None] = lambda _: None,
    ) -> None:
        self.name, self.title, self.purpose, self.systems = name, title, purpose, systems
        self.parameters, self.responses, self.stochastic = parameters, responses, stochastic
        self.source = (source,)
        self.cost = Cost(seconds=seconds, memory_mb=150)
        self._readings, self._refusal = readings, refusal

    def validity(self, settings: Settings) -> str | None:
        return self._refusal(settings)

    def measure(self, settings: Settings, response: str, seed: int) -> Measurement:
        """Return the response; without disorder its uncertainty is 0."""
        value, std = self._readings[response](settings, seed)
        return Measurement(value=value, std=std)


def _parameter(  # noqa: PLR0917 - rows of a table
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


def _response(  # noqa: PLR0917 - rows of a table
    name: str,
    label: str,
    symbol: str,
    unit: str,
    meaning: str,
    words: str,
    *,
    concepts: tuple[str, ...] = STRUCTURE,
) -> Response:
    return Response(
        name=name,
        label=label,
        symbol=symbol,
        unit=unit,
        meaning=meaning,
        words=tuple(words.split("; ")),
        concepts=concepts,
    )


HOPPING: Final = _parameter(
    "hopping",
    "hopping energy",
    "t",
    "eV",
    (0.1, 2.7, 5.0),
    "matrix element between neighbours",
    "hopping; hopping amplitude; transfer integral; tunnelling amplitude; hopping strength; overlap of "
    "orbitals",
)
ENERGY: Final = _parameter(
    "energy",
    "energy",
    "E",
    "eV",
    (-6.0, 0.5, 6.0),
    "from the middle of the bands",
    "Fermi energy; chemical potential; Fermi level; doping; electron energy; gate voltage",
)
MASS: Final = _parameter(
    "sublattice_potential",
    "sublattice potential",
    "m",
    "eV",
    (0.0, 0.1, 3.0),
    "energies of +m and −m on the two sublattices",
    "staggered potential; mass term; sublattice asymmetry; sublattice imbalance; inversion breaking; "
    "staggered on-site energy; energy difference of the sublattices",
)
GAP: Final = _response(
    "gap",
    "band gap",
    "E_g",
    "eV",
    "between the filled lower half of the states and the rest",
    "gap; energy gap; bandgap; insulating gap; bulk gap; spectral gap",
)
WIDTH: Final = _response(
    "band_width",
    "band width",
    "W",
    "eV",
    "from the lowest to the highest energy",
    "bandwidth; total band width; width of the band; spectral width; energy range of the bands",
)
CHERN: Final = _response(
    "chern_number",
    "Chern number",
    "|C|",
    "1",
    "modulus of the Chern number of the lowest band",
    "topological invariant; Hall conductance; quantised Hall conductance; Hall conductivity in e²/h; "
    "number of edge modes; topological index",
    concepts=TOPOLOGY,
)
DENSITY: Final = _response(
    "density_of_states",
    "density of states",
    "D(E)",
    "1/eV",
    "per orbital at the energy, broadened by t/50",
    "DOS; number of states at the Fermi level; spectral density; density of levels",
)
CONDUCTANCE: Final = _response(
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

CHAIN: Final = BandModel(
    name="band_ssh",
    title="Dimerised chain (SSH and Rice–Mele)",
    purpose="A chain of two atoms a cell with alternating hopping and staggered site energies, at half "
    "filling. "
    "Equal hoppings are a simple chain. Leaves out electron interaction and the lattice's response.",
    systems=(
        "SSH model",
        "Su-Schrieffer-Heeger chain",
        "polyacetylene",
        "dimerised chain",
        "dimerized chain",
        "Rice-Mele model",
        "tight-binding chain",
        "one-dimensional crystal",
        "Peierls chain",
        "diatomic chain",
    ),
    parameters=(
        _parameter(
            "hopping_inside",
            "hopping inside a cell",
            "v",
            "eV",
            (0.05, 0.8, 3.0),
            "within a dimer",
            "intracell hopping; intra-cell hopping; intradimer hopping; hopping within the unit cell",
        ),
        _parameter(
            "hopping_between",
            "hopping between cells",
            "w",
            "eV",
            (0.05, 1.0, 3.0),
            "from a dimer to the next",
            "intercell hopping; inter-cell hopping; interdimer hopping; hopping between unit cells",
        ),
        MASS.model_copy(
            update={"name": "staggered_potential", "label": "staggered potential", "default": 0.0}
        ),
        ENERGY,
        _parameter(
            "cells",
            "number of cells",
            "N",
            "1",
            (2, 12, 100),
            "of the open chain whose edges are looked at",
            "chain length; length of the chain; number of unit cells; system size",
            integer=True,
        ),
    ),
    responses=(
        GAP,
        WIDTH,
        _response(
            "winding_number",
            "winding number",
            "ν",
            "1",
            "of the bulk, without staggered potential",
            "topological invariant; Zak phase over π; topological winding; number of edge states",
            concepts=TOPOLOGY,
        ),
        _response(
            "edge_energy",
            "energy of the edge state",
            "E₀",
            "eV",
            "smallest modulus of an energy of the open chain",
            "edge-state energy; hybridisation of the edge states; splitting of the edge states; midgap "
            "energy",
            concepts=TOPOLOGY,
        ),
        _response(
            "edge_length",
            "decay length of the edge state",
            "ξ",
            "1",
            "in cells; 0 where there is no edge state",
            "localisation length of the edge state; extent of the edge state; penetration of the edge state",
            concepts=TOPOLOGY,
        ),
        DENSITY,
    ),
    readings=models.DIMERS,
    source=Source(
        citation="Su, Schrieffer and Heeger, Solitons in polyacetylene", doi="10.1103/PhysRevLett.42.1698"
    ),
    seconds=0.005,
)

GRAPHENE: Final = BandModel(
    name="band_graphene",
    title="Graphene and gapped honeycombs",
    purpose="Electrons on a honeycomb with nearest-neighbour hopping, a sublattice potential and uniaxial "
    "strain "
    "along zigzag. Leaves out interaction, spin–orbit coupling and hopping to second neighbours.",
    systems=(
        "graphene",
        "honeycomb lattice",
        "boron nitride monolayer",
        "strained graphene",
        ("Dirac material"),
        "gapped graphene",
        "artificial graphene",
        "graphene on a substrate",
    ),
    parameters=(
        HOPPING,
        MASS.model_copy(update={"default": 0.0}),
        _parameter(
            "strain",
            "uniaxial strain",
            "ε",
            "1",
            (0.0, 0.0, 0.3),
            "relative stretch along zigzag",
            "strain; stretching; tensile strain; elongation; deformation",
        ),
        ENERGY,
    ),
    responses=(
        GAP,
        WIDTH,
        _response(
            "fermi_velocity",
            "Fermi velocity",
            "v_F",
            "m/s",
            "slope of the cones, without strain or gap",
            "Dirac velocity; velocity of the electrons; speed of the carriers; slope of the Dirac cone",
        ),
        DENSITY,
    ),
    readings=models.GRAPHENE,
    source=Source(
        citation="Castro Neto et al., The electronic properties of graphene", doi="10.1103/RevModPhys.81.109"
    ),
    seconds=0.1,
)

HALDANE: Final = BandModel(
    name="band_haldane",
    title="Haldane model",
    purpose="A honeycomb with complex hopping to second neighbours and a sublattice potential at half "
    "filling: "
    "the Chern insulator. Leaves out interaction and disorder.",
    systems=(
        "Haldane model",
        "Chern insulator",
        "quantum anomalous Hall insulator",
        "topological insulator",
        "honeycomb with complex hopping",
    ),
    parameters=(
        HOPPING.model_copy(update={"default": 1.0}),
        _parameter(
            "second_hopping",
            "second-neighbour hopping",
            "t₂",
            "eV",
            (0.0, 0.1, 0.33),
            "its modulus",
            "next-nearest-neighbour hopping; complex hopping; t2",
        ),
        _parameter(
            "phase",
            "hopping phase",
            "φ",
            "rad",
            (0.0, math.pi / 2, 2 * math.pi),
            "of the second-neighbour hopping",
            "Haldane phase; flux phase; phase of the complex hopping; Haldane flux",
        ),
        MASS,
    ),
    responses=(GAP, WIDTH, CHERN),
    readings=models.HALDANE,
    source=Source(
        citation="Haldane, Model for a quantum Hall effect without Landau levels",
        doi="10.1103/PhysRevLett.61.2015",
    ),
    seconds=0.05,
)

HOFSTADTER: Final = BandModel(
    name="band_hofstadter",
    title="Hofstadter's lattice in a magnetic field",
    purpose="Electrons on a square lattice with a flux through every plaquette, as the nearest fraction "
    "with a "
    "denominator of at most 24; one band filled. Leaves out interaction, disorder and spin.",
    systems=(
        "Hofstadter model",
        "Hofstadter butterfly",
        "Harper model",
        ("lattice electrons in a magnetic field"),
        "square lattice in a magnetic field",
        "moire superlattice in a magnetic field",
    ),
    parameters=(
        HOPPING.model_copy(update={"default": 1.0}),
        _parameter(
            "flux",
            "magnetic flux per plaquette",
            "α",
            "1",
            (0.0, 0.25, 1.0),
            "in flux quanta h/e",
            "flux; flux per unit cell; flux quanta per plaquette; magnetic field; number of flux quanta",
            concepts=("Magnetotransport",),
        ),
    ),
    responses=(
        WIDTH,
        _response(
            "lowest_energy",
            "lowest energy",
            "E₀",
            "eV",
            "bottom of the spectrum",
            "ground-state energy; band bottom; lower edge of the spectrum; energy of the lowest band",
        ),
        GAP.model_copy(
            update={"meaning": "above the lowest band", "words": (*GAP.words, ("gap above the lowest band"))}
        ),
        _response(
            "lowest_band_width",
            "width of the lowest band",
            "W₀",
            "eV",
            "of the lowest magnetic sub-band",
            "flatness of the lowest band; width of the lowest Landau level; dispersion of the lowest band",
        ),
        CHERN,
    ),
    readings=models.HOFSTADTER,
    source=Source(
        citation="Hofstadter, Energy levels and wave functions of Bloch electrons in magnetic fields",
        doi="10.1103/PhysRevB.14.2239",
    ),
    seconds=0.06,
)


def _ribbon(edge: str, widths: str) -> BandModel:
    return BandModel(
        name=f"band_{edge}_ribbon",
        title=f"Graphene nanoribbon with {edge} edges",
        purpose=f"A ribbon of graphene {widths} wide with {edge} edges, nearest-neighbour hopping and a "
        f"sublattice "
        "potential, at half filling. Leaves out interaction, edge magnetism and relaxation of the edges.",
        systems=(
            f"{edge} graphene nanoribbon",
            f"{edge} nanoribbon",
            f"{edge} ribbon",
            "graphene nanoribbon",
            "graphene ribbon",
            f"graphene with {edge} edges",
        ),
        parameters=(
            HOPPING,
            _parameter(
                "width",
                "ribbon width",
                "N",
                "1",
                (4, 12, 40),
                widths,
                "width; number of dimer lines; number of zigzag chains; width of the ribbon; ribbon size",
                integer=True,
            ),
            MASS.model_copy(update={"default": 0.0}),
            ENERGY,
        ),
        responses=(GAP, WIDTH, CONDUCTANCE),
        readings=models.ribbons(edge),
        source=Source(
            citation="Nakada, Fujita, Dresselhaus and Dresselhaus, Edge state in graphene ribbons",
            doi="10.1103/PhysRevB.54.17954",
        ),
        seconds=0.15,
    )


ANDERSON: Final = BandModel(
    name="band_anderson",
    title="Anderson model of a disordered wire",
    purpose="Electrons on a strip of a square lattice (a chain where the width is 1) with random site "
    "energies, "
    "between clean leads. Leaves out interaction, dephasing and magnetic field.",
    systems=(
        "Anderson model",
        "disordered wire",
        "disordered chain",
        "Anderson localisation",
        ("random lattice"),
        "Anderson insulator",
        "disordered conductor",
        "quantum wire with disorder",
        ("one-dimensional disorder"),
    ),
    parameters=(
        HOPPING.model_copy(update={"default": 1.0}),
        _parameter(
            "disorder",
            "disorder strength",
            "W",
            "eV",
            (0.5, 2.0, 12.0),
            "site energies are uniform in ±W/2",
            "disorder; randomness; amplitude of the random potential; strength of the random potential; "
            "impurity "
            "strength; roughness of the potential",
        ),
        ENERGY.model_copy(update={"low": -4.0, "high": 4.0, "default": 0.1}),
        _parameter(
            "width",
            "strip width",
            "M",
            "1",
            (1, 1, 8),
            "sites across",
            "width; number of channels; sites across",
            integer=True,
        ),
        _parameter(
            "length",
            "wire length",
            "L",
            "1",
            (2, 40, 200),
            "sites between the leads",
            "length; sample length; length of the sample; chain length; number of sites",
            integer=True,
            logarithmic=True,
        ),
    ),
    responses=(
        _response(
            "localisation_length",
            "localisation length",
            "ξ",
            "1",
            "inverse of the smallest Lyapunov exponent, in lattice constants",
            "localization length; extent of the states; size of the wave functions; Anderson localisation "
            "length",
            concepts=TRANSPORT,
        ),
        CONDUCTANCE.model_copy(update={"meaning": "mean over 32 samples, in units of 2e²/h"}),
    ),
    readings=models.ANDERSON,
    source=Source(
        citation="MacKinnon and Kramer, The scaling theory of electrons in disordered solids",
        doi="10.1007/BF01578242",
    ),
    seconds=0.15,
    stochastic=True,
)

INSTRUMENTS: Final = (
    CHAIN,
    GRAPHENE,
    HALDANE,
    HOFSTADTER,
    _ribbon("zigzag", "zigzag chains"),
    _ribbon("armchair", "dimer lines"),
    ANDERSON,
)
