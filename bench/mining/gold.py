"""Does the selection find what history found? Recall of 76 transfers of methods between disciplines.

Run: python -m bench.mining.gold --physh physh.ttl     (the full release; a minute)

The transfers (bench/data/transfers.yaml) are read here, each a `HistoricalTransfer`. No model is asked.
Each transfer is looked for in its own cell: the methods of its home against the problems (research areas,
systems, properties) of its field. Two ranks are taken: of the problem among the field's problems for this
method, and of the pair among all pairs of the cell. PhySH's own knowledge bars no pairs here, as it lists
some of these methods under the discipline that took them over; how many is told. Compared are the selection,
cosines of embeddings alone, a random order, and the concepts that the literature before the transfer's year
joins with both (of transfers that are younger than the atlas's first works; ties count half). Weights were
chosen on the methods of one half (dev); intervals are 90 % bootstrap, resampled by method.
"""

import argparse
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from pydantic import Field, TypeAdapter

from agents.schema import ConceptRef, Strict
from app.settings.sections import PathsSection
from physh.atlas import Atlas, load

FILE = Path(__file__).parents[1] / "data" / "transfers.yaml"
RESAMPLES, SEED = 2_000, 0
FACETS = ("Research Areas", "Physical Systems", "Properties")


class HistoricalTransfer(Strict):
    """A method of one discipline that was carried to a problem of another."""

    method: ConceptRef
    home: ConceptRef
    target: ConceptRef
    field: ConceptRef = Field(description="the target's discipline")
    year: int = Field(ge=1900, le=2026)
    source: str
    doi: str = Field(pattern=r"^10\.\d{4,}/\S+$")


def read_transfers() -> tuple[HistoricalTransfer, ...]:
    return TypeAdapter(tuple[HistoricalTransfer, ...]).validate_python(
        yaml.safe_load(FILE.read_text(encoding="utf-8")), strict=False
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--physh", type=Path, help="a PhySH release; none: installed, else shipped")
    chosen = parser.parse_args()
    ontology, features = prepare(chosen.physh)
    gold = known_transfers(features)
    known = sum(t.field.uri in ontology.concepts[t.method.uri].disciplines for t in gold)
    print(
        f"PhySH {ontology.release}: {len(gold)} transfers, {known} of methods that PhySH lists in the field"
    )
    ranks = {name: measure(ontology, features, gold, name) for name in ("structure", "embedding", "random")}
    dev = np.array([is_dev(t) for t in gold])
    young = sorted((t for t in gold if t.year > load().years[0]), key=lambda t: t.year)
    print(f"\nof {len(young)} transfers that are younger than the atlas's first works:")
    for name in ("structure", "neighbours"):
        print(f"  {name:10} " + "  ".join(told(measure(ontology, features, young, name), young)))
    for part, held in (("all", dev | ~dev), ("dev", dev), ("test", ~dev)):
        print(
            f"\n{part}: {int(held.sum())} transfers, {len({t.method.uri for t in pick(gold, held)})} methods"
        )
        for name, found in ranks.items():
            print(f"  {name:10} " + "  ".join(told(found[held], pick(gold, held))))


def prepare(path: Path | None) -> tuple[Any, Any]:
    import physh
    from agents.data_files import structures
    from retrieval.embeddings import load_embedder

    cache = PathsSection().cache
    ontology = physh.load(path, cache=cache)
    router = physh.Router(ontology, load_embedder(cache), cache)
    return ontology, physh.PairFeatures(ontology, router, structures())


def known_transfers(features: Any) -> list[HistoricalTransfer]:  # noqa: ANN401 - as prepared
    """Those whose concepts this release has."""
    return [t for t in read_transfers() if {t.method.uri, t.target.uri} <= features.places.keys()]


def is_dev(transfer: HistoricalTransfer) -> bool:
    return hashlib.sha256(transfer.method.uri.encode()).digest()[0] % 2 == 0


def pick(gold: Sequence[HistoricalTransfer], held: Any) -> list[HistoricalTransfer]:  # noqa: ANN401 - an array of bools
    return [transfer for transfer, kept in zip(gold, held, strict=True) if kept]


def measure(ontology: Any, features: Any, gold: Sequence[HistoricalTransfer], name: str) -> Any:  # noqa: ANN401 - as prepared
    """(transfers, 3): place of the problem for its method, its share of the problems, share of the cell."""
    random = np.random.default_rng(SEED)
    return np.array([place(ontology, features, transfer, name, random) for transfer in gold])


def place(
    ontology: Any,  # noqa: ANN401 - as prepared
    features: Any,  # noqa: ANN401 - as prepared
    transfer: HistoricalTransfer,
    name: str,
    random: np.random.Generator,
) -> tuple[float, float, float]:
    methods, targets = cell(ontology, transfer)
    if transfer.target.uri not in targets:
        return float("inf"), 1.0, 1.0
    row, column = methods.index(transfer.method.uri), targets.index(transfer.target.uri)
    if name == "random":
        rank, within = random.integers(len(targets)), random.random()
        return float(rank), rank / len(targets), float(within)
    scores = _scores(features, transfer, name, methods, targets)
    own = scores[row, column]
    above = (scores[row] > own).sum() + ((scores[row] == own).sum() - 1) / 2
    higher = (scores > own).sum() + ((scores == own).sum() - 1) / 2
    return float(above), float(above / len(targets)), float(higher / scores.size)


def _scores(
    features: Any,  # noqa: ANN401 - as prepared
    transfer: HistoricalTransfer,
    name: str,
    methods: Sequence[str],
    targets: Sequence[str],
) -> Any:  # noqa: ANN401 - an array
    if name == "neighbours":
        atlas = atlas_before(transfer.year)
        rows, columns = ([atlas.places.get(uri, -1) for uri in uris] for uris in (methods, targets))
        joined = np.vstack([atlas.joined, np.zeros((1, len(atlas.uris)), dtype=np.float32)])  # -1: unknown
        return joined[rows] @ joined[columns].T
    score = features.structural if name == "structure" else features.semantic
    return score(methods, targets)


@lru_cache(maxsize=1)  # a year takes 120 MB
def atlas_before(year: int) -> Atlas:
    """What the shipped atlas knew at the end of the year before."""
    return load().until(year - 1)


def cell(ontology: Any, transfer: HistoricalTransfer) -> tuple[list[str], list[str]]:  # noqa: ANN401 - as prepared
    techniques = {f.uri for f in ontology.facets if f.label.endswith("Techniques")}
    wanted = {ontology.facet(name).uri for name in FACETS}
    live = [concept for concept in ontology.concepts.values() if not concept.deprecated]
    methods = [c.uri for c in live if transfer.home.uri in c.disciplines and techniques & set(c.facets)]
    return methods, [
        c.uri
        for c in live
        if transfer.field.uri in c.disciplines and wanted & set(c.facets) and not techniques & set(c.facets)
    ]


def told(found: Any, gold: Sequence[HistoricalTransfer]) -> list[str]:  # noqa: ANN401 - an array
    figures = {
        "problem in top 10": found[:, 0] < 10,
        "in top 5 %": found[:, 1] < 0.05,
        "pair in top 1 % of cell": found[:, 2] < 0.01,
        "5 %": found[:, 2] < 0.05,
        "20 %": found[:, 2] < 0.2,
    }
    return [f"{name} {values.mean():.2f} {interval(values, gold)}" for name, values in figures.items()]


def interval(values: Any, gold: Sequence[HistoricalTransfer]) -> str:  # noqa: ANN401 - an array
    groups = sorted({t.method.uri for t in gold})
    members = [[i for i, t in enumerate(gold) if t.method.uri == uri] for uri in groups]
    random = np.random.default_rng(SEED)
    means = []
    for _ in range(RESAMPLES):
        drawn = [i for at in random.integers(len(members), size=len(members)) for i in members[at]]
        means.append(values[drawn].mean())
    low, high = np.percentile(means, (5, 95))
    return f"({low:.2f}–{high:.2f})"


if __name__ == "__main__":
    main()
