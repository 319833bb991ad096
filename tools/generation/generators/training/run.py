"""From a recipe to a checkpoint with its card."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import torch

from tools.generation.errors import BadFile
from tools.generation.generators.card import CheckpointCard, TrainingRecord, TransformerShape
from tools.generation.generators.checkpoint import read_weights, weights_bytes, write_checkpoint
from tools.generation.generators.training.corpora import read_corpus
from tools.generation.generators.training.fit import Course, TrainingPlan, fit, held_out_loss
from tools.generation.generators.training.network import TransformerNetwork
from tools.generation.generators.training.recipes import Recipe, recipe_of
from tools.generation.generators.vocabulary import Vocabulary
from tools.generation.schema import ReferenceSet, SampleForm, SampleKind

ROOM: Final = 16
HELD_OUT: Final = 40
VERSION: Final = "1"


class RecipeCard(Protocol):
    """What a card tells of a recipe."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> SampleKind: ...
    @property
    def form(self) -> SampleForm: ...
    @property
    def alphabet(self) -> str: ...
    @property
    def temperature(self) -> float: ...
    @property
    def does_not_apply(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Made:
    """All that a card tells beside the course of the training."""

    recipe: RecipeCard
    reference: ReferenceSet
    vocabulary: Vocabulary
    shape: TransformerShape
    seed: int
    kept: list[list[int]]
    held_out: list[list[int]]
    prompt_end: int | None = None


def train(recipe: Recipe, minutes: float, seed: int, data: Path, out: Path) -> CheckpointCard:
    """Trains, writes weights and card, and says how it goes. Raises BadFile."""
    reference, texts = read_corpus(recipe.reference, recipe.form, data, tell)
    sequences = [recipe.tokens.encode(_rounded(text, recipe)) for text in texts]
    vocabulary = Vocabulary.of(sequences)
    rows = [vocabulary.encode(sequence) for sequence in sequences]
    kept, held_out = split(rows)
    longest = max(map(len, rows)) + ROOM
    shape = TransformerShape(
        vocabulary=len(vocabulary),
        width=recipe.width,
        layers=recipe.layers,
        heads=recipe.heads,
        length=longest,
    )
    tell(f"{len(kept)} sequences to train on, {len(held_out)} held out, {len(vocabulary)} tokens")
    course = fit(shape, kept, held_out, TrainingPlan(minutes, seed, recipe.batch, recipe.keep), tell)
    if not course.weights:
        raise BadFile(f"{minutes} minutes are too few for one step: give more")
    made = Made(recipe, reference, vocabulary, shape, seed, kept, held_out)
    return ship(made, course, out)


def _rounded(text: str, recipe: Recipe) -> str:
    """Characters of a crystal are those that whole tokens can write: no digits without meaning."""
    if recipe.form is not SampleForm.TEXT or recipe.tokens.name == "atoms":
        return text
    atoms = recipe_of(recipe.name.removesuffix("-characters"), "atoms").tokens
    return atoms.decode(atoms.encode(text))


def split(rows: list[list[int]]) -> tuple[list[list[int]], list[list[int]]]:
    """Always the same fortieth is held out, to choose the moment to stop."""
    order = np.random.default_rng(0).permutation(len(rows))
    count = max(min(100, len(rows) // 2), len(rows) // HELD_OUT)
    return [rows[place] for place in order[count:]], [rows[place] for place in order[:count]]


def ship(made: Made, course: Course, out: Path) -> CheckpointCard:
    """Writes weights and card; the card's loss is that of the weights as stored."""
    recipe, reference = made.recipe, made.reference
    written = weights_bytes(course.weights)
    stored = TransformerNetwork(made.shape)
    stored.load_state_dict({name: torch.from_numpy(value) for name, value in read_weights(written).items()})
    card = CheckpointCard(
        name=recipe.name,
        version=VERSION,
        kind=recipe.kind,
        form=recipe.form,
        tokens=recipe.alphabet,
        data=f"{reference.name}: {reference.origin}",
        data_sha256=reference.sha256,
        weights_sha256=hashlib.sha256(written).hexdigest(),
        shape=made.shape,
        vocabulary=made.vocabulary.tokens,
        temperature=recipe.temperature,
        fit=fit_notes(made, course, held_out_loss(stored, made.held_out, made.prompt_end)),
        does_not_apply=recipe.does_not_apply,
    )
    write_checkpoint(out, card, written)
    tell(f"{out / card.name}.safetensors: {len(written) / 1e6:.2f} MB, held-out loss {card.fit.loss:.4f}")
    return card


def fit_notes(made: Made, course: Course, loss: float) -> TrainingRecord:
    minutes, epochs, train_loss, _ = course.looks[-1]
    what, tokens = made.recipe.name.removesuffix("-characters"), made.recipe.alphabet
    chosen = "" if tokens != "characters" else f" --tokens {tokens}"
    command = f"python -m tools.generation.generators.training {what}{chosen}"
    return TrainingRecord(
        command=f"{command} --minutes {minutes:g} --seed {made.seed}",
        seed=made.seed,
        minutes=minutes,
        epochs=round(epochs, 2),
        rows=len(made.kept),
        held_out_rows=len(made.held_out),
        loss=loss,
        train_loss=train_loss,
        torch_version=torch.__version__,
        curve=tuple((round(at, 2), round(found, 4)) for at, _, _, found in course.looks),
    )


def tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command that takes minutes shows how it goes
