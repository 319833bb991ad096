"""Trains the language model of binding sites, each epoch with every site turned at random."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tools.generation.errors import BadFile
from tools.generation.generators.card import CheckpointCard, TransformerShape
from tools.generation.generators.sites.tokens import BAR, SiteSentence, build_vocabulary, take_apart
from tools.generation.generators.training.fit import Pause, TrainingPlan, fit
from tools.generation.generators.training.run import Made, ship, tell
from tools.generation.schema import ReferenceSet, SampleForm, SampleKind
from tools.generation.sites.geometry import random_rotation
from tools.generation.sites.sets import FOLDER, load_sites
from tools.generation.sites.text import parse_site

NAME: Final = "sites"
TURNS: Final = 2  # orientations of each held-out site
LENGTH: Final = 1_000  # tokens, of which a ligand of 91 atoms takes 365
WIDTH, LAYERS, HEADS = 96, 4, 3
BATCH: Final = 8
KEEP: Final = 0.85
MINUTES: Final = 6.0  # after three the held-out loss is flat
TEMPERATURE: Final = 1.0
DOES_NOT_APPLY: Final = (
    "binding: nothing was learnt of affinities; a site is no protein, and no design that folds",
    "ligands unlike the cofactors, nucleotides and inhibitors of 287 sites in 142 chains of the PDB",
    "water, ions, hydrogens, modified residues and other cofactors at the site: left out",
    "bond lengths and angles: taken from residues of the training sites, not written by the model",
)


@dataclass(frozen=True)
class SiteRecipe:
    """What `ship` wants to know of any recipe."""

    name: str = NAME
    kind: SampleKind = SampleKind.SITE
    form: SampleForm = SampleForm.SITE
    temperature: float = TEMPERATURE
    does_not_apply: tuple[str, ...] = DOES_NOT_APPLY
    alphabet: str = "residues"


def train_sites(
    minutes: float, seed: int, data: Path, out: Path, *, part: float = 1.0, pause: float | None = None
) -> CheckpointCard:
    """Train on a part of the sequences, write weights and card. Raises BadFile, or Paused after `pause`."""
    reference = load_sites("train", data / FOLDER)
    learnt = _take_apart(_some(reference, part))
    held_out = _take_apart(load_sites("val", data / FOLDER).texts)
    vocabulary = build_vocabulary()

    def turn(number: int, sites: list[SiteSentence]) -> list[list[int]]:
        random = np.random.default_rng([seed, number])
        rotations = [random_rotation(random) for _ in sites]
        pairs = zip(sites, rotations, strict=True)
        return [vocabulary.encode(site.prompt(by) + site.residues(by)) for site, by in pairs]

    rows, kept = turn(0, learnt), turn(0, held_out * TURNS)
    shape = TransformerShape(
        vocabulary=len(vocabulary), width=WIDTH, layers=LAYERS, heads=HEADS, length=LENGTH
    )
    tell(f"{len(rows)} sites to train on, {len(held_out)} held out, {len(vocabulary)} tokens")
    plan = TrainingPlan(
        minutes, seed, BATCH, KEEP, vocabulary.numbers[BAR], lambda epoch: turn(epoch + 1, learnt)
    )
    name = NAME if part == 1 else f"{NAME}-{part:g}"
    stop = Pause(pause, out / f"{name}.training") if pause else None
    course = fit(shape, rows, kept, plan, tell, stop)
    if not course.weights:
        raise BadFile(f"{minutes} minutes are too few for one step: give more")
    made = Made(SiteRecipe(name=name), reference, vocabulary, shape, seed, rows, kept, plan.prompt_end)
    return ship(made, course, out)


def _some(reference: ReferenceSet, part: float) -> tuple[str, ...]:
    """The sites of the first sequences, in the order of their hashes."""
    groups = [own.split(" ")[-1] for own in reference.ids]
    chosen = sorted(set(groups))[: max(1, round(part * len(set(groups))))]
    return tuple(text for text, group in zip(reference.texts, groups, strict=True) if group in chosen)


def _take_apart(texts: tuple[str, ...]) -> list[SiteSentence]:
    return [take_apart(parse_site(text)) for text in texts]
