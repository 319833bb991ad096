"""hypofind ask: a question becomes a report in a folder."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options


def ask(
    question: Annotated[
        str | None, typer.Argument(help='The question; "-" reads it from standard input.')
    ] = None,
    *,
    perspectives: Annotated[
        int | None, typer.Option("-k", "--perspectives", help="Hypotheses to ask for, 1 to 20.")
    ] = None,
    model: Annotated[str | None, typer.Option(help='A model\'s name; "embedded" needs nothing else.')] = None,
    base_url: Annotated[str | None, typer.Option(help="An OpenAI-compatible address.")] = None,
    role: options.Roles = None,
    framework: options.Frameworks = None,
    discipline: options.Disciplines = None,
    budget_tokens: Annotated[int | None, typer.Option(help="Stop before this many tokens.")] = None,
    budget_usd: Annotated[float | None, typer.Option(help="Stop before this cost.")] = None,
    concurrency: Annotated[int | None, typer.Option(help="Model calls at once.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of the models' sampling.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where the run's folder is made.")
    ] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Go on with a run that was stopped.")
    ] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> int:
    """Answer a question with ranked, testable hypotheses."""
    from app.cli.asking import Asked, answer

    flags: dict[str, dict[str, object]] = {
        "model": {"name": model, "base_url": base_url},
        "run": {
            "perspectives": perspectives,
            "concurrency": concurrency,
            "seed": seed,
            "budget_tokens": budget_tokens,
            "budget_usd": budget_usd,
        },
        "paths": {"runs": out},
    }
    return answer(
        Asked(
            question,
            resume,
            pins={"roles": role or (), "frameworks": framework or (), "disciplines": discipline or ()},
            flags={
                section: {name: value for name, value in values.items() if value is not None}
                for section, values in flags.items()
            },
            settings=settings,
        ),
        json=json,
    )
