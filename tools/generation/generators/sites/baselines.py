"""The least that a language model of binding sites should beat."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.generators.card import CheckpointCard, TransformerShape
from tools.generation.generators.sampling import Grammar
from tools.generation.generators.sites.model import Ligand, SiteModel
from tools.generation.generators.sites.tokens import build_vocabulary, take_apart
from tools.generation.schema import Sample, SampleForm, SampleKind
from tools.generation.sites.geometry import random_rotation
from tools.generation.sites.site import Site
from tools.generation.sites.text import parse_site, write_site

TURNS: Final = 20  # orientations of each site that n-grams are counted in
NEVER: Final = -20.0  # logit of a token that was not seen there: a grammar that allows no other may take it
LENGTH: Final = 1_000


class ShuffledSites:
    """Real sites whose residues' atoms have exchanged their places: composition and density are real."""

    name, version = "shuffled places", "1"
    kind, form = SampleKind.SITE, SampleForm.SITE

    def __init__(self, texts: Sequence[str]) -> None:
        self._sites = [parse_site(text) for text in texts]

    def generate(self, count: int, seed: int) -> Iterator[Sample]:
        """Exactly `count` samples; the same seed gives the same strings."""
        random = np.random.default_rng(seed)
        for _ in range(count):
            site = self._sites[int(random.integers(len(self._sites)))]
            yield Sample(form=self.form, text=write_site(_shuffled(site, random)))


def _shuffled(site: Site, random: np.random.Generator) -> Site:
    places = random.permutation(np.concatenate([residue.places for residue in site.residues]))
    found, start = [], 0
    for residue in site.residues:
        end = start + len(residue.names)
        found.append(replace(residue, places=places[start:end]))
        start = end
    return replace(site, residues=tuple(found))


def site_ngram(texts: Sequence[str], ligands: Sequence[Ligand], order: int = 4) -> SiteModel:
    """Return the n-gram of our tokens with the same grammar and geometry as the language model."""
    vocabulary = build_vocabulary()
    counts: defaultdict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
    random = np.random.default_rng(0)
    for sentence in (take_apart(parse_site(text)) for text in texts):
        for _ in range(TURNS):
            rotation = random_rotation(random)
            row = vocabulary.encode(sentence.prompt(rotation) + sentence.residues(rotation))
            for place in range(1, len(row)):
                for length in range(order):
                    counts[tuple(row[max(0, place - length) : place])][row[place]] += 1
    shape = TransformerShape(vocabulary=len(vocabulary), width=8, layers=1, heads=1, length=LENGTH)
    name = f"{order}-gram of residues' tokens"
    known: Any = {"name": name, "version": "1", "vocabulary": vocabulary.tokens, "temperature": 1.0}
    card = CheckpointCard.model_construct(**known)
    model: Any = NgramModel(counts, order, len(vocabulary), SimpleNamespace(length=shape.length))
    return SiteModel(card, model, Grammar.MASK, ligands)


@dataclass
class WrittenTokens:
    """What each sequence wrote so far."""

    rows: list[list[int]]

    def keep(self, rows: NDArray[np.intp]) -> None:
        """Only these sequences go on."""
        self.rows = [self.rows[row] for row in rows]


@dataclass
class NgramModel:
    """Counts of the next token behind the last few, in the place of a network: the longest seen decides."""

    counts: dict[tuple[int, ...], Counter[int]]
    order: int
    size: int
    shape: SimpleNamespace

    def cache(self, batch: int) -> WrittenTokens:
        return WrittenTokens([[] for _ in range(batch)])

    def step(self, tokens: NDArray[np.intp], cache: WrittenTokens) -> NDArray[np.float64]:
        """Logits, (batch, vocabulary)."""
        logits = np.full((len(tokens), self.size), NEVER)
        for place, (row, token) in enumerate(zip(cache.rows, tokens.tolist(), strict=True)):
            row.append(token)
            for length in range(self.order - 1, -1, -1):
                found = self.counts.get(tuple(row[len(row) - length :]))
                if found:
                    numbers = list(found)
                    logits[place, numbers] = np.log([found[number] for number in numbers])
                    break
        return logits
