"""The Potts form: its Gibbs sampler against exact Boltzmann weights, enumeration and D-Wave's annealer."""

from itertools import combinations, product

import numpy as np
import pytest

from tools.defects.design.pbits import Potts, SitePairs, fit, make_potts, sample
from tools.defects.design.space import Space, State
from tools.defects.hosts import Host, find_host


def small_space(fewest: int, most: int) -> Space:
    """h-BN in 3 × 3 cells: 18 sites, two kinds on each element."""
    host = find_host("hBN")
    assert host is not None
    tiny = Host(host.name, host.label, host.a, host.b, host.gamma, host.sites, (3, 3))
    return Space(tiny, (("B", "X"), ("B", "C"), ("N", "C")), fewest, most)


def random_potts(space: Space, seed: int) -> Potts:
    pairs = SitePairs(space)
    rng = np.random.default_rng(seed)
    return make_potts(pairs, rng.normal(size=int(pairs.columns.max()) + 1))


def all_states(space: Space) -> list[State]:
    states = []
    for number in range(space.fewest, space.most + 1):
        for sites in combinations(range(len(space.elements)), number):
            options = [np.flatnonzero(space.allowed[site])[1:].tolist() for site in sites]
            for kinds in product(*options):
                state = np.zeros(len(space.elements), dtype=np.int64)
                state[list(sites)] = kinds
                states.append(state)
    return states


def test_the_sampler_leaves_the_boltzmann_distribution_as_it_is() -> None:
    space = small_space(1, 2)
    potts, beta = random_potts(space, 0), 0.7
    states = all_states(space)
    energies = np.array([potts.energy(state) for state in states])
    weights = np.exp(-beta * energies)
    replicas = 2_000
    starts = [states[k % len(states)] for k in range(replicas)]
    reached = sample(potts, starts, np.full((80, replicas), beta), np.random.default_rng(1))
    found = np.array([potts.energy(state) for state in reached])
    expected = float(weights @ energies / weights.sum())
    assert found.mean() == pytest.approx(expected, abs=4 * found.std() / replicas**0.5)
    ones = float(weights[[np.count_nonzero(s) == 1 for s in states]].sum() / weights.sum())
    assert np.mean(np.count_nonzero(reached, axis=1) == 1) == pytest.approx(ones, abs=0.04)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_annealed_it_finds_the_exact_minimum(seed: int) -> None:
    space = small_space(1, 3)
    potts = random_potts(space, seed)
    least = min(potts.energy(state) for state in all_states(space))
    rng = np.random.default_rng(seed)
    coldness = np.geomspace(np.full(64, 0.5), np.full(64, 50.0), 800)
    reached = sample(potts, [space.draw(rng) for _ in range(64)], coldness, rng)
    assert min(potts.energy(state) for state in reached) == pytest.approx(least)


@pytest.mark.parametrize("seed", [0, 1])
def test_it_agrees_with_the_annealer_of_dwave(seed: int) -> None:
    """As a binary quadratic model: a bit a site and kind, penalties for two on a site and for the number."""
    samplers = pytest.importorskip("dwave.samplers", reason="dwave-samplers is in the test extra")
    dimod = pytest.importorskip("dimod")
    space = small_space(4, 4)
    potts = random_potts(space, seed)
    bits = [(int(s), int(k)) for s, k in np.argwhere(space.allowed) if k]
    strong = 8.0  # eV: above what a wrong number of bits could save
    model = dimod.BinaryQuadraticModel("BINARY")
    for site, kind in bits:
        model.add_linear((site, kind), potts.field[site, kind] + strong * (1 - 2 * space.most))
    for (s, a), (t, b) in combinations(bits, 2):
        same = strong if s == t else float(potts.coupling[s, a, t, b])
        model.add_quadratic((s, a), (t, b), same + 2 * strong)
    model.offset = strong * space.most**2
    sampler = samplers.SimulatedAnnealingSampler()
    answer = sampler.sample(model, num_reads=200, num_sweeps=1_000, seed=seed, beta_range=(0.05, 10)).first
    rng = np.random.default_rng(seed)
    coldness = np.geomspace(np.full(32, 0.5), np.full(32, 50.0), 500)
    reached = sample(potts, [space.draw(rng) for _ in range(32)], coldness, rng)
    assert min(potts.energy(state) for state in reached) == pytest.approx(answer.energy, abs=1e-6)


def test_a_fit_gives_back_what_is_of_its_form() -> None:
    space = small_space(1, 3)
    truth, pairs = random_potts(space, 3), SitePairs(space)
    rng = np.random.default_rng(4)
    states = [space.draw(rng) for _ in range(400)]
    costs = np.array([truth.energy(state) for state in states])
    fitted = fit(pairs, states, costs, np.ones(len(states)))
    fresh = [space.draw(rng) for _ in range(50)]
    ours, exact = (np.array([p.energy(state) for state in fresh]) for p in (fitted, truth))
    assert np.corrcoef(ours, exact)[0, 1] > 0.99


def test_features_and_energies_do_not_change_under_symmetry() -> None:
    from tools.defects.symmetry import site_permutations

    space = small_space(1, 3)
    pairs, potts = SitePairs(space), random_potts(space, 5)
    rng = np.random.default_rng(6)
    state = space.draw(rng)
    for row in site_permutations(space.host, 3, 3)[::7]:
        moved = np.zeros_like(state)
        moved[row] = state
        assert (pairs.features([moved]) == pairs.features([state])).all()
        assert potts.energy(moved) == pytest.approx(potts.energy(state))
        assert space.key(moved) == space.key(state)
