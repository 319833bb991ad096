"""hypofind library: the user's own papers, which runs search for evidence."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.output import clean, notice, print_json, print_table
from app.program import program

if TYPE_CHECKING:
    from app.settings import Settings
    from retrieval.library import FileOutcome, Hit

app = typer.Typer(help="Your own papers, notes and bibliographies.", rich_markup_mode=None)

Project = Annotated[
    str | None, typer.Option("--project", help="The library of a project; yours if left out.")
]
QUOTED = 300  # characters of a passage at a terminal


@app.command()
def add(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="PDF, BibTeX, RIS, text or Markdown files, dumps of abstracts as JSON Lines (also .gz, .xz, "
            ".bz2), or folders of them."
        ),
    ],
    *,
    project: Project = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Read files and folders; those that were read before and have not changed are left alone."""
    from app.cli.progress import show_progress
    from app.library import open_own_library
    from app.runtime import load_ontology

    loaded = _load(settings, project)
    ontology = load_ontology(loaded)
    with show_progress() as progress, open_own_library(loaded, progress, ontology=ontology) as library:
        outcomes = library.add(paths, progress.progressed).outcomes
    if json:
        print_json([asdict(outcome) for outcome in outcomes])
    else:
        _print_outcomes(outcomes)
    if outcomes and all(outcome.status == "failed" for outcome in outcomes):
        from app.errors import InputError

        raise InputError("none of these could be read: the reasons are above")


@app.command("list")
def list_works(
    *, project: Project = None, json: options.Json = False, settings: options.SettingsFile = None
) -> None:
    """Show what the library holds."""
    from app.cli.progress import show_progress
    from app.library import open_own_library

    with show_progress() as progress, open_own_library(_load(settings, project), progress) as library:
        held = library.documents()
    if json:
        print_json([{**one.work.model_dump(mode="json"), "passages": one.passages} for one in held])
    elif held:
        rows = [(one.work.id, str(one.work.year or ""), str(one.passages), one.work.title) for one in held]
        print_table(("Name", "Year", "Passages", "Title"), rows, flexible="Title")
    else:
        notice(f"the library is empty; {program()} library add FOLDER reads your papers")


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="A question or a topic.")],
    *,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=100)] = 8,
    concepts: Annotated[
        list[str] | None,
        typer.Option(
            "--concept", metavar="NAME", help="Only passages on it: a concept, facet or discipline."
        ),
    ] = None,
    project: Project = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Find passages by meaning and by words, best first."""
    from app.cli.progress import show_progress
    from app.library import find_uris, open_own_library
    from app.runtime import load_ontology

    loaded = _load(settings, project)
    uris = find_uris(load_ontology(loaded), concepts) if concepts else None
    with show_progress() as progress, open_own_library(loaded, progress) as library:
        hits = library.search(query, limit, uris)
    if json:
        print_json([{**hit.passage.model_dump(mode="json"), "score": round(hit.score, 4)} for hit in hits])
    elif hits:
        _print_hits(hits)
    else:
        notice("nothing was found: the library holds no passage on this, or none at all")


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="A name that `list` shows, or a file's.")],
    *,
    project: Project = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Take a work or a file out of the library. The file itself stays where it is."""
    from app.cli.progress import show_progress
    from app.library import open_own_library

    with show_progress() as progress, open_own_library(_load(settings, project), progress) as library:
        count = library.remove(name)
    if json:
        print_json({"removed": count})
    else:
        typer.echo(f"{clean(name)} is removed.")


def _load(file: Path | None, project: str | None) -> "Settings":
    """Return the settings, with a project's library in place of one's own."""
    from app.errors import InputError
    from app.literature import project_library
    from app.settings import load_settings

    loaded = load_settings(file=file)
    try:
        shelves = project_library(loaded, project)
    except ValueError as error:
        raise InputError(str(error)) from error
    if shelves is None:
        return loaded
    return loaded.model_copy(update={"paths": loaded.paths.model_copy(update={"library": shelves})})


def _print_outcomes(outcomes: "tuple[FileOutcome, ...]") -> None:
    for outcome in outcomes:
        told = f"{outcome.name}: {outcome.status}"
        if outcome.passages:
            told += f", {outcome.passages:,} passages"
        if outcome.reason:
            told += f" ({outcome.reason})"
        typer.echo(clean(told))
        for problem in outcome.problems:
            notice(f"{outcome.name}: {problem}")


def _print_hits(hits: "list[Hit]") -> None:
    for hit in hits:
        passage, work = hit.passage, hit.passage.work
        page = f", page {passage.page}" if passage.page else ""
        year = f" ({work.year})" if work.year else ""
        typer.echo(clean(f"{passage.key}  {work.title}{year}{page}  [{work.id}]"))
        text = " ".join(passage.text.split())
        typer.echo(clean(f"  {text[:QUOTED]}{'…' if len(text) > QUOTED else ''}\n"))
