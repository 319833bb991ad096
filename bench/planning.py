"""Do the perspectives that are chosen for a question fit it?

python -m bench.planning [RELEASE.ttl] [-k 4] [--out FILE] [--fit]

81 frozen questions in plain words (bench/data/planning_questions.yaml), each with the concepts that it is
about and further ones with which a specialist would work on it. Figures: the share of near perspectives in
these lists, for odd places (on which weights were chosen) and even ones (the test), with 95 % bootstrap
intervals over questions; how often the most frequent far method comes; whether a routed concept is what the
question is about. `--out` writes one question a line for reading blind; `--fit` chooses the weights of
physh/route/near.py anew.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

import physh
from agents.plan import Planner
from agents.schema import Distance, Pins
from app.settings.sections import PathsSection
from retrieval.embeddings import load_embedder

SEED, RESAMPLES = 0, 2000
QUESTIONS = Path(__file__).parent / "data" / "planning_questions.yaml"
Question = dict[str, Any]


def main() -> None:
    options = _options()
    cache = PathsSection().cache
    ontology = physh.load(options.release, cache=cache)
    router = physh.Router(ontology, load_embedder(cache), cache, **literature())
    questions = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    if options.fit:
        print(json.dumps(fit(router, questions[::2])))
        return
    plans = [plan(ontology, router, question, options.k) for question in questions]
    if options.out:
        options.out.write_text(
            "".join(json.dumps(p, ensure_ascii=False) + "\n" for p in plans), encoding="utf-8"
        )
    figures = {
        "release": ontology.release,
        "k": options.k,
        "tune (odd places)": measure(questions[::2], plans[::2]),
        "test (even places)": measure(questions[1::2], plans[1::2]),
        "far methods": Counter(far["narrow"] for p in plans for far in p["far"]).most_common(5),
    }
    print(json.dumps(figures, indent=2, ensure_ascii=False))


def literature() -> dict[str, Any]:
    """The shipped papers, as the application hands them to the router."""
    from retrieval.papers import load_papers

    return {"literature": load_papers()}


def plan(ontology: physh.Ontology, router: physh.Router, question: Question, k: int) -> dict[str, Any]:
    """What is chosen, as labels."""
    route = router.route(question["text"])
    chosen = Planner(ontology, router, route, Pins()).perspectives(k)
    told: dict[str, Any] = {"text": question["text"], "concepts": [c.label for c in route.concepts[:5]]}
    for distance in (Distance.NEAR, Distance.FAR):
        told[distance.value] = [
            {"role": p.role, "broad": p.broad.label, "narrow": p.narrow.label, "reason": p.reason}
            for p in chosen
            if p.distance is distance
        ]
    return told


def measure(questions: Sequence[Question], plans: Sequence[dict[str, Any]]) -> dict[str, str | int]:
    pairs = list(zip(questions, plans, strict=True))

    def share(of: Callable[[Question, dict[str, Any]], float]) -> str:
        values = np.array([of(question, told) for question, told in pairs])
        drawn = np.random.default_rng(SEED).integers(0, len(values), (RESAMPLES, len(values)))
        low, high = np.percentile(values[drawn].mean(axis=1), (2.5, 97.5))
        return f"{values.mean():.2f} ({low:.2f}–{high:.2f})"

    return {
        "n": len(pairs),
        "near in the lists": share(
            lambda q, p: float(np.mean([near["narrow"] in q["concepts"] + q["apt"] for near in p["near"]]))
        ),
        "first concept is what it is about": share(lambda q, p: p["concepts"][0] in q["concepts"]),
        "so is one of five": share(lambda q, p: bool(set(p["concepts"]) & set(q["concepts"]))),
    }


def fit(router: physh.Router, questions: Sequence[Question]) -> dict[str, list[float]]:
    """Weights of a logistic regression (L2, C = 0.3, standardised) for apt and for headline concepts."""
    from sklearn.linear_model import LogisticRegression

    features = [router.features(question["text"]) for question in questions]
    rows = np.concatenate(features)
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    weights = {}
    for name, lists in (("working", ("concepts", "apt")), ("headline", ("concepts",))):
        wanted = [{label for part in lists for label in question[part]} for question in questions]
        marks = np.concatenate([[c.label in labels for c in router.concepts] for labels in wanted])
        model = LogisticRegression(C=0.3, max_iter=1000).fit((rows - mean) / spread, marks)
        coefficients = model.coef_[0] / spread
        offset = float(mean @ coefficients - model.intercept_[0])
        weights[name] = [round(float(value), 2) for value in (*coefficients, offset)]
    return weights


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("release", nargs="?", type=Path, help="full PhySH; by default what is installed")
    parser.add_argument("-k", type=int, default=4)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--fit", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
