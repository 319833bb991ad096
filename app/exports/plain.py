"""What a tool said, in lines of plain text."""

from collections.abc import Iterable, Iterator
from itertools import chain

from tools.views import Block, Molecule, Plot, Quantities, Sentences, Structure, Table


def write_lines(asked: Iterable[str], blocks: Iterable[Block]) -> str:
    lines = chain(asked, *map(write_block, blocks))
    return "".join(f"{line}\n" for line in lines)


def write_block(block: Block) -> Iterator[str]:
    """Lines of text; of a picture, what it shows."""
    match block:
        case Quantities(items):
            yield from (f"{name}: {quantity}" for name, quantity in items)
        case Sentences(texts):
            yield from texts
        case Table():
            yield from _write_table(block)
        case Molecule(title, smiles):
            yield title if title == smiles else f"{title}: {smiles}"
        case Structure():
            yield describe_structure(block)
        case Plot():
            yield describe_plot(block)


def describe_structure(structure: Structure) -> str:
    marks = "; ".join(dict.fromkeys(mark.label for mark in structure.marks))
    return f"{structure.title} ({len(structure.elements)} atoms{f'; {marks}' if marks else ''})"


def describe_plot(plot: Plot) -> str:
    return f"{plot.title}: {plot.y} against {plot.x}, {', '.join(series.name for series in plot.series)}"


def _write_table(table: Table) -> Iterator[str]:
    if table.title:
        yield f"{table.title}:"
    yield from ("  " + " | ".join(row) for row in (table.columns, *table.rows))
    if table.left_out:
        yield f"  … {table.left_out} more"
