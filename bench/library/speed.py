"""How fast the library is, and what it takes, with 20,000 passages.

python -m bench.library.speed [ARCHIVE] [--passages N] [--json] [--cache DIR]

The passages are sentences of the papers of bench.retrieval, shuffled. They are stored with vectors drawn at
random around some topics, as embedding all of them would take an hour on one core; how fast that is, is
measured on a few. Queries are the papers' titles, embedded as always, on one thread; their first pass is not
timed.
"""

import argparse
import json
import platform
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.retrieval import SEED, find_archive, read_papers
from retrieval.embeddings import MiniLM, load_embedder
from retrieval.library import Library, open_library
from retrieval.ranking import embed_parts
from retrieval.sentences import split_sentences

WORDS = 150  # a passage
A_FILE = 100  # passages
EMBEDDED, ASKED = 100, 100
TOPICS = 200


def main() -> None:
    options = _options()
    embedder = load_embedder(options.cache)
    papers = read_papers(options.archive or find_archive(options.cache / "bench"))
    sentences = [text[span.start : span.end] for _, text in papers for span in split_sentences(text)]
    made = _passages(sentences, options.passages)
    with tempfile.TemporaryDirectory() as scratch:
        _write(Path(scratch) / "papers", made)
        figures = _measure(Path(scratch), embedder, [title for title, _ in papers][:ASKED])
    figures["embedding, passages a second"] = _embedding_rate(embedder, made[:EMBEDDED])
    print(json.dumps(figures, indent=None if options.json else 2))


def _options() -> argparse.Namespace:
    import platformdirs

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("archive", nargs="?", type=Path, help="as for bench.retrieval")
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--json", action="store_true", help="one line")
    parser.add_argument(
        "--cache", type=Path, default=platformdirs.user_cache_path("hypothesis-finder", False)
    )
    return parser.parse_args()


class QuickEmbedder:
    """Queries by the model; passages at random around some topics, so that some are near others."""

    def __init__(self, model: MiniLM) -> None:
        self.name = "quick"
        self._model = model
        self._random = np.random.default_rng(SEED)
        self._topics = self._random.normal(size=(TOPICS, model.dimension))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(texts) == 1:
            return self._model.encode(texts)
        around = self._topics[self._random.integers(0, TOPICS, len(texts))]
        rows = (around + self._random.normal(size=around.shape)).astype(np.float32)
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def _passages(sentences: Sequence[str], count: int) -> list[str]:
    chosen = random.Random(SEED)  # noqa: S311 - a seed, not a secret
    made = []
    for _ in range(count):
        words = 0
        passage = []
        while words < WORDS:
            passage.append(chosen.choice(sentences))
            words += len(passage[-1].split())
        made.append(" ".join(passage))
    return made


def _write(folder: Path, made: Sequence[str]) -> None:
    folder.mkdir()
    for start in range(0, len(made), A_FILE):
        text = "\n\n".join(made[start : start + A_FILE])
        (folder / f"{start:06}.txt").write_text(text, encoding="utf-8")


def _measure(scratch: Path, embedder: MiniLM, queries: Sequence[str]) -> dict[str, object]:
    before = memory()
    with open_library(scratch / "library", QuickEmbedder(embedder)) as library:
        began = time.perf_counter()
        library.add([scratch / "papers"])
        added = time.perf_counter() - began
        began = time.perf_counter()
        library.search(queries[0])
        first = time.perf_counter() - began
        times = time_queries(library, queries)
        passages = sum(one.passages for one in library.documents())
    with open_library(scratch / "library", QuickEmbedder(embedder)) as library:
        began = time.perf_counter()
        library.search(queries[0])
        opened = time.perf_counter() - began
    return {
        "passages": passages,
        "seed": SEED,
        "storing and indexing them, without embedding, s": round(added, 1),
        "first query, s": round(first, 2),
        "first query of another process, s": round(opened, 2),
        "query": times,
        "memory above the embedder's, peak MB": round((memory() - before) / 1e6),
        "on disk, MB": round(size(scratch / "library") / 1e6),
    }


def time_queries(library: Library, queries: Sequence[str]) -> dict[str, float]:
    """Return how long searches take, warm: medians and 95th percentile, ms."""
    for query in queries:
        library.search(query)
    passed, used = zip(*(_time(library, query) for query in queries), strict=True)
    return {
        "p50 ms": round(float(np.percentile(passed, 50)) * 1e3, 1),
        "p95 ms": round(float(np.percentile(passed, 95)) * 1e3, 1),
        "p50 processor ms": round(float(np.percentile(used, 50)) * 1e3, 1),
        "n": len(queries),
    }


def _time(library: Library, query: str) -> tuple[float, float]:
    clock, processor = time.perf_counter(), time.process_time()
    library.search(query)
    return time.perf_counter() - clock, time.process_time() - processor


def _embedding_rate(embedder: MiniLM, made: Sequence[str]) -> float:
    """With their sentences, as they are added."""
    began = time.process_time()
    embed_parts(embedder, made)
    return round(len(made) / (time.process_time() - began), 1)


def memory() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if platform.system() == "Darwin" else peak * 1024


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
