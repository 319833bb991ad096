"""Swendsen–Wang updates: bonds between alike spins freeze, and every cluster turns as a whole.

Swendsen and Wang, Phys. Rev. Lett. 58, 86 (1987), doi 10.1103/PhysRevLett.58.86; for spins with n components
on a random axis as Wolff, Phys. Rev. Lett. 62, 361 (1989), doi 10.1103/PhysRevLett.62.361. A field along the
first axis enters by the heat bath of each cluster, which keeps detailed balance.
"""

from typing import TYPE_CHECKING, Protocol, TypeAlias

from tools.instruments.lattice.lattices import Lattice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Labels: TypeAlias = NDArray[np.int32]


class Spins(Protocol):
    """A configuration that can be updated and looked at. Energies in units of J."""

    def update(self) -> None: ...
    def energy(self) -> float:
        """Return the energy of all bonds and of the field."""
        ...

    def unlike(self) -> float:
        """Return the share of bonds whose two spins differ (1 − cos θ)/2, or differ at all (Potts)."""
        ...

    def order(self) -> float:
        """Return the order parameter per site: |m|, and 0 to 1."""
        ...

    def density(self) -> "Floats":
        """Return the spins as (components, sites) of a field whose Fourier transform shows correlations."""
        ...


class VectorSpins:
    """Unit vectors of n components with E = −Σ J s·s′ − h Σ s₁: Ising (1), XY (2), Heisenberg (3)."""

    def __init__(
        self,
        lattice: Lattice,
        components: int,
        beta: float,
        field: float,
        rng: "np.random.Generator",
        *,
        wall: bool,
    ) -> None:
        import numpy as np

        self.lattice, self.beta, self.field, self.rng = lattice, beta, field, rng
        self.spins = np.zeros((len(lattice.present), components))
        self.spins[lattice.present, 0] = 1.0
        self.signs = np.where(lattice.crosses, -1.0, 1.0) if wall else np.ones(len(lattice.first))

    def update(self) -> None:
        import numpy as np

        axis = self.rng.normal(size=self.spins.shape[1])
        axis /= np.sqrt(axis @ axis)
        along = self.spins @ axis
        coupling = self.signs * along[self.lattice.first] * along[self.lattice.second]
        frozen = self.rng.random(len(coupling)) < -np.expm1(-2 * self.beta * np.maximum(coupling, 0.0))
        count, labels = _clusters(self.lattice, frozen)
        cost = 2 * self.beta * self.field * axis[0] * np.bincount(labels, weights=along, minlength=count)
        turns = self.rng.random(count) < 1 / (1 + np.exp(np.clip(cost, -700, 700)))
        self.spins -= 2 * np.outer(along * turns[labels], axis)

    def energy(self) -> float:
        return float(-(self.signs * self._alike()).sum() - self.field * self.spins[:, 0].sum())

    def unlike(self) -> float:
        return float((1 - self._alike()).mean() / 2)

    def order(self) -> float:
        total = self.spins.sum(axis=0)
        return float((total @ total) ** 0.5 / self.lattice.sites)

    def density(self) -> "Floats":
        return self.spins.T

    def _alike(self) -> "Floats":
        import numpy as np

        return np.einsum("ij,ij->i", self.spins[self.lattice.first], self.spins[self.lattice.second])


class PottsSpins:
    """States 0 to q − 1 with E = −Σ J δ(s, s′) − h Σ δ(s, 0)."""

    def __init__(
        self,
        lattice: Lattice,
        states: int,
        beta: float,
        field: float,
        rng: "np.random.Generator",
        *,
        wall: bool,
    ) -> None:
        import numpy as np

        self.lattice, self.states, self.beta, self.field, self.rng = lattice, states, beta, field, rng
        self.spins = np.zeros(len(lattice.present), dtype=np.int64)
        self.shift = (
            lattice.crosses.astype(np.int64) if wall else np.zeros(len(lattice.first), dtype=np.int64)
        )

    def update(self) -> None:
        import numpy as np

        alike = self._alike()
        frozen = alike & (self.rng.random(len(alike)) < -np.expm1(-self.beta))
        count, labels = _clusters(self.lattice, frozen)
        members = np.flatnonzero(self.lattice.present)
        counts = np.bincount(
            labels[members] * self.states + self.spins[members], minlength=count * self.states
        )
        gain = (
            self.beta * self.field * counts.reshape(count, self.states)
        )  # of the turn that brings a state to 0
        noisy = gain + self.rng.gumbel(size=gain.shape)  # the largest is a draw from the heat bath
        self.spins = (self.spins - noisy.argmax(axis=1)[labels]) % self.states

    def energy(self) -> float:
        in_field = (self.spins[self.lattice.present] == 0).sum()
        return float(-self._alike().sum() - self.field * in_field)

    def unlike(self) -> float:
        return float((self.spins[self.lattice.first] != self.spins[self.lattice.second]).mean())

    def order(self) -> float:
        import numpy as np

        most = np.bincount(self.spins[self.lattice.present], minlength=self.states).max()
        return float((self.states * most / self.lattice.sites - 1) / (self.states - 1))

    def density(self) -> "Floats":
        import numpy as np

        one_hot = np.arange(self.states)[:, None] == self.spins[None]
        return (one_hot & self.lattice.present).astype(float)

    def _alike(self) -> "NDArray[np.bool_]":
        first, second = self.spins[self.lattice.first], self.spins[self.lattice.second]
        same: NDArray[np.bool_] = first == (second + self.shift) % self.states
        return same


def _clusters(lattice: Lattice, frozen: "NDArray[np.bool_]") -> tuple[int, "Labels"]:
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    sites = len(lattice.present)
    pairs = (np.ones(int(frozen.sum()), dtype=np.int8), (lattice.first[frozen], lattice.second[frozen]))
    return connected_components(coo_array(pairs, shape=(sites, sites)).tocsr(), directed=False)
