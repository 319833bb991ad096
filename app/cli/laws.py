"""hypofind laws: formulas with units between the columns of a table, or in what an instrument says."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.output import print_blocks, print_json
from app.errors import InputError

if TYPE_CHECKING:
    from tools.instruments.contract import Instrument
    from tools.laws.reading import RegressionTable
    from tools.laws.schema import LawResult

FORMATS = {".png": "png", ".svg": "svg"}


def laws(
    table: Annotated[
        Path | None,
        typer.Argument(help='A CSV (plain, .gz, .xz) whose headings carry units: "length (cm)".'),
    ] = None,
    *,
    target: Annotated[str, typer.Option(help="The column to be explained, or an instrument's response.")],
    instrument: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="In place of a table: what this instrument or model learned."),
    ] = None,
    over: Annotated[
        list[str] | None,
        typer.Option(metavar="PARAMETER", help="Parameter of the instrument. Repeatable; all, if not given."),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=1, max=3600, help="Seconds of one core for the search.")
    ] = 60.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of samples and resamples.")] = 0,
    figure: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw law and data, as .png or .svg.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Find a law: a formula right in its units, with intervals, tested on rows out of range."""
    from tools.laws.errors import LawError
    from tools.laws.finding import find_law
    from tools.laws.reading import read_table
    from tools.laws.viewing import view

    if (table is None) == (instrument is None):
        raise InputError("give a table, or --instrument with the name of one")
    if figure is not None and figure.suffix not in FORMATS:
        raise InputError(f"{figure.name} ends in neither .png nor .svg")
    try:
        read = (
            read_table(table, target)
            if table is not None
            else _measure(instrument or "", target, over or [], seed)
        )
        found = find_law(read, seconds, seed)
    except LawError as error:
        raise InputError(str(error)) from error
    if figure is not None:
        _draw(found, figure)
    if json:
        print_json(found.model_dump(mode="json"))
    else:
        print_blocks(view(found))


def _measure(name: str, response: str, over: list[str], seed: int) -> "RegressionTable":
    """Return what an instrument says, with all that is not varied at its default. Raises LawError."""
    from tools.laws.explaining import sample_instrument
    from tools.laws.learned import DRAWS

    chosen = find_instrument(name)
    draws = min(DRAWS, max(40, int(60 / max(chosen.cost.seconds, 1e-3))))
    return sample_instrument(chosen, response, over, {}, draws=draws, seed=seed)


def find_instrument(name: str) -> "Instrument":
    """Return the instrument of that name. Raises InputError."""
    from tools.instruments import instruments

    chosen = next((one for one in instruments() if one.name == name), None)
    if chosen is None:
        raise InputError(f"no instrument is called {name[:80]!r}: `hypofind instruments` lists them")
    return chosen


def _draw(found: "LawResult", path: Path) -> None:
    from tools.laws.viewing import draw

    try:
        path.write_bytes(draw(found, "svg" if path.suffix == ".svg" else "png"))
    except ValueError as error:
        raise InputError(str(error)) from error
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error
