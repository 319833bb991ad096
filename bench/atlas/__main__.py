"""Which concepts will meet next? Link prediction on an atlas, in time, without a language model.

python -m bench.atlas [ATLAS.npz | FILE.jsonl…] [--windows 2010:2013 2013:2016] [--least 10] [--release
physh.ttl] [--texts FILE.jsonl…]

For a window A:B all pairs of concepts that are each in at least `least` abstracts until A and in none
together are ranked by how likely they meet in A+1…B. Boosted trees learn on the window of the same length
before: what was known until A−(B−A), and who met by A. Beside them stand what costs nothing: preferential
attachment, common neighbours, cosine of rows of surprise (PPMI), and cosine of the embedded names alone.
AUC with the 95 % interval of Hanley and McNeil (1982, doi:10.1148/radiology.143.1.7063747); precision among
the first 100; for pairs that meet at all, and for those that meet at least three times (pairs that meet
once or twice are left out there). With --texts the trees also learn from the words around each concept.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import physh
from app.settings.sections import PathsSection
from bench.atlas.features import Matrix, Snapshot, Ties, ties
from bench.atlas.words import AbstractMatrix, read_written
from physh.atlas import Atlas, build, load

SEED = 0
NEGATIVES = 120_000  # pairs that did not meet, for learning, in each window
WINDOWS = 2  # windows before the present that are learnt from
MODELS = 1  # boosted trees that vote


def main() -> None:
    options = _options()
    cache = PathsSection().cache
    ontology = physh.load(options.release, cache=cache)
    atlas = _atlas(options.files, ontology)
    known = ties(ontology, atlas, _names(ontology, atlas, cache))
    written = read_written(options.texts, ontology, atlas) if options.texts else None
    figures: dict[str, Any] = {"atlas": atlas.about["name"], "abstracts": atlas.total, "seed": SEED}
    for window in options.windows:
        learn, until = map(int, window.split(":"))
        figures[f"until {learn}, new by {until}"] = predict(
            atlas, known, (learn, until), options.least, written
        )
    print(json.dumps(figures, indent=2, ensure_ascii=False))


def predict(
    atlas: Atlas, known: Ties, window: tuple[int, int], least: int, written: AbstractMatrix | None
) -> dict[str, Any]:
    """Learn on WINDOWS windows that end where this one begins, predict what it brings."""
    began, random = time.perf_counter(), np.random.default_rng(SEED)
    learn, until = window
    length = until - learn
    rows, labels = [], []
    for back in range(1, WINDOWS + 1):
        before = Snapshot(atlas, known, learn - back * length, least, written)
        label = before.met(learn - (back - 1) * length)
        unmet = random.permutation(np.flatnonzero(label == 0))[:NEGATIVES]
        chosen = np.concatenate([np.flatnonzero(label), unmet])
        rows.append(before.features[chosen])
        labels.append(label[chosen])
        del before
    models = _learn(np.concatenate(rows), np.concatenate(labels))
    now = Snapshot(atlas, known, learn, least, written)
    met = now.met(until)
    scores = dict(now.plain)
    scores["boosted trees"] = np.mean([m.predict_proba(now.features)[:, 1] for m in models], axis=0)
    return {
        "concepts": len(now.places),
        "open pairs": len(met),
        "met": int((met > 0).sum()),
        "met three times": int((met >= 3).sum()),
        "scores": {name: _marks(score, met, random) for name, score in scores.items()},
        "seconds": round(time.perf_counter() - began),
    }


def _learn(rows: Matrix, label: NDArray[np.int64]) -> list[Any]:
    """Boosted trees from several seeds; a pair that met often is a surer example."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    weights = 1 + np.log1p(label)
    return [
        HistGradientBoostingClassifier(
            max_iter=250, learning_rate=0.08, max_leaf_nodes=31, l2_regularization=1.0,
            max_features=0.4, min_samples_leaf=60, random_state=seed,
        ).fit(rows, label > 0, sample_weight=weights)
        for seed in range(MODELS)
    ]  # fmt: skip


def _marks(
    score: NDArray[np.floating], met: NDArray[np.int64], random: np.random.Generator
) -> dict[str, Any]:
    """AUC for any and for three meetings, and the share among the first 100 that met."""
    jitter = score.astype(np.float64) + 1e-12 * random.random(len(score))  # ties by chance
    first = np.argsort(-jitter)[:100]
    often = (met == 0) | (met >= 3)
    return {
        "AUC": _auc(score, met > 0),
        "AUC, three times": _auc(score[often], met[often] > 0),
        "precision at 100": round(float((met[first] > 0).mean()), 2),
    }


def _auc(score: NDArray[np.floating], positive: NDArray[np.bool_]) -> str:
    from sklearn.metrics import roc_auc_score

    auc = float(roc_auc_score(positive, score))
    n, m = int(positive.sum()), int((~positive).sum())
    one, two = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    error = np.sqrt((auc * (1 - auc) + (n - 1) * (one - auc**2) + (m - 1) * (two - auc**2)) / (n * m))
    return f"{auc:.3f} ± {1.96 * error:.3f}"


def _atlas(files: list[Path], ontology: physh.Ontology) -> Atlas:
    if not files or files[0].suffix == ".npz":
        return load(files[0] if files else None)
    target = PathsSection().cache / "bench-atlas.npz"
    build(files, ontology, target, "bench")
    return load(target)


def _names(ontology: physh.Ontology, atlas: Atlas, cache: Path) -> Matrix:
    """One vector a concept of the atlas, 0 for one that this release does not have."""
    from retrieval.embeddings import load_embedder

    router = physh.Router(ontology, load_embedder(cache), cache, atlas=atlas)
    known = [i for i, uri in enumerate(atlas.uris) if uri in ontology.concepts]
    vectors = router.centres([atlas.uris[i] for i in known])
    rows = np.zeros((len(atlas.uris), vectors.shape[1]), dtype=np.float32)
    rows[known] = vectors
    return rows


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "files", nargs="*", type=Path, help="an atlas or files of abstracts; none: what ships"
    )
    parser.add_argument("--windows", nargs="+", default=["2010:2013", "2013:2016"])
    parser.add_argument("--least", type=int, default=10)
    parser.add_argument("--texts", nargs="+", type=Path, help="the abstracts, for the words around concepts")
    parser.add_argument("--release", type=Path, help="a PhySH release; none: what is installed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
