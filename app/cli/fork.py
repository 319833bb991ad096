"""hypofind fork: a run's question again, with something changed."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.ask import AskOptions, answer
from app.cli.exit_codes import Exit

if TYPE_CHECKING:
    from agents import Run


def fork(
    run: options.RunName,
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
    full: options.Full = False,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Ask a run's question again with something changed; the new run names its parent.

    What is left out is as the parent had it, the model aside: that is the one of your settings.
    """
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
    parent, inherited = _inherit(run, changed, out, settings)
    pins = parent.record.settings.pins
    return answer(
        AskOptions(
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
        full=full,
        json=json,
    )


def _inherit(
    name: str, changed: Mapping[str, object], out: Path | None, settings: Path | None
) -> "tuple[Run, dict[str, object]]":
    """Return the parent, and the settings of its fork. Raises RunError.

    Args:
        name: of the parent, or its folder.
        changed: what the fork has otherwise, by the setting's name; None: as the parent.
        out: the folder of runs, where it is not that of the settings.
        settings: a settings file.
    """
    from app.history import find_run
    from app.settings import load_settings
    from app.settings.sections import INHERITED

    parent = find_run(load_settings({"paths": {"runs": out}}, settings).paths.runs, name)
    had = parent.record.settings
    given = {key: value for key, value in changed.items() if value is not None}
    return parent, {key: getattr(had, key) for key in INHERITED} | given
