"""The options, with what `--help` says of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")]
Full = Annotated[
    bool, typer.Option("--full", help="Print the whole report as Markdown, in place of a short one.")
]
SettingsFile = Annotated[
    Path | None, typer.Option("--settings", metavar="FILE", help="Settings file, in place of hypofind.toml.")
]

RunName = Annotated[str, typer.Argument(help="A run's id, or its folder.")]

Perspectives = Annotated[
    int | None, typer.Option("-k", "--perspectives", help="Hypotheses to ask for, 1 to 20.")
]
Model = Annotated[str | None, typer.Option(help='A model\'s name; "embedded" needs nothing else.')]
BaseUrl = Annotated[str | None, typer.Option(help="An OpenAI-compatible address.")]
Roles = Annotated[list[str] | None, typer.Option(metavar="ROLE", help="Pin who speaks. Repeatable.")]
Frameworks = Annotated[
    list[str] | None,
    typer.Option(metavar="CONCEPT", help='Pin a PhySH concept, or "broad :: narrow". Repeatable.'),
]
Disciplines = Annotated[
    list[str] | None, typer.Option(metavar="FIELD", help="Pin a PhySH discipline. Repeatable.")
]
BudgetTokens = Annotated[int | None, typer.Option(help="Stop before this many tokens.")]
BudgetUsd = Annotated[float | None, typer.Option(help="Stop before this cost.")]
Concurrency = Annotated[int | None, typer.Option(help="Model calls at once.")]
Matches = Annotated[int | None, typer.Option(help="Pairs that the tournament judges at most; 0: none.")]
Children = Annotated[int | None, typer.Option(help="New hypotheses made of the best; 0: none.")]
TestSeconds = Annotated[
    float | None, typer.Option(help="Seconds of one core in which each claim is tested; 0: none is.")
]
Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--search",
        metavar="SERVICE",
        help="Search arxiv, openalex, semantic_scholar, crossref or inspire: they are sent parts of the "
        "question and of hypotheses. By default shipped: papers that come with the program. Repeatable.",
    ),
]
Seed = Annotated[int | None, typer.Option(help="Seed of the models' sampling.")]
Out = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where the run's folder is made.")]
Resume = Annotated[str | None, typer.Option(metavar="RUN", help="Go on with a run that was stopped.")]


@contextmanager
def needing_service() -> Iterator[None]:
    """Raise InputError that says how to get the service's packages, where they are missing."""
    from app.errors import InputError
    from tools.extras import say_missing

    try:
        yield
    except ModuleNotFoundError as error:
        raise InputError(say_missing("service", (error.name or "").partition(".")[0])) from error
