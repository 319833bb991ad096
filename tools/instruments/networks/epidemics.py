"""Contagion on a graph: an outbreak that ends, a disease that stays, a cascade of thresholds."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tools.instruments.contract import Measurement, Settings
from tools.instruments.networks.graphs import adjacency, build
from tools.instruments.networks.percolation import over_graphs

OUTBREAKS = 12
CASCADES = 12
ENDEMICS = 4
LARGEST_STEP = 0.1
"""Events a node in one step, so that two in one are rare."""
FASTEST = 10.0
"""Infections that a node could catch in an illness; above it nearly all are ill, and steps shrink no more."""
ILLNESSES = 20.0
"""Mean illnesses in a run."""


def outbreak(settings: Settings, response: str, seed: int) -> Measurement:
    """Run susceptible-infected-recovered outbreaks, exact in time.

    Each node's infectious period and each contact's waiting time are drawn once; who is infected when is then
    the shortest path from the first cases over the contacts that came in time.
    """
    generator = np.random.default_rng(seed)
    return over_graphs([_one_outbreak(settings, response, generator) for _ in range(OUTBREAKS)])


def _one_outbreak(settings: Settings, response: str, generator: np.random.Generator) -> float:
    nodes, edges = build(settings, generator)
    immune = generator.random(nodes) < float(settings["vaccinated"])
    first = _first_cases(np.flatnonzero(~immune), float(settings["initial_share"]), generator)
    if len(first) == 0:
        return 0.0
    both = np.concatenate([edges, edges[:, ::-1]])
    period = generator.exponential(1 / float(settings["recovery_rate"]), nodes)
    waiting = generator.exponential(1 / float(settings["transmission_rate"]), len(both))
    passed = (waiting < period[both[:, 0]]) & ~immune[both].any(axis=1)
    contacts = csr_array((waiting[passed], (both[passed, 0], both[passed, 1])), shape=(nodes, nodes))
    infected = dijkstra(contacts, indices=first, min_only=True)
    ill = np.isfinite(infected)
    if response == "outbreak_size":
        return float(ill.mean())
    starts, ends = infected[ill], infected[ill] + period[ill]
    if response == "duration":
        return float(ends.max())
    times = np.concatenate([starts, ends])
    order = np.argsort(times, kind="stable")
    prevalence = np.cumsum(np.repeat([1, -1], len(starts))[order])
    peak = int(prevalence.argmax())
    return float(times[order][peak]) if response == "peak_time" else float(prevalence[peak] / nodes)


def _first_cases(
    candidates: NDArray[np.intp], share: float, generator: np.random.Generator
) -> NDArray[np.intp]:
    number = min(len(candidates), max(1, round(share * len(candidates))))
    return generator.choice(candidates, number, replace=False) if len(candidates) else candidates


def endemic(settings: Settings, response: str, seed: int) -> Measurement:
    """Run susceptible-infected-susceptible processes side by side; average over second halves and graphs.

    A node has at most `LARGEST_STEP` events a step on average; the bias is of that order, relatively.
    """
    generator = np.random.default_rng(seed)
    graphs = [build(settings, generator) for _ in range(ENDEMICS)]
    nodes = graphs[0][0]
    edges = np.concatenate([links + index * nodes for index, (_, links) in enumerate(graphs)])
    matrix = adjacency(ENDEMICS * nodes, edges)
    catch, recover = float(settings["transmission_rate"]), float(settings["recovery_rate"])
    pressure = catch * max(1.0, 2 * len(edges) / (ENDEMICS * nodes))
    step = LARGEST_STEP / max(recover, min(pressure, FASTEST * recover))
    steps = int(ILLNESSES / (recover * step))
    cure = -np.expm1(-recover * step)
    ill = generator.random(ENDEMICS * nodes) < float(settings["initial_share"])
    shares = np.empty((steps, ENDEMICS))
    for index in range(steps):
        changes = np.where(ill, cure, -np.expm1(-catch * step * (matrix @ ill.astype(float))))
        ill = ill ^ (generator.random(ENDEMICS * nodes) < changes)
        shares[index] = ill.reshape(ENDEMICS, nodes).mean(axis=1)
    late = shares[steps // 2 :]
    mean = late.mean(axis=0)
    if response == "prevalence":
        return over_graphs(list(mean))
    return over_graphs(list(nodes * late.var(axis=0) / np.maximum(mean, 1 / nodes)))


def cascade(settings: Settings, response: str, seed: int) -> Measurement:
    """Run Watts' cascades: a node turns when the share of its neighbours that have reaches its threshold."""
    generator = np.random.default_rng(seed)
    return over_graphs([_one_cascade(settings, response, generator) for _ in range(CASCADES)])


def _one_cascade(settings: Settings, response: str, generator: np.random.Generator) -> float:
    nodes, edges = build(settings, generator)
    matrix = adjacency(nodes, edges)
    degrees = matrix.sum(axis=1)
    spread = float(settings["threshold_spread"])
    thresholds = np.maximum(float(settings["threshold"]) + spread * generator.standard_normal(nodes), 1e-9)
    turned = np.zeros(nodes, bool)
    turned[_first_cases(np.arange(nodes), float(settings["initial_share"]), generator)] = True
    rounds = 0
    while True:
        after = turned | ((matrix @ turned.astype(float) >= thresholds * degrees - 1e-9) & (degrees > 0))
        if (after == turned).all():
            return float(turned.mean()) if response == "cascade_size" else float(rounds)
        turned, rounds = after, rounds + 1
