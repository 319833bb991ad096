"""Predicts formation energy and gap of structures, or says why not."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tools.defects.batches import answer_batch, answer_members, predict_configurations
from tools.defects.errors import BadInput, OutsideModel
from tools.defects.members import StructureEntry
from tools.defects.schema import Prediction
from tools.defects.sources import read_configuration

if TYPE_CHECKING:
    from pymatgen.core.structure import Structure

    from tools.defects.configuration import Configuration

__all__ = ["predict", "predict_configurations", "predict_many"]


def predict(source: "str | Path | Structure | Configuration", name: str | None = None) -> Prediction:
    """Predict one structure: a spec, a file or its text, a pymatgen Structure or a Configuration.

    Written in a supercell twice as long along both axes, it gets an energy that differs by 0.2 meV a site
    (median of 80 test structures; most 7) and a gap that differs by 0.5 meV (most 54): pairs count their
    nearest image only.
    Raises BadInput if it cannot be read; what the model does not cover comes back not applicable.
    """
    label = name or (
        str(source) if isinstance(source, str | Path) and "\n" not in str(source) else "structure"
    )
    member = StructureEntry(label, partial(read_configuration, source))
    if isinstance(member.found, BadInput) and not isinstance(member.found, OutsideModel):
        raise member.found
    return answer_batch([member])[0].prediction


def predict_many(
    sources: Iterable[tuple[str, "str | Path | Structure | Configuration"]], workers: int = 1
) -> Iterator[Prediction]:
    """Predict (id, source) pairs, in order; one that cannot be read is not applicable, for that reason.

    `workers` as in `answer_members`. Raises BadInput for none at all.
    """
    members = (StructureEntry(name, partial(read_configuration, source)) for name, source in sources)
    for answers in answer_members(members, workers):
        yield from (answer.prediction for answer in answers)
