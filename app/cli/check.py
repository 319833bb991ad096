"""hypofind check: what rules and instruments say of anybody's hypotheses, without a model."""

from typing import Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit


def check(
    hypothesis: Annotated[
        str | None,
        typer.Argument(
            help="A hypothesis as plain text; without one, a JSON object a line on standard input."
        ),
    ] = None,
    *,
    question: Annotated[str, typer.Option(help="The question that the text answers.")] = "",
    test_seconds: Annotated[
        float, typer.Option(min=0, max=600, help="Seconds of one core for the test of a claim; 0: no test.")
    ] = 5.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of stochastic instruments.")] = 0,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Check hypotheses by rules and tests: units, magnitudes, directions, laws, and how much they say."""
    from app.checking import make_desk
    from app.cli.checking import check_lines, check_text
    from app.settings import load_settings

    desk = make_desk(load_settings(file=settings).paths.cache, seconds=test_seconds, seed=seed)
    if hypothesis is None:
        return check_lines(desk, json=json)
    return check_text(desk, question, hypothesis, json=json)
