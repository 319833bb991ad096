"""hypofind test: measure what a claim says, and give a verdict."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit


def run_test(
    claim: Annotated[
        str | None,
        typer.Argument(help="A claim as a sentence; without one, a claim a line on standard input."),
    ] = None,
    *,
    seconds: Annotated[
        float, typer.Option(min=0.1, max=3600, help="Seconds of one core for the measurements of a claim.")
    ] = 20.0,
    error_rate: Annotated[
        float, typer.Option(min=1e-6, max=0.5, help="How often a claim's verdict may be wrong by chance.")
    ] = 0.05,
    values: Annotated[
        int | None, typer.Option(min=3, help="Values of the cause; chosen for the relation, if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of stochastic instruments.")] = 0,
    figure: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the result, as .png or .svg; for one claim.")
    ] = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    ledger: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Claims that share this file count together: their levels come from it."
        ),
    ] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Test claims by computation: survived, refuted, undecided, or outside what can be tested here."""
    from app.claims import may_choose, open_tester
    from app.cli.output import notice
    from app.cli.progress import show_progress
    from app.cli.testing import answer_lines, answer_sentence
    from app.settings import load_settings
    from tools.experiments.planning import Terms

    terms = Terms(budget_seconds=seconds, error_rate=error_rate, seed=seed, values=values)
    chosen = load_settings({"model": {"name": model, "base_url": base_url}}, settings)
    asks = model is not None or base_url is not None
    if asks and not may_choose(chosen):
        notice(f"{chosen.model.name} chooses instruments worse than the rule does: the rule chooses")
        asks = False
    with show_progress() as progress, open_tester(chosen, terms, progress, ledger, model=asks) as tester:
        if claim is None:
            return answer_lines(tester, json=json)
        return answer_sentence(claim, tester, figure, json=json)
