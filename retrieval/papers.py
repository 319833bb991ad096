"""Papers that ship: facts about physics papers on arXiv, to be searched without a network.

`data/papers.npz` holds arXiv id, title, year, categories and PhySH concepts of each, `data/papers.npy` a
vector of title and beginning of the abstract, as bytes. No abstract is in it. Made by `python -m
bench.papers`.
"""

from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.embeddings import MiniLM
    from retrieval.passage import Work
    from retrieval.sources import ServiceResults

FACTS = Path(__file__).parent / "data" / "papers.npz"
VECTORS = FACTS.with_suffix(".npy")
NEAREST = 60  # papers whose concepts are weighed
LIKE = 0.3  # cosine below which a paper is about something else
FLOOR = 0.15  # cosine that any two texts of physics have
SCALE = 508.0  # bytes a unit of a vector's coordinate: the largest are near 0.25


class Paper(NamedTuple):
    """What ships of one paper. `likeness` is the cosine to the text that it was found for."""

    arxiv: str
    title: str
    year: int
    categories: str
    concepts: tuple[str, ...]  # URIs
    likeness: float

    @property
    def url(self) -> str:
        return f"https://arxiv.org/abs/{self.arxiv}"


class Papers:
    """Read-only; vectors are read when they are first compared."""

    def __init__(self, facts: Path = FACTS, vectors: Path = VECTORS) -> None:
        import numpy as np

        with np.load(facts, allow_pickle=False) as stored:
            self._tables = {name: stored[name] for name in stored.files}
        self._path = vectors
        self.years = self._tables["years"]
        self.uris = self._text("uris")

    def __len__(self) -> int:
        return len(self.years)

    @property
    def until(self) -> int:
        """Return the year of the latest paper."""
        return int(self.years.max())

    def nearest(self, vector: "NDArray[np.float32]", limit: int = 10) -> list[Paper]:
        """Return papers by likeness of meaning to a text's vector, best first."""
        import numpy as np

        likeness = self._likeness(vector)
        order = np.argsort(-likeness, kind="stable")[:limit]
        return [self._paper(int(place), float(likeness[place])) for place in order]

    def with_concepts(self, uris: Sequence[str], limit: int = 3) -> list[Paper]:
        """Return the papers that have all of these concepts, the latest first."""
        import numpy as np

        wanted = [self._places[uri] for uri in uris if uri in self._places]
        if len(wanted) < len(uris):
            return []
        having = [set(self._owners[self._tables["concepts"] == place].tolist()) for place in wanted]
        shared = sorted(set.intersection(*having), key=lambda p: (-int(self.years[p]), p)) if having else []
        return [self._paper(int(np.intp(place)), 0.0) for place in shared[:limit]]

    def concepts_near(self, vector: "NDArray[np.float32]") -> dict[str, float]:
        """Return URI → share of the NEAREST papers with the concept, nearer ones and titles counting more."""
        import numpy as np

        likeness = self._likeness(vector)
        nearest = np.argpartition(-likeness, min(NEAREST, len(likeness) - 1))[:NEAREST]
        weights = np.maximum(likeness[nearest] - FLOOR, 0) ** 2
        total = float(weights.sum()) or 1.0
        shares = np.zeros(len(self.uris), dtype=np.float32)
        ends = self._tables["ends"]
        for place, weight in zip(nearest, weights, strict=True):
            at = slice(int(ends[place]), int(ends[place + 1]))
            shares[self._tables["concepts"][at]] += weight / total * np.sqrt(self._tables["mentions"][at])
        return {self.uris[i]: float(shares[i]) for i in np.flatnonzero(shares)}

    def _likeness(self, vector: "NDArray[np.float32]") -> "NDArray[np.float32]":
        import numpy as np

        found: NDArray[np.float32] = np.einsum("ij,j->i", self.vectors, vector) / SCALE
        return found

    def _paper(self, place: int, likeness: float) -> Paper:
        at = slice(int(self._tables["ends"][place]), int(self._tables["ends"][place + 1]))
        concepts = tuple(self.uris[i] for i in self._tables["concepts"][at])
        facts = self.ids[place], self._titles[place], int(self.years[place]), self._categories[place]
        return Paper(*facts, concepts, round(likeness, 3))

    @cached_property
    def vectors(self) -> "NDArray[np.float32]":
        """Return one row a paper, as stored: multiples of unit length."""
        import numpy as np

        rows: NDArray[np.float32] = np.load(self._path, mmap_mode="r", allow_pickle=False).astype(np.float32)
        return rows

    @cached_property
    def _owners(self) -> "NDArray[np.intp]":
        import numpy as np

        return np.repeat(np.arange(len(self)), np.diff(self._tables["ends"].astype(np.int64)))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {uri: place for place, uri in enumerate(self.uris)}

    @cached_property
    def ids(self) -> list[str]:
        return self._text("ids")

    @cached_property
    def _titles(self) -> list[str]:
        return self._text("titles")

    @cached_property
    def _categories(self) -> list[str]:
        return self._text("categories")

    def _text(self, name: str) -> list[str]:
        lines: list[str] = self._tables[name].tobytes().decode().split("\n")
        return lines


def search_papers(
    papers: Papers, embedder: "MiniLM", query: str, limit: int, now: "datetime"
) -> "ServiceResults":
    """Return at most `limit` papers by likeness of meaning, with a search that says among how many."""
    from retrieval.passage import Search
    from retrieval.sources.searching import ServiceResults

    near = [p for p in papers.nearest(embedder.encode([query])[0], limit) if p.likeness >= LIKE]
    works = tuple(map(as_work, near))
    told = f"{len(papers):,} shipped papers until {papers.until}"
    return ServiceResults(works=works, searches=(Search(source=told, query=query, at=now, found=len(works)),))


def as_work(paper: Paper) -> "Work":
    """Return a shipped paper as the work of a source."""
    from retrieval.passage import Work

    return Work(
        source="shipped",
        id=paper.arxiv,
        title=paper.title,
        year=paper.year,
        arxiv=paper.arxiv,
        url=paper.url,
    )


@cache
def load_papers() -> Papers:
    """Return the papers that ship, read once a process."""
    return Papers()
