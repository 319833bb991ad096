"""hypofind atlas: what the literature writes about together, and since when."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.output import notice, print_json, print_table
from app.errors import InputError

if TYPE_CHECKING:
    from physh.atlas import Atlas

app = typer.Typer(help="The atlas: PhySH concepts in the abstracts of the literature.", rich_markup_mode=None)

AtlasFile = Annotated[
    Path | None, typer.Option("--atlas", metavar="FILE", help="Another atlas than the one that is set.")
]


@app.command()
def build(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="JSON Lines, also .xz, .gz or .bz2: arXiv's metadata, OpenAlex works, or plain records."
        ),
    ],
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to write it.")] = Path("atlas.npz"),
    name: Annotated[str | None, typer.Option(help="What reports call it.")] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Count concepts and pairs of concepts by year in files of abstracts."""
    from app.cli.progress import show_progress
    from app.runtime import load_ontology
    from app.settings import load_settings
    from physh.atlas import build as build_atlas

    ontology = load_ontology(load_settings(file=settings))
    with show_progress() as progress:
        about = build_atlas(files, ontology, output, name or output.stem, progress.progressed)
    if json:
        print_json(about)
        return
    notice(f"{output}: {about['works']:,} works of {about['from']}–{about['to']}")
    for reason, count in about["refused"].items():  # type: ignore[attr-defined]  # a table of counts
        notice(f"{count:,} records: {reason}")


@app.command()
def show(
    concept: Annotated[
        str | None, typer.Argument(help="A concept; without one, what the atlas is made of.")
    ] = None,
    other: Annotated[str | None, typer.Argument(help="A second concept: what is known of the two.")] = None,
    *,
    atlas: AtlasFile = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Show a concept's years and neighbours, or what is known of two concepts together."""
    from app.known import describe_concept, describe_pair
    from app.runtime import load_ontology
    from app.settings import load_settings

    chosen = load_settings(file=settings)
    loaded, ontology = _load(atlas or chosen.paths.atlas), load_ontology(chosen)
    if concept is None:
        found = loaded.about
    elif other is None:
        found = describe_concept(loaded, ontology, concept)
    else:
        found = describe_pair(loaded, ontology, concept, other)
    if json:
        print_json(found)
    else:
        print_table(("Field", "Value"), [(str(k), _told(v)) for k, v in found.items()], flexible="Value")


@app.command()
def transfers(
    home: Annotated[
        str | None, typer.Argument(help="The discipline whose methods; without it, all of them, in numbers.")
    ] = None,
    field: Annotated[str | None, typer.Argument(help="The discipline on whose problems.")] = None,
    *,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=200)] = 20,
    atlas: AtlasFile = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Show which methods the literature carries between disciplines, and since when."""
    from app.atlas_map import AtlasView
    from app.runtime import load_ontology
    from app.settings import load_settings

    if home is not None and field is None:
        raise InputError("name two disciplines: whose methods, and on whose problems")
    chosen = load_settings(file=settings)
    view = AtlasView(load_ontology(chosen), _load(atlas or chosen.paths.atlas))
    if home is None or field is None:
        meetings = view.map.meetings[:limit]
        if json:
            print_json([met.model_dump(mode="json") for met in meetings])
            return
        rows = [(m.home.label, m.field.label, f"{m.pairs:,}", str(m.since)) for m in meetings]
        print_table(("Methods of", "Problems of", "Pairs", "Since"), rows, flexible="Methods of")
        return
    found = view.exchange(home, field, limit)
    if json:
        print_json(found.model_dump(mode="json"))
        return
    known = [
        (one.first.label, one.second.label, f"{one.together:,}", str(one.first_year or ""), one.direction)
        for one in found.known
    ]
    print_table(("Method", "Problem", "Abstracts", "Since", "Trend"), known, flexible="Problem")
    notice(f"in no abstract of {view.map.atlas.name} yet, by the concepts that both are written about with:")
    print_table(
        ("Method", "Problem", "Shared"),
        [(one.method.label, one.problem.label, str(one.shared)) for one in found.open],
        flexible="Problem",
    )


@app.command()
def export(
    output: Annotated[Path, typer.Argument(help="N-Triples to write; - for standard output.")],
    *,
    least: Annotated[int, typer.Option(help="Works that a pair must be in.", min=1)] = 3,
    atlas: AtlasFile = None,
) -> None:
    """Write the atlas as RDF: pairs as statistical observations with their provenance."""
    import sys

    from physh.atlas.rdf import triples

    loaded = _load(atlas)
    if str(output) == "-":
        sys.stdout.writelines(triples(loaded, least))
        return
    with output.open("w", encoding="utf-8") as stream:
        stream.writelines(triples(loaded, least))


def _load(path: Path | None) -> "Atlas":
    from physh.atlas import load

    return load(path)


def _told(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{k}: {v}" for k, v in value.items())
    if isinstance(value, list):
        return "; ".join(
            _told(part) if not isinstance(part, dict) else " ".join(map(str, part.values())) for part in value
        )
    return "none" if value is None else str(value)
