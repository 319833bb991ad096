"""How well the library finds what it holds.

python -m bench.retrieval [ARCHIVE] [--json] [--cache DIR]

The set: 314 arXiv papers and the tags that a curator, François-Paul Servant, gave them on semanlink.net, as
the package cherche 2.2.1 ships them (MIT licence; arXiv's metadata are CC0): downloaded, not installed.
1. A tag is a query, and the papers that carry it are its answers. Others would fit and do not carry it, and
   some tags say nothing of a paper's content, so all figures are low.
2. A title is the query, and its own abstract, without the title, is the answer.
Weights and sizes were chosen on the queries whose SHA-256 is even; the figures are of the others. Intervals
are 95 % percentile bootstraps over queries, a difference's over the same resamples of both.
"""

import argparse
import hashlib
import json
import math
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.embeddings import load_embedder
from retrieval.library import Embedder, Library, open_library
from retrieval.library.library import LOOKED_AT
from retrieval.passage import Passage
from retrieval.stems import stem_words

PACKAGE, ARCHIVE = "cherche==2.2.1", "cherche-2.2.1.tar.gz"
SHA256 = "7984a88f0bf9349cd08907baefc2527deaacea95d3acf5f4a1692896c507fe34"
MEMBERS = "cherche-2.2.1/cherche/data/semanlink/"
COMMONEST = 30  # a tag of more papers says how they are kept, not what they are about
SEED, RESAMPLES, DEPTH = 0, 2000, 10
Vector = NDArray[np.float64]
Find = Callable[[str], list[int]]  # from a query to papers, best first


class Query(NamedTuple):
    text: str
    answers: frozenset[int]


def main() -> None:
    options = _options()
    embedder = load_embedder(options.cache)
    archive = options.archive or find_archive(options.cache / "bench")
    papers = read_papers(archive)
    tagged, titled = _read_queries(archive, papers)
    figures: dict[str, object] = {
        "seed": SEED,
        "tags to papers": _compare([f"{title}\n\n{text}" for title, text in papers], tagged, embedder),
        "titles to abstracts": _compare([text for _, text in papers], titled, embedder),
    }
    print(json.dumps(figures, indent=None if options.json else 2, ensure_ascii=False))


def _options() -> argparse.Namespace:
    import platformdirs

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("archive", nargs="?", type=Path, help=f"{ARCHIVE}, if it is here already")
    parser.add_argument("--json", action="store_true", help="one line")
    parser.add_argument(
        "--cache", type=Path, default=platformdirs.user_cache_path("hypothesis-finder", False)
    )
    return parser.parse_args()


def find_archive(folder: Path) -> Path:
    path = folder / ARCHIVE
    if not path.exists():
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary=:all:", "--quiet"]
        subprocess.run([*command, "--dest", str(folder), PACKAGE], check=True)  # noqa: S603 - our own words
    return path


def read_papers(archive: Path) -> list[tuple[str, str]]:
    """Titles and abstracts."""
    told = _member(archive, "arxiv.json")
    return [(_line(one["arxiv_title"]), _line(one["arxiv_summary"])) for one in told]


def _read_queries(archive: Path, papers: Sequence[tuple[str, str]]) -> tuple[list[Query], list[Query]]:
    """The held-out ones of both tasks."""
    tags = _member(archive, "tags.json")
    carriers: dict[str, set[int]] = {}
    for i, one in enumerate(_member(archive, "arxiv.json")):
        for tag in one["tag"]:
            carriers.setdefault(tag, set()).add(i)
    tagged = [
        Query(tags[tag]["prefLabel"][0], frozenset(carried))
        for tag, carried in carriers.items()
        if tag in tags and len(carried) <= COMMONEST
    ]
    titled = [Query(title, frozenset([i])) for i, (title, _) in enumerate(papers)]
    return _held_out(tagged), _held_out(titled)


def _member(archive: Path, name: str) -> Any:  # noqa: ANN401 - JSON
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != SHA256:
        sys.exit(f"{archive} has SHA-256 {found}, expected {SHA256}")
    with tarfile.open(archive) as packed:
        file = packed.extractfile(MEMBERS + name)
        assert file, name
        return json.load(file)


def _line(text: str) -> str:
    return " ".join(text.split())


def _held_out(queries: Sequence[Query]) -> list[Query]:
    return [query for query in queries if int(hashlib.sha256(query.text.encode()).hexdigest(), 16) % 2]


def _compare(texts: Sequence[str], queries: Sequence[Query], embedder: Embedder) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as scratch:
        papers = Path(scratch) / "papers"
        papers.mkdir()
        for i, text in enumerate(texts):
            (papers / f"{i:04}.txt").write_text(text, encoding="utf-8")
        with open_library(Path(scratch) / "library", embedder) as library:
            library.add([papers])
            ways = {
                "TF-IDF": _tfidf(texts),
                "BM25": _bm25(texts),
                "embeddings": _dense(texts, embedder),
                "both, fused": _fused(library, embedder),
                "library": lambda query: _papers(
                    hit.passage for hit in library.search(query, limit=LOOKED_AT)
                ),
            }
            marks = {name: _marks(find, queries) for name, find in ways.items()}
    figures = {name: _spread(rows) for name, rows in marks.items()}
    best = marks["library"]
    gains = {f"gain over {name}": _spread(best - rows) for name, rows in marks.items() if rows is not best}
    return {"papers": len(texts), "n": len(queries), **figures, **gains}


def _fused(library: Library, embedder: Embedder) -> Find:
    def find(query: str) -> list[int]:
        return _papers(one.passage for one in library.candidates(query, embedder.encode([query])[0]))

    return find


def _papers(passages: Iterable[Passage]) -> list[int]:
    """Each paper at the place of its first passage."""
    return list(dict.fromkeys(int(Path(passage.work.id).stem) for passage in passages))


def _tfidf(texts: Sequence[str]) -> Find:
    """Cosine of (1 + log count) × inverse document frequency, over the same stems as the library's."""
    bags = [Counter(stem_words(text)) for text in texts]
    frequency = Counter(word for bag in bags for word in bag)
    weight = {word: math.log(len(texts) / n) + 1 for word, n in frequency.items()}
    place = {word: i for i, word in enumerate(weight)}

    def vector(bag: Counter[str]) -> Vector:
        row = np.zeros(len(place))
        for word in bag.keys() & place.keys():
            row[place[word]] = (1 + math.log(bag[word])) * weight[word]
        unit: Vector = row / (np.linalg.norm(row) or 1.0)
        return unit

    rows = np.array([vector(bag) for bag in bags])
    return lambda query: _top(rows @ vector(Counter(stem_words(query))))


def _bm25(texts: Sequence[str]) -> Find:
    import bm25s

    index = bm25s.BM25(backend="numpy")
    index.index([stem_words(text) for text in texts], show_progress=False)

    def find(query: str) -> list[int]:
        words = [word for word in stem_words(query) if word in index.vocab_dict]
        return _top(index.get_scores(words)) if words else []

    return find


def _dense(texts: Sequence[str], embedder: Embedder) -> Find:
    """The whole text as one vector; what is beyond the model's 256 tokens is not seen."""
    rows = embedder.encode(texts)
    return lambda query: _top(rows @ embedder.encode([query])[0])


def _top(scores: NDArray[Any]) -> list[int]:
    return [int(i) for i in np.argsort(-scores, kind="stable")[:DEPTH] if scores[i] > 0]


MARKS = ("hit@1", "hit@5", "hit@10", "MRR@10", "nDCG@10")


def _marks(find: Find, queries: Sequence[Query]) -> Vector:
    """A row a query, a column a mark."""
    return np.array([_mark(find(query.text)[:DEPTH], query.answers) for query in queries])


def _mark(found: Sequence[int], answers: frozenset[int]) -> list[float]:
    right = [paper in answers for paper in found]
    first = right.index(True) if any(right) else None
    gain = sum(1 / math.log2(i + 2) for i, one in enumerate(right) if one)
    ideal = sum(1 / math.log2(i + 2) for i in range(min(DEPTH, len(answers))))
    hits = [float(any(right[:k])) for k in (1, 5, 10)]
    return [*hits, 0.0 if first is None else 1 / (first + 1), gain / ideal]


def _spread(rows: Vector) -> dict[str, str]:
    chosen = np.random.default_rng(SEED).integers(0, len(rows), (RESAMPLES, len(rows)))
    means = rows[chosen].mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5), axis=0)
    return {
        mark: f"{mean:.3f} [{a:.3f}, {b:.3f}]"
        for mark, mean, a, b in zip(MARKS, rows.mean(axis=0), low, high, strict=True)
    }


if __name__ == "__main__":
    main()
