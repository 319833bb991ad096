"""Train a tagger: the random field's penalised likelihood by L-BFGS (scipy). Minutes on one core."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.reading.tagger import BITS, OUTSIDE, Tagger, hashed
from tools.reading.words import SentenceToken, tokenise

Array = NDArray[np.float64]
BUCKETS: Final = (
    8,
    16,
    24,
    32,
    48,
    64,
    96,
    128,
    256,
)  # tokens; sentences of like length are worked on together
SMALL: Final = 1e-3  # a weight below changes no answer and is not shipped


class LabelledSentence(NamedTuple):
    """A sentence, the stretches in it as (label, start, end), and what the document marks elsewhere."""

    text: str
    spans: tuple[tuple[str, int, int], ...]
    hints: frozenset[str] = frozenset()


def mark(example: LabelledSentence) -> tuple[list[SentenceToken], list[str]]:
    """Return tokens and their labels in BIO form. A token belongs to the first stretch that covers it."""
    tokens = tokenise(example.text)[: BUCKETS[-1]]
    labels = []
    before = -1
    for token in tokens:
        held = next((k for k, (_, a, b) in enumerate(example.spans) if token.start < b and token.end > a), -1)
        name = example.spans[held][0] if held >= 0 else ""
        labels.append(f"{'I' if held == before else 'B'}-{name}" if held >= 0 else OUTSIDE)
        before = held
    return tokens, labels


class _Bucket(NamedTuple):
    features: object  # scipy CSR, (sentences × length, columns)
    gold: NDArray[np.int64]  # (sentences, length), -1 behind the end
    lengths: NDArray[np.int64]


def train(examples: Sequence[LabelledSentence], *, penalty: float = 1.0, rounds: int = 120) -> Tagger:
    """Return the tagger that fits the examples best under a Gaussian prior of precision `penalty`."""
    from scipy.optimize import minimize

    marked = [(*mark(one), one.hints) for one in examples]
    labels = (OUTSIDE, *sorted({label for _, names, _ in marked for label in names} - {OUTSIDE}))
    rows = [hashed(tokens, hints) for tokens, _, hints in marked]
    used = np.unique(np.concatenate([np.array(row) for one in rows for row in one]))
    buckets = _fill(rows, [names for _, names, _ in marked], labels, used)
    size, count = len(used), len(labels)

    def cost(flat: Array) -> tuple[float, Array]:
        weights = flat[: size * count].reshape(size, count)
        steps = flat[size * count :].reshape(count, count)
        loss, slope, steps_slope = 0.0, np.zeros_like(weights), np.zeros_like(steps)
        for bucket in buckets:
            part, one, two = _likelihood(bucket, weights, steps)
            loss, slope, steps_slope = loss - part, slope - one, steps_slope - two
        gradient = np.concatenate([slope.ravel(), steps_slope.ravel()]) + penalty * flat
        return loss + penalty / 2 * float(flat @ flat), gradient

    start = np.zeros(size * count + count * count)
    best = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 8}).x
    table = np.zeros((1 << BITS, count), np.float32)
    table[used] = best[: size * count].reshape(size, count)
    steps = best[size * count :].reshape(count, count).astype(np.float32)
    return Tagger(labels, table, steps, sha256(table.tobytes()).hexdigest()[:12])


def _fill(
    rows: Sequence[list[list[int]]],
    names: Sequence[list[str]],
    labels: Sequence[str],
    used: NDArray[np.int64],
) -> list[_Bucket]:
    from scipy.sparse import csr_matrix

    numbers = {label: k for k, label in enumerate(labels)}
    filled = []
    for low, high in zip((0, *BUCKETS), BUCKETS, strict=False):
        held = [k for k, row in enumerate(rows) if low < len(row) <= high]
        if not held:
            continue
        gold = np.full((len(held), high), -1)
        places: list[int] = []
        columns: list[int] = []
        for n, k in enumerate(held):
            gold[n, : len(rows[k])] = [numbers[name] for name in names[k]]
            for i, row in enumerate(rows[k]):
                columns += row
                places += [n * high + i] * len(row)
        where = np.searchsorted(used, columns)
        matrix = csr_matrix((np.ones(len(where)), (places, where)), shape=(len(held) * high, len(used)))
        filled.append(_Bucket(matrix, gold, np.array([len(rows[k]) for k in held])))
    return filled


def _likelihood(bucket: _Bucket, weights: Array, steps: Array) -> tuple[float, Array, Array]:
    """Return the log-likelihood and its slopes: forward and backward over all sentences at once."""
    count, length = bucket.gold.shape
    scores = (bucket.features @ weights).reshape(count, length, -1)  # type: ignore[operator]
    alive = bucket.gold >= 0
    forward = np.zeros_like(scores)
    forward[:, 0] = scores[:, 0]
    for t in range(1, length):
        reached = _logsum(forward[:, t - 1, :, None] + steps, 1) + scores[:, t]
        forward[:, t] = np.where(alive[:, t, None], reached, forward[:, t - 1])
    total = _logsum(forward[:, -1], 1)
    backward = np.zeros_like(scores)
    steps_slope = np.zeros_like(steps)
    for t in range(length - 2, -1, -1):
        ahead = scores[:, t + 1] + backward[:, t + 1]
        reached = _logsum(steps[None] + ahead[:, None, :], 2)
        backward[:, t] = np.where(alive[:, t + 1, None], reached, 0.0)
        pairs = forward[:, t, :, None] + steps + ahead[:, None, :] - total[:, None, None]
        steps_slope -= np.where(alive[:, t + 1, None, None], np.exp(pairs), 0.0).sum(axis=0)
    chances = np.exp(forward + backward - total[:, None, None]) * alive[..., None]
    gold = np.where(alive, bucket.gold, 0)
    one_hot = np.eye(scores.shape[2])[gold] * alive[..., None]
    both = alive[:, 1:] & alive[:, :-1]
    np.add.at(steps_slope, (gold[:, :-1][both], gold[:, 1:][both]), 1.0)
    reached_gold = (scores * one_hot).sum() + steps[gold[:, :-1][both], gold[:, 1:][both]].sum()
    slope = bucket.features.T @ (one_hot - chances).reshape(count * length, -1)  # type: ignore[attr-defined]
    return float(reached_gold - total.sum()), slope, steps_slope


def _logsum(values: Array, axis: int) -> Array:
    top = values.max(axis=axis, keepdims=True)
    total: Array = np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)
    return total


def save(tagger: Tagger, path: Path) -> None:
    """Write the weights that matter, in half precision."""
    rows = np.flatnonzero(np.abs(tagger.weights).max(axis=1) > SMALL)
    np.savez_compressed(
        path, labels=np.array(tagger.labels), rows=rows.astype(np.int32),
        weights=tagger.weights[rows].astype(np.float16), transitions=tagger.transitions,
        version=tagger.version,
    )  # fmt: skip
