"""The systems: their equations, and what is read from their orbits."""

import math
import random
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Final

from tools.instruments.contract import OutsideValidity, Settings
from tools.instruments.declared import Reading
from tools.instruments.dynamics import orbits
from tools.instruments.dynamics.orbits import Flow

LORENZ_STEP, LORENZ_STEPS, LORENZ_SKIPPED = 0.01, 8000, 2000
DUFFING_STEPS, DUFFING_CYCLES, DUFFING_SKIPPED = 100, 60, 60
MAP_STEPS, MAP_SKIPPED = 2000, 2000
SMALL: Final = 0.01


def _numbers(settings: Settings, *names: str) -> tuple[float, ...]:
    return tuple(float(settings[name]) for name in names)


def _beginning(seed: int, *state: float) -> tuple[float, ...]:
    """Return the state, moved a little: another seed is another orbit on the same attractor."""
    rng = random.Random(seed)  # noqa: S311 - a starting point, no secret
    return tuple(x + rng.uniform(-SMALL, SMALL) for x in state)


def _lorenz(settings: Settings) -> Flow:
    sigma, rho, beta = _numbers(settings, "sigma", "rho", "beta")
    return lambda _, s: (sigma * (s[1] - s[0]), s[0] * (rho - s[2]) - s[1], s[0] * s[1] - beta * s[2])


def _lorenz_z(settings: Settings, seed: int) -> list[float]:
    start = _beginning(seed, 1.0, 1.0, 20.0)
    states = orbits.orbit(_lorenz(settings), start, LORENZ_STEP, LORENZ_STEPS, LORENZ_SKIPPED)
    return [state[2] for state in states]


def _lorenz_exponent(settings: Settings, seed: int) -> tuple[float, float]:
    start = _beginning(seed, 1.0, 1.0, 20.0)
    return orbits.lyapunov(
        _lorenz(settings), start, LORENZ_STEP, steps=LORENZ_STEPS, skipped=LORENZ_SKIPPED, every=50
    )


LORENZ: Final[Mapping[str, Reading]] = {
    "lyapunov_exponent": _lorenz_exponent,
    "mean": lambda s, seed: orbits.batched(_lorenz_z(s, seed)),
    "amplitude": lambda s, seed: orbits.range_of(_lorenz_z(s, seed)),
    "distinct_maxima": lambda s, seed: _count(_lorenz_z(s, seed)),
}


def _count(values: list[float]) -> tuple[float, float]:
    return float(orbits.distinct(orbits.maxima(values), max(2 * orbits.amplitude(values), SMALL))), 0.0


@lru_cache(maxsize=64)
def _iterates(r: float, seed: int) -> tuple[float, ...]:
    x = 0.5 + 0.4 * random.Random(seed).random()  # noqa: S311 - a starting point, no secret
    found = []
    for n in range(MAP_SKIPPED + MAP_STEPS):
        x = r * x * (1 - x)
        if n >= MAP_SKIPPED:
            found.append(x)
    return tuple(found)


def _logistic(settings: Settings, seed: int) -> tuple[float, ...]:
    return _iterates(float(settings["r"]), seed)


def _logistic_exponent(settings: Settings, seed: int) -> tuple[float, float]:
    r = float(settings["r"])
    return orbits.batched([math.log(max(abs(r * (1 - 2 * x)), 1e-300)) for x in _iterates(r, seed)])


LOGISTIC: Final[Mapping[str, Reading]] = {
    "distinct_values": lambda s, seed: (float(orbits.distinct(_logistic(s, seed), 1.0)), 0.0),
    "lyapunov_exponent": _logistic_exponent,
    "mean": lambda s, seed: orbits.batched(_logistic(s, seed)),
    "amplitude": lambda s, seed: orbits.range_of(_logistic(s, seed)),
}


def _duffing(settings: Settings) -> Flow:
    drive, omega, damping, linear, cubic = _numbers(
        settings, "drive", "frequency", "damping", "linear", "cubic"
    )
    return lambda t, s: (
        s[1],
        drive * math.cos(omega * t) - damping * s[1] - linear * s[0] - cubic * s[0] ** 3,
    )


def _duffing_step(settings: Settings) -> float:
    return 2 * math.pi / float(settings["frequency"]) / DUFFING_STEPS


def _duffing_x(settings: Settings, seed: int) -> list[float]:
    start, dt = _beginning(seed, 1.0, 0.0), _duffing_step(settings)
    steps, skipped = DUFFING_CYCLES * DUFFING_STEPS, DUFFING_SKIPPED * DUFFING_STEPS
    return [state[0] for state in orbits.orbit(_duffing(settings), start, dt, steps, skipped)]


def _duffing_exponent(settings: Settings, seed: int) -> tuple[float, float]:
    steps, skipped = DUFFING_CYCLES * DUFFING_STEPS, DUFFING_SKIPPED * DUFFING_STEPS
    start, dt = _beginning(seed, 1.0, 0.0), _duffing_step(settings)
    return orbits.lyapunov(
        _duffing(settings), start, dt, steps=steps, skipped=skipped, every=DUFFING_STEPS // 2
    )


DUFFING: Final[Mapping[str, Reading]] = {
    "amplitude": lambda s, seed: orbits.range_of(_duffing_x(s, seed)),
    "lyapunov_exponent": _duffing_exponent,
    "distinct_maxima": lambda s, seed: _count(_duffing_x(s, seed)),
    "mean": lambda s, seed: orbits.batched(_duffing_x(s, seed)),
}


def _swings(settings: Settings, count: int) -> tuple[list[tuple[float, ...]], float]:
    """Return the states of that many small-amplitude periods, and the step."""
    length, gravity, damping, angle = _numbers(settings, "length", "gravity", "damping", "initial_amplitude")
    pull = gravity / length
    dt = 2 * math.pi / math.sqrt(pull) / 400
    flow: Flow = lambda _, s: (s[1], -pull * math.sin(s[0]) - damping * s[1])  # noqa: E731 - one line says it
    return orbits.orbit(flow, (angle, 0.0), dt, 400 * count), dt


def _pendulum_period(settings: Settings, _: int) -> tuple[float, float]:
    states, dt = _swings(settings, 6)
    angles = [state[0] for state in states]
    down = [(n + a / (a - b)) * dt for n, (a, b) in enumerate(pairwise(angles)) if a > 0 >= b]
    if len(down) < 2:  # noqa: PLR2004 - a period has two ends
        raise OutsideValidity("it hardly swings at these settings")
    return down[1] - down[0], 0.0


def _pendulum_late(settings: Settings, _: int) -> tuple[float, float]:
    states, _dt = _swings(settings, 10)
    return max(abs(state[0]) for state in states[-400:]), 0.0


PENDULUM: Final[Mapping[str, Reading]] = {
    "period": _pendulum_period,
    "peak_speed": lambda s, _: (max(abs(state[1]) for state in _swings(s, 3)[0]), 0.0),
    "remaining_amplitude": _pendulum_late,
}


def _neuron(settings: Settings) -> tuple[list[float], float]:
    current, slow, a, b = _numbers(settings, "current", "time_scale", "a", "b")
    dt = 0.1
    flow: Flow = lambda _, s: (  # noqa: E731 - one line says it
        s[0] - s[0] ** 3 / 3 - s[1] + current,
        (s[0] + a - b * s[1]) / slow,
    )
    skipped = round(30 * slow / dt)
    return [s[0] for s in orbits.orbit(flow, (-1.0, -0.5), dt, round(30 * slow / dt), skipped)], dt


def _firing_rate(settings: Settings, _: int) -> tuple[float, float]:
    values, dt = _neuron(settings)
    times = orbits.crossings(values, dt)
    return ((len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0), 0.0


NEURON: Final[Mapping[str, Reading]] = {
    "firing_rate": _firing_rate,
    "period": lambda s, _: (orbits.period(*_neuron(s))[0], 0.0),
    "amplitude": lambda s, _: (orbits.amplitude(_neuron(s)[0]), 0.0),
    "mean": lambda s, _: (_whole_cycles(*_neuron(s)), 0.0),
}


def _whole_cycles(values: list[float], dt: float) -> float:
    times = orbits.crossings(values, dt)
    if len(times) > 1:
        values = values[round(times[0] / dt) : round(times[-1] / dt)]
    return sum(values) / len(values)


def _van_der_pol(settings: Settings) -> tuple[list[float], float]:
    mu, start = _numbers(settings, "mu", "start")
    dt = 0.02 / max(1.0, mu / 4)
    flow: Flow = lambda _, s: (s[1], mu * (1 - s[0] ** 2) * s[1] - s[0])  # noqa: E731 - one line says it
    cycle = 2 * math.pi + 1.62 * mu
    skipped = round((3 * cycle + 8 / mu) / dt)
    return [s[0] for s in orbits.orbit(flow, (start, 0.0), dt, round(4.5 * cycle / dt), skipped)], dt


VAN_DER_POL: Final[Mapping[str, Reading]] = {
    "period": lambda s, _: (orbits.period(*_van_der_pol(s))[0], 0.0),
    "amplitude": lambda s, _: (orbits.amplitude(_van_der_pol(s)[0]), 0.0),
    "mean": lambda s, _: (_whole_cycles(*_van_der_pol(s)), 0.0),
}


def _phase_difference(settings: Settings) -> tuple[list[float], float]:
    coupling, detuning = _numbers(settings, "coupling", "detuning")
    dt = 0.02
    flow: Flow = lambda _, s: (detuning - coupling * math.sin(s[0]),)  # noqa: E731 - one line says it
    return [state[0] for state in orbits.orbit(flow, (0.5,), dt, 10_000, 2_000)], dt


def _beats(settings: Settings, _: int) -> tuple[float, float]:
    """Return turns over their time, so that the part of a turn at the end does not count."""
    values, dt = _phase_difference(settings)
    turns = _turns(values)
    if len(turns) > 1:
        return math.tau * (len(turns) - 1) / ((turns[-1] - turns[0]) * dt), 0.0
    return abs(values[-1] - values[0]) / (len(values) * dt), 0.0


def _turns(values: list[float]) -> list[int]:
    """Return where the phase difference completes a turn."""
    return [n for n, (a, b) in enumerate(pairwise(values)) if b // math.tau > a // math.tau]


def _locking(settings: Settings, _: int) -> tuple[float, float]:
    values, _dt = _phase_difference(settings)
    turns = _turns(values)
    if len(turns) > 1:
        values = values[turns[0] : turns[-1]]
    real = sum(map(math.cos, values)) / len(values)
    return math.hypot(real, sum(map(math.sin, values)) / len(values)), 0.0


TWO_OSCILLATORS: Final[Mapping[str, Reading]] = {"beat_frequency": _beats, "synchronisation": _locking}


@lru_cache(maxsize=64)
def _cycles(
    growth: float, eaten: float, death: float, gain: float, prey: float
) -> tuple[list[tuple[float, ...]], float]:
    flow: Flow = lambda _, s: (s[0] * (growth - eaten * s[1]), s[1] * (gain * s[0] - death))  # noqa: E731 - one line
    around = 2 * math.pi / math.sqrt(growth * death)
    dt = around / 1500
    return orbits.orbit(flow, (prey, growth / eaten), dt, 12_000), dt


def _prey(settings: Settings) -> tuple[list[tuple[float, ...]], float]:
    names = ("prey_growth", "predation", "predator_death", "conversion", "initial_prey")
    return _cycles(*_numbers(settings, *names))


def _cycle_mean(settings: Settings, species: int) -> tuple[float, float]:
    states, dt = _prey(settings)
    times = orbits.crossings([state[0] for state in states], dt)
    whole = states[round(times[0] / dt) : round(times[-1] / dt)] if len(times) > 1 else states
    return sum(state[species] for state in whole) / len(whole), 0.0


def _prey_alone(settings: Settings) -> tuple[list[float], float]:
    states, dt = _prey(settings)
    return [state[0] for state in states], dt


LOTKA_VOLTERRA: Final[Mapping[str, Reading]] = {
    "mean_prey": lambda s, _: _cycle_mean(s, 0),
    "mean_predators": lambda s, _: _cycle_mean(s, 1),
    "period": lambda s, _: (orbits.period(*_prey_alone(s))[0], 0.0),
    "amplitude": lambda s, _: (orbits.amplitude(_prey_alone(s)[0]), 0.0),
}
