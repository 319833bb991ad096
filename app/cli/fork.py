"""hypofind fork, compare and note: versions of a run, what differs, and what people say of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit

if TYPE_CHECKING:
    from app.comparing import Pair

RunName = Annotated[str, typer.Argument(help="A run's id, or its folder.")]


def fork(
    run: RunName,
    question: Annotated[
        str | None, typer.Argument(help="A revised question; the parent's otherwise.")
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
    seed: options.Seed = None,
    out: options.Out = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Ask a run's question again with something changed; the new run names its parent.

    What is left out is as the parent had it, the model aside: that is the one of your settings.
    """
    from app.cli.asking import Asked, answer
    from app.cli.forking import inherit

    changed: dict[str, object] = {
        "perspectives": perspectives,
        "sources": search,
        "matches": matches,
        "children": children,
        "test_seconds": test_seconds,
        "seed": seed,
        "budget_tokens": budget_tokens,
        "budget_usd": budget_usd,
    }
    parent, inherited = inherit(run, changed, out, settings)
    pins = parent.record.settings.pins
    return answer(
        Asked(
            question or parent.record.question,
            None,
            pins={
                "roles": role or pins.roles,
                "frameworks": framework or pins.frameworks,
                "disciplines": discipline or pins.disciplines,
            },
            flags={
                "model": {"name": model, "base_url": base_url},
                "run": inherited,
                "paths": {"runs": out},
            },
            settings=settings,
            parent=parent.as_parent(),
        ),
        json=json,
    )


def compare(
    first: RunName,
    second: Annotated[str, typer.Argument(help="Another run.")],
    *,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Show what differs between the hypotheses of two runs, field by field."""
    from app.cli.forking import read_report
    from app.cli.output import print_json
    from app.comparing import compare as find

    found = find(read_report(first, settings), read_report(second, settings))
    if json:
        print_json(found.model_dump(mode="json"))
        return
    for pair in found.pairs:
        _print(pair)


def _print(pair: "Pair") -> None:
    from app.cli.output import clean

    typer.echo(clean(f"{pair.first or '–'} and {pair.second or '–'}: {pair.why}"))
    if pair.first is None or pair.second is None:
        return
    if not pair.changes:
        typer.echo("    no difference")
    for change in pair.changes:
        typer.echo(clean(f"    {change.field}"))
        typer.echo(clean(f"      - {change.first or 'none'}"))
        typer.echo(clean(f"      + {change.second or 'none'}"))


def note(
    run: RunName,
    text: Annotated[str, typer.Argument(help="What you have to say; nothing lists what was said.")] = "",
    *,
    name: Annotated[bool, typer.Option("--name", help="The text is the run's name.")] = False,
    tag: Annotated[bool, typer.Option("--tag", help="The text is a tag.")] = False,
    untag: Annotated[bool, typer.Option("--untag", help="Take this tag off.")] = False,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Name or tag a run, or write a note beside it. Nothing that was written is changed."""
    from app.cli.forking import keep_note
    from app.cli.output import clean, print_json

    kinds = [kind for kind, given in (("name", name), ("tag", tag), ("untag", untag)) if given]
    notes = keep_note(run, text, kinds, settings)
    if json:
        print_json([one.model_dump(mode="json") for one in notes])
        return
    for one in notes:
        typer.echo(clean(f"{one.at:%Y-%m-%d %H:%M} {one.by} {one.kind}: {one.text}"))
