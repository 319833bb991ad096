"""The work of `hypofind explain`, apart from its options."""

from pathlib import Path

from app.cli.finding_laws import FORMATS, find_instrument, show_blocks
from app.cli.output import print_json
from app.errors import InputError
from tools.instruments.contract import Instrument
from tools.laws.explain_tool import EXPLAIN, ToExplain
from tools.laws.explaining import explain


def answer(
    instrument: str,
    target: str,
    hold: list[str],
    *,
    seconds: float,
    seed: int,
    figure: Path | None,
    json: bool,
) -> None:
    """Ask the model, and print. Raises InputError or LawError."""
    if figure is not None and figure.suffix not in FORMATS:
        raise InputError(f"{figure.name} ends in neither .png nor .svg")
    chosen = find_instrument(instrument)
    settings = read_settings(chosen, hold)
    found = explain(chosen, target, settings, seconds=seconds, seed=seed)
    if figure is not None:
        from tools.laws.effects_figure import draw

        draw(found).savefig(figure)
    if json:
        print_json(found.model_dump(mode="json"))
        return
    asked = ToExplain(instrument=instrument, response=target, settings=settings)
    show_blocks(EXPLAIN.view(asked, found))


def read_settings(instrument: Instrument, hold: list[str]) -> dict[str, float | str]:
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
