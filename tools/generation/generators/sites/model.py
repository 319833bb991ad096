"""The language model of binding sites as a generator: residues around ligands that are given."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.errors import BadFile
from tools.generation.generators.card import CheckpointCard
from tools.generation.generators.sampling import Drawn, Grammar, GrowingSequence, Sampler
from tools.generation.generators.sites.grammar import Care, SiteState
from tools.generation.generators.sites.tokens import ligand_tokens
from tools.generation.generators.transformer import Transformer
from tools.generation.generators.vocabulary import LAST, Vocabulary
from tools.generation.schema import Sample, SampleForm, SampleKind, Unreturned
from tools.generation.sites.geometry import random_rotation
from tools.generation.sites.site import Places, Residue, Site
from tools.generation.sites.text import write_site

BATCH: Final = 32
TURN: Final = 8  # tokens of a residue, about: room that a ligand has to leave
ROOM: Final = 40 * TURN


@dataclass(frozen=True)
class Ligand:
    """Component code, elements and places (n, 3) in Å in its own frame."""

    code: str
    elements: tuple[str, ...]
    places: Places


@cache
def shipped_ligands() -> tuple[Ligand, ...]:
    """Return one of each component of the training sites."""
    text = (files("tools.generation.sites") / "data/ligands.json").read_text(encoding="utf-8")
    return tuple(
        Ligand(one["code"], tuple(one["elements"]), np.array(one["places"])) for one in json.loads(text)
    )


@dataclass
class DrawnSite(Drawn):
    """Tokens of residues around a ligand that was turned by `rotation` (3, 3)."""

    ligand: Ligand | None = None
    rotation: Places | None = None
    built: SiteState | None = None


class SiteModel:
    """Sites drawn at the card's temperature, each around one of `ligands`, which is drawn too.

    With the mask, tokens follow the grammar and residues find room (`Care`); one for which there is none is
    left out. Free, tokens come as the model writes them. Names of atoms, bond lengths and bond angles are
    those of residues of the training sites in either case.
    """

    kind, form = SampleKind.SITE, SampleForm.SITE

    def __init__(
        self,
        card: CheckpointCard,
        model: Transformer,
        grammar: Grammar = Grammar.MASK,
        ligands: Sequence[Ligand] = (),
    ) -> None:
        self.card = card
        self.name = card.name if grammar is Grammar.MASK else f"{card.name}, {grammar.value}"
        self.version = card.version
        self.vocabulary = Vocabulary(card.vocabulary)
        self._ligands = tuple(ligands) or shipped_ligands()
        self._sampler = SiteSampler(model, self.vocabulary, grammar, card.temperature, self._ligands)

    def around(self, ligands: Sequence[Ligand]) -> "SiteModel":
        """Return the same model around other ligands. Raises BadFile for one that is too large."""
        return SiteModel(self.card, self._sampler.model, self._sampler.grammar, ligands)

    def generate(self, count: int, seed: int) -> Iterator[Sample]:
        """Exactly `count` samples; the same seed and count give the same strings."""
        for drawn in self._sampler.sample(count, seed):
            assert isinstance(drawn, DrawnSite)  # noqa: S101 - what our sampler begins
            yield self._sample(drawn)

    def _sample(self, drawn: DrawnSite) -> Sample:
        tokens = self.vocabulary.decode(drawn.tokens)
        residues = read_residues(tokens, drawn)
        if residues is None:
            lost = None if drawn.whole else Unreturned.TRUNCATED
            return Sample(form=self.form, text=" ".join(tokens), unreturned=lost)
        ligand = drawn.ligand
        assert ligand is not None and drawn.rotation is not None  # noqa: S101, PT018 - set at the beginning
        turned = ligand.places @ drawn.rotation.T
        site = Site(ligand.code, ligand.elements, turned, residues).moved(np.zeros(3), drawn.rotation.T)
        lost = None if drawn.whole else Unreturned.TRUNCATED
        return Sample(form=self.form, text=write_site(site), unreturned=lost)


def read_residues(tokens: Sequence[str], drawn: DrawnSite) -> tuple[Residue, ...] | None:
    """Return what the tokens build around their ligand, None where they are out of order."""
    if drawn.built is not None:
        return drawn.built.residues or None
    assert drawn.ligand is not None and drawn.rotation is not None  # noqa: S101, PT018 - set at the beginning
    state = SiteState(drawn.ligand.places @ drawn.rotation.T, checks=False)
    for token in (*tokens, LAST):
        if not state.allows(token):
            return None
        state.push(token)
    return state.residues


class SiteSampler(Sampler):
    """Each sequence begins with the tokens of a ligand, turned at random as in the training."""

    batch = BATCH

    def __init__(
        self,
        model: Transformer,
        vocabulary: Vocabulary,
        grammar: Grammar,
        temperature: float,
        ligands: Sequence[Ligand],
    ) -> None:
        super().__init__(model, vocabulary, lambda: None, grammar, temperature)
        self.grammar, self._ligands = grammar, ligands
        most = (model.shape.length - ROOM) // 4
        large = next((one for one in ligands if len(one.elements) > most), None)
        if large is not None:
            raise BadFile(
                f"ligand {large.code} has {len(large.elements)} heavy atoms: the model reads at most {most}"
            )

    def _begin(self, random: np.random.Generator) -> GrowingSequence:
        ligand = self._ligands[int(random.integers(len(self._ligands)))]
        rotation = random_rotation(random)
        places = ligand.places @ rotation.T
        state = None if self.grammar is Grammar.FREE else SiteState(places)
        prompt = self.vocabulary.encode(ligand_tokens(ligand.elements, places))[1:-1]  # no begin, no end
        drawn = DrawnSite([], ligand=ligand, rotation=rotation, built=state)
        return GrowingSequence(drawn, state, given=iter(prompt))

    def choose(self, row: GrowingSequence, sums: NDArray[np.float64]) -> int | None:
        """With less care where nothing fits: a site in a tight place is not lost for that."""
        found = super().choose(row, sums)
        state = row.state
        if found is None and isinstance(state, SiteState) and not self.redraws:
            for care in (Care.LOOSE, Care.LEFT_OUT):
                state.care = care
                found = super().choose(row, sums)
                if found is not None:
                    break
            if state.care is Care.LOOSE:
                state.care = Care.STRICT  # the next token is chosen with care again
        return found
