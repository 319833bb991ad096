"""Searches that ask the model only: at random, by simulated annealing, by evolution."""

from typing import Final

import numpy as np

from tools.defects.design.objective import Objective
from tools.defects.design.space import PRISTINE, Space, State

CHAINS: Final = 16  # states at once: the model is quicker by the batch
HOT, COLD = 0.1, 0.002  # eV: temperatures at the beginning and the end
POPULATION: Final = 32
RIVALS: Final = 3  # in a tournament for parenthood


def search_at_random(objective: Objective, rng: np.random.Generator) -> None:
    while not objective.is_spent:
        objective([objective.space.draw(rng) for _ in range(CHAINS)])


def anneal(objective: Objective, rng: np.random.Generator) -> None:
    """Metropolis steps of several chains while the temperature falls (Kirkpatrick et al. 1983)."""
    space = objective.space
    states = [space.draw(rng) for _ in range(CHAINS)]
    costs = objective(states)
    while not objective.is_spent:
        done = len(objective.answers) / objective.goal.evaluations
        temperature = HOT * (COLD / HOT) ** done
        proposed = [space.mutate(state, rng) for state in states]
        found = objective(proposed)
        accepted = rng.random(CHAINS) < np.exp(np.minimum(0.0, (costs - found) / temperature))
        states = [new if yes else old for new, old, yes in zip(proposed, states, accepted, strict=True)]
        costs = np.where(accepted, found, costs)


def evolve(objective: Objective, rng: np.random.Generator) -> None:
    """Parents by tournament, halves of the cell crossed over, one mutation, the best survive."""
    space = objective.space
    states = [space.draw(rng) for _ in range(POPULATION)]
    costs = objective(states)
    while not objective.is_spent:
        children = [
            space.mutate(_cross(space, _parent(states, costs, rng), _parent(states, costs, rng), rng), rng)
            for _ in range(CHAINS)
        ]
        states, costs = states + children, np.concatenate([costs, objective(children)])
        _, distinct = np.unique(np.array(states), axis=0, return_index=True)
        best = distinct[np.argsort(costs[distinct], kind="stable")][:POPULATION]
        states, costs = [states[k] for k in best.tolist()], costs[best]


def _parent(states: list[State], costs: np.ndarray, rng: np.random.Generator) -> State:
    rivals = rng.integers(0, len(states), RIVALS)
    return states[int(rivals[costs[rivals].argmin()])]


def _cross(space: Space, one: State, other: State, rng: np.random.Generator) -> State:
    """Half of the cells from each; defects are added or taken away where there are too few or too many."""
    n, m = space.shape
    cells = np.arange(n * m)
    along = cells // m if rng.random() < 0.5 else cells % m  # noqa: PLR2004 - either axis
    cut = (along + rng.integers(0, max(n, m))) % max(n, m) < max(n, m) / 2
    child = np.where(np.repeat(cut, len(space.host.sites)), one, other)
    placed = rng.permutation(np.flatnonzero(child))
    child[placed[space.most :]] = PRISTINE
    while np.count_nonzero(child) < space.fewest:
        missing = rng.permutation(np.flatnonzero((child == PRISTINE) & (one != PRISTINE)))
        child[missing[0]] = one[missing[0]]
    return child
