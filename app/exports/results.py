"""Results of tools and tests of claims as HTML, with units and rounded to their uncertainty."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from agents.schema import Evidence
from app.drawing import inline_svg
from app.evidence import show
from app.exports.figures import has_figure
from app.exports.html import draw_block as draw_picture
from app.exports.plain import write_block
from tools.views import Block, Molecule, Plot, Quantities, Structure, Table

if TYPE_CHECKING:
    from tools.experiments.schema import ExperimentResult


def draw_test(result: "ExperimentResult") -> str:
    """Return the verdict in words, and the figure where something was measured."""
    return say_verdict(result) + draw_figure(result)


def say_verdict(result: "ExperimentResult") -> str:
    return f"<p><b>{escape(result.verdict.value)}</b>: {escape(result.reason)}</p>"


def draw_figure(result: "ExperimentResult") -> str:
    """Return the figure as SVG; nothing where nothing was measured."""
    from tools.experiments.figure import draw

    return inline_svg(draw(result, "svg").decode()) if has_figure(result) else ""


def draw_result(piece: Evidence) -> str:
    """Return what a tool was asked, and its answer as the page shows it."""
    shown = show(piece)
    head = f"<p><b>{escape(shown.title)}</b>: {escape('; '.join(shown.asked))}</p>"
    return head + "".join(map(draw_block, shown.blocks))


def draw_block(block: Block) -> str:
    """Return a block of a tool's view: a table, a picture, or lines."""
    match block:
        case Quantities(items):
            return _draw_rows((), [(name, str(quantity)) for name, quantity in items])
        case Table():
            more = f"<p>{block.left_out} more are in the object.</p>" if block.left_out else ""
            return f"<p>{escape(block.title)}</p>{_draw_rows(block.columns, block.rows)}{more}"
        case Structure() | Plot() | Molecule():
            return draw_picture(block)
        case _:
            return "".join(f"<p>{escape(line)}</p>" for line in write_block(block))


def _draw_rows(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"
