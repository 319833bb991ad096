"""What `hypofind data` prints."""

import json as standard_json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agents.schema import DataFound, DataOption
from app.cli.exit_codes import Exit
from app.cli.output import clean, console, notice, print_json, print_table
from app.datasets import fetch_structures, find_for_text, list_providers, show_command, show_quantity
from app.errors import InputError
from app.settings import Settings, load_settings
from app.structures import as_atoms, name_files, write_xyz
from retrieval import RetrievalError
from retrieval.datasets import make_query

if TYPE_CHECKING:
    from retrieval import MiniLM
    from retrieval.datasets import FoundStructure, FoundStructures, StructureSearch

PROVENANCE = "structures.json"  # beside the files: what was asked of whom, and when


def print_data(
    question: str, cause: str | None, response: str | None, limit: int, settings: Path | None, *, json: bool
) -> None:
    embedder = _load_embedder(load_settings(file=settings))
    found = find_for_text(question, cause=cause, response=response, limit=limit, embedder=embedder)
    if json:
        print_json(found.model_dump(mode="json"))
    else:
        _print_found(found)


def _load_embedder(settings: Settings) -> "MiniLM | None":
    from app.cli.progress import show_progress
    from app.work import load_embedder

    try:
        with show_progress() as progress:
            return load_embedder(settings, progress)
    except RetrievalError as error:
        notice(f"words and units are compared, and no meanings: {error}")
        return None


def _print_found(found: DataFound) -> None:
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


def _lines(option: DataOption) -> list[str]:
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


def print_structures(
    asked: Mapping[str, object],
    names: Sequence[str],
    limit: int,
    output: Path | None,
    settings: Path | None,
    *,
    json: bool,
) -> Exit:
    """Return Exit.MODEL where no database answered."""
    query = make_query(**asked)
    if output is not None and output.exists() and not output.is_dir():
        raise InputError(f"--output {output} is a file: name a folder")
    found = fetch_structures(load_settings(file=settings), query, names, limit)
    if output is not None and found.structures:
        _write(found, output)
    if json:
        print_json(found.model_dump(mode="json"))
    elif found.structures:
        headings = ("Provider", "Id", "Formula", "Atoms", "Å³/atom")
        print_table(headings, [_row(one) for one in found.structures], flexible="Formula")
    for search in found.searches:
        notice(tell(search))
    return Exit.MODEL if all(search.error for search in found.searches) else Exit.DONE


def _row(found: "FoundStructure") -> tuple[str, ...]:
    from tools.structures import BadStructure

    try:
        volume = f"{as_atoms(found).volume / len(found.symbols):.1f}"
    except BadStructure as error:
        volume = error.fault.value
    return found.provider, found.id, found.formula or "", str(len(found.symbols)), volume


def tell(search: "StructureSearch") -> str:
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


def print_providers(settings: Path | None, *, json: bool) -> None:
    providers = list(list_providers(load_settings(file=settings)).values())
    if json:
        print_json([provider.model_dump(mode="json") for provider in providers])
        return
    rows = [
        (one.name, one.title, one.licence or "", one.base if one.site else f"not asked, no https: {one.base}")
        for one in providers
    ]
    print_table(("Name", "Database", "Licence", "Address"), rows, flexible="Address")
