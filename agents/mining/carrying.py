"""A job as lines that another store can take in: plan, pairs with what was answered, what was compared.

Its model calls are not among them: a store answers from its calls what any job asks, and those of a foreign
file must not stand for ours.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import Field, ValidationError

from agents.errors import JobConflict, MiningError
from agents.mining.atlas import CellTournament
from agents.mining.meetings import Compared, contrasts, put_contrast, put_tournament
from agents.mining.rows import read_all, read_mined
from agents.mining.schema import Cell, JobState, Mined, PairState
from agents.mining.spec import Spec
from agents.mining.store import MiningStore
from agents.schema import ConceptRef, Strict


class Head(Strict):
    """What the job was planned with, and how it was left."""

    spec: Spec
    release: str = Field(description="of PhySH")
    model: str | None
    state: JobState


class HeldBetween(CellTournament):
    """The same with its two disciplines, by URI. The pairs have their ratings."""

    home: str
    field: str


class ExportLine(Strict):
    """One of these. The first line of a job is its head."""

    job: Head | None = None
    cell: Cell | None = None
    pair: Mined | None = None
    contrast: Compared | None = None
    tournament: HeldBetween | None = None


def write_job(store: MiningStore, job: str) -> Iterator[str]:
    """Yield the lines of a job. Raises MiningError."""
    head = Head(
        spec=store.spec(job), release=store.release(job), model=store.model(job), state=store.state(job)
    )
    yield _line(ExportLine(job=head))
    for cell in store.cells(job):
        yield _line(
            ExportLine(cell=Cell.model_validate({name: getattr(cell, name) for name in Cell.model_fields}))
        )
    rows = store.rows("select * from pair_view where job = ? order by position", job)
    yield from (_line(ExportLine(pair=mined)) for mined in read_all(read_mined, rows))
    yield from (_line(ExportLine(contrast=one)) for one in contrasts(store, job))
    for row in store.rows("select * from tournament where job = ? order by home, field", job):
        yield _line(
            ExportLine(tournament=HeldBetween(**{name: row[name] for name in HeldBetween.model_fields}))
        )


def take_job(store: MiningStore, lines: Sequence[str], labels: Mapping[str, str]) -> str:
    """Put a job among the store's own, and return its name. The same job may be taken in again.

    `labels`: URI → label of the concepts and disciplines that are known here. Raises MiningError where a line
    cannot be read or names one otherwise, and JobConflict where another job has the name.
    """
    head, rest = _read(lines)
    _check_labels(store, rest, labels)
    name = head.spec.name
    pairs = [line.pair for line in rest if line.pair]
    cells = [line.cell for line in rest if line.cell]
    if name in store.jobs():
        _require_same(store, head, pairs)
    else:
        store.add_job(head.spec, head.release, (mined.pair for mined in pairs), lambda: cells)
    for mined in pairs:
        _take_pair(store, name, mined)
    for line in rest:
        _take_result(store, name, line)
    if head.model:
        store.set_model(name, head.model)
    store.set_state(name, JobState.STOPPED if head.state is JobState.RUNNING else head.state)
    return name


def _line(line: ExportLine) -> str:
    absent = {name for name, value in line if value is None}
    return line.model_dump_json(exclude=absent) + "\n"


def _read(lines: Sequence[str]) -> tuple[Head, list[ExportLine]]:
    read = list[ExportLine]()
    for number, text in enumerate(lines, start=1):
        try:
            read.append(ExportLine.model_validate_json(text))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            raise MiningError(f"line {number} of the job cannot be read: {first['msg']}") from error
    if not read or read[0].job is None:
        raise MiningError("the job's first line does not say what was planned")
    return read[0].job, read[1:]


def _check_labels(store: MiningStore, lines: Iterable[ExportLine], labels: Mapping[str, str]) -> None:
    """A foreign file may not call a concept otherwise: its names would stand in our own jobs."""
    named = {ref for line in lines for ref in _refs(line)}
    here = {row["uri"]: row["label"] for row in store.rows("select uri, label from term")}
    for ref in named:
        known = here.get(ref.uri, labels.get(ref.uri, ref.label))
        if known != ref.label:
            raise MiningError(f"the job calls {ref.uri} {ref.label[:80]!r}, and here it is {known!r}")


def _refs(line: ExportLine) -> Iterator[ConceptRef]:
    if line.pair:
        pair = line.pair.pair
        yield from (pair.method, pair.home, pair.target, pair.field)
    if line.cell:
        yield from (line.cell.home, line.cell.field)


def _require_same(store: MiningStore, head: Head, pairs: Sequence[Mined]) -> None:
    name = head.spec.name
    here = [row["id"] for row in store.rows("select id from pair where job = ? order by position", name)]
    if store.spec(name) != head.spec or here != [mined.pair.id for mined in pairs]:
        raise JobConflict(f"there is another job {name!r} here: open the archive with another mining folder")


def _take_pair(store: MiningStore, job: str, mined: Mined) -> None:
    if mined.state is PairState.DONE and mined.finding:
        store.finish(job, mined.pair.id, mined.finding)
    elif mined.state is PairState.FAILED:
        store.fail(job, mined.pair.id, mined.reason or "")
    if mined.rating is not None:
        store.do(
            "insert or replace into rating values (?, ?, ?, ?, ?, 1)",
            *(job, mined.pair.id, mined.rating, mined.rating_low, mined.rating_high),
        )


def _take_result(store: MiningStore, job: str, line: ExportLine) -> None:
    if line.contrast:
        put_contrast(store, job, line.contrast)
    if held := line.tournament:
        put_tournament(store, job, held.home, held.field, held.matches, held.stopped, held.verdict)
