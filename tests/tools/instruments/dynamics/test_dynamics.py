"""Few-variable systems against closed forms and published exponents and periods."""

import math

import pytest

from tools.instruments.contract import InstrumentError, Measurement, OutsideValidity
from tools.instruments.declared import Declaration, Simulation
from tools.instruments.dynamics import INSTRUMENTS

BY_NAME = {instrument.name: instrument for instrument in INSTRUMENTS}


def measured(name: str, response: str, **given: float) -> Measurement:
    instrument: Simulation = BY_NAME[f"dynamics_{name}"]
    defaults = {parameter.name: parameter.default for parameter in instrument.parameters}
    seed = int(given.pop("seed", 1))
    return instrument.measure({**defaults, **given}, response, seed)


def value(name: str, response: str, **given: float) -> float:
    return measured(name, response, **given).value


def test_lorenz_has_its_published_exponent() -> None:
    """0.9056 at the classical parameters (Sprott, Chaos and Time-Series Analysis, 2003)."""
    found = [measured("lorenz", "lyapunov_exponent", seed=seed) for seed in range(4)]
    mean, std = sum(one.value for one in found) / 4, math.hypot(*(one.std for one in found)) / 4
    assert abs(mean - 0.9056) < 4 * std
    assert std < 0.1


def test_lorenz_rests_where_convection_is_steady() -> None:
    """z = ρ − 1 for 1 < ρ < 24.74."""
    assert value("lorenz", "mean", rho=10.0) == pytest.approx(9.0, abs=1e-3)
    assert value("lorenz", "distinct_maxima", rho=10.0) == 1
    assert value("lorenz", "lyapunov_exponent", rho=10.0) < 0


@pytest.mark.parametrize(("r", "count"), [(2.5, 1), (3.2, 2), (3.5, 4), (3.55, 8), (3.83, 3), (3.95, 32)])
def test_the_logistic_map_doubles_its_period(r: float, count: int) -> None:
    assert value("logistic", "distinct_values", r=r) == count


def test_the_logistic_map_is_exact_where_it_can_be_solved() -> None:
    """ln 2 and a mean of 1/2 at r = 4; ln|2 − r| and 1 − 1/r at the fixed point."""
    found = measured("logistic", "lyapunov_exponent", r=4.0)
    assert abs(found.value - math.log(2)) < 4 * found.std + 0.01
    assert value("logistic", "mean", r=4.0) == pytest.approx(0.5, abs=0.03)
    assert value("logistic", "mean", r=2.8) == pytest.approx(1 - 1 / 2.8)
    assert value("logistic", "lyapunov_exponent", r=2.8) == pytest.approx(math.log(0.8), abs=1e-6)


def test_a_linear_oscillator_is_within_duffings() -> None:
    """γ/sqrt((α − ω²)² + (δω)²), where the cubic term is weak and the swing is small."""
    given = {"linear": 1.0, "cubic": 0.01, "drive": 0.01, "damping": 0.3, "frequency": 1.1}
    exact = 0.01 / math.hypot(1 - 1.21, 0.33)
    assert value("duffing", "amplitude", **given) == pytest.approx(exact, rel=1e-3)
    assert value("duffing", "distinct_maxima", **given) == 1


def test_duffings_oscillator_is_chaotic_where_published() -> None:
    """Two wells, δ = 0.3, ω = 1.2: chaos at γ = 0.5, one period at γ = 0.2 (Guckenheimer and Holmes)."""
    chaotic = measured("duffing", "lyapunov_exponent", drive=0.5)
    assert chaotic.value > 4 * chaotic.std
    assert value("duffing", "distinct_maxima", drive=0.2) == 1
    assert value("duffing", "lyapunov_exponent", drive=0.2) < 0


@pytest.mark.parametrize("angle", [0.1, 1.0, 2.0, 3.0])
def test_a_pendulum_has_its_exact_period(angle: float) -> None:
    """2π sqrt(l/g)/AGM(1, cos(θ/2)) (Gauss)."""
    a, b = 1.0, math.cos(angle / 2)
    for _ in range(20):
        a, b = (a + b) / 2, math.sqrt(a * b)
    exact = 2 * math.pi * math.sqrt(2.0 / 9.81) / a
    assert value("pendulum", "period", initial_amplitude=angle, length=2.0) == pytest.approx(exact, rel=1e-5)


def test_friction_eats_the_swing_as_it_should() -> None:
    """exp(−γt/2) at small angles."""
    lost = value("pendulum", "remaining_amplitude", initial_amplitude=0.05, damping=0.1)
    period = 2 * math.pi / math.sqrt(9.81)
    assert lost == pytest.approx(0.05 * math.exp(-0.05 * 9 * period), rel=0.01)


def test_the_mass_does_not_matter() -> None:
    assert value("pendulum", "period", mass=0.1) == value("pendulum", "period", mass=10.0)


@pytest.mark.parametrize(
    ("mu", "period"),
    [(0.05, 2 * math.pi * (1 + 0.05**2 / 16)), (1.0, 6.6632869), (5.0, 11.6122310), (10.0, 19.0783696)],
)
def test_van_der_pols_period_is_the_published_one(mu: float, period: float) -> None:
    """Andersen and Geer, SIAM J. Appl. Math. 42, 678 (1982); the first from perturbation theory."""
    assert value("van_der_pol", "period", mu=mu) == pytest.approx(period, rel=2e-4)
    assert value("van_der_pol", "amplitude", mu=mu) == pytest.approx(2.0, rel=0.012)


def test_a_neuron_fires_between_two_currents_only() -> None:
    assert value("fitzhugh_nagumo", "firing_rate", current=0.2) == 0
    assert value("fitzhugh_nagumo", "firing_rate", current=0.6) > 0.02
    assert value("fitzhugh_nagumo", "firing_rate", current=1.7) == 0
    with pytest.raises(OutsideValidity, match="does not oscillate"):
        value("fitzhugh_nagumo", "period", current=0.1)


def test_a_resting_neuron_sits_on_both_nullclines() -> None:
    v = value("fitzhugh_nagumo", "mean", current=0.1)
    assert v - v**3 / 3 - (v + 0.7) / 0.8 + 0.1 == pytest.approx(0, abs=1e-4)


@pytest.mark.parametrize(("coupling", "detuning"), [(0.5, 1.0), (0.9, 1.0), (1.5, 1.0), (0.0, 0.7)])
def test_two_oscillators_lock_as_adler_says(coupling: float, detuning: float) -> None:
    """Ω = sqrt(Δ² − K²), and 0 where K > Δ (Adler, Proc. IRE 34, 351 (1946))."""
    given = {"coupling": coupling, "detuning": detuning}
    exact = math.sqrt(max(detuning**2 - coupling**2, 0))
    assert value("two_oscillators", "beat_frequency", **given) == pytest.approx(exact, abs=2e-3)
    if coupling > detuning:
        assert value("two_oscillators", "synchronisation", **given) == pytest.approx(1.0)


def test_predators_and_prey_have_their_exact_means() -> None:
    """⟨u⟩ = c/d and ⟨v⟩ = a/b on every cycle; small cycles take 2π/sqrt(ac)."""
    given = {"prey_growth": 1.5, "predator_death": 0.8, "conversion": 0.5, "predation": 1.2}
    assert value("lotka_volterra", "mean_prey", **given) == pytest.approx(1.6, rel=2e-3)
    assert value("lotka_volterra", "mean_predators", **given) == pytest.approx(1.25, rel=2e-3)
    small = value("lotka_volterra", "period", **given, initial_prey=1.65)
    assert small == pytest.approx(2 * math.pi / math.sqrt(1.2), rel=1e-3)


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda one: one.name)
def test_the_ends_of_every_range_can_be_measured(instrument: Simulation) -> None:
    """Or are refused with a reason."""
    defaults = {parameter.name: parameter.default for parameter in instrument.parameters}
    for parameter in instrument.parameters:
        for end in (parameter.low, parameter.high):
            response = instrument.responses[0].name
            try:
                found = instrument.measure({**defaults, parameter.name: end}, response, seed=0)
            except InstrumentError as error:
                assert "settings" in str(error)  # noqa: PT017 - one way or the other
            else:
                assert math.isfinite(found.value)


def test_what_is_declared_must_be_read() -> None:
    declared = {
        "name": "a", "title": "A", "version": "1", "purpose": "p", "systems": ["s"], "stochastic": False,
        "parameters": [
            {"name": "x", "label": "x", "symbol": "x", "unit": "1", "low": 0, "high": 1, "default": 0,
                        "meaning": "m"}],
        "responses": [{"name": "y", "label": "y", "symbol": "y", "unit": "1", "meaning": "m"}],
        "cost": {"seconds": 1, "memory_mb": 1}, "source": [{"citation": "c"}],
    }  # fmt: skip
    with pytest.raises(ValueError, match=r"\['y'\] is declared or read alone"):
        Simulation(Declaration.model_validate(declared), {})
