"""hypofind instruments: what claims can be tested with."""

from typing import Annotated, Any

import typer

from app.cli import options


def instruments(
    name: Annotated[str | None, typer.Argument(help="One of them, to see its card; without it, all.")] = None,
    *,
    json: options.Json = False,
) -> None:
    """List the instruments that test claims, or show the card of one."""
    from app.cli.output import print_json, print_table
    from app.errors import InputError
    from tools.instruments import instruments as registered

    tools = registered()
    if name is None:
        if json:
            print_json([card(one) for one in tools])
            return
        rows = [
            (one.name, f"{one.title}. Varies {_labels(one.parameters)}; measures {_labels(one.responses)}")
            for one in tools
        ]
        print_table(("Name", "Instrument"), rows, flexible="Instrument")
        return
    chosen = next((one for one in tools if one.name == name), None)
    if chosen is None:
        raise InputError(
            f"no instrument is called {name[:80]!r}{_suggest(name, [one.name for one in tools])}"
        )
    if json:
        print_json(card(chosen))
    else:
        _print_card(card(chosen))


def card(instrument: Any) -> dict[str, Any]:  # noqa: ANN401 - an Instrument, which is not imported here
    """Return what an instrument declares, as JSON."""
    from app.instrument_card import make_card

    return make_card(instrument).model_dump(mode="json")


def _labels(quantities: Any) -> str:  # noqa: ANN401 - parameters or responses
    return ", ".join(one.label for one in quantities)


def _suggest(wrong: str, names: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(wrong, names, 1)
    return f"; did you mean {near[0]}?" if near else ": `hypofind instruments` lists them"


def _print_card(told: dict[str, Any]) -> None:
    from app.cli.output import print_table
    from tools.extras import install_command

    rows = [
        ("name", told["name"]),
        ("title", f"{told['title']} (version {told['version']}, {told['kind']})"),
        ("purpose", told["purpose"]),
        ("systems", ", ".join(told["systems"])),
    ]
    rows += [
        (
            f"cause {one['symbol']}",
            f"{one['name']}: {one['meaning']}; {one['low']:g} to {one['high']:g} {_unit(one)}",
        )
        for one in told["parameters"]
    ]
    rows += [
        ("choice", f"{one['name']}: {', '.join(one['values'])}, usually {one['default']}")
        for one in told["choices"]
    ]
    rows += [
        (f"response {one['symbol']}", f"{one['name']}: {one['meaning']} {_unit(one, brackets=True)}")
        for one in told["responses"]
    ]
    cost = told["cost"]
    rows += [
        ("cost", f"{cost['seconds']:g} s and {cost['memory_mb']:g} MB a measurement"),
        *(("source", f"{one['citation']} {one['doi'] or ''}") for one in told["source"]),
        ("needs", install_command(told["extra"]) if told["extra"] else "nothing more"),
    ]
    print_table(("Field", "Value"), rows, flexible="Value")
    typer.echo(f"\n{told['representation'].rstrip()}")


def _unit(one: dict[str, Any], *, brackets: bool = False) -> str:
    unit = "" if one["unit"] == "1" else one["unit"]
    return f"({unit})" if brackets and unit else unit
