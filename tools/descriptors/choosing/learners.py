"""What learns from a representation: kernels in numpy, and trees; settings are chosen in training rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from tools.descriptors.contract import Floats
from tools.descriptors.errors import DescriptorError
from tools.extras import needing

WIDTHS: Final = (0.3, 1.0, 3.0, 10.0, 30.0)  # of the kernel, in medians of the distance between rows
NOISES: Final = (1e-9, 1e-6, 1e-3, 1e-1)
TREES: Final = 200
SHARE: Final = 0.33  # of the numbers that a split may choose from
MOST_KERNEL: Final = 5_000  # training rows of a kernel: memory and time grow with their square and cube
MOST_SEARCHED: Final = 2_000  # rows on which settings and learners are compared
SAMPLED: Final = 500  # rows whose distances give the median
BLOCK: Final = 256  # rows of a kernel at once


class MissingLearner(DescriptorError):
    """The optional package is not installed."""


class Fitted(Protocol):
    def __call__(self, rows: Floats, /) -> Floats: ...


@dataclass(frozen=True)
class Learner:
    """A name, and rows with targets to a function that predicts."""

    name: str
    fit: Callable[[Floats, Floats, int], Fitted]
    most: int | None = None
    """Training rows that it can take."""


def standardise(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    """Return both in standard deviations of the training rows; columns that are constant there fall away."""
    spread = train.std(0)
    varied = spread > 1e-12 * (np.abs(train).max(0) + 1e-300)
    mean = train[:, varied].mean(0)
    return (train[:, varied] - mean) / spread[varied], (test[:, varied] - mean) / spread[varied]


def laplacian(*, scaled: bool) -> Callable[[Floats, Floats, int], Fitted]:
    """Return kernel ridge regression with exp(-|x - x'|₁ / width); width and noise by a fifth held back."""

    def fit(rows: Floats, targets: Floats, seed: int) -> Fitted:
        mean, spread = rows.mean(0), np.where(rows.std(0) > 0, rows.std(0), 1.0)
        held = rows if not scaled else (rows - mean) / spread
        width, noise = _search(held, targets, seed)
        middle = float(targets.mean())
        weights = _solve(_kernel(held, held, width), targets - middle, noise)
        return lambda more: (
            middle + _kernel((more - mean) / spread if scaled else more, held, width) @ weights
        )

    return fit


def _search(rows: Floats, targets: Floats, seed: int) -> tuple[float, float]:
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(rows))[:MOST_SEARCHED]
    held, kept = np.split(order, [max(1, len(order) // 5)])
    sample = rows[order[:SAMPLED]]
    median = float(np.median(_distances(sample, sample))) or 1.0
    inner, across = _distances(rows[kept], rows[kept]), _distances(rows[held], rows[kept])
    middle = targets[kept].mean()
    found = []
    for width in WIDTHS:
        kernel, test = np.exp(-inner / (width * median)), np.exp(-across / (width * median))
        for noise in NOISES:
            weights = _solve(kernel, targets[kept] - middle, noise)
            error = np.abs(middle + test @ weights - targets[held]).mean()
            found.append((float(error), width * median, noise))
    return min(found)[1:]


def _solve(kernel: Floats, targets: Floats, noise: float) -> Floats:
    from scipy.linalg import cho_factor, cho_solve

    lifted = kernel + np.eye(len(kernel)) * max(noise, 1e-10)
    try:
        return np.asarray(cho_solve(cho_factor(lifted, lower=True, check_finite=False), targets))
    except np.linalg.LinAlgError:  # rows that are equal
        return np.asarray(np.linalg.lstsq(lifted, targets, rcond=None)[0])


def _kernel(rows: Floats, others: Floats, width: float) -> Floats:
    return np.asarray(np.exp(-_distances(rows, others) / width))


def _distances(rows: Floats, others: Floats) -> Floats:
    from scipy.spatial.distance import cdist

    return np.asarray(cdist(rows, others, "cityblock"))


def trees(rows: Floats, targets: Floats, seed: int) -> Fitted:
    """Return extremely randomised trees (Geurts et al. 2006, 10.1007/s10994-006-6226-1)."""
    with needing({"sklearn": "descriptors"}, MissingLearner):
        from sklearn.ensemble import ExtraTreesRegressor
    forest = ExtraTreesRegressor(TREES, max_features=SHARE, random_state=seed).fit(rows, targets)
    return lambda more: np.asarray(forest.predict(more), dtype=np.float64)


LEARNERS: Final = (
    Learner("Laplacian kernel", laplacian(scaled=False), MOST_KERNEL),
    Learner("Laplacian kernel, standardised", laplacian(scaled=True), MOST_KERNEL),
    Learner("extra trees", trees),
)


def pick(
    learners: Sequence[Learner],
    rows: Floats,
    targets: Floats,
    seed: int,
    loss: Callable[[Floats, Floats], float],
) -> Learner:
    """Return the learner with the least loss on a fifth of the rows."""
    usable = [one for one in learners if one.most is None or len(rows) <= one.most]
    if len(usable) == 1:
        return usable[0]
    order: NDArray[np.int64] = np.random.default_rng(seed).permutation(len(rows))[:MOST_SEARCHED]
    held, kept = np.split(order, [max(2, len(order) // 5)])
    losses = [loss(one.fit(rows[kept], targets[kept], seed)(rows[held]), targets[held]) for one in usable]
    return usable[int(np.argmin(losses))]
