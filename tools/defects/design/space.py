"""The configurations that a design may be: every site pristine or with a defect of an allowed kind."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.applicability import envelopes
from tools.defects.configuration import Configuration, Defect, describe, known_kinds
from tools.defects.design.goal import Goal
from tools.defects.errors import BadInput
from tools.defects.graph import COLUMNS, pair_table
from tools.defects.hosts import Host, find_host, hosts
from tools.defects.symmetry import canonical_rows, site_at, site_permutations

NEAR: Final = 6.0  # Å: how far a short move goes
PRISTINE: Final = 0

State = NDArray[np.int64]
"""(sites,): 0 for pristine, else the number of a kind, from 1."""


@dataclass(frozen=True)
class Space:
    """States of the host's training supercell with `fewest` to `most` defects."""

    host: Host
    kinds: tuple[tuple[str, str], ...]
    fewest: int
    most: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.host.supercell

    @cached_property
    def elements(self) -> NDArray[np.str_]:
        """(sites,), in the order of `symmetry.site_number`."""
        return np.array(self.host.elements * (self.shape[0] * self.shape[1]))

    @cached_property
    def allowed(self) -> NDArray[np.bool_]:
        """(sites, 1 + kinds): which states a site may have."""
        fits = [self.elements == before for before, _ in self.kinds]
        return np.stack([np.ones(len(self.elements), dtype=bool), *fits], axis=1)

    @cached_property
    def geometry(self) -> NDArray[np.float64]:
        """(sites, sites, columns of `pairs.COLUMNS`)"""
        n, m = self.shape
        i, j, basis = np.indices((n, m, len(self.host.sites))).reshape(3, -1)
        between = (basis[:, None], basis[None], (i[None] - i[:, None]) % n, (j[None] - j[:, None]) % m)
        return np.asarray(pair_table(self.host, n, m).values[between])

    def draw(self, rng: np.random.Generator) -> State:
        """Any number of defects, of any kinds, anywhere."""
        state = np.zeros(len(self.elements), dtype=np.int64)
        for _ in range(int(rng.integers(self.fewest, self.most + 1))):
            self._add(state, rng)
        return state

    def mutate(self, state: State, rng: np.random.Generator) -> State:
        """One defect more, one fewer, one of another kind, or one elsewhere: near or anywhere."""
        changed = state.copy()
        number = np.count_nonzero(changed)
        what = rng.random()
        if what < 0.2 and number < self.most:  # noqa: PLR2004 - shares of the moves
            self._add(changed, rng)
            return changed
        site = int(rng.choice(np.flatnonzero(changed)))
        kind, changed[site] = int(changed[site]), PRISTINE
        if what < 0.4 and number > self.fewest:  # noqa: PLR2004 - as above
            return changed
        if what < 0.6:  # noqa: PLR2004 - as above
            self._add(changed, rng)
            return changed
        free = self.allowed[:, kind] & (changed == PRISTINE)
        near = free & (self.geometry[site, :, COLUMNS.index("distance")] <= NEAR)
        changed[rng.choice(np.flatnonzero(near if what < 0.8 and near.any() else free))] = kind  # noqa: PLR2004 - as above
        return changed

    def _add(self, state: State, rng: np.random.Generator) -> None:
        kind = int(rng.integers(1, len(self.kinds) + 1))
        free = np.flatnonzero(self.allowed[:, kind] & (state == PRISTINE))
        if len(free):
            state[rng.choice(free)] = kind

    def configuration(self, state: State) -> Configuration:
        defects = (
            Defect(*site_at(self.host, self.shape, site), self.kinds[state[site] - 1][1])
            for site in np.flatnonzero(state).tolist()
        )
        return Configuration(self.host, *self.shape, tuple(sorted(defects)))

    def key(self, state: State) -> tuple[tuple[int, ...], ...]:
        """The same for all states that a symmetry of the supercell maps onto each other."""
        sites = np.flatnonzero(state)
        order = np.argsort(state[sites], kind="stable")
        kinds = state[sites][order]
        ends = np.flatnonzero(np.diff(kinds)) + 1
        groups = (0, *ends.tolist(), len(sites))
        permutations = site_permutations(self.host, *self.shape)
        least = canonical_rows(sites[order][None], permutations, groups)[0]
        return tuple(kinds.tolist()), tuple(least.tolist())


def make_space(goal: Goal) -> Space:
    """Raises BadInput for a host or kind that the model does not know."""
    host = find_host(goal.host)
    if host is None:
        raise BadInput(f"unknown host {goal.host}: the model knows {', '.join(h.label for h in hosts())}")
    kinds = {describe(kind): kind for kind in known_kinds(host.name)}
    unknown = set(goal.kinds) - set(kinds)
    if unknown:
        raise BadInput(f"unknown kind {min(unknown)!r}: for {host.label} write {', '.join(map(repr, kinds))}")
    fewest = max(goal.fewest, envelopes()[host.name].fewest)  # fewer would be refused
    if fewest > goal.most:
        raise BadInput(f"at most {goal.most} defects, but {host.label} needs at least {fewest}: ask for more")
    chosen = dict.fromkeys(goal.kinds) or kinds  # a kind that is named twice is one
    return Space(host, tuple(kinds[name] for name in chosen), fewest, goal.most)
