"""Patterns that form by themselves: domains that coarsen, stripes, spots, chaos in one dimension.

Fourier methods with the stiff linear part taken implicitly or exactly; all in the equations' own units.
"""

from collections.abc import Callable
from math import pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft2, rfft2

from tools.instruments.contract import InstrumentError, Measurement, Settings

Field = NDArray[np.floating[Any]]
Spectrum = NDArray[np.complexfloating[Any, Any]]
RUNS = 3
GRID = 96
"""Of domains that coarsen; a side, in grid steps."""
CELLS = 48
"""Of stripes and spots; a side, in grid steps."""
UNIFORM = 1e-10
"""Mean square below which a field has no pattern."""


def over_runs(values: list[float]) -> Measurement:
    """Return the mean over realisations and its standard error."""
    return Measurement(value=float(np.mean(values)), std=float(np.std(values, ddof=1) / sqrt(len(values))))


def wave_numbers(points: int, spacing: float) -> Field:
    """Return k² of a periodic square grid, in the layout of `rfft2`."""
    along = 2 * pi * np.fft.fftfreq(points, spacing)
    return np.asarray(along[:, None] ** 2 + (2 * pi * np.fft.rfftfreq(points, spacing))[None, :] ** 2)


def wavelength(field: Field, squares: Field) -> float:
    """Return 2π/⟨k⟩, weighted with the structure factor. Raises InstrumentError for a uniform field."""
    power = abs(rfft2(field - field.mean())) ** 2
    power[:, 1 : (field.shape[1] + 1) // 2] *= 2  # the half of the plane that rfft2 leaves out
    total = power.sum()
    if not total > UNIFORM * field.size**2:
        raise InstrumentError("there is no pattern: the field is uniform")
    return float(2 * pi * total / (np.sqrt(squares) * power).sum())


def coarsen(settings: Settings, response: str, seed: int) -> Measurement:
    """Quench a mixture or magnet from disorder and measure its domains, in three runs."""
    generator = np.random.default_rng(seed)
    return over_runs([_one_quench(settings, response, generator) for _ in range(RUNS)])


def _one_quench(settings: Settings, response: str, generator: np.random.Generator) -> float:
    """Integrate u_t = M (−∇²)ⁿ (u − u³ + w²∇²u), n = 0: Allen–Cahn, 1: Cahn–Hilliard; in grid steps."""
    conserved = "composition" in settings
    end = float(settings["time"]) * float(settings["mobility"])
    squares = wave_numbers(GRID, 1.0).astype(np.float32)
    bend = float(settings["interface_width"]) ** 2 * squares
    field = 0.1 * generator.standard_normal((GRID, GRID)).astype(np.float32)
    field += float(settings["composition"]) - field.mean() if conserved else float(settings["bias"])
    times = end * 2.0 ** -np.arange(3, -0.01, -0.5)
    sizes, time = [], 0.0
    for mark in times if response == "growth_exponent" else times[-1:]:
        while time < mark - 1e-9:
            step = min(0.02 + 0.02 * time, 0.5, mark - time)
            field = _mix(field, step, squares, bend) if conserved else _flip(field, step, bend)
            time += step
        sizes.append(_chord(field))
    if response == "growth_exponent":
        return float(np.polyfit(np.log(times), np.log(sizes), 1)[0])
    if response == "majority_share":
        return float(max((field > 0).mean(), (field < 0).mean()))
    return sizes[-1] if response == "domain_size" else 1 / sizes[-1]


def _mix(field: Field, step: float, squares: Field, bend: Field) -> Field:
    """Make one Cahn–Hilliard step, stable by a linear term of strength 2 that is taken at both times."""
    spectrum = rfft2(field) + step * squares * rfft2(3 * field - field**3)
    return np.asarray(irfft2(spectrum / (1 + step * squares * (2 + bend)), field.shape), np.float32)


def _flip(field: Field, step: float, bend: Field) -> Field:
    """Make one Allen–Cahn step: half of the local growth, the smoothing, the other half, each exactly."""

    def grow(u: Field) -> Field:
        return np.asarray(u / np.sqrt(u**2 + (1 - u**2) * np.exp(-step)))

    return grow(np.asarray(irfft2(rfft2(grow(field)) * np.exp(-step * bend), field.shape), np.float32))


def _chord(field: Field) -> float:
    """Return the mean distance between two walls along a line, at most the size of the grid."""
    up = field > 0
    crossed = ((up != np.roll(up, 1, 0)).mean() + (up != np.roll(up, 1, 1)).mean()) / 2
    return float(1 / max(crossed, 1 / field.shape[0]))


def stripes(settings: Settings, response: str, seed: int) -> Measurement:
    """Let u_t = εu − (1 + ∇²/k0²)²u + gu² − u³ settle from noise (Swift and Hohenberg), in three runs.

    In time enough for forty growths by e (in 800 units where ε is below 0.05).
    """
    generator = np.random.default_rng(seed)
    natural = float(settings["natural_wavelength"])
    squares = wave_numbers(CELLS, natural / 8)
    drive, lean = float(settings["drive"]), float(settings["quadratic"])
    step = min(1.0, 0.4 / (abs(drive) + 0.3 * lean**2 + 0.2))
    fade = (1 / (1 - step * (drive - (1 - squares * (natural / (2 * pi)) ** 2) ** 2))).astype(np.float32)
    values = []
    for _ in range(RUNS):
        field = 0.05 * generator.standard_normal((CELLS, CELLS)).astype(np.float32)
        for _ in range(int(40 / max(abs(drive), 0.05) / step)):
            field = irfft2(rfft2(field + step * (lean * field**2 - field**3)) * fade, field.shape)
        if not np.isfinite(field).all():
            raise InstrumentError("the field grew without bound: lower the quadratic term")
        values.append(_shape(field, response, squares))
    return over_runs(values)


def _shape(field: Field, response: str, squares: Field) -> float:
    if response == "wavelength":
        return wavelength(field, squares)
    if response == "asymmetry":
        away = field - field.mean()
        return float((away**3).mean() / max(float((away**2).mean()) ** 1.5, UNIFORM))
    return float(field.std())


def spots(settings: Settings, response: str, seed: int) -> Measurement:
    """Let two species react and diffuse (Gray and Scott) for 3,000 units from random patches; three runs."""
    generator = np.random.default_rng(seed)
    squares = wave_numbers(CELLS, 1.0)
    names = ("substrate_diffusion", "activator_diffusion")
    fades = [(1 / (1 + 2 * float(settings[name]) * squares)).astype(np.float32) for name in names]
    values = []
    for _ in range(RUNS):
        activator = _reacted(float(settings["feed"]), float(settings["kill"]), fades, generator)
        if response == "mean_activator":
            values.append(float(activator.mean()))
        else:
            values.append(
                float(activator.std()) if response == "contrast" else wavelength(activator, squares)
            )
    return over_runs(values)


def _reacted(feed: float, kill: float, fades: list[Field], generator: np.random.Generator) -> Field:
    substrate = np.ones((CELLS, CELLS), np.float32)
    activator = np.zeros((CELLS, CELLS), np.float32)
    for row, column in generator.integers(0, CELLS, (8, 2)):
        place = np.ix_((row + np.arange(6)) % CELLS, (column + np.arange(6)) % CELLS)
        substrate[place], activator[place] = 0.5, 0.25
    activator += 0.01 * generator.random(activator.shape, np.float32)
    step = 2.0
    for _ in range(1500):
        made = substrate * activator**2
        substrate = irfft2(rfft2(substrate + step * (feed * (1 - substrate) - made)) * fades[0], made.shape)
        activator = irfft2(
            rfft2(activator + step * (made - (feed + kill) * activator)) * fades[1], made.shape
        )
    return activator


def chaos(settings: Settings, response: str, seed: int) -> Measurement:
    """Integrate u_t = −u u_x − u_xx − ν u_xxxx (Kuramoto and Sivashinsky); average over eight blocks of 40ν.

    Exponential time differences with Runge–Kutta coefficients (Kassam and Trefethen 2005).
    """
    length, viscosity = float(settings["length"]), float(settings["viscosity"])
    points = int(2 ** np.ceil(np.log2(max(32.0, 2.0 * length / sqrt(viscosity)))))
    waves = 2 * pi * np.fft.rfftfreq(points, length / points)
    step = 0.25 * viscosity  # the fastest growth by e takes 4ν
    advance = _exponential_steps(waves**2 - viscosity * waves**4, -0.5j * waves, step, points)
    generator = np.random.default_rng(seed)
    spectrum: Spectrum = np.fft.rfft(0.1 * generator.standard_normal(points))
    spectrum[0] = 0
    settle, block = 400, 160
    for _ in range(settle):
        spectrum = advance(spectrum)
    values = []
    for _ in range(8):
        power = np.zeros(len(waves))
        for _ in range(block):
            spectrum = advance(spectrum)
            power += abs(spectrum) ** 2
        if not np.isfinite(power).all():
            raise InstrumentError(
                "the solution grew without bound: take a smaller domain or a larger viscosity"
            )
        power[1:-1] *= 2
        values.append(_chaotic(power / (block * points**2), waves, response))
    return over_runs(values)


def _chaotic(power: Field, waves: Field, response: str) -> float:
    if power.sum() < UNIFORM:
        if response == "wavelength":
            raise InstrumentError(
                "the flat state is stable here: take a longer domain or a smaller viscosity"
            )
        return 0.0
    if response == "wavelength":
        return float(2 * pi * power.sum() / (waves * power).sum())
    if response == "steepness":
        return sqrt((waves**2 * power).sum())
    return sqrt(power.sum())


def _exponential_steps(
    linear: Field, nonlinear: Spectrum, step: float, points: int
) -> Callable[[Spectrum], Spectrum]:
    """Return the step of a fourth-order exponential Runge–Kutta method for v_t = L v + N FFT(u²)."""
    ring = np.exp(1j * pi * (np.arange(1, 33) - 0.5) / 32)  # contour means avoid differences of near numbers
    around = step * linear[:, None] + ring[None, :]
    whole, half = np.exp(step * linear), np.exp(step * linear / 2)
    middle = step * ((np.exp(around / 2) - 1) / around).mean(axis=1).real
    growth = np.exp(around)
    first = step * ((-4 - around + growth * (4 - 3 * around + around**2)) / around**3).mean(axis=1).real
    second = step * ((2 + around + growth * (around - 2)) / around**3).mean(axis=1).real
    third = step * ((-4 - 3 * around - around**2 + growth * (4 - around)) / around**3).mean(axis=1).real
    kept = np.arange(len(linear)) <= points // 3  # two thirds: products of waves do not fold back
    nonlinear = nonlinear * kept

    def push(spectrum: Spectrum) -> Spectrum:
        return np.asarray(nonlinear * np.fft.rfft(np.fft.irfft(spectrum, points) ** 2))

    def advance(spectrum: Spectrum) -> Spectrum:
        here = push(spectrum)
        one = half * spectrum + middle * here
        there = push(one)
        two = half * spectrum + middle * there
        again = push(two)
        three = half * one + middle * (2 * again - here)
        return np.asarray(
            whole * spectrum + first * here + 2 * second * (there + again) + third * push(three)
        )

    return advance
