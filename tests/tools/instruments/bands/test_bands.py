"""Band models against closed forms, quantised invariants and published localisation lengths."""

import math

import pytest

from tools.calculator.units import registry
from tools.instruments.bands import INSTRUMENTS, BandModel
from tools.instruments.contract import Measurement

BY_NAME = {instrument.name: instrument for instrument in INSTRUMENTS}


def measured(name: str, response: str, **given: float) -> Measurement:
    instrument: BandModel = BY_NAME[name]
    defaults = {parameter.name: parameter.default for parameter in instrument.parameters}
    return instrument.measure({**defaults, **given}, response, seed=1)


@pytest.mark.parametrize(
    ("inside", "between", "staggered"), [(0.8, 1.0, 0.0), (1.5, 0.5, 0.3), (1.0, 1.0, 0.4)]
)
def test_a_dimerised_chain_has_its_gap_and_width(inside: float, between: float, staggered: float) -> None:
    given = {"hopping_inside": inside, "hopping_between": between, "staggered_potential": staggered}
    gap = 2 * math.hypot(inside - between, staggered)
    width = 2 * math.hypot(inside + between, staggered)
    assert measured("band_ssh", "gap", **given).value == pytest.approx(gap, abs=1e-9)
    assert measured("band_ssh", "band_width", **given).value == pytest.approx(width, abs=1e-9)


def test_the_winding_number_says_whether_there_are_edge_states() -> None:
    bulk = {"hopping_inside": 0.5, "hopping_between": 1.0}
    assert measured("band_ssh", "winding_number", **bulk).value == 1
    assert measured("band_ssh", "edge_energy", **bulk).value < 1e-3
    assert measured("band_ssh", "edge_length", **bulk).value == pytest.approx(1 / math.log(2))
    trivial = {"hopping_inside": 1.0, "hopping_between": 0.5}
    assert measured("band_ssh", "winding_number", **trivial).value == 0
    assert measured("band_ssh", "edge_energy", **trivial).value > 0.45
    assert measured("band_ssh", "edge_length", **trivial).value == 0


def test_a_chain_has_the_density_of_states_of_a_cosine_band() -> None:
    """1/(π sqrt(4t² − E²)) per site."""
    chain = {"hopping_inside": 1.0, "hopping_between": 1.0, "energy": 0.7}
    exact = 1 / (math.pi * math.sqrt(4 - 0.49))
    assert measured("band_ssh", "density_of_states", **chain).value == pytest.approx(exact, rel=0.01)


def test_graphene_has_its_velocity_width_and_mass_gap() -> None:
    """3 t d/2ħ is 0.87·10⁶ m/s at 2.7 eV; the bands reach from −3t to 3t; a mass opens 2m."""
    assert measured("band_graphene", "fermi_velocity").value == pytest.approx(8.74e5, rel=1e-2)
    assert measured("band_graphene", "band_width").value == pytest.approx(6 * 2.7, rel=1e-9)
    assert measured("band_graphene", "gap", sublattice_potential=0.25).value == pytest.approx(0.5)
    assert measured("band_graphene", "gap").value == 0


def test_graphene_opens_a_gap_where_published() -> None:
    """Beyond about 23 % along zigzag (Pereira, Castro Neto and Peres, PRB 80, 045401 (2009))."""
    assert measured("band_graphene", "gap", strain=0.20).value == 0
    assert measured("band_graphene", "gap", strain=0.27).value > 0.1


def test_graphene_has_a_linear_density_of_states() -> None:
    """|E|/(√3 π t²) per atom near the Dirac point (Castro Neto et al., eq. 14, without spin)."""
    exact = 0.6 / (math.sqrt(3) * math.pi * 2.7**2)
    assert measured("band_graphene", "density_of_states", energy=0.6).value == pytest.approx(exact, rel=0.05)


def test_haldanes_phase_boundary() -> None:
    """|m| = 3√3 t₂ |sin φ| parts Chern number 1 from 0, and the gap closes there."""
    edge = 3 * math.sqrt(3) * 0.1
    inside, outside = ({"sublattice_potential": edge + by} for by in (-0.1, 0.1))
    assert measured("band_haldane", "chern_number", **inside).value == 1
    assert measured("band_haldane", "chern_number", **outside).value == 0
    assert measured("band_haldane", "gap", sublattice_potential=edge).value == pytest.approx(0, abs=1e-9)
    assert measured("band_haldane", "gap", sublattice_potential=0.0).value == pytest.approx(
        2 * edge, rel=0.01
    )


@pytest.mark.parametrize(("flux", "low"), [(0.5, -2 * math.sqrt(2)), (0.0, -4.0), (1 / 3, -1 - math.sqrt(3))])
def test_the_butterfly_begins_where_it_should(flux: float, low: float) -> None:
    """−2√2 t at half a flux quantum, −(1 + √3) t at a third (Hofstadter 1976)."""
    assert measured("band_hofstadter", "lowest_energy", flux=flux).value == pytest.approx(low, rel=1e-6)


@pytest.mark.parametrize("flux", [1 / 3, 1 / 4, 1 / 7])
def test_the_lowest_magnetic_band_has_one_hall_quantum(flux: float) -> None:
    """Thouless, Kohmoto, Nightingale and den Nijs, Phys. Rev. Lett. 49, 405 (1982)."""
    assert measured("band_hofstadter", "chern_number", flux=flux).value == 1


@pytest.mark.parametrize("lines", [5, 6, 7, 8, 11, 12])
def test_armchair_ribbons_have_their_gap(lines: int) -> None:
    """2t min |1 + 2 cos(pπ/(N + 1))|: zero where N = 3p + 2 (Nakada et al. 1996)."""
    exact = 2 * 2.7 * min(abs(1 + 2 * math.cos(p * math.pi / (lines + 1))) for p in range(1, lines + 1))
    assert measured("band_armchair_ribbon", "gap", width=lines).value == pytest.approx(exact, abs=1e-9)


def test_zigzag_ribbons_are_metals_with_one_channel() -> None:
    assert measured("band_zigzag_ribbon", "gap", width=10).value == pytest.approx(0, abs=0.02)
    assert measured("band_zigzag_ribbon", "conductance", width=10, energy=0.1).value == 1
    assert measured("band_zigzag_ribbon", "conductance", width=10, energy=1.5).value == 3


def test_a_weakly_disordered_chain_localises_as_published() -> None:
    """ξ = 24 (4t² − E²)/W² (Thouless, J. Phys. C 5, 77 (1972)), away from the centre of the band."""
    found = measured("band_anderson", "localisation_length", energy=1.0, disorder=1.5)
    assert abs(found.value - 24 * 3 / 2.25) < 4 * found.std + 1.5


def test_the_centre_of_the_band_is_anomalous() -> None:
    """105.2/W² instead of 96/W² (Kappus and Wegner, Z. Phys. B 45, 15 (1981))."""
    found = measured("band_anderson", "localisation_length", energy=0.0, disorder=1.5)
    assert abs(found.value - 105.2 / 2.25) < 4 * found.std + 1.5


def test_a_clean_wire_conducts_through_each_channel() -> None:
    clean = {"disorder": 1e-9, "width": 4.0, "energy": 0.3, "length": 20.0}
    found = measured("band_anderson", "conductance", **clean)
    assert found.value == pytest.approx(4, abs=1e-6)
    assert measured("band_anderson", "conductance", **{**clean, "energy": 3.0}).value == pytest.approx(
        1, abs=1e-6
    )


def test_disorder_localises_and_length_insulates() -> None:
    weak, strong = (measured("band_anderson", "localisation_length", disorder=w) for w in (1.0, 4.0))
    assert weak.value > 5 * strong.value
    short, long = (measured("band_anderson", "conductance", length=n) for n in (5, 150))
    assert short.value > long.value + 4 * (short.std + long.std)


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda one: one.name)
def test_every_response_is_read_and_has_a_unit(instrument: BandModel) -> None:
    for response in instrument.responses:
        registry().parse_units(response.unit)
        assert math.isfinite(measured(instrument.name, response.name).value)
