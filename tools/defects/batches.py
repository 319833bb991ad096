"""Predictions for a stream of members, in order and in constant memory."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from tools.defects.catalogue import version
from tools.defects.configuration import Configuration
from tools.defects.errors import OutsideModel
from tools.defects.members import Member
from tools.defects.predictor import predict_configurations
from tools.defects.schema import Prediction

BATCH: Final = 256  # structures at once


@dataclass(frozen=True)
class Answer:
    """A prediction, and whether its structure could be read: what was read may still be outside the model."""

    prediction: Prediction
    is_readable: bool


def answer_members(members: Iterable[Member]) -> Iterator[list[Answer]]:
    """A batch at a time."""
    stream = iter(members)
    while batch := list(islice(stream, BATCH)):
        found = [(m.id, m.found) for m in batch if isinstance(m.found, Configuration)]
        predicted = iter(predict_configurations([c for _, c in found], [name for name, _ in found]))
        yield [
            Answer(next(predicted), is_readable=True) if isinstance(m.found, Configuration) else _refuse(m)
            for m in batch
        ]


def _refuse(member: Member) -> Answer:
    return Answer(
        Prediction(
            id=member.id, host=None, supercell=None, spec=None, formation_energy_per_site=None,
            homo_lumo_gap=None, applicable=False, reason=str(member.found), model=version(),
        ),
        is_readable=isinstance(member.found, OutsideModel),
    )  # fmt: skip
