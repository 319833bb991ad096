"""hypofind evaluate: what strings of crystals, molecules or binding sites are worth."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit

KIND = "crystal, molecule or site; the first string's, if not given."
FORM = "cif, text, poscar, smiles, selfies, xyz, site, pdb or mmcif; the file's name tells most."
Source = Annotated[
    Path,
    typer.Argument(metavar="FILE", help='A file, CSV, JSON Lines, folder or archive of strings, or "-".'),
]
FormOption = Annotated[str | None, typer.Option("--form", help=FORM)]
Column = Annotated[str | None, typer.Option(help="Column with the strings, of a CSV or of JSON Lines.")]
Training = Annotated[
    str | None,
    typer.Option(metavar="SET", help="What a string must not equal to be novel: a name or a file."),
]
Data = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="With the sets that have names; in the cache folder, if not given."),
]
RandomSeed = Annotated[int, typer.Option("--seed", min=0, help="Seed of what is drawn at random.")]


def evaluate(
    source: Source,
    *,
    kind: Annotated[str | None, typer.Option(help=KIND)] = None,
    form: FormOption = None,
    column: Column = None,
    reference: Annotated[
        str | None,
        typer.Option(
            metavar="SET", help="Real structures to compare with: perov_5/test, zinc/test …, or a file."
        ),
    ] = None,
    training: Training = None,
    rules: Annotated[
        list[str] | None,
        typer.Option(help="seed_table, cdvae, mattergen, genmetrics or moses. Repeatable."),
    ] = None,
    data: Data = None,
    seed: RandomSeed = 0,
    repair: Annotated[bool, typer.Option("--repair", help="Mend SMILES through SELFIES, and count.")] = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a report with pictures that opens offline.")
    ] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Judge a file of crystals, molecules or binding sites: funnel, losses, measures beside real data."""
    from app.cli.judging import print_judgement, read_form, read_kind
    from app.settings import load_settings
    from app.strings.judging import Asked
    from tools.generation import DEFAULT_RULES

    caches = load_settings(file=settings).paths.cache
    asked = Asked(
        source=source,
        kind=read_kind(kind),
        form=read_form(form),
        column=column,
        reference=reference,
        training=training,
        rules=tuple(rules or DEFAULT_RULES),
        data=data or caches / "sets",
        cache=caches / "generation",
        seed=seed,
        repair=repair,
    )
    return print_judgement(asked, html, json=json)
