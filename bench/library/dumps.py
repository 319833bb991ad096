"""How fast dumps of abstracts are read and searched, and what they take.

python -m bench.library.dumps FILE… [--json]

The library is a new one in a scratch folder. Queries are the 81 frozen questions of bench.planning; their
first pass is not timed. Seconds are of the processor beside those that passed: the latter grow with whatever
else the machine does.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import yaml

from app.library import make_dump_reader
from app.settings.sections import PathsSection
from bench.library.speed import memory, size, time_queries
from bench.planning import QUESTIONS
from retrieval.embeddings import load_embedder
from retrieval.library import open_library


def main() -> None:
    import physh

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true", help="one line")
    chosen = parser.parse_args()
    cache = PathsSection().cache
    embedder, reader = load_embedder(cache), make_dump_reader(physh.load(cache=cache))
    before = memory()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "library"
        with open_library(folder, embedder, dumps=reader) as library:
            clock, processor = time.perf_counter(), time.process_time()
            library.add(chosen.files)
            figures: dict[str, object] = {
                "abstracts": sum(held.passages for held in library.documents()),
                "read and indexed, processor s": round(time.process_time() - processor, 1),
                "passed, s": round(time.perf_counter() - clock, 1),
                "memory above the embedder's, peak MB": round((memory() - before) / 1e6),
                "on disk, MB": round(size(folder) / 1e6),
            }
        with open_library(folder, embedder) as library:
            figures["query"] = time_queries(library, _questions())
    print(json.dumps(figures, indent=None if chosen.json else 2, ensure_ascii=False))


def _questions() -> list[str]:
    return [question["text"] for question in yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    main()
