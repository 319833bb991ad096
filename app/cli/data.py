"""hypofind data: databases that could answer a question, and structures from those that speak OPTIMADE."""

import json as standard_json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from app.cli import options
from app.cli.exit_codes import Exit
from app.cli.output import clean, console, notice, print_json, print_table
from app.cli.progress import show_progress
from app.errors import InputError

if TYPE_CHECKING:
    from agents.schema import DataFound, DataOption
    from app.settings import Settings
    from retrieval import MiniLM
    from retrieval.datasets import FoundStructure, FoundStructures, StructureSearch

PROVENANCE = "structures.json"  # beside the files: what was asked of whom, and when


class QuestionFirst(TyperGroup):
    """`hypofind data "a question"` is short for `hypofind data find "a question"`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own types are private
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["find", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=QuestionFirst,
    help='Data that could answer a question or test a claim: hypofind data "a question".',
    rich_markup_mode=None,
)


@app.command()
def find(
    question: Annotated[str, typer.Argument(help="A question or a claim.")],
    *,
    cause: Annotated[
        str | None, typer.Option(help='What is varied, with its unit: "strain (percent)".')
    ] = None,
    response: Annotated[
        str | None, typer.Option(help='What is measured, with its unit: "band gap (eV)".')
    ] = None,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=200)] = 5,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Name the databases that could answer a question or test a claim. No network is needed."""
    from app.datasets import find_for_text
    from app.settings import load_settings

    embedder = _load_embedder(load_settings(file=settings))
    found = find_for_text(question, cause=cause, response=response, limit=limit, embedder=embedder)
    if json:
        print_json(found.model_dump(mode="json"))
    else:
        _print_found(found)


@app.command()
def structures(
    *,
    elements: Annotated[
        str | None, typer.Option(metavar="Mo,S", help="All of these occur, parted by commas.")
    ] = None,
    only: Annotated[bool, typer.Option("--only", help="And no other element.")] = False,
    formula: Annotated[str | None, typer.Option(metavar="MoS2", help="The reduced formula.")] = None,
    fewest: Annotated[int | None, typer.Option("--min-elements", help="Different elements.")] = None,
    most: Annotated[int | None, typer.Option("--max-elements", help="Different elements.")] = None,
    sites: Annotated[int | None, typer.Option("--max-sites", help="Atoms in the cell.")] = None,
    periodic: Annotated[int | None, typer.Option(help="Number of periodic directions, 0 to 3.")] = None,
    space_group: Annotated[int | None, typer.Option(metavar="NUMBER", help="1 to 230.")] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--from", metavar="NAME", help="Who is asked; `hypofind data providers` lists. Repeatable."
        ),
    ] = None,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, help="Structures of each.")] = 20,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Write extended XYZ files, and where from."),
    ] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Fetch structures over the network from databases that speak OPTIMADE."""
    from app.datasets import fetch_structures
    from app.settings import load_settings
    from retrieval.datasets import make_query

    query = make_query(
        elements=tuple(part.strip() for part in elements.split(",") if part.strip()) if elements else (),
        only=only,
        formula=formula,
        fewest_elements=fewest,
        most_elements=most,
        most_sites=sites,
        periodic=periodic,
        space_group=space_group,
    )
    if output is not None and output.exists() and not output.is_dir():
        raise InputError(f"--output {output} is a file: name a folder")
    found = fetch_structures(load_settings(file=settings), query, source or [], limit)
    if output is not None and found.structures:
        _write(found, output)
    if json:
        print_json(found.model_dump(mode="json"))
    elif found.structures:
        headings = ("Provider", "Id", "Formula", "Atoms", "Å³/atom")
        print_table(headings, [_row(one) for one in found.structures], flexible="Formula")
    for search in found.searches:
        notice(_tell(search))
    return Exit.MODEL if all(search.error for search in found.searches) else Exit.DONE


@app.command()
def providers(*, json: options.Json = False, settings: options.SettingsFile = None) -> None:
    """List the databases that speak OPTIMADE, and those of your settings."""
    from app.datasets import list_providers
    from app.settings import load_settings

    providers = list(list_providers(load_settings(file=settings)).values())
    if json:
        print_json([provider.model_dump(mode="json") for provider in providers])
        return
    rows = [
        (one.name, one.title, one.licence or "", one.base if one.site else f"not asked, no https: {one.base}")
        for one in providers
    ]
    print_table(("Name", "Database", "Licence", "Address"), rows, flexible="Address")


def _load_embedder(settings: "Settings") -> "MiniLM | None":
    from app.runtime import load_embedder
    from retrieval import RetrievalError

    try:
        with show_progress() as progress:
            return load_embedder(settings, progress)
    except RetrievalError as error:
        notice(f"words and units are compared, and no meanings: {error}")
        return None


def _print_found(found: "DataFound") -> None:
    from app.datasets import show_command

    shown = console()
    if not found.options:
        notice(f"Nothing of {found.searched} is like it: say it in other words, or name --response.")
    for number, option in enumerate(found.options, 1):
        shown.print(f"{number}. {clean(option.title)}", style="bold")
        for line in _lines(option):
            shown.print(f"   {clean(line)}", soft_wrap=True)
    wish = found.structures
    shown.print()
    if wish.filter:
        shown.print(f"Structures: {show_command(wish)}", soft_wrap=True)
    else:
        shown.print(f"No structures: {wish.gap}.", soft_wrap=True)
    notice(f"Of {found.searched}. Listed is what an entry says; look there before you rely on it.")


def _lines(option: "DataOption") -> list[str]:
    from app.datasets import show_quantity

    held = [f"{one.role}: {show_quantity(one)}" for one in option.held]
    facts = [
        option.origin,
        option.size,
        f"access: {option.access}" if option.access else None,
        option.licence or "licence: look there",
    ]
    return [
        option.holds[0].upper() + option.holds[1:],
        *([f"lists {'; '.join(held)}"] if held else []),
        *([f"does not list {'; '.join(option.lacks)}"] if option.lacks else []),
        " · ".join(fact for fact in facts if fact),
        option.url,
    ]


def _row(found: "FoundStructure") -> tuple[str, ...]:
    from app.datasets import as_atoms
    from tools.structures import BadStructure

    try:
        volume = f"{as_atoms(found).volume / len(found.symbols):.1f}"
    except BadStructure as error:
        volume = error.fault.value
    return found.provider, found.id, found.formula or "", str(len(found.symbols)), volume


def _tell(search: "StructureSearch") -> str:
    """Say in one line what a database gave, left out, or why it gave nothing."""
    there = "" if search.available is None else f" of {search.available:,}"
    left = "; ".join(f"{count:,} left out: {why}" for why, count in search.left_out.items())
    parts = [
        f"{search.found:,}{there} structures",
        left,
        f"licence {search.licence or 'not known: look there'}",
    ]
    if search.error:
        parts = [*parts[: 2 * bool(search.found)], search.error]
    return f"{search.provider}: {'; '.join(part for part in parts if part)}"


def _write(found: "FoundStructures", folder: Path) -> None:
    from app.datasets import name_files, write_xyz

    folder.mkdir(parents=True, exist_ok=True)
    files = dict(name_files(found.structures))
    for name, structure in files.items():
        (folder / name).write_text(write_xyz(structure), encoding="utf-8")
    told = {
        "files": {
            name: {"provider": one.provider, "id": one.id, "modified": one.modified, "licence": one.licence}
            for name, one in files.items()
        },
        "searches": [search.model_dump(mode="json") for search in found.searches],
    }
    text = standard_json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    (folder / PROVENANCE).write_text(text, encoding="utf-8")
    notice(f"{folder}: {len(files):,} files, and {PROVENANCE} with who told what and when")
