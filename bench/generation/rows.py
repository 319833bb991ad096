"""The rows of each table: our models, masked and free, the baselines, and the real data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from tools.generation.generators.catalogue import SHIPPED, list_models, load_model
from tools.generation.generators.ngram import CharacterNgram
from tools.generation.generators.random_crystals import RandomCrystals
from tools.generation.generators.sampling import Grammar
from tools.generation.generators.substitution import Substitution
from tools.generation.generators.training.corpora import canonical_smiles, crystal_texts
from tools.generation.references import ReferenceSet, load_reference
from tools.generation.schema import Generator, Sample, SampleForm, SampleKind

SETS: Final = {
    "zinc": ("zinc/test", "zinc/valid"),
    "perov5": ("perov_5/test", "perov_5/val"),
    "mp20": ("mp_20_biternary/test", "mp_20_biternary/val"),
}
MODELS: Final = {
    "zinc": ("zinc-smiles", "zinc-selfies", "zinc-xyz", "zinc-smiles-characters"),
    "perov5": ("perov5", "perov5-characters"),
    "mp20": ("mp20",),
}
ORDERS: Final = {"zinc": 6, "perov5": 12, "mp20": 12}


@dataclass(frozen=True)
class SampleSource:
    """`make` gives the samples of a seed."""

    key: str
    title: str
    count: int
    seeds: int
    samples: Callable[[int], Iterable[Sample]]


def rows_of(what: str, data: Path, count: int, others: int, seeds: int) -> list[SampleSource]:
    learnt = load_reference(SETS[what][1], data)
    first, *rest = [name for name in MODELS[what] if name in list_models(SHIPPED)]
    return [
        _real(learnt, count),
        _model(first, count, seeds, Grammar.MASK),
        _model(first, count, seeds, Grammar.REDRAW),
        _model(first, others, 1, Grammar.FREE),
        *(_model(name, others, 1, Grammar.MASK) for name in rest),
        *(_row(key, maker, others) for key, maker in _baselines(what, learnt).items()),
    ]


def _real(learnt: ReferenceSet, count: int) -> SampleSource:
    """What the training data score: no model should be better."""
    return SampleSource(
        "real",
        f"real: {learnt.name}",
        min(count, len(learnt.texts)),
        1,
        lambda _: islice(learnt.samples(), count),
    )


def _model(name: str, count: int, seeds: int, grammar: Grammar) -> SampleSource:
    model = load_model(name, grammar)
    key = f"{name}-{grammar.value}"
    return SampleSource(
        key, f"ours, {name}, {grammar.value}", count, seeds, lambda seed: model.generate(count, seed)
    )


def _row(key: str, maker: Callable[[], Generator], count: int) -> SampleSource:
    return SampleSource(key, key, count, 1, lambda seed: maker().generate(count, seed))


def _baselines(what: str, learnt: ReferenceSet) -> dict[str, Callable[[], Generator]]:
    order = ORDERS[what]
    if learnt.kind is SampleKind.MOLECULE:
        return {
            f"{order}-gram": lambda: CharacterNgram(
                canonical_smiles(learnt), learnt.kind, SampleForm.SMILES, order
            )
        }
    return {
        "substitution": lambda: Substitution(crystal_texts(learnt)),
        "pyxtal": lambda: RandomCrystals(crystal_texts(learnt)),
        f"{order}-gram": lambda: CharacterNgram(crystal_texts(learnt), learnt.kind, SampleForm.TEXT, order),
    }
