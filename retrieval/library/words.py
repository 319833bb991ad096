"""Search by words: BM25 over the stems of all passages, kept on disk and made again when passages change.

Robertson and Zaragoza, Foundations and Trends in Information Retrieval 3 (2009) 333, doi:10.1561/1500000019;
computed by bm25s (Lù, arXiv:2407.03618), with its defaults k1 = 1.5, b = 0.75 and Lucene's form.
"""

import json
import shutil
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval.stems import stem_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class WordIndex:
    """Which passages hold a query's words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: list[str] = []
        self._places: dict[str, int] = {}
        self._index: Any = None

    def load(self, stamp: str) -> bool:
        """Whether what lies on disk is of this stamp, and could be read."""
        import bm25s

        try:
            kept = json.loads((self._folder / "passages.json").read_text(encoding="utf-8"))
            if kept["stamp"] != stamp:
                return False
            self._index = bm25s.BM25.load(self._folder) if kept["keys"] else None
        except (OSError, EOFError, ValueError, KeyError, TypeError):  # missing or cut: it is made again
            return False
        self._set_keys(kept["keys"])
        return True

    def build(self, texts: Iterable[tuple[str, str]], stamp: str) -> None:
        import bm25s

        keys, stems = [], []
        for key, text in texts:
            keys.append(key)
            stems.append(stem_words(text))
        self._set_keys(keys)
        self._index = None
        if any(stems):
            self._index = bm25s.BM25(backend="numpy")
            self._index.index(stems, show_progress=False)
        with suppress(OSError):  # a read-only library: made again by the next process
            self._save(stamp)

    def _set_keys(self, keys: list[str]) -> None:
        self._keys, self._places = keys, {key: i for i, key in enumerate(keys)}

    def _save(self, stamp: str) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        if self._index is not None:
            self._index.save(self._folder, show_progress=False)
        kept = {"stamp": stamp, "keys": self._keys if self._index is not None else []}
        (self._folder / "passages.json").write_text(json.dumps(kept), encoding="utf-8")

    def best(self, query: str, limit: int, among: Collection[str] | None = None) -> list[str]:
        """Keys, best first; none that shares no word with the query."""
        import numpy as np

        scores = self.scores(query)
        if among is not None:
            allowed = np.zeros(len(scores), dtype=bool)
            allowed[[self._places[key] for key in among if key in self._places]] = True
            scores = np.where(allowed, scores, 0)
        order = np.argsort(-scores, kind="stable")[:limit]
        return [self._keys[i] for i in order if scores[i] > 0]

    def scores(self, query: str) -> "NDArray[np.float32]":
        """A score a passage, in the order in which they were given."""
        import numpy as np

        stems = [stem for stem in stem_words(query) if self._index and stem in self._index.vocab_dict]
        if not stems:
            return np.zeros(len(self._keys), dtype=np.float32)
        found: NDArray[np.float32] = self._index.get_scores(stems)
        return found
