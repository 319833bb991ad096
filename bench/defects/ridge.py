"""The plainest baseline: ridge regression on counts of one- and two-body clusters, per defect."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.clusters import ClusterVocabulary, learn_vocabulary
from tools.defects.store import DefectDataset

PENALTIES: Final = (1e-3, 3e-3, 1e-2, 3e-2, 1e-1)


def ridge_error(data: DefectDataset, name: str, target: str) -> float:
    """MAE on test in meV, trained on train + validation with the penalty chosen on validation."""
    chosen = min(
        PENALTIES, key=lambda penalty: _error(data, name, target, ("train",), "validation", penalty=penalty)
    )
    return _error(data, name, target, ("train", "validation"), "test", penalty=chosen)


def _error(
    data: DefectDataset, name: str, target: str, learned: Sequence[str], judged: str, *, penalty: float
) -> float:
    rows, asked = data.rows(name=name, splits=learned), data.rows(name=name, splits=[judged])
    vocabulary = learn_vocabulary([data.configurations[k] for k in rows], reach=0.0)
    given, wanted = (_counts(data, chosen, vocabulary) for chosen in (rows, asked))
    truth = data.column(target)
    mean = truth[rows].mean()
    square = given.T @ given + penalty * len(rows) * np.eye(given.shape[1]) / 100
    weights = np.linalg.solve(square, given.T @ (truth[rows] - mean))
    return 1e3 * float(np.abs(wanted @ weights + mean - truth[asked]).mean())


def _counts(
    data: DefectDataset, rows: NDArray[np.int64], vocabulary: ClusterVocabulary
) -> NDArray[np.float64]:
    configurations = [data.configurations[k] for k in rows]
    numbers = np.array([len(c.defects) for c in configurations], dtype=np.float64)
    return np.asarray(vocabulary.count(configurations)[0].toarray() / numbers[:, None])
