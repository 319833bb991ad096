"""What a reader raises when a string is no crystal or molecule."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tools.generation.schema import Loss, Reason, Stage
from tools.structures import BadStructure, StructureFault

MOST_DETAIL: Final = 200
FAULTS: Final = {
    StructureFault.TOO_MANY_ATOMS: (Reason.TOO_MANY_ATOMS, Stage.PARSED),
    StructureFault.UNKNOWN_SPECIES: (Reason.UNKNOWN_SPECIES, Stage.TYPED),
    StructureFault.NOT_FINITE: (Reason.NOT_FINITE, Stage.TYPED),
    StructureFault.PARTIAL_OCCUPANCY: (Reason.PARTIAL_OCCUPANCY, Stage.TYPED),
    StructureFault.FLAT_CELL: (Reason.FLAT_CELL, Stage.STRUCTURAL),
    StructureFault.SYMMETRY: (Reason.CONTENTS, Stage.PARSED),
}


class Lost(Exception):
    """A sample that left the funnel."""

    def __init__(self, reason: Reason, detail: str = "", stage: Stage = Stage.PARSED) -> None:
        super().__init__(f"{reason}: {detail}")
        self.loss = Loss(stage=stage, reason=reason, detail=detail[:MOST_DETAIL])


def lost_in_typing(reason: Reason, detail: str) -> Lost:
    return Lost(reason, detail, Stage.TYPED)


@contextmanager
def lost_as(unreadable: Reason) -> Iterator[None]:
    """Turn what a reader of structures raises into a loss; `unreadable` is what such a string is not."""
    try:
        yield
    except BadStructure as error:
        reason, stage = FAULTS.get(error.fault, (unreadable, Stage.PARSED))
        raise Lost(reason, str(error), stage) from error
