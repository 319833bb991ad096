"""hypofind ask: a question becomes a report in a folder."""

from typing import Annotated

import typer

from app.cli import options


def ask(
    question: Annotated[
        str | None, typer.Argument(help='The question; "-" reads it from standard input.')
    ] = None,
    *,
    perspectives: options.Perspectives = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    role: options.Roles = None,
    framework: options.Frameworks = None,
    discipline: options.Disciplines = None,
    search: options.Sources = None,
    matches: options.Matches = None,
    children: options.Children = None,
    test_seconds: options.TestSeconds = None,
    budget_tokens: options.BudgetTokens = None,
    budget_usd: options.BudgetUsd = None,
    concurrency: options.Concurrency = None,
    seed: options.Seed = None,
    out: options.Out = None,
    resume: options.Resume = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> int:
    """Answer a question with ranked, testable hypotheses."""
    from app.cli.asking import Asked, answer

    flags: dict[str, dict[str, object]] = {
        "model": {"name": model, "base_url": base_url},
        "run": {
            "perspectives": perspectives,
            "sources": search,
            "matches": matches,
            "children": children,
            "test_seconds": test_seconds,
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
            flags=flags,
            settings=settings,
        ),
        json=json,
    )
