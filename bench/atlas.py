"""Which concepts will meet next? Link prediction on an atlas, in time, without a language model.

python -m bench.atlas [ATLAS.npz | FILE.jsonl…] [--windows 2010:2013 2013:2016] [--least 10] [--release
physh.ttl]

For a window A:B all pairs of concepts that are each in at least `least` abstracts until A and in none
together are ranked by how likely they meet in A+1…B. Boosted trees learn on the window of the same length
before: what was known until A−(B−A), and who met by A. Beside them stand what costs nothing: preferential
attachment, common neighbours, cosine of rows of surprise (PPMI), and cosine of the embedded names alone.
AUC with the 95 % interval of Hanley and McNeil (1982, doi:10.1148/radiology.143.1.7063747); precision among
the first 100; for pairs that meet at all, and for those that meet at least three times (pairs that meet
once or twice are left out there).
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
from physh.atlas import Atlas, build, load

SEED = 0
DIMENSIONS = 64  # of the reduced surprise
NEGATIVES = 200_000  # pairs that did not meet, for learning
Matrix = NDArray[np.float32]


def main() -> None:
    options = _options()
    cache = PathsSection().cache
    ontology = physh.load(options.release, cache=cache)
    atlas = _atlas(options.files, ontology)
    names = _names(ontology, atlas, cache)
    figures: dict[str, Any] = {"atlas": atlas.about["name"], "abstracts": atlas.total, "seed": SEED}
    for window in options.windows:
        learn, until = map(int, window.split(":"))
        figures[f"until {learn}, new by {until}"] = predict(atlas, names, learn, until, options.least)
    print(json.dumps(figures, indent=2, ensure_ascii=False))


def predict(atlas: Atlas, names: Matrix, learn: int, until: int, least: int) -> dict[str, Any]:
    from sklearn.ensemble import HistGradientBoostingClassifier

    began, random = time.perf_counter(), np.random.default_rng(SEED)
    before = Snapshot(atlas, names, learn - (until - learn), least)
    known, label = before.features, before.met(learn)
    chosen = np.concatenate(
        [np.flatnonzero(label), random.permutation(np.flatnonzero(label == 0))[:NEGATIVES]]
    )
    model = HistGradientBoostingClassifier(
        max_iter=200, learning_rate=0.08, max_leaf_nodes=24, random_state=SEED
    )
    weights = 1 + np.log1p(label[chosen])  # a pair that met often is a surer example
    model.fit(known[chosen], label[chosen] > 0, sample_weight=weights)
    now = Snapshot(atlas, names, learn, least)
    met = now.met(until)
    scores = dict(zip(PLAIN, now.features[:, : len(PLAIN)].T, strict=True))
    scores["boosted trees"] = model.predict_proba(now.features)[:, 1]
    return {
        "concepts": len(now.places),
        "open pairs": len(met),
        "met": int((met > 0).sum()),
        "met three times": int((met >= 3).sum()),
        "scores": {name: _marks(score, met, random) for name, score in scores.items()},
        "seconds": round(time.perf_counter() - began),
    }


PLAIN = ("preferential attachment", "common neighbours", "cosine of surprise", "embedded names")


class Snapshot:
    """All open pairs at the end of a year, with features that use nothing later."""

    def __init__(self, atlas: Atlas, names: Matrix, year: int, least: int) -> None:
        self.atlas, self.year = atlas, year
        at = int(year - atlas.years[0]) + 1
        seen = atlas.counts[:, :at].sum(axis=1).astype(np.float32)
        self.places = np.flatnonzero(seen >= least)
        self._index = np.full(len(seen), -1)
        self._index[self.places] = np.arange(len(self.places))
        self.together = self._count(0, year)
        self.rows, self.columns = np.nonzero(np.triu(self.together == 0, 1))
        self.features = self._features(seen[self.places], names[self.places], at)

    def met(self, until: int) -> NDArray[np.int64]:
        """For each open pair how many abstracts join it after this year and until that one."""
        return self._count(self.year + 1, until)[self.rows, self.columns].astype(np.int64)

    def _count(self, after: int, until: int) -> Matrix:
        tables = self.atlas._tables  # noqa: SLF001 - the bench reads what the atlas counts by year
        years = self.atlas.years[tables["year"]]
        first, second = self._index[tables["first"]], self._index[tables["second"]]
        kept = (years >= after) & (years <= until) & (first >= 0) & (second >= 0)
        counts = np.zeros((len(self.places), len(self.places)), dtype=np.float32)
        np.add.at(counts, (first[kept], second[kept]), tables["together"][kept])
        both: Matrix = counts + counts.T
        return both

    def _features(self, seen: Matrix, names: Matrix, at: int) -> Matrix:
        joined = (self.together > 0).astype(np.float32)
        degree = joined.sum(axis=1)
        works = float(self.atlas.works[:at].sum())
        lift = self.together * works / np.maximum(np.outer(seen, seen), 1)
        surprise = np.log(np.maximum(lift, 1)) * (self.together > 0)
        unit = surprise / np.maximum(np.linalg.norm(surprise, axis=1, keepdims=True), 1e-9)
        left, values, _ = np.linalg.svd(surprise, hermitian=True)
        reduced = left[:, :DIMENSIONS] * np.sqrt(values[:DIMENSIONS])
        reduced /= np.maximum(np.linalg.norm(reduced, axis=1, keepdims=True), 1e-9)
        walk = joined / np.maximum(degree, 1)[:, None]
        weighted = np.log1p(self.together)
        recent = self.atlas.counts[self.places, max(0, at - 3) : at].sum(axis=1).astype(np.float32)
        fresh = self._count(self.year - 2, self.year) > 0
        r, c = self.rows, self.columns

        def pairs(matrix: Matrix) -> Matrix:
            return matrix[r, c]

        def ends(values: Matrix) -> list[Matrix]:
            return [np.minimum(values[r], values[c]), np.maximum(values[r], values[c])]

        columns = [
            degree[r] * degree[c],
            pairs(joined @ joined),
            pairs(unit @ unit.T),
            pairs(names @ names.T),
            pairs(reduced @ reduced.T),
            pairs((joined / np.log1p(degree)[:, None].clip(0.7)).T @ joined),
            pairs(walk @ walk + (walk @ walk).T),
            pairs(weighted @ weighted),
            pairs(surprise @ surprise),
            pairs((fresh @ joined + joined @ fresh).astype(np.float32)),
            seen[r] * seen[c] / works,
            recent[r] * recent[c] / works,
            *ends(degree), *ends(seen), *ends(recent), *ends(recent / seen),
            *ends(fresh.sum(axis=1) / np.maximum(degree, 1)),
        ]  # fmt: skip
        return np.stack(columns, axis=1).astype(np.float32)


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
    parser.add_argument("--release", type=Path, help="a PhySH release; none: what is installed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
