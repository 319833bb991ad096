"""Makes the papers that ship (retrieval/data/papers.npz and .npy) from files of abstracts.

python -m bench.papers FILE.jsonl.xz… [--count 21000] [--release physh.ttl] [--slice N]

Papers that ship already stay. The others are chosen to cover all concepts: at least EACH of each where there
are that many, those in which it is named most and latest first, concepts with the fewest works first; the
rest by chance, with primary categories evened out. Of each the title and the first BEGINNING characters of
the abstract are embedded. That takes long: vectors that ship are used again, and `--slice N` embeds N papers,
keeps their vectors in the cache folder and ends. Without it all are embedded that are missing, and the two
files are written.
"""

import argparse
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import physh
from app.settings.sections import PathsSection
from physh.atlas import ConceptTagger
from physh.atlas.records import WorkRecord, arxiv_identifier, read_records
from retrieval.embeddings import load_embedder
from retrieval.papers import FACTS, SCALE, VECTORS

SEED, EACH, MOST_MENTIONS, BEGINNING = 0, 10, 4, 200
IN_TITLE = 3  # what a name in the title counts
Tags = dict[int, int]
Vectors = dict[str, NDArray[np.float16]]  # by arXiv identifier


def main() -> None:
    options = _options()
    cache = PathsSection().cache
    tagger = ConceptTagger(physh.load(options.release, cache=cache))
    read = (record for path in options.files for record in read_records(path, Counter()))
    records = list({arxiv_identifier(record.id): record for record in read}.values())
    tags = [_tags(tagger, record) for record in records]
    known = _shipped() | _kept(cache)
    chosen = choose(records, tags, options.count, len(tagger.concepts), known)
    missing = [records[place] for place in chosen if arxiv_identifier(records[place].id) not in known]
    known |= _embed(missing[: options.slice], cache)
    left = len(missing) - len(missing[: options.slice])
    print(f"{len(chosen):,} papers chosen, {left:,} left to embed")
    if not left:
        vectors = np.stack([known[arxiv_identifier(records[place].id)] for place in chosen])
        uris = [concept.uri for concept in tagger.concepts]
        papers = [records[place] for place in chosen]
        write(papers, [tags[place] for place in chosen], uris, vectors.astype(np.float32))


def choose(
    records: Sequence[WorkRecord], tags: Sequence[Tags], count: int, concepts: int, stay: Collection[str] = ()
) -> list[int]:
    """Return the places of the papers that ship, in order, those with an identifier in `stay` among them."""
    having: list[list[int]] = [[] for _ in range(concepts)]
    for place, found in enumerate(tags):
        for concept in found:
            having[concept].append(place)
    chosen = {place for place, record in enumerate(records) if arxiv_identifier(record.id) in stay}
    covered = Counter(concept for place in chosen for concept in tags[place])
    for concept in sorted(range(concepts), key=lambda c: len(having[c])):
        best = sorted(having[concept], key=lambda p: (-min(tags[p][concept], 5), -records[p].year))
        for place in best:
            if covered[concept] >= EACH or len(chosen) >= count:
                break
            if place not in chosen:
                chosen.add(place)
                covered.update(tags[place].keys())
    primary = Counter(record.categories.split(",")[0] for record in records)
    weights = np.array(
        [
            (min(len(found), 6) + 0.2) * primary[record.categories.split(",")[0]] ** -0.5
            for record, found in zip(records, tags, strict=True)
        ]
    )
    weights[list(chosen)] = 0
    missing = max(0, min(count, len(records)) - len(chosen))
    drawn = np.random.default_rng(SEED).choice(
        len(records), missing, replace=False, p=weights / weights.sum()
    )
    return sorted(chosen | set(drawn.tolist()))


def write(
    records: Sequence[WorkRecord], tags: Sequence[Tags], uris: Sequence[str], vectors: NDArray[np.float32]
) -> None:
    ends = np.cumsum([0, *(len(found) for found in tags)])
    np.savez_compressed(
        FACTS,
        ids=_bytes([arxiv_identifier(record.id) for record in records]),
        titles=_bytes([" ".join(record.title.split()) for record in records]),
        categories=_bytes([record.categories for record in records]),
        years=np.array([record.year for record in records], dtype=np.uint16),
        uris=_bytes(uris),
        ends=ends.astype(np.uint32),
        concepts=np.array([c for found in tags for c in found], dtype=np.uint16),
        mentions=np.array([min(n, MOST_MENTIONS) for found in tags for n in found.values()], dtype=np.uint8),
    )
    np.save(VECTORS, np.clip(np.round(vectors * SCALE), -127, 127).astype(np.int8))


def _tags(tagger: ConceptTagger, record: WorkRecord) -> Tags:
    title, abstract = tagger.tag(record.title), tagger.tag(record.abstract)
    return {c: abstract.get(c, 0) + IN_TITLE * title.get(c, 0) for c in title | abstract}


def _embed(records: Sequence[WorkRecord], cache: Path) -> Vectors:
    """Return the vectors of these papers, kept for the next call too."""
    if not records:
        return {}
    embedder = load_embedder(cache)
    texts = [f"{record.title}. {record.abstract[:BEGINNING]}" for record in records]
    identifiers = [arxiv_identifier(record.id) for record in records]
    new = dict(zip(identifiers, embedder.encode(texts).astype(np.float16), strict=True))
    every = _kept(cache) | new
    np.savez(_place(cache), ids=_bytes(list(every)), vectors=np.stack(list(every.values())))
    return new


def _kept(cache: Path) -> Vectors:
    """Return what earlier slices embedded."""
    if not _place(cache).is_file():
        return {}
    with np.load(_place(cache), allow_pickle=False) as stored:
        return dict(zip(stored["ids"].tobytes().decode().split("\n"), stored["vectors"], strict=True))


def _shipped() -> Vectors:
    with np.load(FACTS, allow_pickle=False) as stored:
        identifiers = stored["ids"].tobytes().decode().split("\n")
    return dict(zip(identifiers, (np.load(VECTORS) / SCALE).astype(np.float16), strict=True))


def _place(cache: Path) -> Path:
    return cache / f"papers-{BEGINNING}.npz"


def _bytes(lines: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=21_000)
    parser.add_argument("--release", type=Path)
    parser.add_argument("--slice", type=int, help="papers to embed before it ends")
    return parser.parse_args()


if __name__ == "__main__":
    main()
