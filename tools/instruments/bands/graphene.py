"""Graphene, its ribbons, and the Haldane model."""

import math
from typing import Final

from tools.instruments.bands import models
from tools.instruments.bands.instrument import BandModel
from tools.instruments.bands.quantities import (
    CHERN,
    CONDUCTANCE,
    DENSITY,
    ENERGY,
    GAP,
    HOPPING,
    MASS,
    WIDTH,
    parameter,
    response,
)
from tools.instruments.contract import Source

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
        parameter(
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
        response(
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
        parameter(
            "second_hopping",
            "second-neighbour hopping",
            "t₂",
            "eV",
            (0.0, 0.1, 0.33),
            "its modulus",
            "next-nearest-neighbour hopping; complex hopping; t2",
        ),
        parameter(
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


def ribbon(edge: str, widths: str) -> BandModel:
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
            parameter(
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
