"""Pairs and cells as rows of the store, and back."""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from agents.errors import RecordDamaged
from agents.mining.schema import (
    CellReport,
    CellState,
    JobState,
    Mined,
    PairState,
    TransferFinding,
    TransferPair,
)
from agents.schema import ConceptRef

Kept = TypeVar("Kept", bound=BaseModel)
Read = TypeVar("Read")
log = logging.getLogger("hypofind")
REFS = ("method", "home", "target", "field")
PLAIN = ("methods_facet", "targets_facet", "fit", "distance")
PAIR_COLUMNS = ("job", "position", "id", *REFS, *PLAIN)
CELL_COLUMNS = (
    "job", "position", "home", "field", "methods_facet", "targets_facet", "candidates", "chosen", "reason",
)  # fmt: skip
VIEW = """
create view if not exists pair_view as
select pair.*, m.label as method_label, h.label as home_label, t.label as target_label,
    f.label as field_label, rating.strength, rating.low, rating.high
from pair
join term m on m.uri = pair.method join term h on h.uri = pair.home
join term t on t.uri = pair.target join term f on f.uri = pair.field
left join rating on rating.job = pair.job and rating.pair = pair.id and rating.ranked;
"""


def pair_row(job: str, position: int, pair: TransferPair) -> list[object]:
    refs = [getattr(pair, name).uri for name in REFS]
    return [job, position, pair.id, *refs, *(getattr(pair, name) for name in PLAIN)]


def read_mined(row: sqlite3.Row) -> Mined:
    return Mined(
        pair=read_pair(row),
        state=PairState(row["state"]),
        finding=read_kept(TransferFinding, row["finding"], row["job"]) if row["finding"] else None,
        reason=row["reason"],
        rating=row["strength"],
        rating_low=row["low"],
        rating_high=row["high"],
    )


def read_kept(model: type[Kept], record: str, job: str) -> Kept:
    """Raises RecordDamaged for what another version has kept."""
    try:
        return model.model_validate_json(record)
    except ValidationError as error:
        raise RecordDamaged(
            f"job {job!r} holds answers of another version: read it with that version, or plan it again "
            "under another name"
        ) from error


def read_all(read: Callable[[sqlite3.Row], Read], rows: Iterable[sqlite3.Row]) -> Iterator[Read]:
    """Yield what can be read: a damaged record is logged, left out, and hides no other."""
    for row in rows:
        try:
            yield read(row)
        except (RecordDamaged, ValueError) as error:
            log.warning("a record of mining job %s is left out: %s", row["job"], error)


def read_state(text: str, job: str) -> JobState:
    """Raises RecordDamaged for a state that this version does not have."""
    try:
        return JobState(text)
    except ValueError as error:
        raise RecordDamaged(
            f"job {job!r} is in a state of another version ({text[:40]!r}): go on with it there"
        ) from error


def read_pair(row: sqlite3.Row) -> TransferPair:
    refs = {name: ConceptRef(uri=row[name], label=row[f"{name}_label"]) for name in REFS}
    return TransferPair(id=row["id"], **refs, **{name: row[name] for name in PLAIN})


def read_cell(row: sqlite3.Row) -> CellReport:
    if not row["chosen"]:
        state = CellState.SKIPPED
    elif row["done"]:
        state = CellState.TRIED
    else:
        state = CellState.FAILED if row["failed"] == row["chosen"] else CellState.WAITING
    return CellReport(
        home=ConceptRef(uri=row["home"], label=row["home_label"]),
        field=ConceptRef(uri=row["field"], label=row["field_label"]),
        methods_facet=row["methods_facet"],
        targets_facet=row["targets_facet"],
        candidates=row["candidates"],
        chosen=row["chosen"],
        reason=row["reason"],
        state=state,
        done=row["done"],
        failed=row["failed"],
    )
