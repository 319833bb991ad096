"""Make the vectors that ship: of PhySH's names, known problems, operations, instruments; a byte a number.

python -m bench.shipped_vectors      (some minutes of a core, where they are not in the cache)

Run it after a change of the release, of glosses, problems, operations or instruments. Vectors are found by
the hash of all texts, those of instruments by that of their own; until then what has changed is embedded at
each user's first start, and of instruments at every question.
"""

import argparse
from collections.abc import Sequence

import numpy as np

import physh
from agents.experiments import meaning
from agents.perspectives.far import operation_texts
from app.settings.sections import PathsSection
from physh.route import texts
from physh.route.problems import problem_texts, read_known
from physh.route.vectors import SHIPPED, key_of, pack, recall_or_encode, unpack
from physh.source import EMBEDDED
from retrieval.embeddings import load_embedder
from tools.instruments import instruments


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    cache = PathsSection().cache
    embedder = load_embedder(cache)
    wanted = {key_of(embedder.name, listed): listed for listed in shipped_texts()}
    SHIPPED.mkdir(exist_ok=True)
    for path in SHIPPED.glob("*.npy"):
        if path.stem not in wanted:
            path.unlink()
    for key, listed in wanted.items():
        rows = recall_or_encode(embedder, listed, cache / "physh")
        packed = pack(rows)
        np.save(SHIPPED / f"{key}.npy", packed)
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        lost = 1 - float((unpack(packed) * unit).sum(axis=1).min())
        print(
            f"{key}: {len(listed):,} texts, {packed.nbytes / 1e6:.1f} MB, cosine to itself within {lost:.1e}"
        )
    meaning.write_vectors(embedder, meaning.instrument_texts(instruments()))


def shipped_texts() -> list[Sequence[str]]:
    """Texts of concepts, of problems and of operations, each in the order in which they are embedded."""
    cache = PathsSection().cache
    ontology = physh.load(EMBEDDED, cache=cache)
    concepts = [concept for concept in ontology.concepts.values() if not concept.deprecated]
    return [
        texts.collect(ontology, concepts, texts.load_glosses()).all,
        problem_texts(read_known(cache / "physh")),
        operation_texts(),
    ]


if __name__ == "__main__":
    main()
