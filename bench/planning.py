"""Do the perspectives that are chosen for a question fit it?

python -m bench.planning [RELEASE.ttl] [-k 4] [--out FILE] [--fit] [--fit-marks] [--marked]

81 frozen questions in plain words (bench/data/planning_questions.yaml), each with the concepts that it is
about and further ones with which a specialist would work on it. Figures: the share of near perspectives in
these lists, for odd places (on which weights were chosen) and even ones (the test), with 95 % bootstrap
intervals over questions; how often the most frequent far method comes; whether a routed concept is what the
question is about. `--out` writes one question a line for reading blind; `--fit` chooses the weights of
physh/route/near.py anew. `--fit-marks` chooses those of perspectives/near.py on 240 other questions, whose
candidates were marked 0 to 2 (bench/data/marked_perspectives.jsonl), and says what the choice is worth on
questions left out of it. `--marked` says what the present choice for 60 questions by a stranger is worth by
the marks that readers gave blind (bench/data/stranger_marks.jsonl), and that of far methods for 80 questions
on which it was tuned (bench/data/marked_analogies.jsonl); what nobody read counts apart. It also sums up the
marks of 120 further questions on which a capable model chose from the shortlist, beside those of the rule
(bench/data/able_choices.jsonl), says how much of what it chose is on the shortlist now, and sums up those of
60 more, on which it could name concepts beyond the list and said what each would do: by name alone, as the
rule's, and with what it said (bench/data/able_uses.jsonl).
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

import physh
from agents.perspectives.choosing_voices import FAR as FAR_LISTED
from agents.perspectives.choosing_voices import NEAR as NEAR_LISTED
from agents.perspectives.near import Signals, choose_near, literature_shares, signals
from agents.perspectives.pins import Candidate
from agents.perspectives.plan import Planner
from agents.schema import ConceptRef, Distance, Pins
from app.settings.sections import PathsSection
from retrieval.embeddings import load_embedder

SEED, RESAMPLES = 0, 2000
QUESTIONS = Path(__file__).parent / "data" / "planning_questions.yaml"
MARKED = Path(__file__).parent / "data" / "marked_perspectives.jsonl"
STRANGER = MARKED.with_name("stranger_marks.jsonl")
ANALOGIES = MARKED.with_name("marked_analogies.jsonl")
CHOICES = MARKED.with_name("able_choices.jsonl")
USES = MARKED.with_name("able_uses.jsonl")
FOLDS, NEAR, BEST = 10, 3, 2
Question = dict[str, Any]
Matrix = NDArray[np.float64]


def main() -> None:
    options = _options()
    cache = PathsSection().cache
    ontology = physh.load(options.release, cache=cache)
    router = physh.Router(ontology, load_embedder(cache), cache, **literature())
    questions = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    if options.marked:
        print(json.dumps(worth(ontology, router, options.k), indent=2))
        return
    if options.fit_marks:
        print(json.dumps(fit_marks(ontology, router), indent=2))
        return
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


def fit_marks(ontology: physh.Ontology, router: physh.Router) -> dict[str, Any]:
    """Weights for `near`; marks of three chosen of the marked ones by weights from other questions."""
    asked = [json.loads(line) for line in MARKED.read_text(encoding="utf-8").splitlines()]
    tables = [_table(ontology, router, one) for one in asked]
    marks = []
    for fold in range(FOLDS):
        weights = _weights([table for n, table in enumerate(tables) if n % FOLDS != fold])
        for one, (rows, _) in list(zip(asked, tables, strict=True))[fold::FOLDS]:
            marks += _chosen(ontology, router, one, dict(zip(one["near"], rows @ weights, strict=True)))
    return {
        "weights": dict(zip(Signals._fields, map(float, _weights(tables).round(2)), strict=True)),
        "n": len(marks),
        "marked 2, left out": round(float(np.mean(np.array(marks) == BEST)), 3),
        "marked 1 or 2, left out": round(float(np.mean(np.array(marks) > 0)), 3),
    }


def worth(ontology: physh.Ontology, router: physh.Router, k: int) -> dict[str, Any]:
    """Shares of marks of 2 and of 1 or 2 that readers gave to the perspectives that are chosen now."""
    strangers, tuning = _read(STRANGER), _read(ANALOGIES)
    plans = [plan(ontology, router, one, k) for one in strangers]
    near = [
        [one["near"][found["narrow"]]] if found["narrow"] in one["near"] else []
        for one, chosen in zip(strangers, plans, strict=True)
        for found in chosen["near"]
    ]
    return {
        "near": _shares(near),
        "far": _shares(_far_marks(strangers, plans)),
        "far, questions on which the choice was tuned": _shares(
            _far_marks(tuning, [plan(ontology, router, one, k) for one in tuning])
        ),
        "recorded choices": _recorded_choices(ontology, router, k),
        "recorded uses": _recorded_uses(),
    }


def _recorded_uses() -> dict[str, Any]:
    """Shares of marks of near ones by name alone, and with what a capable model said of their use."""
    told = _read(USES)
    able = [voice for one in told for voice in one["able"].values()]
    ways = {"all": able} | {way: [v for v in able if v["from"] == way] for way in ("listed", "named")}
    return {"rule, by name": _shares([marks for one in told for marks in one["rule"].values()])} | {
        f"able, {way}": {
            "by name": _shares([voice["name"] for voice in voices]),
            "with its use": _shares([voice["use_marks"] for voice in voices if voice["use"]]),
        }
        for way, voices in ways.items()
    }


def _recorded_choices(ontology: physh.Ontology, router: physh.Router, k: int) -> dict[str, Any]:
    """Shares of marks of the rule's and of a capable model's choice, and what of the latter is listed now."""
    told, listed = _read(CHOICES), []
    for one in told:
        planner = Planner(ontology, router, router.route(one["text"]), Pins())
        labels = {voice.narrow.label for voice in planner.shortlist(k, NEAR_LISTED, FAR_LISTED)}
        listed += [label in labels for part in one["able"].values() for label in part]
    figures: dict[str, Any] = {}
    for length in sorted({one["listed"] for one in told}):
        of = [one for one in told if one["listed"] == length]
        for who in ("rule", "able"):
            near = [marks for one in of for marks in one[who]["near"].values()]
            far = [found["marks"] for one in of for found in one[who]["far"].values()]
            figures[f"{length} near ones listed, {who}"] = {"near": _shares(near), "far": _shares(far)}
    return {**figures, "chosen ones on the shortlist now": round(float(np.mean(listed)), 3)}


def _read(path: Path) -> list[Question]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _far_marks(asked: Sequence[Question], plans: Sequence[dict[str, Any]]) -> list[list[int]]:
    """Marks of each chosen far method, by what it is said to do at home; none where nobody read it."""
    return [
        {far["mapping"]: far["marks"] for far in one["far"]}.get(found["reason"].partition("; here ")[0], [])
        for one, chosen in zip(asked, plans, strict=True)
        for found in chosen["far"]
    ]


def _shares(marks: Sequence[list[int]]) -> dict[str, float]:
    given = np.array([mark for several in marks for mark in several])
    return {
        "marked 2": round(float(np.mean(given == BEST)), 3),
        "marked 1 or 2": round(float(np.mean(given > 0)), 3),
        "n": len(given),
        "never marked": sum(not several for several in marks),
    }


def _table(ontology: physh.Ontology, router: physh.Router, one: Question) -> tuple[Matrix, Matrix]:
    """Signals and marks of a question's marked candidates."""
    concepts = [ontology.concept(label) for label in one["near"]]
    shares = literature_shares(router, one["text"])
    told = signals(ontology, router, one["text"], concepts, shares)
    return np.array(told), np.array([*one["near"].values()])


def _weights(tables: Sequence[tuple[Matrix, Matrix]]) -> Matrix:
    """Sum of two logistic regressions (L2, C = 1, standardised): for a mark of 2, and for 1 or 2."""
    from sklearn.linear_model import LogisticRegression

    rows, marks = (np.concatenate(parts) for parts in zip(*tables, strict=True))
    spread = rows.std(axis=0)
    found = [
        LogisticRegression(max_iter=3000).fit((rows - rows.mean(axis=0)) / spread, marks >= least).coef_[0]
        for least in (1, BEST)
    ]
    weights: Matrix = np.sum(found, axis=0) / spread
    return weights


def _chosen(
    ontology: physh.Ontology, router: physh.Router, one: Question, relevance: dict[str, float]
) -> list[int]:
    """Marks of those that the rule chooses from the marked ones."""
    field = ConceptRef(uri=ontology.disciplines[0].uri, label=ontology.disciplines[0].label)
    pool = [
        Candidate(field, ontology.concept(label), odds, Distance.NEAR, "")
        for label, odds in relevance.items()
    ]
    chosen: list[Candidate] = []
    choose_near(ontology, router, pool, NEAR, chosen)
    return [one["near"][candidate.concept.label] for candidate in chosen]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("release", nargs="?", type=Path, help="by default what is installed, else what ships")
    parser.add_argument("-k", type=int, default=4)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--fit-marks", action="store_true")
    parser.add_argument("--marked", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
