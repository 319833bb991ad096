"""One target of one data set: a Gaussian process and perhaps trees, ready to predict."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.kernel import (
    Features,
    Layout,
    Parameters,
    cluster_scales,
    covariance,
    noise,
    nonlinear,
    own_variance,
)
from tools.defects.trees import Trees, summaries

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
    trees: Trees | None = None
    share: float = 0.0
    """Of the trees in the prediction."""

    def mean(self, asked: Features) -> Floats:
        """eV, one a structure."""
        alike = nonlinear(asked, self.trained, self.layout, self.parameters, np)
        smooth = np.asarray(self.offset + asked.clusters @ self.weights + alike @ self.dual, dtype=np.float64)
        if self.trees is None:
            return smooth
        return (1 - self.share) * smooth + self.share * self.trees.value(summaries(asked, self.layout))

    def deviation(self, asked: Features, defects: NDArray[np.float32]) -> Floats:
        """Standard deviation, eV, of a prediction for structures with that many defects."""
        alike = covariance(asked, self.anchors, self.layout, self.parameters, np).astype(np.float64)
        explained = (np.linalg.solve(self._factor, alike.T) ** 2).sum(0)
        variance = (
            own_variance(asked, self.layout, self.parameters) - explained + noise(defects, self.parameters)
        )
        least = float(self.parameters["noise"]) ** 2
        return np.asarray(self.stretch * np.sqrt(variance.clip(min=least)), dtype=np.float64)

    @cached_property
    def _factor(self) -> Floats:
        """Cholesky factor of the anchors' covariance."""
        own = covariance(self.anchors, self.anchors, self.layout, self.parameters, np).astype(np.float64)
        return np.linalg.cholesky(own + np.diag(noise(self.anchor_defects, self.parameters) + JITTER))


def dual_weights(trained: Features, dual: Floats, layout: Layout, p: Parameters) -> NDArray[np.float32]:
    """The cluster expansion's share of the covariance, summed over the training set."""
    return np.asarray((dual @ trained.clusters) * cluster_scales(layout, p, np) ** 2, dtype=np.float32)
