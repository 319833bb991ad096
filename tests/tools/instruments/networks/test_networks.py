"""Networks against exact results, and against networkx as a second opinion."""

import networkx as nx
import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.sparse.csgraph import connected_components

from tests.tools.instruments.measuring import measurer
from tools.instruments.contract import Instrument, InstrumentError, OutsideValidity
from tools.instruments.networks import INSTRUMENTS
from tools.instruments.networks.graphs import adjacency, build, objection

measured = measurer(INSTRUMENTS)


@pytest.mark.parametrize("kept", [0.4, 0.6, 0.9])
def test_giant_component_of_a_random_graph(kept: float) -> None:
    """S = 1 − exp(−⟨k⟩ p S): Erdős and Rényi 1960; Newman, Strogatz, Watts 2001."""
    exact = brentq(lambda share: share - 1 + np.exp(-4 * kept * share), 1e-6, 1)
    got = measured("network_percolation", "largest_component", occupation=kept, nodes=10_000)
    assert got.value == pytest.approx(exact, abs=4 * got.std + 0.003)


@pytest.mark.parametrize(("removal", "threshold"), [("links", 0.5), ("nodes", 0.592746)])
def test_square_lattice_percolates_at_the_known_threshold(removal: str, threshold: float) -> None:
    """Half of the bonds (Kesten 1980), 0.5927 of the sites (Newman, Ziff 2000): largest clusters there."""
    shares = [threshold + offset for offset in (-0.1, -0.05, 0, 0.05, 0.1)]
    lattice: dict[str, float | str] = {"graph": "square_lattice", "removal": removal, "nodes": 10_000}
    sizes = [
        measured("network_percolation", "mean_cluster_size", occupation=share, **lattice).value
        for share in shares
    ]
    assert max(sizes) in sizes[1:4]
    giant = [
        measured("network_percolation", "largest_component", occupation=share, **lattice).value
        for share in shares
    ]
    assert giant[0] < 0.06
    assert giant[-1] > 0.5


def test_hubs_hold_a_scale_free_network_together() -> None:
    """Albert, Jeong, Barabási 2000: robust against failure, fragile against attack."""
    failed = measured(
        "network_percolation", "largest_component", graph="scale_free", removal="nodes", occupation=0.8
    )
    attacked = measured(
        "network_percolation", "largest_component", graph="scale_free", removal="hubs", occupation=0.8
    )
    assert failed.value > 0.65
    assert attacked.value < 0.4


@pytest.mark.parametrize("degree", [4, 6, 10])
def test_clustering_of_a_ring(degree: int) -> None:
    """C = 3(k − 2) / 4(k − 1) without rewiring (Watts and Strogatz 1998)."""
    got = measured("network_structure", "clustering", mean_degree=degree, rewiring=0)
    assert got.value == pytest.approx(3 * (degree - 2) / (4 * (degree - 1)), abs=1e-12)
    assert got.std == 0


def test_distances_as_networkx_measures_them() -> None:
    generator = np.random.default_rng(3)
    nodes, edges = build({"graph": "small_world", "nodes": 60, "mean_degree": 4, "rewiring": 0.2}, generator)
    graph = nx.Graph(edges.tolist())
    assert connected_components(adjacency(nodes, edges), directed=False)[0] == nx.number_connected_components(
        graph
    )
    ring = measured("network_structure", "path_length", nodes=60, rewiring=0)
    assert ring.value == pytest.approx(nx.average_shortest_path_length(nx.circulant_graph(60, [1, 2])))
    close = measured("network_structure", "path_length", nodes=1000, rewiring=0.1)
    assert close.value < 0.2 * measured("network_structure", "path_length", nodes=1000, rewiring=0).value


@pytest.mark.parametrize("kind", ["random", "scale_free", "small_world"])
@pytest.mark.parametrize("degree", [3.0, 4.6])
def test_mean_degree_is_what_was_asked(kind: str, degree: float) -> None:
    found = [
        build(
            {"graph": kind, "nodes": 1000, "mean_degree": degree, "rewiring": 0.05},
            np.random.default_rng(seed),
        )
        for seed in range(10)
    ]
    assert np.mean([2 * len(edges) / nodes for nodes, edges in found]) == pytest.approx(degree, rel=0.02)
    for _, edges in found:
        assert len({tuple(sorted(edge)) for edge in edges.tolist()}) == len(edges)
        assert (edges[:, 0] != edges[:, 1]).all()


def test_degrees_of_preferential_attachment() -> None:
    """k_max grows as the root of N, far above that of a random graph (Barabási and Albert 1999)."""
    small, large = (
        measured("network_structure", "largest_degree", graph="scale_free", nodes=nodes).value
        for nodes in (500, 8000)
    )
    assert 2.2 < large / small < 8
    assert large > 5 * measured("network_structure", "largest_degree", graph="random", nodes=8000).value


def test_final_size_of_an_outbreak() -> None:
    """Outbreaks are bond percolation (Newman 2002); with fixed T it would be S = 1 − exp(−⟨k⟩ T S).

    An exponential illness makes it a little smaller; its seeds' early deaths are counted in the mean.
    """
    below = measured("network_outbreak", "outbreak_size", transmission_rate=0.05, mean_degree=4)
    above = measured("network_outbreak", "outbreak_size", transmission_rate=2, initial_share=0.02)
    assert below.value < 0.15  # ⟨k⟩ β / (β + γ) = 0.8
    assert above.value == pytest.approx(
        brentq(lambda share: share - 1 + np.exp(-4 * 0.9 * share), 0.1, 1), abs=0.03
    )


def test_vaccination_stops_an_outbreak() -> None:
    free = measured("network_outbreak", "outbreak_size", transmission_rate=1, mean_degree=6)
    herd = measured("network_outbreak", "outbreak_size", transmission_rate=1, mean_degree=6, vaccinated=0.9)
    assert free.value > 0.8
    assert herd.value < 0.05


def test_prevalence_of_a_well_mixed_endemic_disease() -> None:
    """1 − γ / β⟨k⟩ where everybody meets many others (Kermack and McKendrick)."""
    got = measured(
        "network_endemic", "prevalence", transmission_rate=0.02, mean_degree=20, recovery_rate=0.1, nodes=2000
    )
    assert got.value == pytest.approx(1 - 0.1 / (0.02 * 20), abs=0.03)
    assert measured("network_endemic", "prevalence", transmission_rate=0.01, recovery_rate=0.1).value < 0.01


def test_window_of_global_cascades() -> None:
    """At φ = 0.18 cascades are global for about 1 < ⟨k⟩ < 5.8, and not beyond (Watts 2002)."""
    sizes = {
        degree: measured("network_cascade", "cascade_size", mean_degree=degree).value
        for degree in (0.5, 4, 12)
    }
    assert sizes[0.5] < 0.05
    assert sizes[4] > 0.6
    assert sizes[12] < 0.05


@pytest.mark.parametrize("coupling", [3.0, 4.0, 8.0])
def test_kuramoto_with_lorentzian_frequencies(coupling: float) -> None:
    """r = √(1 − 2γ/K) on a complete graph (Kuramoto 1975)."""
    got = measured("network_synchronisation", "order_parameter", coupling=coupling)
    assert got.value == pytest.approx(np.sqrt(1 - 2 / coupling), abs=0.01)


def test_kuramoto_below_its_threshold() -> None:
    assert measured("network_synchronisation", "order_parameter", coupling=1).value < 0.12
    assert measured("network_synchronisation", "effective_spread", coupling=0.1).value == pytest.approx(
        1, rel=0.05
    )


def test_consensus_time_of_a_complete_graph() -> None:
    """T = N ln 2 sweeps from equal shares (Sood and Redner 2005, large N)."""
    found = [measured("network_opinions", "consensus_time", seed, nodes=60) for seed in range(6)]
    mean = np.mean([one.value for one in found])
    assert mean == pytest.approx(60 * np.log(2), abs=4 * np.mean([one.std for one in found]) / np.sqrt(6))


@pytest.mark.parametrize("share", [0.2, 0.7])
def test_an_opinion_wins_as_often_as_its_share(share: float) -> None:
    got = measured("network_opinions", "exit_probability", initial_share=share, nodes=40)
    assert got.value == pytest.approx(share, abs=4 * got.std)


@pytest.mark.parametrize("one", INSTRUMENTS, ids=lambda one: one.name)
def test_the_same_seed_gives_the_same_value(one: Instrument) -> None:
    response = one.responses[0].name
    assert measured(one.name, response, 5, nodes=100) == measured(one.name, response, 5, nodes=100)


def test_graphs_that_do_not_exist() -> None:
    assert objection({"graph": "square_lattice", "nodes": 100, "mean_degree": 6}) is not None
    assert objection({"graph": "square_lattice", "nodes": 100, "mean_degree": 4}) is None
    with pytest.raises(OutsideValidity, match="at least 2"):
        measured("network_structure", "clustering", graph="scale_free", mean_degree=1)
    with pytest.raises(InstrumentError, match="does not measure 'charm'"):
        measured("network_structure", "charm")
