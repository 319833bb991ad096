"""A driven qubit, a gate on a transmon, and how noise takes the phase of a qubit that waits."""

import os
import sys
from contextlib import AbstractContextManager

import numpy as np

from tools.extras import needing
from tools.instruments.contract import InstrumentError, Measurement, Settings


def needing_qutip() -> AbstractContextManager[None]:
    """Raise InstrumentError, with the command that installs it, where QuTiP is missing."""
    # QuTiP imports setuptools, which refuses to live beside a distutils that somebody imported before.
    os.environ.setdefault("SETUPTOOLS_USE_DISTUTILS", "stdlib" if "distutils" in sys.modules else "local")
    return needing({"qutip": "instruments"}, InstrumentError)


TURN = 2 * np.pi
PULSE_STEPS = 80


def exact(value: float) -> Measurement:
    """Return a value without uncertainty."""
    return Measurement(value=float(value), std=0)


def drive(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - nothing is random
    """Drive a qubit from its ground state and return its state at the end, or the one it settles in.

    In the frame that turns with the drive: H/ħ = 2π (Δ σz + Ω σx)/2, with relaxation and pure dephasing.
    """
    with needing_qutip():
        import qutip as qt

        down, up = qt.basis(2, 0), qt.basis(2, 1)
        raising = up * down.dag()
        excited = up * up.dag()
        energy = TURN * (
            -float(settings["detuning"]) * excited
            + float(settings["rabi_frequency"]) / 2 * (raising + raising.dag())
        )
        losses = [
            np.sqrt(1 / float(settings["t1"])) * raising.dag(),
            np.sqrt(2 / float(settings["dephasing_time"])) * excited,
        ]
        if response == "steady_population":
            return exact(qt.expect(excited, qt.steadystate(energy, losses)))
        evolution = (qt.liouvillian(energy, losses) * float(settings["duration"])).expm()
        state = qt.vector_to_operator(evolution * qt.operator_to_vector(down * down.dag()))
        if response == "excited_population":
            return exact(min(1.0, max(0.0, qt.expect(excited, state))))
        if response == "coherence":
            return exact(2 * abs(state[0, 1]))
        return exact((state * state).tr().real)


def gate(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - nothing is random
    """Play a π pulse with a raised-cosine envelope on the lowest three levels of a transmon.

    Its area turns the lower two by π where nothing is wrong; the third is off by the anharmonicity.
    """
    with needing_qutip():
        import qutip as qt
        from scipy.linalg import expm

        lowering = qt.destroy(3)
        number = lowering.dag() * lowering
        duration = 1 / float(settings["rabi_frequency"])  # µs: the peak of the envelope is the Rabi frequency
        if response == "gate_time":
            return exact(1000 * duration)
        rest = TURN * (
            -float(settings["detuning"]) * number
            - float(settings["anharmonicity"]) / 2 * number * (number - 1)
        )
        losses = [
            np.sqrt(1 / float(settings["t1"])) * lowering,
            np.sqrt(2 / float(settings["dephasing_time"])) * number,
        ]
        peak = TURN * float(settings["rabi_frequency"]) * (1 + float(settings["amplitude_error"]))
        still = qt.liouvillian(rest, losses).full()
        driven = qt.liouvillian(peak / 2 * (lowering + lowering.dag())).full()
    state = np.zeros(9, complex)
    state[0] = 1
    step = duration / PULSE_STEPS
    for index in range(PULSE_STEPS):
        envelope = np.sin(np.pi * (index + 0.5) / PULSE_STEPS) ** 2
        state = expm((still + envelope * driven) * step) @ state
    populations = state.reshape(3, 3).diagonal().real
    fidelity, leakage = populations[1], max(0.0, populations[2])
    return exact({"fidelity": fidelity, "infidelity": max(0.0, 1 - fidelity), "leakage": leakage}[response])


def wait(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - nothing is random
    """Let a qubit's frequency fluctuate (Gaussian, exponentially correlated), with echo pulses in between.

    The pulses stand where Carr, Purcell, Meiboom and Gill put them. Coherence is exp(−χ(T) − T/2T1).
    """
    from scipy.optimize import brentq

    noise = TURN * float(settings["noise"]) * 1e-3  # kHz to rad/µs
    memory, relaxation = float(settings["correlation_time"]), float(settings["t1"])
    pulses = int(settings["pulses"])

    def lost(time: float) -> float:
        return noise**2 * _phase_variance(time, memory, pulses) / 2 + time / (2 * relaxation)

    if response == "coherence":
        return exact(np.exp(-lost(float(settings["duration"]))))
    longest = 2 * relaxation
    return exact(brentq(lambda time: lost(time) - 1, 1e-9 * longest, 1.0001 * longest, rtol=1e-10))


def _phase_variance(time: float, memory: float, pulses: int) -> float:
    """Return ∬ s(t) s(t′) exp(−|t − t′|/τ) dt dt′, with the sign s turned by each pulse.

    In closed form for each pair of intervals between pulses.
    """
    edges = np.concatenate([[0], (np.arange(pulses) + 0.5) / max(pulses, 1), [1]]) * time
    lengths = np.diff(edges) / memory
    signs = (-1.0) ** np.arange(len(lengths))
    same = 2 * (lengths + np.expm1(-lengths))
    same = np.where(lengths < 1e-4, lengths**2 - lengths**3 / 3, same)  # noqa: PLR2004 - differences would cancel
    weights = -np.expm1(-lengths)
    total = same.sum()
    for later in range(1, len(lengths)):
        gaps = (edges[later] - edges[1 : later + 1]) / memory
        total += 2 * signs[later] * weights[later] * (signs[:later] * weights[:later] * np.exp(-gaps)).sum()
    return float(max(total, 0) * memory**2)


def cavity(settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG001 - nothing is random
    """Put an excited two-level atom into a cavity with some photons (Jaynes and Cummings)."""
    coupling, detuning = float(settings["coupling"]), float(settings["detuning"])
    photons = float(settings["photons"])
    if response == "splitting":
        exchange = coupling * np.sqrt(photons + 1)
        block = np.array([[detuning, exchange], [exchange, 0]])
        return exact(np.ptp(np.linalg.eigvalsh(block)))
    with needing_qutip():
        import qutip as qt

        levels = _levels(photons, settings["field"])
        field = (
            qt.fock(levels, round(photons))
            if settings["field"] == "fock"
            else qt.coherent(levels, np.sqrt(photons))
        )
        lower, raise_atom = qt.tensor(qt.destroy(levels), qt.qeye(2)), qt.tensor(qt.qeye(levels), qt.sigmap())
        excited = raise_atom * raise_atom.dag()
        energy = TURN * (
            detuning * excited + coupling * (lower.dag() * raise_atom.dag() + lower * raise_atom)
        )
        rates = [(settings["cavity_loss"], lower), (settings["emission"], raise_atom.dag())]
        losses = [np.sqrt(TURN * float(rate)) * operator for rate, operator in rates if float(rate) > 0]
        start = qt.tensor(field, qt.basis(2, 0))
        options = {"nsteps": 200_000, "atol": 1e-8, "rtol": 1e-6, "progress_bar": ""}
        times = [0, float(settings["duration"])]
        solve = qt.mesolve if losses else qt.sesolve
        arguments = (losses,) if losses else ()
        try:
            state = solve(energy, start, times, *arguments, options=options).states[-1]
        except Exception as error:  # the integrator raises several kinds
            raise InstrumentError(f"the cavity's equation could not be solved: {error}") from error
        if response == "excited_population":
            return exact(qt.expect(excited, state))
        if response == "photon_number":
            return exact(qt.expect(lower.dag() * lower, state))
        return exact(max(0.0, qt.entropy_vn(state.ptrace(1), base=2)))


def _levels(photons: float, field: object) -> int:
    """Return how many levels of the cavity hold all but about 1e-7 of the state."""
    return round(photons) + 2 if field == "fock" else int(np.ceil(photons + 6 * np.sqrt(photons) + 8))


def whole_photons(settings: Settings) -> str | None:
    """Say that a number state needs a whole number; None where it has one."""
    photons = float(settings["photons"])
    if settings["field"] == "fock" and photons != round(photons):
        return (
            f"a number state has a whole number of photons, not {photons:g}: round it, or take a coherent one"
        )
    return None
