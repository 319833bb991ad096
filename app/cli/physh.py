"""hypofind physh: look into the ontology, route texts to it, and plan who speaks to them (`Speakers`)."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import options
from app.cli.output import clean, notice, print_json, print_table

if TYPE_CHECKING:
    from app.runtime import Observer
    from app.settings import Settings
    from physh import Ontology, RankedHeading, Router

app = typer.Typer(help="The ontology: Physics Subject Headings.", rich_markup_mode=None)

MOST_PERSPECTIVES = 20
SHOWN = 3  # disciplines of a routed text, at a terminal


@app.command()
def tree(
    name: Annotated[
        str | None, typer.Argument(help="A discipline or a concept; without one, all disciplines.")
    ] = None,
    *,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Show what lies under what."""
    from app.concepts import grow

    branch = grow(_load(settings), name)
    if json:
        print_json(branch.as_json())
    else:
        for line in branch.draw():
            typer.echo(clean(line))


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="A name, or a part of one, misspelt or not.")],
    *,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=1000)] = 20,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Find concepts by name, best first."""
    from app.concepts import make_card
    from app.program import program

    ontology = _load(settings)
    found = [make_card(ontology, concept) for concept in ontology.search(text, limit)]
    if json:
        print_json([card.model_dump(mode="json") for card in found])
    elif found:
        rows = [(card.label, "; ".join(d.label for d in card.disciplines)) for card in found]
        print_table(("Concept", "Disciplines"), rows, flexible="Disciplines")
    else:
        notice(
            f"PhySH {ontology.release} names no concept like {text[:80]!r}; "
            f"{program()} physh route finds by meaning"
        )


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A concept's label or URI.")],
    *,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Show all that is known of one concept."""
    from app.concepts import make_card

    ontology = _load(settings)
    card = make_card(ontology, ontology.concept(name))
    if json:
        print_json(card.model_dump(mode="json"))
    else:
        print_table(("Field", "Value"), card.rows(), flexible="Value")


@app.command()
def route(
    text: Annotated[
        str | None, typer.Argument(help="A text; without one, a text a line on standard input.")
    ] = None,
    *,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Find the disciplines and concepts that a text touches, best first."""
    from app.cli.input import read_lines, read_question
    from app.cli.progress import show_progress
    from app.runtime import load_embedder, load_ontology, make_router
    from app.settings import load_settings

    loaded = load_settings(file=settings)
    texts = read_lines() if text is None else iter([read_question(text)])
    ontology = load_ontology(loaded)
    with show_progress() as progress:
        router = make_router(loaded, ontology, load_embedder(loaded, progress), progress)
    for one in texts:
        found = _route(router, one, alone=text is not None)
        if json:
            print_json({"text": one} | {kind: [asdict(scored) for scored in found[kind]] for kind in found})
        else:
            _print_route(one, found)


@app.command()
def perspectives(
    text: Annotated[
        str | None, typer.Argument(help="A question; without one, a question a line on standard input.")
    ] = None,
    *,
    perspectives: options.Perspectives = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Show who would speak to a question, from which framework, and why."""
    from app.cli.input import read_lines, read_question
    from app.cli.progress import show_progress
    from app.settings import load_settings

    loaded = load_settings(file=settings)
    texts = read_lines() if text is None else iter([read_question(text)])
    count = loaded.run.perspectives if perspectives is None else perspectives
    if not 1 <= count <= MOST_PERSPECTIVES:
        raise typer.BadParameter(f"-k must be 1 to {MOST_PERSPECTIVES}")
    with show_progress() as progress:
        speakers = Speakers(loaded, progress)
    for one in texts:
        found = speakers.answer(one, count, strict=text is not None)
        if json:
            print_json({"text": one, "perspectives": found})
        else:
            typer.echo(clean(one))
            rows = [
                (p["distance"], p["role"], f"{p['broad']['label']} :: {p['narrow']['label']}") for p in found
            ]
            print_table(("Distance", "Role", "Framework"), rows, flexible="Framework")


@app.command()
def update(
    file: Annotated[
        Path | None, typer.Argument(help="A PhySH file; without one, release 2.7 is downloaded.")
    ] = None,
    *,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Install an official release from a file in place of the embedded one."""
    from app.cli.progress import show_progress
    from app.runtime import update_ontology
    from app.settings import load_settings
    from physh import installed_file

    loaded = load_settings(file=settings)
    with show_progress() as progress:
        ontology = update_ontology(loaded, file, progress)
    known = {"release": ontology.release, "concepts": len(ontology.concepts), "sha256": ontology.sha256}
    if json:
        print_json(known)
    else:
        typer.echo(f"PhySH {ontology.release} with {len(ontology.concepts):,} concepts is installed.")
        notice(f"to go back to the embedded release, delete {installed_file(loaded.paths.cache)}")


def _load(settings: Path | None) -> "Ontology":
    from app.runtime import load_ontology
    from app.settings import load_settings

    return load_ontology(load_settings(file=settings))


def _route(router: "Router", text: str, *, alone: bool) -> "dict[str, list[RankedHeading]]":
    """Route texts. A line of many that has no word in it gives empty lists and does not stop the others."""
    from physh import RouteError

    try:
        found = router.route(text)
    except RouteError:
        if alone:
            raise
        return {"disciplines": [], "concepts": []}
    return {"disciplines": found.disciplines, "concepts": found.concepts}


def _print_route(text: str, found: "dict[str, list[RankedHeading]]") -> None:
    from agents.run.report import language_note

    typer.echo(clean(text))
    if told := language_note(text):
        notice(told)
    rows = [
        (kind.removesuffix("s"), f"{scored.score:.2f}", scored.label)
        for kind, best in found.items()
        for scored in best[: SHOWN if kind == "disciplines" else None]
    ]
    print_table(("Kind", "Score", "Label"), rows, flexible="Label")


class Speakers:
    """Plans perspectives for many questions with one router."""

    def __init__(self, settings: "Settings", observer: "Observer") -> None:
        from app.runtime import load_embedder, load_ontology, make_router

        self._ontology = load_ontology(settings)
        self._router = make_router(settings, self._ontology, load_embedder(settings, observer), observer)

    def answer(self, text: str, count: int, *, strict: bool) -> list[dict[str, Any]]:
        """Perspectives as JSON. A text without a word gives none, or raises RouteError if `strict`."""
        from agents import Pins
        from agents.perspectives.plan import Planner
        from physh import RouteError

        try:
            route = self._router.route(text)
        except RouteError:
            if strict:
                raise
            return []
        chosen = Planner(self._ontology, self._router, route, Pins()).perspectives(count)
        wanted = {"distance", "role", "broad", "narrow", "reason"}
        return [perspective.model_dump(mode="json", include=wanted) for perspective in chosen]
