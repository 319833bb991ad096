"""One target of one data set: a Gaussian process and perhaps trees, ready to predict."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.features import Strange
from tools.defects.folding import Folded, fold
from tools.defects.kernel import (
    Features,
    Layout,
    Parameters,
    cluster_scales,
    covariance,
    noise,
    own_variance,
)
from tools.defects.trees import ObliviousTrees, summaries

Floats = NDArray[np.float64]
JITTER: Final = 1e-6  # eV²: keeps the factor stable where two structures are the same


@dataclass(frozen=True)
class Expert:
    """`weights` (V,) and `dual` (S,) give the mean; `anchors` are the structures that give the variance."""

    layout: Layout
    parameters: Parameters
    trained: Features
    offset: float
    weights: NDArray[np.float32]
    dual: NDArray[np.float32]
    anchors: Features
    anchor_rows: NDArray[np.int64]
    """Places of the anchors among the trained structures."""
    anchor_defects: NDArray[np.float32]
    stretch: float
    """What the standard deviation is multiplied by so that its intervals cover what they promise."""
    trees: ObliviousTrees | None = None
    share: float = 0.0
    """Of the trees in the prediction."""
    triangle: Floats | None = None
    """(A (A + 1) / 2,) `factor` by rows, where it is at hand: it takes longer to compute than all else."""

    def estimate(
        self, asked: Features, strange: Strange, defects: NDArray[np.float32]
    ) -> tuple[Floats, Floats]:
        """Means and standard deviations, eV, of structures with that many defects.

        Clusters that no training structure has add nothing to a mean, and what they may be to its variance.
        """
        pulled, alike = self._folded.compare(asked, self.parameters)
        smooth = np.asarray(self.offset + asked.clusters @ self.weights + pulled, dtype=np.float64)
        deviation = self._deviation(asked, strange, defects, alike)
        if self.trees is None:
            return smooth, deviation
        trees = self.trees.value(summaries(asked, self.layout))
        return (1 - self.share) * smooth + self.share * trees, deviation

    def _deviation(
        self,
        asked: Features,
        strange: Strange,
        defects: NDArray[np.float32],
        alike: NDArray[np.floating],
    ) -> Floats:
        """`alike` is the covariance with the anchors without clusters."""
        whole = asked.clusters @ self._anchor_clusters + alike
        explained = ((whole @ self._whitening) ** 2).sum(1)
        variance = (
            own_variance(asked, self.layout, self.parameters) - explained + noise(defects, self.parameters)
        )
        scales = cluster_scales(strange.layout, self.parameters, np)
        variance = variance + strange.clusters.power(2) @ (scales**2).astype(np.float64)
        least = float(self.parameters["noise"]) ** 2
        return np.asarray(self.stretch * np.sqrt(variance.clip(min=least)), dtype=np.float64)

    @cached_property
    def _folded(self) -> Folded:
        return fold(self.trained, self.dual, self.anchor_rows, self.layout, self.parameters)

    @cached_property
    def _anchor_clusters(self) -> Floats:
        """(V, A), scaled as in the covariance."""
        scales = cluster_scales(self.layout, self.parameters, np).astype(np.float64) ** 2
        return np.ascontiguousarray(self.anchors.clusters.T * scales[:, None])

    @cached_property
    def _whitening(self) -> Floats:
        """(A, A): the inverse of the anchors' Cholesky factor, transposed."""
        from scipy.linalg import solve_triangular

        return np.asarray(solve_triangular(self.factor, np.eye(len(self.factor)), lower=True).T)

    @cached_property
    def factor(self) -> Floats:
        """(A, A): Cholesky factor of the anchors' covariance."""
        if self.triangle is not None:
            factor = np.zeros((len(self.anchor_rows),) * 2)
            factor[np.tril_indices(len(factor))] = self.triangle
            return factor
        own = covariance(self.anchors, self.anchors, self.layout, self.parameters, np).astype(np.float64)
        return np.linalg.cholesky(own + np.diag(noise(self.anchor_defects, self.parameters) + JITTER))


def dual_weights(trained: Features, dual: Floats, layout: Layout, p: Parameters) -> NDArray[np.float32]:
    """The cluster expansion's share of the covariance, summed over the training set."""
    return np.asarray((dual @ trained.clusters) * cluster_scales(layout, p, np) ** 2, dtype=np.float32)
