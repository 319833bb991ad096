"""hypofind synthesis: whether compounds are like those that were made."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from app.cli import options
from app.cli.output import clean, console, notice, print_json, print_table
from app.errors import InputError

if TYPE_CHECKING:
    from tools.synthesis.schema import SynthesizabilityScores

LISTS: Final = (".csv", ".txt")
MOST: Final = 1_000_000  # formulas of a file
LARGEST: Final = 100_000_000  # bytes of a list
SHOWN: Final = 5  # refusals


def synthesis(
    candidates: Annotated[
        list[str],
        typer.Argument(
            metavar="FORMULA|FILE…",
            help="Formulas; structures as CIF, POSCAR or extended XYZ; a .txt or .csv with a formula a line.",
        ),
    ],
    *,
    above_hull: Annotated[
        float | None,
        typer.Option(min=0, max=20, help="Energy above the Materials Project's hull, eV/atom: of all given."),
    ] = None,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, help="Compounds to print.")] = 20,
    json: options.Json = False,
) -> None:
    """Score whether compounds can be made, by what was made: with reasons, nearest compounds and caveats."""
    from pydantic import ValidationError

    from tools.synthesis.schema import Refused, SynthesisCandidate
    from tools.synthesis.scoring import score_all

    readable: list[SynthesisCandidate] = []
    broken: list[Refused] = []
    for name, text, is_structure in _expand(candidates):
        key = "structure" if is_structure else "formula"
        try:
            readable.append(SynthesisCandidate.model_validate({key: text, "above_hull": above_hull}))
        except ValidationError as error:
            broken.append(
                Refused(number=len(readable) + len(broken), name=name[:60], reason=error.errors()[0]["msg"])
            )
    if not readable:
        raise InputError(f"{broken[0].name}: {broken[0].reason}" if broken else "no formula is given")
    found = score_all(readable)
    found = found.model_copy(update={"refused": [*broken, *found.refused]})
    if json:
        print_json(found.model_dump(mode="json"))
        return
    _show(found, limit)


def _expand(given: list[str]) -> Iterator[tuple[str, str, bool]]:
    """Yield name, text, and whether it is a structure."""
    for one in given:
        if not one.strip():
            raise InputError("an empty formula: write it like LiFePO4")
        path = Path(one)
        if _is_file(path):
            if path.suffix.lower() in LISTS:
                yield from ((formula, formula, False) for formula in _read_list(path))
            else:
                yield one, _read_structure(path), True
        elif path.suffix.lower() in (*LISTS, ".cif", ".vasp", ".xyz", ".poscar") or "/" in one:
            raise InputError(f"{one[:200]} is not a file")
        else:
            yield one, one, False


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _read_structure(path: Path) -> str:
    from tools.structures import decode_text
    from tools.synthesis.schema import LONGEST_STRUCTURE

    if path.stat().st_size > LONGEST_STRUCTURE:
        raise InputError(f"{path.name} is larger than {LONGEST_STRUCTURE:,} bytes: give the primitive cell")
    return decode_text(path.read_bytes())


def _read_list(path: Path) -> Iterator[str]:
    """Yield the formulas of a file: a line each, or the column `formula` of a CSV."""
    from csv import DictReader

    from tools.structures import decode_text

    if path.stat().st_size > LARGEST:
        raise InputError(f"{path.name} is larger than {LARGEST:,} bytes: split it")
    lines = [line for line in decode_text(path.read_bytes()).splitlines() if line.strip()]
    if len(lines) > MOST:
        raise InputError(f"{path.name} has more than {MOST:,} lines: split it")
    if path.suffix.lower() == ".txt":
        yield from (line.strip() for line in lines)
        return
    reader = DictReader(lines)
    if "formula" not in (reader.fieldnames or ()):
        raise InputError(f"{path.name} has no column called formula")
    yield from (row["formula"] or "" for row in reader)


def _show(found: "SynthesizabilityScores", limit: int) -> None:
    from rich.text import Text

    from tools.synthesis.viewing import view
    from tools.views import Sentences, Table

    shown = found.model_copy(update={"scores": found.scores[:limit], "refused": found.refused[:SHOWN]})
    for block in view(shown):
        if isinstance(block, Sentences):
            for line in block.texts:
                console().print(Text(clean(line)), soft_wrap=True)
        elif isinstance(block, Table):
            if block.title:
                console().print(Text(f"\n{clean(block.title)}", style="bold"), soft_wrap=True)
            print_table(
                block.columns, [tuple(map(clean, row)) for row in block.rows], flexible=block.columns[-1]
            )
    if len(found.scores) > limit:
        notice(f"{len(found.scores):,} scored, {limit:,} shown; --json gives all")
    if len(found.refused) > SHOWN:
        notice(f"{len(found.refused):,} refused, {SHOWN} shown; --json gives all")
