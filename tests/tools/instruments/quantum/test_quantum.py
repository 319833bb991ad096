"""Few quantum bodies against exact results."""

import numpy as np
import pytest

from tests.tools.instruments.measuring import measurer
from tools.instruments.contract import OutsideValidity
from tools.instruments.quantum import INSTRUMENTS

measured = measurer(INSTRUMENTS)
QUIET = {"t1": 2000.0, "dephasing_time": 2000.0}


@pytest.mark.parametrize(("detuning", "duration"), [(0, 0.03), (0, 0.1), (4, 0.07), (-12, 0.2)])
def test_rabi_formula(detuning: float, duration: float) -> None:
    """P = Ω²/(Ω² + Δ²) sin²(√(Ω² + Δ²) t/2)."""
    rate = np.hypot(5, detuning)
    exact = (5 / rate) ** 2 * np.sin(np.pi * rate * duration) ** 2
    got = measured("driven_qubit", "excited_population", detuning=detuning, duration=duration, **QUIET)
    assert got.value == pytest.approx(exact, abs=2e-4)
    assert got.std == 0


def test_steady_state_of_the_bloch_equations() -> None:
    """P = (Ω² T1 T2 / 2) / (1 + Δ² T2² + Ω² T1 T2): Cohen-Tannoudji et al., Atom–Photon Interactions."""
    drive, offset = 2 * np.pi * 0.1, 2 * np.pi * 0.2
    transverse = 1 / (1 / (2 * 3.0) + 1 / 5.0)
    strength = drive**2 * 3.0 * transverse
    exact = strength / 2 / (1 + (offset * transverse) ** 2 + strength)
    got = measured(
        "driven_qubit", "steady_population", rabi_frequency=0.1, detuning=0.2, t1=3, dephasing_time=5
    )
    assert got.value == pytest.approx(exact, rel=1e-6)


def test_a_gate_loses_what_relaxation_takes() -> None:
    """To first order 1 − F = ∫ sin⁴(θ/2) dt / T1: a jump at the angle θ leaves π − θ to turn, from below."""
    perfect = measured("qubit_gate", "fidelity", rabi_frequency=1, anharmonicity=1000, **QUIET)
    assert perfect.value == pytest.approx(1, abs=1e-3)
    over = measured(
        "qubit_gate", "fidelity", rabi_frequency=1, anharmonicity=1000, amplitude_error=0.2, **QUIET
    )
    assert over.value == pytest.approx(np.sin(np.pi * 1.2 / 2) ** 2, abs=2e-3)
    lossy = measured(
        "qubit_gate", "infidelity", rabi_frequency=10, anharmonicity=1000, t1=10, dephasing_time=2000
    )
    times = (np.arange(1000) + 0.5) / 1000
    angle = np.pi * (times - np.sin(2 * np.pi * times) / (2 * np.pi))
    assert lossy.value == pytest.approx(np.mean(np.sin(angle / 2) ** 4) * 0.1 / 10, rel=0.05)
    assert measured("qubit_gate", "gate_time", rabi_frequency=20).value == pytest.approx(50)


def test_dephasing_by_slow_and_fast_noise() -> None:
    """T2* = √2/σ for slow noise; 1/T2 = σ² τ_c for fast noise; echo: χ = σ² T³ / 12 τ_c."""
    noise = 2 * np.pi * 0.1
    slow = measured("qubit_dephasing", "coherence_time", correlation_time=1e5, t1=1e5)
    assert slow.value == pytest.approx(np.sqrt(2) / noise, rel=1e-4)
    fast = measured("qubit_dephasing", "coherence_time", correlation_time=0.001, t1=1e5)
    assert fast.value == pytest.approx(1 / (noise**2 * 0.001 + 1 / 2e5), rel=1e-3)
    echo = measured("qubit_dephasing", "coherence_time", correlation_time=1e5, pulses=1, t1=1e5)
    assert echo.value == pytest.approx((12 * 1e5 / noise**2) ** (1 / 3), rel=0.01)


def test_more_pulses_keep_coherence_longer() -> None:
    """T2 ∝ N^(2/3) in slow Lorentzian noise (de Lange et al. 2010)."""
    few, many = (
        measured("qubit_dephasing", "coherence_time", pulses=number, t1=1e5).value for number in (4, 32)
    )
    assert np.log(many / few) / np.log(8) == pytest.approx(2 / 3, abs=0.01)
    assert measured("qubit_dephasing", "coherence_time", noise=0.1, correlation_time=0.001, t1=20).value == (
        pytest.approx(40, rel=1e-3)
    )


@pytest.mark.parametrize("photons", [0, 3])
def test_vacuum_and_photon_number_rabi_oscillations(photons: int) -> None:
    """P = cos²(g √(n+1) t) on resonance; the splitting is √(4g²(n+1) + Δ²)."""
    got = measured("jaynes_cummings", "excited_population", photons=photons, duration=0.06)
    assert got.value == pytest.approx(np.cos(2 * np.pi * np.sqrt(photons + 1) * 0.06) ** 2, abs=1e-5)
    split = measured("jaynes_cummings", "splitting", photons=photons, detuning=3)
    assert split.value == pytest.approx(np.sqrt(4 * (photons + 1) + 9))


def test_collapse_in_a_coherent_field_and_loss() -> None:
    numbers = np.arange(60)
    weights = np.exp(-9.0) * np.cumprod(np.concatenate([[1], 9.0 / numbers[1:]]))
    exact = (weights * np.cos(2 * np.pi * np.sqrt(numbers + 1) * 0.7) ** 2).sum()
    got = measured("jaynes_cummings", "excited_population", photons=9, field="coherent", duration=0.7)
    assert got.value == pytest.approx(exact, abs=1e-4)
    assert measured("jaynes_cummings", "entropy", duration=0.125).value == pytest.approx(1, abs=1e-4)
    weak = measured("jaynes_cummings", "excited_population", coupling=0.1, cavity_loss=10, duration=5)
    assert weak.value == pytest.approx(np.exp(-2 * np.pi * 4 * 0.1**2 / 10 * 5), rel=0.01)  # Purcell


def test_a_number_state_has_whole_photons() -> None:
    with pytest.raises(OutsideValidity, match="whole number of photons"):
        measured("jaynes_cummings", "splitting", photons=1.5)


@pytest.mark.parametrize("field", [0.4, 1.0, 1.7])
def test_ising_ring_as_free_fermions(field: float) -> None:
    """E = −Σ √(1 + h² − 2h cos k) over k = π(2m + 1)/N (Pfeuty 1970, in the even sector)."""
    waves = np.pi * (2 * np.arange(8) + 1) / 8
    energies = np.sqrt(1 + field**2 - 2 * field * np.cos(waves))
    got = measured("ising_chain", "energy_per_site", field=field)
    assert got.value == pytest.approx(-energies.mean(), abs=1e-10)
    slope = np.mean((field - np.cos(waves)) / energies)
    assert measured("ising_chain", "magnetisation", field=field).value == pytest.approx(slope, abs=1e-9)


def test_ising_limits() -> None:
    assert measured("ising_chain", "entanglement_entropy", field=0).value == pytest.approx(np.log(2))
    assert measured("ising_chain", "order_parameter", field=0).value == pytest.approx(1)
    assert measured("ising_chain", "gap", field=3, sites=10).value == pytest.approx(2 * (3 - 1), abs=0.01)
    aligned = measured("ising_chain", "gap", field=0, longitudinal_field=0.5, sites=6)
    assert aligned.value == pytest.approx(4 + 2 * 0.5)  # one spin turned over on a ring


def test_heisenberg_rings() -> None:
    """Exact rings (Bonner and Fisher 1964), and the Majumdar–Ghosh point with its two dimer coverings."""
    assert measured("heisenberg_chain", "energy_per_site", sites=4).value == pytest.approx(-0.5)
    assert measured("heisenberg_chain", "gap", sites=4).value == pytest.approx(1)
    assert measured("heisenberg_chain", "energy_per_site", sites=10).value == pytest.approx(-0.4515446354)
    assert measured("heisenberg_chain", "energy_per_site", second_neighbour=0.5).value == pytest.approx(
        -0.375
    )
    assert measured("heisenberg_chain", "gap", second_neighbour=0.5).value == pytest.approx(0, abs=1e-8)


def test_heisenberg_limits() -> None:
    """Dimers at δ = 1 (bonds of 2J): gap 2J, ⟨S·S⟩ = −3/4 on every other bond. Saturation at h = 2J."""
    assert measured("heisenberg_chain", "gap", dimerisation=1).value == pytest.approx(2)
    assert measured("heisenberg_chain", "correlation", dimerisation=1).value == pytest.approx(
        -3 / 8, abs=1e-8
    )
    assert measured(
        "heisenberg_chain", "entanglement_entropy", dimerisation=1, sites=8
    ).value == pytest.approx(0, abs=1e-8)
    assert measured("heisenberg_chain", "magnetisation", field=2.01).value == pytest.approx(0.5)
    assert measured("heisenberg_chain", "magnetisation", field=1.5).value < 0.5
    with pytest.raises(OutsideValidity, match="even number"):
        measured("heisenberg_chain", "gap", sites=9, dimerisation=0.2)


def test_xy_chain_is_free_fermions() -> None:
    """Open XX chain: E = −Σ |cos k|/2 … with k = πm/(N + 1) (Lieb, Schultz, Mattis 1961), Δ → 0."""
    waves = np.pi * np.arange(1, 7) / 7
    got = measured("heisenberg_chain", "energy_per_site", sites=6, anisotropy=0, boundary="open")
    assert got.value == pytest.approx(np.minimum(np.cos(waves), 0).sum() / 6, abs=1e-10)


def test_quench_of_an_ising_chain() -> None:
    """Without a field nothing happens; at first each spin turns on its own: M = 1 − 2h²t²."""
    assert measured("ising_quench", "return_probability", field=0, duration=3).value == pytest.approx(1)
    assert measured("ising_quench", "entanglement_entropy", duration=0).value == pytest.approx(0, abs=1e-9)
    early = measured("ising_quench", "magnetisation", field=1, duration=0.05)
    assert early.value == pytest.approx(1 - 2 * 0.05**2, abs=1e-4)
    grown = [
        measured("ising_quench", "entanglement_entropy", duration=time, sites=10).value
        for time in (0.5, 1, 2)
    ]
    assert grown == sorted(grown)
