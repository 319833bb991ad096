"""The work of `hypofind laws`, apart from its options."""

from collections.abc import Sequence
from pathlib import Path

from app.cli.output import console, print_json
from app.errors import InputError
from tools.instruments.contract import Instrument
from tools.laws.errors import LawError
from tools.laws.finding import find_law
from tools.laws.reading import Table, read_table
from tools.laws.schema import LawResult
from tools.views import Block

FORMATS = {".png": "png", ".svg": "svg"}


def answer(
    table: Path | None,
    target: str,
    *,
    instrument: str | None,
    over: list[str],
    seconds: float,
    seed: int,
    figure: Path | None,
    json: bool,
) -> None:
    """Read or measure, search, and print. Raises InputError."""
    if (table is None) == (instrument is None):
        raise InputError("give a table, or --instrument with the name of one")
    if figure is not None and figure.suffix not in FORMATS:
        raise InputError(f"{figure.name} ends in neither .png nor .svg")
    try:
        read = (
            read_table(table, target) if table is not None else _measure(instrument or "", target, over, seed)
        )
        found = find_law(read, seconds, seed)
    except LawError as error:
        raise InputError(str(error)) from error
    if figure is not None:
        _draw(found, figure)
    if json:
        print_json(found.model_dump(mode="json"))
    else:
        _show(found)


def _measure(name: str, response: str, over: list[str], seed: int) -> Table:
    """Return what an instrument says, with all that is not varied at its default. Raises LawError."""
    from tools.laws.explaining import sample_instrument
    from tools.laws.learned import DRAWS

    chosen = find_instrument(name)
    draws = min(DRAWS, max(40, int(60 / max(chosen.cost.seconds, 1e-3))))
    return sample_instrument(chosen, response, over, {}, draws=draws, seed=seed)


def find_instrument(name: str) -> Instrument:
    """Raises InputError."""
    from tools.instruments import instruments

    chosen = next((one for one in instruments() if one.name == name), None)
    if chosen is None:
        raise InputError(f"no instrument is called {name[:80]!r}: `hypofind instruments` lists them")
    return chosen


def _draw(found: LawResult, path: Path) -> None:
    from tools.laws.viewing import draw

    try:
        path.write_bytes(draw(found, "svg" if path.suffix == ".svg" else "png"))
    except ValueError as error:
        raise InputError(str(error)) from error
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error


def _show(found: LawResult) -> None:
    from tools.laws.viewing import view

    show_blocks(view(found))


def show_blocks(blocks: Sequence[Block]) -> None:
    """Print the sentences and tables among what a tool shows."""
    from rich.text import Text

    from app.cli.output import clean, print_table
    from tools.views import Sentences
    from tools.views import Table as Rows

    for block in blocks:
        if isinstance(block, Sentences):
            for line in block.texts:
                console().print(Text(clean(line)), soft_wrap=True)
        elif isinstance(block, Rows):
            console().print(Text(f"\n{clean(block.title)}", style="bold"), soft_wrap=True)
            print_table(
                block.columns, [tuple(map(clean, row)) for row in block.rows], flexible=block.columns[0]
            )
