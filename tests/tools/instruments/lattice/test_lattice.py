"""Cluster Monte Carlo against exact solutions: Onsager, Yang, chains, two coupled rotors, mean walls."""

import math

import pytest
from scipy import integrate, special

from tools.instruments.contract import Measurement
from tools.instruments.lattice.instrument import INSTRUMENTS, LatticeSpins

BY_NAME = {instrument.name: instrument for instrument in INSTRUMENTS}


def settings(instrument: LatticeSpins, **given: float | str) -> dict[str, float | str]:
    defaults = {one.name: one.default for one in (*instrument.parameters, *instrument.choices)}
    return {**defaults, **given}


def measured(name: str, response: str, seed: int = 1, **given: float | str) -> Measurement:
    instrument = BY_NAME[name]
    return instrument.measure(settings(instrument, **given), response, seed)


def agrees(found: Measurement, exact: float, allowed: float = 0.0) -> bool:
    """Within four standard uncertainties, and what a finite lattice may differ by."""
    return abs(found.value - exact) < 4 * found.std + allowed


def onsager_energy(t: float) -> float:
    """Onsager, Phys. Rev. 65, 117 (1944)."""
    k = 2 * math.sinh(2 / t) / math.cosh(2 / t) ** 2
    first = integrate.quad(lambda a: 1 / math.sqrt(1 - (k * math.sin(a)) ** 2), 0, math.pi / 2)[0]
    return -(1 + 2 / math.pi * (2 * math.tanh(2 / t) ** 2 - 1) * first) / math.tanh(2 / t)


def yang_magnetisation(t: float) -> float:
    """Yang, Phys. Rev. 85, 808 (1952)."""
    return float((1 - math.sinh(2 / t) ** -4) ** 0.125)


@pytest.mark.parametrize("t", [1.5, 2.0, 3.0, 4.0])
def test_the_square_ising_model_has_onsagers_energy(t: float) -> None:
    assert agrees(measured("lattice_ising", "energy", temperature=t, size=20), onsager_energy(t), 0.005)


@pytest.mark.parametrize("t", [1.5, 1.9, 2.1])
def test_the_square_ising_model_has_yangs_magnetisation(t: float) -> None:
    found = measured("lattice_ising", "magnetisation", temperature=t, size=20)
    assert agrees(found, yang_magnetisation(t), 0.004)


def test_walls_between_two_phases_have_onsagers_energy() -> None:
    """σ − T dσ/dT = 2 + 2/sinh(2/T) of σ = 2 + T ln tanh(1/T)."""
    found = measured("lattice_ising", "domain_wall_energy", temperature=1.2, size=16)
    assert agrees(found, 2 + 2 / math.sinh(2 / 1.2), 0.1)


@pytest.mark.parametrize(
    ("name", "exact"),
    [
        ("lattice_ising", lambda b: -math.tanh(b)),
        ("lattice_xy", lambda b: -special.iv(1, b) / special.iv(0, b)),
        ("lattice_heisenberg", lambda b: 1 / b - 1 / math.tanh(b)),  # Fisher, Am. J. Phys. 32, 343 (1964)
    ],
)
@pytest.mark.parametrize("beta", [0.5, 1.0, 2.0])
def test_chains_have_their_exact_energy(name: str, exact: "object", beta: float) -> None:
    assert callable(exact)
    found = measured(name, "energy", temperature=1 / beta, lattice="chain", size=12)
    assert agrees(found, exact(beta), 0.002)


def test_chains_correlate_over_the_exact_length() -> None:
    """ξ = −1/ln tanh(1/T)."""
    found = measured("lattice_ising", "correlation_length", temperature=0.8, lattice="chain", size=12)
    assert agrees(found, -1 / math.log(math.tanh(1 / 0.8)), 0.3)


@pytest.mark.parametrize("states", [2, 4])
def test_a_potts_chain_has_its_exact_energy(states: int) -> None:
    weight = math.exp(1 / 0.7)
    exact = -weight / (weight + states - 1)
    found = measured("lattice_potts", "energy", temperature=0.7, lattice="chain", states=states)
    assert agrees(found, exact, 0.003)


def test_free_spins_follow_the_field() -> None:
    """With nearly no neighbours left the moment is tanh(h/T), Langevin's function for three components."""
    weak = {"exchange": 0.1, "temperature": 10.0, "field": 5.0, "size": 16.0, "lattice": "chain"}
    ising = measured("lattice_ising", "magnetisation", **weak)
    assert agrees(ising, math.tanh(0.5), 0.02)
    classical = measured("lattice_heisenberg", "magnetisation", **weak)
    assert agrees(classical, 1 / math.tanh(0.5) - 2, 0.02)


def test_the_cumulant_crosses_at_the_published_temperature() -> None:
    """Cubic Ising: T_c = 4.5115 (Ferrenberg, Xu and Landau, Phys. Rev. E 97, 043301 (2018)); U* = 0.465."""
    cold, hot = (
        measured("lattice_ising", "binder_cumulant", temperature=t, lattice="cubic", size=8)
        for t in (4.2, 4.9)
    )
    assert cold.value - 4 * cold.std > 0.465 > hot.value + 4 * hot.std


def test_the_cubic_heisenberg_model_orders_where_published() -> None:
    """T_c = 1.443 (Chen, Ferrenberg and Landau, Phys. Rev. B 48, 3249 (1993)); U* = 0.6217."""
    cold, hot = (measured("lattice_heisenberg", "binder_cumulant", temperature=t, size=8) for t in (1.3, 1.6))
    assert cold.value > 0.6217 > hot.value


def test_dilution_weakens_order() -> None:
    pure = measured("lattice_ising", "magnetisation", dilution=0.0)
    diluted = measured("lattice_ising", "magnetisation", dilution=0.3)
    assert diluted.value < pure.value - 4 * (pure.std + diluted.std)


def test_a_magnet_is_the_model_in_other_units() -> None:
    """J = 5 meV at 1.2 J/k_B is 69.6 K."""
    kelvin = 1.2 * 5 / 0.08617333262
    magnet = measured("lattice_magnet", "energy", temperature=kelvin, exchange=5.0)
    model = measured("lattice_heisenberg", "energy", temperature=1.2)
    assert magnet.value == pytest.approx(5 * model.value, rel=1e-6)


def test_one_seed_gives_one_value() -> None:
    first, again, other = (measured("lattice_xy", "energy", seed=seed) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_uncertainties_are_honest() -> None:
    """Over 24 seeds the scatter is about what each claims."""
    found = [measured("lattice_ising", "energy", seed=seed, temperature=3.0) for seed in range(24)]
    mean = sum(one.value for one in found) / len(found)
    scatter = math.sqrt(sum((one.value - mean) ** 2 for one in found) / (len(found) - 1))
    claimed = sum(one.std for one in found) / len(found)
    assert 0.6 < scatter / claimed < 1.7


def test_what_takes_too_long_is_refused() -> None:
    instrument = BY_NAME["lattice_ising"]
    assert "smaller size" in (instrument.validity(settings(instrument, lattice="cubic", size=32)) or "")
    assert instrument.validity(settings(instrument)) is None
