"""hypofind explain: what a trained model or an instrument learned of a response."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.laws import FORMATS, find_instrument
from app.cli.output import print_blocks, print_json
from app.errors import InputError

if TYPE_CHECKING:
    from tools.instruments.contract import Instrument


def explain(
    instrument: Annotated[str, typer.Argument(help="By name: `hypofind instruments` lists them.")],
    *,
    target: Annotated[str, typer.Option(help="The response that is explained.")],
    hold: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="An input that is not varied. Repeatable.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="Of one core, about.")] = 60.0,
    seed: Annotated[int, typer.Option(min=0, help="Of samples and resamples.")] = 0,
    figure: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw effects and interactions, as .png or .svg.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Say what a model learned: effects, interactions, a formula, agreement with known physics."""
    from tools.laws.explaining import explain as explain_instrument
    from tools.laws.tool import EXPLAIN, ToExplain

    if figure is not None and figure.suffix not in FORMATS:
        raise InputError(f"{figure.name} ends in neither .png nor .svg")
    chosen = find_instrument(instrument)
    settings = _read_settings(chosen, hold or [])
    found = explain_instrument(chosen, target, settings, seconds=seconds, seed=seed)
    if figure is not None:
        from tools.laws.effects_figure import draw

        draw(found).savefig(figure)
    if json:
        print_json(found.model_dump(mode="json"))
        return
    asked = ToExplain(instrument=instrument, response=target, settings=settings)
    print_blocks(EXPLAIN.view(asked, found))


def _read_settings(instrument: "Instrument", hold: list[str]) -> dict[str, float | str]:
    """Return what NAME=VALUE says. Raises InputError."""
    numbers = {one.name: one for one in instrument.parameters}
    choices = {one.name: one for one in instrument.choices}
    settings: dict[str, float | str] = {}
    for text in hold:
        name, sign, value = text.partition("=")
        if not sign or name not in {*numbers, *choices}:
            raise InputError(
                f"--hold {text[:60]!r}: write NAME=VALUE with one of {', '.join({**numbers, **choices})}"
            )
        if name in choices:
            if value not in choices[name].values:
                raise InputError(f"{name} is one of {', '.join(choices[name].values)}, not {value[:60]!r}")
            settings[name] = value
            continue
        try:
            settings[name] = float(value)
        except ValueError:
            raise InputError(f"{name} is a number, and {value[:60]!r} is none") from None
    return settings
