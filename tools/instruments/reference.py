"""The tables of docs/instruments.md, from the registry: python -m tools.instruments.reference"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator

from tools.instruments.contract import Instrument, InstrumentKind
from tools.instruments.registry import instruments


def render() -> str:
    """Return a table of all instruments but formulas, and the formulas by discipline, as Markdown."""
    listed = [one for one in instruments() if one.kind != InstrumentKind.FORMULA]
    return "\n".join([*_table(listed), "", *_formulas()])


def _table(listed: list[Instrument]) -> Iterator[str]:
    yield "| instrument | stands for | varies | measures | how | a point, s | needs |"
    yield "|---|---|---|---|---|---|---|"
    for one in listed:
        varied = "; ".join(f"{p.label}{_unit(p.unit)}, {p.low:g} to {p.high:g}" for p in one.parameters)
        held = "; ".join(f"{c.label}: {', '.join(c.values)}" for c in one.choices)
        measured = "; ".join(f"{r.label}{_unit(r.unit)}" for r in one.responses)
        needs = f"`[{one.extra}]`" if one.extra else "–"
        settings = f"{varied}; {held}" if held else varied
        cells = (
            f"`{one.name}`",
            one.title,
            settings,
            measured,
            one.kind.value,
            f"{one.cost.seconds:g}",
            needs,
        )
        yield "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _formulas() -> Iterator[str]:
    from tools.instruments.formulas.law import laws

    by_discipline = defaultdict(list)
    for law in laws().values():
        by_discipline[law.discipline].append(law.title)
    yield "| discipline | laws | |"
    yield "|---|---|---|"
    for discipline, titles in sorted(by_discipline.items()):
        yield f"| {discipline} | {len(titles)} | {'; '.join(sorted(titles))} |"


def _unit(unit: str) -> str:
    return "" if unit == "1" else f" ({unit})"


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.stdout.write(render() + "\n")
