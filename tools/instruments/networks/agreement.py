"""Nodes that agree: phases that lock, opinions that spread."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tools.instruments.contract import InstrumentError, Measurement, Settings
from tools.instruments.networks.graphs import adjacency, build
from tools.instruments.networks.percolation import over_graphs

Phases = NDArray[np.float64]
ENSEMBLES = 4
LOCKED = 0.05
"""An oscillator is locked when its mean frequency is this near the median one, in spreads."""
STEPS_A_UNIT = 6
"""Steps of the integration in the time in which the fastest rate turns a phase by one radian."""
VOTERS_SIDE_BY_SIDE = 64
MOST_STEPS = 400_000


def synchronise(settings: Settings, response: str, seed: int) -> Measurement:
    """Integrate ensembles of Kuramoto's phases side by side (Heun) from random ones.

    Averages over the second half of the run, and over ensembles.
    """
    generator = np.random.default_rng(seed)
    coupling, width = float(settings["coupling"]), float(settings["frequency_spread"])
    nodes, pull = _coupled(settings, coupling, generator)
    natural = generator.permuted(np.tile(_frequencies(settings, nodes, width), (ENSEMBLES, 1)), axis=1)

    def rate(phases: Phases) -> Phases:
        wave = np.exp(1j * phases)
        return np.asarray(natural + (np.conj(wave) * pull(wave)).imag)

    step = 1 / (STEPS_A_UNIT * max(coupling, width))
    steps = int(50 / (max(width, 0.2 * coupling) * step))
    phases = generator.uniform(0, 2 * np.pi, natural.shape)
    half, order = phases, np.zeros(ENSEMBLES)
    for index in range(steps):
        if index == steps // 2:
            half = phases
        slope = rate(phases)
        phases = phases + step / 2 * (slope + rate(phases + step * slope))
        if index >= steps // 2:
            order += abs(np.exp(1j * phases).mean(axis=1))
    speeds = (phases - half) / (step * (steps - steps // 2))
    if response == "order_parameter":
        return over_graphs(list(order / (steps - steps // 2)))
    if response == "effective_spread":  # half the interquartile range: of a Lorentzian, its half width
        return over_graphs(list(np.subtract(*np.percentile(speeds, [75, 25], axis=1)) / 2))
    away = np.abs(speeds - np.median(speeds, axis=1, keepdims=True))
    return over_graphs(list((away < LOCKED * width).mean(axis=1)))


def _coupled(
    settings: Settings, coupling: float, generator: np.random.Generator
) -> tuple[int, Callable[[NDArray[np.complex128]], NDArray[np.complex128]]]:
    """Return the number of nodes, and what turns exp(iθ), shape (ensembles, nodes), into each one's field."""
    if settings["graph"] == "complete":
        nodes = int(settings["nodes"])
        return nodes, lambda wave: coupling * wave.mean(axis=1, keepdims=True)
    graphs = [build(settings, generator) for _ in range(ENSEMBLES)]
    nodes = graphs[0][0]
    links = np.concatenate([edges + index * nodes for index, (_, edges) in enumerate(graphs)])
    strength = coupling / max(1.0, 2 * len(links) / (ENSEMBLES * nodes))
    matrix = strength * adjacency(ENSEMBLES * nodes, links).astype(complex)
    return nodes, lambda wave: (matrix @ wave.ravel()).reshape(wave.shape)


def _frequencies(settings: Settings, nodes: int, width: float) -> Phases:
    """Return natural frequencies at evenly spaced quantiles, so that only their places are left to chance."""
    from scipy.stats import cauchy, norm

    quantiles = (np.arange(nodes) + 0.5) / nodes
    law = cauchy if settings["frequencies"] == "lorentzian" else norm
    return np.asarray(width * law.ppf(quantiles), float)


def vote(settings: Settings, response: str, seed: int) -> Measurement:
    """Run voter models side by side until each agrees: a random node copies a random neighbour.

    Time is in sweeps: as many steps as there are nodes. Raises InstrumentError where one takes too long.
    """
    generator = np.random.default_rng(seed)
    nodes, neighbours, degrees = _copied(settings, generator)
    runs = np.arange(VOTERS_SIDE_BY_SIDE)
    ones = min(nodes, round(float(settings["initial_share"]) * nodes))
    opinions = np.zeros((VOTERS_SIDE_BY_SIDE, nodes), np.int8)
    opinions[:, :ones] = 1
    opinions = generator.permuted(opinions, axis=1)
    count = opinions.sum(axis=1).astype(np.int64)
    agreed = np.full(VOTERS_SIDE_BY_SIDE, -1.0)
    block = 512
    for start in range(0, MOST_STEPS, block):
        who = generator.integers(0, nodes, (block, VOTERS_SIDE_BY_SIDE))
        pick = (generator.random((block, VOTERS_SIDE_BY_SIDE)) * degrees[who]).astype(np.intp)
        whom = neighbours[who, pick]
        for index in range(block):
            new, old = opinions[runs, whom[index]], opinions[runs, who[index]]
            opinions[runs, who[index]] = new
            count += new - old
            done = ((count == 0) | (count == nodes)) & (agreed < 0)
            agreed[done] = (start + index + 1) / nodes
        if (agreed >= 0).all():
            break
    else:
        raise InstrumentError(f"{nodes} voters did not agree in {MOST_STEPS:,} steps: take fewer nodes")
    values = agreed if response == "consensus_time" else (count == nodes).astype(float)
    return over_graphs(list(values))


def _copied(
    settings: Settings, generator: np.random.Generator
) -> tuple[int, NDArray[np.intp], NDArray[np.intp]]:
    """Return how many can agree (the largest component), their neighbours in padded rows, and degrees."""
    from scipy.sparse.csgraph import connected_components

    nodes, edges = build(settings, generator)
    matrix = adjacency(nodes, edges)
    _, labels = connected_components(matrix, directed=False)
    giant = np.flatnonzero(labels == np.bincount(labels).argmax())
    inside = matrix[giant][:, giant]
    degrees = np.diff(inside.indptr).astype(np.intp)
    rows = np.zeros((len(giant), int(degrees.max(initial=0))), np.intp)
    for node in range(len(giant)):
        rows[node, : degrees[node]] = inside.indices[inside.indptr[node] : inside.indptr[node + 1]]
    return len(giant), rows, degrees
