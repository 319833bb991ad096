"""The dimerised chain, the square lattice in a magnetic field, and disorder."""

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
    TOPOLOGY,
    TRANSPORT,
    WIDTH,
    parameter,
    response,
)
from tools.instruments.contract import Source

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
        parameter(
            "hopping_inside",
            "hopping inside a cell",
            "v",
            "eV",
            (0.05, 0.8, 3.0),
            "within a dimer",
            "intracell hopping; intra-cell hopping; intradimer hopping; hopping within the unit cell",
        ),
        parameter(
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
        parameter(
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
        response(
            "winding_number",
            "winding number",
            "ν",
            "1",
            "of the bulk, without staggered potential",
            "topological invariant; Zak phase over π; topological winding; number of edge states",
            concepts=TOPOLOGY,
        ),
        response(
            "edge_energy",
            "energy of the edge state",
            "E₀",
            "eV",
            "smallest modulus of an energy of the open chain",
            "edge-state energy; hybridisation of the edge states; splitting of the edge states; midgap "
            "energy",
            concepts=TOPOLOGY,
        ),
        response(
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
        parameter(
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
        response(
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
        response(
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
        parameter(
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
        parameter(
            "width",
            "strip width",
            "M",
            "1",
            (1, 1, 8),
            "sites across",
            "width; number of channels; sites across",
            integer=True,
        ),
        parameter(
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
        response(
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
