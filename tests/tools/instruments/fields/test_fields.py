"""Fields and patterns against exact results, and against py-pde as a second opinion."""

import numpy as np
import pytest

from tests.tools.instruments.measuring import measurer
from tools.instruments.contract import InstrumentError
from tools.instruments.fields import INSTRUMENTS

measured = measurer(INSTRUMENTS)


def test_diffusion_of_a_patch() -> None:
    """σ² = σ0² + 2Dt; the peak falls as 1/σ; the centre drifts; what is lost is lost exponentially."""
    settings = {"diffusivity": 4, "time": 2, "initial_width": 1.5, "velocity": -3, "decay_rate": 0.2}
    width = np.sqrt(1.5**2 + 16)
    expected = {
        "spread": width, "displacement": -6, "amount": np.exp(-0.4), "peak": np.exp(-0.4) * 1.5 / width,
        "decay_time": 1 / (4 * (2 * np.pi / 10) ** 2 + 0.2),
    }  # fmt: skip
    for response, value in expected.items():
        assert measured("diffusion", response, **settings).value == pytest.approx(value, rel=1e-6)


def test_diffusion_as_py_pde_solves_it() -> None:
    pde = pytest.importorskip("pde")
    grid = pde.CartesianGrid([[-30, 30]], 256, periodic=True)
    start = pde.ScalarField.from_expression(grid, "exp(-x**2 / 2)")
    end = pde.DiffusionPDE(2.0).solve(start, t_range=3, dt=0.002, tracker=None, backend="numpy")
    place = grid.axes_coords[0]
    spread = np.sqrt((end.data * place**2).sum() / end.data.sum())
    assert measured("diffusion", "spread", diffusivity=2).value == pytest.approx(spread, rel=2e-3)


@pytest.mark.parametrize(("diffusivity", "rate"), [(1, 1), (4, 0.25), (10, 10)])
def test_a_pulled_front(diffusivity: float, rate: float) -> None:
    """c → 2√(rD) from below, as 3/2t (Fisher; Kolmogorov, Petrovsky, Piskunov 1937; Bramson 1983)."""
    got = measured("reaction_front", "front_speed", diffusivity=diffusivity, growth_rate=rate)
    exact = 2 * np.sqrt(rate * diffusivity)
    assert got.value == pytest.approx(exact, rel=0.02)
    assert abs(got.value - exact) < 3 * got.std


@pytest.mark.parametrize("threshold", [0.1, 0.25, 0.45])
def test_a_bistable_front(threshold: float) -> None:
    """c = √(rD/2) (1 − 2a); width 2√2 ln 9 √(D/r) from 0.9 to 0.1 (Murray, Mathematical Biology)."""
    got = measured("reaction_front", "front_speed", reaction="bistable", threshold=threshold)
    assert got.value == pytest.approx((1 - 2 * threshold) / np.sqrt(2), rel=0.01)
    width = measured("reaction_front", "front_width", reaction="bistable", threshold=threshold)
    assert width.value == pytest.approx(2 * np.sqrt(2) * np.log(9), rel=0.01)


@pytest.mark.parametrize(("height", "dispersion"), [(1, 1), (4, 1), (2, 5)])
def test_a_soliton(height: float, dispersion: float) -> None:
    """u = A sech²((x − 2At)/w), w² = 2β/A (Korteweg and de Vries 1895)."""
    settings = {"amplitude": height, "dispersion": dispersion}
    assert measured("soliton", "speed", **settings).value == pytest.approx(2 * height, rel=1e-3)
    width = 2 * np.arccosh(np.sqrt(2)) * np.sqrt(2 * dispersion / height)
    assert measured("soliton", "width", **settings).value == pytest.approx(width, rel=0.02)
    assert measured("soliton", "height", **settings).value == pytest.approx(height, rel=1e-3)
    assert measured("soliton", "height", width_factor=2.2, **settings).value > 1.2 * height  # it breaks up


def test_a_string() -> None:
    """f = n/2L √(T/μ), stiff: × √(1 + n²π²EI/TL²); a heavy bead makes it a mass between two springs."""
    got = measured("string_vibration", "frequency", mode=3, damping=0.001)
    assert got.value == pytest.approx(3 / 1.3 * np.sqrt(70 / 0.005), rel=1e-3)
    assert abs(got.value - 3 / 1.3 * np.sqrt(70 / 0.005)) < 2 * got.std
    stiff = measured("string_vibration", "frequency", stiffness=1, damping=0.001)
    assert stiff.value == pytest.approx(
        np.sqrt(1 + np.pi**2 / (70 * 0.65**2)) / 1.3 * np.sqrt(14000), rel=2e-3
    )
    heavy = measured("string_vibration", "frequency", bead_mass=1, damping=0.001)
    assert heavy.value == pytest.approx(np.sqrt(4 * 70 / 0.65) / (2 * np.pi), rel=2e-3)
    assert measured("string_vibration", "decay_time", damping=4).value == pytest.approx(0.25)
    with pytest.raises(InstrumentError, match="overdamped"):
        measured("string_vibration", "frequency", tension=0.01, linear_density=10, damping=500)


def test_domains_grow_by_curvature() -> None:
    """L ∝ t^½ without conservation (Allen and Cahn 1979), and more slowly with it (Lifshitz, Slyozov: ⅓)."""
    early, late = (measured("ordering_domains", "domain_size", time=time) for time in (10, 60))
    assert np.log(late.value / early.value) / np.log(6) == pytest.approx(0.5, abs=0.12)
    conserved = measured("demixing", "growth_exponent", time=150)
    assert 0.22 < conserved.value < 0.36
    walls = measured("demixing", "interface_density", time=20)
    assert walls.value == pytest.approx(1 / measured("demixing", "domain_size", time=20).value, rel=0.01)


def test_phases_as_composition_demands() -> None:
    """Lever rule between −1 and 1: the larger phase has (1 + c)/2, within the walls' share."""
    got = measured("demixing", "majority_share", composition=0.3, time=200)
    assert got.value == pytest.approx(0.65, abs=0.05)


@pytest.mark.parametrize("drive", [0.1, 0.3])
def test_stripes_near_onset(drive: float) -> None:
    """u = 2√(ε/3) cos k0x to lowest order (Swift and Hohenberg 1977); nothing below onset."""
    got = measured("convection_stripes", "amplitude", drive=drive)
    assert got.value == pytest.approx(np.sqrt(2 * drive / 3), rel=0.05)
    assert measured("convection_stripes", "wavelength", drive=drive).value == pytest.approx(6.3, rel=0.05)
    assert measured("convection_stripes", "amplitude", drive=-drive).value < 1e-3
    with pytest.raises(InstrumentError, match="no pattern"):
        measured("convection_stripes", "wavelength", drive=-0.4)


def test_hexagons_where_up_and_down_differ() -> None:
    assert abs(measured("convection_stripes", "asymmetry", drive=0.3).value) < 0.1
    assert measured("convection_stripes", "asymmetry", drive=0.1, quadratic=1).value > 0.5


def test_gray_scott_patterns_and_its_empty_state() -> None:
    """Pearson 1993: patterns near F = 0.037, k = 0.06; only u = 1, v = 0 at k = 0.075."""
    assert measured("reacting_spots", "contrast").value > 0.05
    assert 8 < measured("reacting_spots", "wavelength").value < 16
    assert measured("reacting_spots", "contrast", kill=0.075).value < 1e-3


def test_kuramoto_sivashinsky() -> None:
    """Flat below L = 2π√ν; u_rms about 1.3 in long domains; cells near 2π√2, which grow fastest."""
    assert measured("flame_chaos", "rms", length=6).value < 1e-4
    assert measured("flame_chaos", "rms").value == pytest.approx(1.3, abs=0.1)
    assert measured("flame_chaos", "rms", length=150).value == pytest.approx(1.3, abs=0.1)
    assert measured("flame_chaos", "wavelength").value == pytest.approx(2 * np.pi * np.sqrt(2), rel=0.1)
    scaled = measured("flame_chaos", "wavelength", length=120, viscosity=4)
    assert scaled.value == pytest.approx(2 * measured("flame_chaos", "wavelength").value, rel=0.06)


def test_the_same_seed_gives_the_same_value() -> None:
    assert measured("demixing", "domain_size", 4, time=10) == measured("demixing", "domain_size", 4, time=10)
    assert measured("flame_chaos", "rms", 4) != measured("flame_chaos", "rms", 5)
