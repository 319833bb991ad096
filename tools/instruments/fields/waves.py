"""What spreads, travels and swings in one dimension: diffusion, fronts, solitons, strings."""

from collections.abc import Callable
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh, solve_banded

from tools.instruments.contract import InstrumentError, Measurement, Settings

Field = NDArray[np.float64]
POINTS = 256


def exact(value: float) -> Measurement:
    """Return a value without uncertainty."""
    return Measurement(value=float(value), std=0)


def diffuse(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - nothing is random
    """Let a Gaussian patch diffuse, drift and decay, exactly in Fourier space, and measure the patch."""
    spread, drift = float(settings["diffusivity"]), float(settings["velocity"])
    loss, time = float(settings["decay_rate"]), float(settings["time"])
    if response == "decay_time":
        wave = 2 * pi / float(settings["wavelength"])
        return exact(1 / (spread * wave**2 + loss))
    width = float(settings["initial_width"])
    reach = 16 * sqrt(width**2 + 2 * spread * time) + 2 * abs(drift) * time
    points = 4 * POINTS
    place = (np.arange(points) / points - 0.5) * reach
    waves = 2 * pi * np.fft.rfftfreq(points, reach / points)
    decay = (width**2 / 2 + spread * time) * waves**2 + loss * time
    turn = (drift * time + reach / 2) * waves  # the middle of the grid is its origin
    patch = np.fft.irfft(np.exp(-decay - 1j * turn), points) * points / reach
    amount = patch.mean() * reach
    centre = (patch * place).mean() * reach / amount
    values = {
        "spread": sqrt((patch * (place - centre) ** 2).mean() * reach / amount),
        "peak": _top(patch, reach)[1] * width * sqrt(2 * pi),
        "displacement": centre,
        "amount": amount,
    }
    return exact(values[response])


def front(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - nothing is random
    """Let a front of u_t = D u_xx + r f(u) run, f logistic or bistable, and measure its speed and width.

    Solved in units of the front's own length √(D/r) and time 1/r. The uncertainty is what the second half of
    the time differs from the first: a pulled front reaches its speed slowly (Bramson).
    """
    diffusivity, rate = float(settings["diffusivity"]), float(settings["growth_rate"])
    threshold = float(settings["threshold"])
    bistable = settings["reaction"] == "bistable"

    def reaction(u: Field) -> Field:
        return np.asarray(u * (1 - u) * ((u - threshold) if bistable else 1))

    step, spacing, points = 0.05, 0.25, 880
    field = (np.arange(points) < points // 2 if bistable else np.arange(points) < points // 10).astype(float)
    implicit = np.ones((3, points)) * (-step / spacing**2)
    implicit[1] = 1 + 2 * step / spacing**2
    implicit[1, [0, -1]] = 1 + step / spacing**2  # nothing flows through the ends
    halves = []
    for index in range(1, 1501):
        field = solve_banded((1, 1), implicit, field + step * reaction(field), check_finite=False)
        if index % 500 == 0:
            halves.append((index * step, _crossing(field, 0.5) * spacing))
    if response == "front_width":
        width = (_crossing(field, 0.1) - _crossing(field, 0.9)) * spacing
        return Measurement(
            value=width * sqrt(diffusivity / rate), std=0.005 * width * sqrt(diffusivity / rate)
        )
    early, late = ((halves[i + 1][1] - halves[i][1]) / (halves[i + 1][0] - halves[i][0]) for i in (0, 1))
    scale = sqrt(diffusivity * rate)
    flow = float(settings["flow"])
    return Measurement(value=late * scale + flow, std=abs(late - early) * scale)


def _crossing(field: Field, level: float) -> float:
    """Return where a falling front passes a level, in grid steps."""
    last = int(np.flatnonzero(field >= level)[-1]) if (field >= level).any() else 0
    if last == 0 or last >= len(field) - 2:
        raise InstrumentError("the front left the grid before it was measured")
    return last + float((field[last] - level) / (field[last] - field[last + 1]))


def soliton(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - nothing is random
    """Let a sech² hump run under u_t + 6 u u_x + β u_xxx = 0 (Korteweg and de Vries), and measure it.

    The hump begins with the width that `width_factor` makes of a soliton's; at 1 it keeps its form.
    """
    height, dispersion = float(settings["amplitude"]), float(settings["dispersion"])
    narrow = sqrt(2 * dispersion / height)  # of sech²(x/w)
    wide = narrow * float(settings["width_factor"])
    length = 40 * max(narrow, wide)
    place = (np.arange(POINTS) / POINTS - 0.5) * length
    waves = 2 * pi * np.fft.rfftfreq(POINTS, length / POINTS)
    time = 3 * narrow / (2 * height)  # three widths
    steps = 500
    turn = np.exp(1j * dispersion * waves**3 * time / steps / 2)

    def rate(spectrum: NDArray[np.complex128]) -> NDArray[np.complex128]:
        return np.asarray(-3j * waves * np.fft.rfft(np.fft.irfft(spectrum, POINTS) ** 2))

    spectrum = np.fft.rfft(height / np.cosh(place / wide) ** 2)
    tops = []
    for index in range(steps):
        spectrum = _integrating_factor(spectrum, rate, turn, time / steps)
        if index in (steps // 2 - 1, steps - 1):
            tops.append(_top(np.fft.irfft(spectrum, POINTS), length))
    (first, _, _), (last, top, half) = tops
    moved = (last - first + length / 2) % length - length / 2
    return exact({"speed": moved / (time / 2), "height": top, "width": half}[response])


def _integrating_factor(
    spectrum: NDArray[np.complex128],
    rate: Callable[[NDArray[np.complex128]], NDArray[np.complex128]],
    turn: NDArray[np.complex128],
    step: float,
) -> NDArray[np.complex128]:
    """Make one Runge–Kutta step of the nonlinear part, in the frame in which the linear part stands still."""
    one = rate(spectrum)
    two = rate(turn * (spectrum + step / 2 * one))
    three = rate(turn * spectrum + step / 2 * two)
    four = rate(turn * (turn * spectrum + step * three))
    return np.asarray(turn**2 * spectrum + step / 6 * (turn**2 * one + 2 * turn * (two + three) + four))


def _top(field: Field, length: float) -> tuple[float, float, float]:
    """Return place and height of the maximum by a parabola, and the full width at half height."""
    spacing = length / len(field)
    fine = np.fft.irfft(np.fft.rfft(field), 8 * len(field)) * 8
    index = int(fine.argmax())
    rolled = np.roll(fine, len(fine) // 2 - index)
    left, middle, right = rolled[len(fine) // 2 - 1 : len(fine) // 2 + 2]
    shift = (left - right) / (2 * (left - 2 * middle + right))
    above = rolled > middle / 2
    return (index + shift) * spacing / 8, float(middle), float(above.sum()) * spacing / 8


def string(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - nothing is random
    """Find a mode of a string held at both ends: stiff, damped, with a bead in its middle if it has mass."""
    length, tension = float(settings["length"]), float(settings["tension"])
    density, points = float(settings["linear_density"]), 199
    spacing = length / (points + 1)
    bend = 2 * np.eye(points) - np.eye(points, k=1) - np.eye(points, k=-1)
    pull = tension / spacing**2 * bend + float(settings["stiffness"]) / spacing**4 * bend @ bend
    mass = np.full(points, density)
    mass[points // 2] += float(settings["bead_mass"]) / spacing
    scaled = pull / np.sqrt(mass[:, None] * mass[None, :])
    mode = int(settings["mode"])
    squares = eigh(scaled, eigvals_only=True, subset_by_index=(mode - 1, mode - 1))
    free, loss = sqrt(float(squares[0])), float(settings["damping"])
    if response == "decay_time":
        return exact(1 / loss)
    swing = sqrt(max(0.0, free**2 - loss**2))
    if swing == 0:
        raise InstrumentError("the string is overdamped and does not swing: lower the damping")
    error = (mode * pi / (points + 1)) ** 2 / 24  # of the grid, relatively
    values = {
        "frequency": swing / (2 * pi),
        "period": 2 * pi / swing,
        "wave_speed": swing / mode / pi * length,
    }
    return Measurement(value=values[response], std=error * values[response])
