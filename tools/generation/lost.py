"""What a reader raises when a string is no crystal or molecule."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tools.generation.schema import Loss, LossReason, Stage
from tools.structures import BadStructure, StructureFault

MOST_DETAIL: Final = 200
FAULTS: Final = {
    StructureFault.TOO_MANY_ATOMS: (LossReason.TOO_MANY_ATOMS, Stage.PARSED),
    StructureFault.UNKNOWN_SPECIES: (LossReason.UNKNOWN_SPECIES, Stage.TYPED),
    StructureFault.NOT_FINITE: (LossReason.NOT_FINITE, Stage.TYPED),
    StructureFault.PARTIAL_OCCUPANCY: (LossReason.PARTIAL_OCCUPANCY, Stage.TYPED),
    StructureFault.FLAT_CELL: (LossReason.FLAT_CELL, Stage.STRUCTURAL),
    StructureFault.SYMMETRY: (LossReason.CONTENTS, Stage.PARSED),
}


class Lost(Exception):
    """A sample that left the funnel."""

    def __init__(self, reason: LossReason, detail: str = "", stage: Stage = Stage.PARSED) -> None:
        super().__init__(f"{reason}: {detail}")
        self.loss = Loss(stage=stage, reason=reason, detail=detail[:MOST_DETAIL])


def lost_in_typing(reason: LossReason, detail: str) -> Lost:
    return Lost(reason, detail, Stage.TYPED)


@contextmanager
def lost_as(unreadable: LossReason) -> Iterator[None]:
    """Turn what a reader of structures raises into a loss; `unreadable` is what such a string is not."""
    try:
        yield
    except BadStructure as error:
        reason, stage = FAULTS.get(error.fault, (unreadable, Stage.PARSED))
        raise Lost(reason, str(error), stage) from error
