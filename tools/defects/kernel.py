"""How alike two structures are, as sums over their defects: the covariance of our best model.

Four terms, each per defect (so that sizes do not matter): a cluster expansion of one, two and
three bodies; the composition; and two over pairs of defects of one kind, by how alike their
surroundings are, near and far, damped by how alike the compositions are. Every kind of defect has its own
strengths. Written once for numpy (prediction) and torch (training): `xp` is either module.
"""

from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, Protocol

Array = Any  # numpy.ndarray or torch.Tensor: both offer the operations used here
Parameters = dict[str, Array]

SCALARS: Final = {
    "one": 0.5, "pair": 0.6, "pair_reach": 1.5, "triple": 0.2, "triple_reach": 2.0,
    "composition": 0.15, "share": 0.6, "load": 10.0,
    "far": 0.3, "far_reach": 3.0, "far_weight": 1.5, "far_tail": 0.5,
    "near": 0.2, "near_reach": 1.5, "near_weight": 0.8, "damping": 3.0,
    "noise": 0.03, "noise_each": 0.05,
}  # fmt: skip
"""Where training starts. Reaches in Å; `load` in defects; the amplitudes and noises in eV."""
PER_KIND: Final = ("cluster_kind", "neighbour_kind", "centre_kind")
PAIR: Final = 2  # bodies
NEAREST: Final = 1.5  # Å, the shortest distance between sites: reaches count from here


@dataclass(frozen=True)
class Features:
    """Structures of one host. S structures, D defects in all, V clusters, K kinds, R shells."""

    clusters: Array
    """(S, V) counts of clusters, per defect; sparse in a prediction."""
    shares: Array
    """(S, K) share of each kind among the defects."""
    load: Array
    """(S, 1) number of defects in a supercell of the training size."""
    surroundings: Array
    """(D, K, R) counts around each defect."""
    kind: Array
    """(D,) kind of each defect."""
    member: Array
    """(S, D) 1/N where the defect belongs to the structure of N defects, else 0; sparse in numpy."""


class Composed(Protocol):
    """What has the composition and load of structures, such as Features."""

    @property
    def shares(self) -> Array: ...
    @property
    def load(self) -> Array: ...


@dataclass(frozen=True)
class Layout:
    """What the columns of Features mean."""

    bodies: Array
    """(V,) 1, 2 or 3."""
    extents: Array
    """(V,) Å."""
    cluster_kinds: Array
    """(V, K) how many bodies of each kind."""
    distances: Array
    """(R,) Å."""


def cluster_scales(layout: Layout, p: Parameters, xp: ModuleType) -> Array:
    """(V,) prior standard deviation of each cluster's contribution, eV."""
    pair = p["pair"] * xp.exp(-(layout.extents - NEAREST) / p["pair_reach"])
    triple = p["triple"] * xp.exp(-(layout.extents - 2 * NEAREST) / p["triple_reach"])
    many = xp.where(layout.bodies == PAIR, pair, triple)
    many = many * xp.exp(layout.cluster_kinds @ xp.log(p["cluster_kind"]))
    return xp.where(layout.bodies == 1, p["one"] * xp.ones_like(many), many)


def covariance(one: Features, other: Features, layout: Layout, p: Parameters, xp: ModuleType) -> Array:
    """(S of one, S of other), eV²."""
    scales = cluster_scales(layout, p, xp)
    linear = (one.clusters * scales) @ (other.clusters * scales).T
    return linear + nonlinear(one, other, layout, p, xp)


def nonlinear(one: Features, other: Features, layout: Layout, p: Parameters, xp: ModuleType) -> Array:
    """The covariance without the cluster expansion, whose part of a prediction is a plain sum."""
    composition, damping = compositions(one, other, p, xp)
    return composition + damping * _surroundings(one, other, layout, p, xp)


def compositions(one: Composed, other: Composed, p: Parameters, xp: ModuleType) -> tuple[Array, Array]:
    """(S of one, S of other) twice: the covariance by composition, eV², and what damps the surroundings'."""
    loads = ((one.load - other.load.T) / p["load"]) ** 2
    mixed = _squares(one.shares * p["neighbour_kind"], other.shares * p["neighbour_kind"])
    composition = p["composition"] ** 2 * xp.exp(-(mixed / p["share"] ** 2 + loads) / 2)
    return composition, xp.exp(-(mixed / p["damping"] ** 2 + loads) / 2)


def noise(defects: Array, p: Parameters) -> Array:
    """(S,) variance of the targets, eV²; `defects` is the number in each structure."""
    return p["noise"] ** 2 + p["noise_each"] ** 2 / defects


def _surroundings(one: Features, other: Features, layout: Layout, p: Parameters, xp: ModuleType) -> Array:
    total = 0.0
    weights = shell_weights(layout, p, xp)
    for kind in range(one.shares.shape[1]):
        rows, columns = one.kind == kind, other.kind == kind
        left, right = one.surroundings[rows], other.surroundings[columns]
        far, near = (_squares(weigh(left, w, p), weigh(right, w, p)) for w in weights)
        alike = p["centre_kind"][kind] ** 2 * likeness(far, near, p, xp)
        total = total + (one.member[:, rows] @ alike) @ other.member[:, columns].T
    return total


def likeness(far: Array, near: Array, p: Parameters, xp: ModuleType) -> Array:
    """From squared distances between surroundings to their share of the covariance."""
    tail = xp.exp(-p["far_tail"] * xp.log1p(far / (2 * p["far_tail"])))
    return p["far"] ** 2 * tail + p["near"] ** 2 * xp.exp(-near / 2)


def shell_weights(layout: Layout, p: Parameters, xp: ModuleType) -> list[Array]:
    """(R,) each: how much a neighbour in a shell matters, far and near."""
    return [
        p[f"{name}_weight"] * xp.exp(-(layout.distances - NEAREST) / p[f"{name}_reach"])
        for name in ("far", "near")
    ]


def weigh(counts: Array, by_shell: Array, p: Parameters) -> Array:
    weighed = counts * by_shell * p["neighbour_kind"][:, None]
    return weighed.reshape(len(counts), counts.shape[1] * counts.shape[2])


def _squares(one: Array, other: Array) -> Array:
    """Squared distances between rows."""
    return ((one**2).sum(1)[:, None] + (other**2).sum(1)[None] - 2 * one @ other.T).clip(min=0)


def own_variance(given: Features, layout: Layout, p: Parameters) -> Array:
    """The diagonal of `covariance(given, given)`, without the rest; of structures with sparse clusters."""
    import numpy as np

    structure, places = given.member.nonzero()
    share, kind = given.member.data, given.kind[places]
    one, other = _pairs_of_a_kind(structure * given.shares.shape[1] + kind)
    flat = [weigh(given.surroundings[places], w, p) for w in shell_weights(layout, p, np)]
    far, near = (((f[one] - f[other]) ** 2).sum(1) for f in flat)
    alike = p["centre_kind"][kind[one]] ** 2 * likeness(far, near, p, np) * share[one] * share[other]
    around = np.bincount(structure[one], alike, len(given.shares))
    linear = given.clusters.power(2) @ cluster_scales(layout, p, np).astype(np.float64) ** 2
    return linear + p["composition"] ** 2 + around


def _pairs_of_a_kind(groups: Array) -> tuple[Array, Array]:
    """Return all ordered pairs of places with the same group, each place with itself too."""
    import numpy as np

    order = np.argsort(groups, kind="stable")
    _, first, sizes = np.unique(groups[order], return_index=True, return_counts=True)
    each = np.repeat(sizes, sizes)  # of every place: the size of its group, and where that begins
    begin = np.repeat(first, sizes)
    one = np.repeat(np.arange(len(order)), each)
    other = np.arange(len(one)) - np.repeat(np.cumsum(each) - each, each) + np.repeat(begin, each)
    return order[one], order[other]
