"""A job's map as files: RDF, tables, pictures, a page, the calls that replay it, and all in one archive."""

import csv
import zipfile
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from pydantic import BaseModel, Field

from agents import AgentsError
from agents.files import explained, write_whole
from agents.mining import CellReport, Mined, MiningStore, write_journal
from agents.mining.atlas import Meeting, meetings, surprises, travellers
from agents.mining.carrying import write_job
from agents.mining.meetings import Compared, contrasts
from agents.model import Journal, catalogue
from agents.schema import Strict
from app.exports.mining_graph import write_ntriples
from app.mining_pictures import draw_heat, draw_png
from tools import ToolError

SURPRISES = 100
CARRIED = "job.jsonl"  # from which another store takes the job in
TABLES = (
    "transfers.nt", "transfers.csv", "methods.csv", "disciplines.csv", "comparisons.csv", "surprises.csv",
    "cells.csv",
)  # fmt: skip
HEADINGS = (
    "id", "method", "home", "target", "field", "verdict", "mark", "spread", "strength", "low", "high", "fit",
    "physh_steps", "known_uses", "model", "method_does", "challenge", "variables", "data", "symmetries",
    "scale", "must_hold", "first_test", "reason", "method_uri", "target_uri",
)  # fmt: skip
CELLS = ("home", "methods", "field", "targets", "state", "candidates", "chosen", "done", "failed", "reason")
MEETINGS = (
    "home", "field", "pairs", "yes", "maybe", "mean_mark", "best_mark", "matches", "ended", "verdict",
)  # fmt: skip
COMPARED = ("first", "second", "what", "text", "in_first", "in_second", "model")
LARGEST = 100_000_000  # bytes of one export
ZIP, RDF, CSV, PNG = "application/zip", "application/n-triples", "text/csv", "image/png"
FILES = {RDF: "transfers.nt", CSV: "transfers.csv", PNG: "map.png"}
SUFFIXES = {ZIP: ".zip", RDF: ".nt", CSV: ".csv", PNG: ".png"}
MADE = (1980, 1, 1, 0, 0, 0)  # of every file in the archive, so that the same job gives the same bytes


def write_map(store: MiningStore, job: str, folder: Path) -> list[Path]:
    """Everything that there is to know of a job, in `folder`. Raises MiningError or RunRefused."""
    write_tables(store, job, folder)
    met = meetings(store, job)
    with explained(folder, "write"):
        write_parts(folder / CARRIED, write_job(store, job))
        draw_png(met, folder / "map.png", note_of(store, job))
        draw_heat(met).write_html(folder / "map.html", include_plotlyjs=True)
        journal = folder / "calls.jsonl"
        journal.unlink(missing_ok=True)
        write_journal(store, job, Journal(journal))
    write_whole(folder / "spec.json", store.spec(job).model_dump_json(indent=2) + "\n")
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def write_tables(store: MiningStore, job: str, folder: Path) -> None:
    """The map as RDF and tables. Raises MiningError or RunRefused."""
    met, travelling = meetings(store, job), travellers(store, job)
    with explained(folder, "write"):
        folder.mkdir(parents=True, exist_ok=True)
        compared = contrasts(store, job)
        graph = write_ntriples(job, store.release(job), store.mined(job), compared)
        write_parts(folder / "transfers.nt", graph)
        _write_csv(folder / "transfers.csv", HEADINGS, map(_row, store.mined(job)))
        _write_csv(
            folder / "methods.csv",
            ("method", "fields_yes", "fields_maybe", "pairs", "mark", "uri"),
            ((t.method.label, t.fields, t.fields_maybe, t.pairs, t.mark, t.method.uri) for t in travelling),
        )
        _write_csv(
            folder / "disciplines.csv",
            MEETINGS,
            map(_meeting_row, met),
        )
        _write_csv(folder / "comparisons.csv", COMPARED, chain.from_iterable(map(_compared_rows, compared)))
        _write_csv(
            folder / "surprises.csv",
            HEADINGS,
            (_row(surprise.mined) for surprise in surprises(store, job, SURPRISES)),
        )
        _write_csv(folder / "cells.csv", CELLS, map(_cell_row, store.cells(job)))


def note_of(store: MiningStore, job: str) -> str:
    """Who answered, and what a reader must know of it."""
    progress, model = store.progress(job), store.model(job)
    known = catalogue().get(model or "")
    caveat = " It cannot rank: its verdicts and marks show how the mining works." if known else ""
    return f"{progress.done:,} of {progress.pairs:,} pairs, answered by {model or 'nobody yet'}.{caveat}"


def _cell_row(cell: CellReport) -> Sequence[object]:
    return (
        cell.home.label, cell.methods_facet, cell.field.label, cell.targets_facet, cell.state.value,
        cell.candidates, cell.chosen, cell.done, cell.failed, cell.reason or "",
    )  # fmt: skip


def _compared_rows(one: Compared) -> Iterator[Sequence[object]]:
    """A row for each thing that was said of two disciplines."""
    said = one.contrast
    rows = [("shared", s.challenge, s.in_first, s.in_second) for s in said.shared]
    rows += [("only first", text, "", "") for text in said.only_first]
    rows += [("only second", text, "", "") for text in said.only_second]
    rows += [("same thing", term.meaning, term.first, term.second) for term in said.glossary]
    yield from ((one.first, one.second, what, *map(inert, told), one.model) for what, *told in rows)


def _meeting_row(met: Meeting) -> Sequence[object]:
    held = met.tournament
    ended = (held.matches, held.stopped.value, held.verdict) if held else ("", "", "")
    return (met.home.label, met.field.label, met.pairs, met.yes, met.maybe, met.mark, met.best, *ended)


def _row(mined: Mined) -> Iterator[object]:
    pair, finding = mined.pair, mined.finding
    assert finding  # noqa: S101 - only what is answered is written
    said = finding.transfer
    uses = "" if finding.known_uses is None else len(finding.known_uses)
    yield from (pair.id, pair.method.label, pair.home.label, pair.target.label, pair.field.label)
    yield from (said.verdict.value, finding.mark, finding.spread)
    yield from (
        mined.rating,
        mined.rating_low,
        mined.rating_high,
        pair.fit,
        pair.distance,
        uses,
        finding.model,
    )
    yield from map(inert, (said.method_does, said.challenge, *(text for _, text in said.mapping)))
    yield from map(inert, (said.must_hold, said.first_test, said.reason))
    yield from (pair.method.uri, pair.target.uri)


def inert(text: str) -> str:
    """A model's words that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def write_parts(path: Path, parts: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(parts)


def _write_csv(path: Path, headings: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)


class ToExport(Strict):
    """A job of a store, and the media type that is wanted."""

    folder: Path
    job: str
    media_type: Literal["application/zip", "application/n-triples", "text/csv", "image/png"]


class Exported(Strict):
    content: str = Field(description="in base64")


class ExportMining:
    """Stateless; the runner hands it to a worker."""

    name = "export_mining"
    version = "1"
    purpose = "Writes a mining job as files"
    arguments: type[BaseModel] = ToExport

    def run(self, arguments: BaseModel) -> Exported:
        """Raises ToolError where the job cannot be read, or is larger than may be sent."""
        asked = ToExport.model_validate(arguments)
        try:
            with TemporaryDirectory(prefix="export-") as scratch, MiningStore(asked.folder) as store:
                files = write_map(store, asked.job, Path(scratch))
                content = _choose(files, asked.media_type)
        except AgentsError as error:
            raise ToolError(str(error)) from error
        if len(content) > LARGEST:
            raise ToolError(
                f"the export has {len(content):,} bytes and may have {LARGEST:,}: use the command"
            )
        return Exported(content=b64encode(content).decode())


def _choose(files: list[Path], media_type: str) -> bytes:
    if media_type in FILES:
        return next(path for path in files if path.name == FILES[media_type]).read_bytes()
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.writestr(zipfile.ZipInfo(path.name, MADE), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


EXPORT = ExportMining()
