"""How well a text finds its concepts and its discipline.

python -m bench.routing [RELEASE.ttl] [--json] [--cache DIR]

1. Hidden altLabels: the release without altLabels and hiddenLabels is asked for each altLabel. Our own
   descriptions that hold an altLabel of their concept are left out too. Beside it, in the same run, the
   peer: cosine of character 2–4-gram TF-IDF over the labels.
2. First discipline of the frozen questions, with the shipped papers as in the application; the interval is
   the 95 % percentile bootstrap over questions.
3. Time of a warm query with the papers, on one thread: what passed, and what the processor spent.
"""

import argparse
import json
import math
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

import physh
from physh import turtle, words
from physh.compiled import compile_statements
from physh.route.lexicon import stems
from physh.route.texts import Glosses, load_glosses
from retrieval.embeddings import load_embedder
from retrieval.papers import load_papers

SEED, RESAMPLES = 0, 2000
QUESTIONS = Path(__file__).parent / "data" / "routing_questions.yaml"
Figures = dict[str, float | int]
Vector = NDArray[np.float64]


def main() -> None:
    options = _options()
    embedder = load_embedder(options.cache)
    full = physh.load(options.release, cache=options.cache)
    router = physh.Router(full, embedder, options.cache, literature=load_papers())
    pairs = [(alt, c.uri) for c in full.concepts.values() if not c.deprecated for alt in c.alt_labels]
    blind = physh.Router(_hide(full), embedder, options.cache, described=_unleaked(full))
    figures: dict[str, object] = {
        "release": full.release,
        "seed": SEED,
        "hidden altLabels": _hits(pairs, lambda text: [s.uri for s in blind.route(text, 10).concepts]),
        "hidden altLabels, character TF-IDF": _hits(pairs, _character_tfidf(full)),
        "first discipline": _accuracy(router, full),
        "query": _times(router),
    }
    print(json.dumps(figures, indent=None if options.json else 2, ensure_ascii=False))


def _options() -> argparse.Namespace:
    import platformdirs

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("release", nargs="?", type=Path, help="by default what is installed, else what ships")
    parser.add_argument("--json", action="store_true", help="one line")
    parser.add_argument(
        "--cache", type=Path, default=platformdirs.user_cache_path("hypothesis-finder", False)
    )
    return parser.parse_args()


def _hide(full: physh.Ontology) -> physh.Ontology:
    """The release without other names."""
    compiled = compile_statements(turtle.parse(full.turtle, "the release"), "the release")
    bare = tuple(c._replace(alt_labels=(), hidden_labels=()) for c in compiled.concepts)
    hidden = compiled._replace(concepts=bare)
    return physh.Ontology(hidden, turtle=full.turtle, sha256=full.sha256, release=full.release)


def _unleaked(full: physh.Ontology) -> Glosses:
    told = load_glosses()
    alts = {c.label: [words.fold(alt) for alt in c.alt_labels] for c in full.concepts.values()}
    kept = {k: v for k, v in told.concepts.items() if not any(a in words.fold(v) for a in alts.get(k, ()))}
    return Glosses(disciplines=told.disciplines, concepts=kept)


def _hits(pairs: Sequence[tuple[str, str]], find: Callable[[str], list[str]]) -> Figures:
    ranks = [(*find(alt), uri).index(uri) for alt, uri in pairs]
    found: Figures = {f"hit@{k}": round(float(np.mean([rank < k for rank in ranks])), 3) for k in (1, 5, 10)}
    return found | {"n": len(pairs)}


def _character_tfidf(full: physh.Ontology) -> Callable[[str], list[str]]:
    live = [concept for concept in full.concepts.values() if not concept.deprecated]
    bags = [_grams(concept.label) for concept in live]
    frequency = Counter(gram for bag in bags for gram in bag)
    weight = {gram: math.log((1 + len(live)) / (1 + n)) + 1 for gram, n in frequency.items()}
    place = {gram: i for i, gram in enumerate(weight)}

    def vector(bag: Counter[str]) -> Vector:
        row = np.zeros(len(place))
        for gram in bag.keys() & place.keys():
            row[place[gram]] = (1 + math.log(bag[gram])) * weight[gram]
        unit: Vector = row / (np.linalg.norm(row) or 1.0)
        return unit

    rows = np.array([vector(bag) for bag in bags], dtype=np.float32)

    def find(text: str) -> list[str]:
        order = np.argsort(-(rows @ vector(_grams(text)).astype(np.float32)), kind="stable")[:10]
        return [live[i].uri for i in order]

    return find


def _grams(text: str) -> Counter[str]:
    padded = [f" {word} " for word in words.fold(text).split()]
    return Counter(w[i : i + n] for w in padded for n in (2, 3, 4) for i in range(len(w) - n + 1))


def _accuracy(router: physh.Router, ontology: physh.Ontology) -> Figures:
    asked = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    right = np.array([_is_right(router, question) for question in asked])
    plain = np.array([_shares_no_word(ontology, question) for question in asked])
    low, high = np.percentile(_resampled(right), (2.5, 97.5))
    return {
        "accuracy": round(float(right.mean()), 3),
        "from": round(float(low), 3),
        "to": round(float(high), 3),
        "n": len(right),
        "accuracy, no word of the discipline's names": round(float(right[plain].mean()), 3),
        "n, no word of the discipline's names": int(plain.sum()),
    }


def _is_right(router: physh.Router, question: dict[str, object]) -> bool:
    accepted = {question["discipline"], *question.get("also", ())}  # type: ignore[misc]  # a list in the file
    return router.route(str(question["text"])).disciplines[0].uri in accepted


def _shares_no_word(ontology: physh.Ontology, question: dict[str, object]) -> bool:
    discipline = ontology.discipline(str(question["discipline"]))
    names = [name for concept in ontology.members(discipline.uri) for name in concept.names]
    known = {stem for name in (*names, discipline.label) for stem in stems(words.fold(name))}
    return known.isdisjoint(stems(words.fold(str(question["text"]))))


def _resampled(right: NDArray[np.bool_]) -> Vector:
    chosen = np.random.default_rng(SEED).integers(0, len(right), (RESAMPLES, len(right)))
    means: Vector = right[chosen].mean(axis=1)
    return means


def _times(router: physh.Router) -> Figures:
    texts = [str(question["text"]) for question in yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))]
    for text in texts:
        router.route(text)
    passed, used = zip(*(_time(router, text) for text in texts), strict=True)
    return {
        "median ms": round(statistics.median(passed) * 1e3, 1),
        "p95 ms": round(float(np.percentile(passed, 95)) * 1e3, 1),
        "median processor ms": round(statistics.median(used) * 1e3, 1),
        "n": len(texts),
    }


def _time(router: physh.Router, text: str) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    router.route(text)
    return time.perf_counter() - clock, time.process_time() - processor


if __name__ == "__main__":
    main()
