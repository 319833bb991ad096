"""A report as one HTML file that opens offline, and what tools and tests said as pieces of HTML.

The file holds no script and loads nothing: it is the Markdown report with pictures of what tools said. That
Markdown is inert already, and raw HTML in it is not read.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from agents.schema import Evidence, Hypothesis, Report
from app.drawing import inline_svg
from app.evidence import show
from app.exports import markdown
from app.exports.evidence import write_block
from app.exports.figures import files_of_tests, has_figure
from app.exports.svg import draw_plot, draw_structure
from tools.views import Block, Molecule, Plot, Quantities, Structure, Table

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

    from tools.experiments.schema import ExperimentResult


EVIDENCE = re.compile(r"(<h3>[\d.]+ Evidence</h3>)")
FIGURE = re.compile(r'<img src="(test-[\w.-]+\.svg)"')


def render(report: Report) -> str:
    return render_page(report, files_of_tests(report))


def render_page(report: Report, figures: Mapping[str, str], *, before: str = "", after: str = "") -> str:
    """Return the page; `figures` by file name, `before` and `after` are HTML of ours around the report."""
    drawn = map(_draw_all, report.hypotheses)
    body = EVIDENCE.sub(
        lambda heading: heading[0] + next(drawn, ""), _reader().render(markdown.render(report))
    )
    body = FIGURE.sub(partial(_inline, figures), body)
    return fill_template(report.question, before + body + after)


def fill_template(title: str, body: str) -> str:
    """Return a page that holds no script and loads nothing; `body` is HTML of ours."""
    return _template().format(title=escape(title), body=body)


def _inline(files: Mapping[str, str], image: re.Match[str]) -> str:
    """Put a test's figure into the page: one that lies beside it is lost when the page is passed on."""
    drawn = b64encode(files[image[1]].encode()).decode()
    return image[0].replace(image[1], f"data:image/svg+xml;base64,{drawn}", 1)


@lru_cache(maxsize=1)
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _draw_all(hypothesis: Hypothesis) -> str:
    return "".join(draw_picture(block) for piece in hypothesis.evidence for block in show(piece).blocks)


def draw_picture(block: Block) -> str:
    """A figure with its caption; nothing of what is told in words."""
    return "".join(
        f"<figure>{drawn}<figcaption>{escape(title)}</figcaption></figure>"
        for drawn, title in _pictures(block)
    )


def _pictures(block: Block) -> Iterator[tuple[str, str]]:
    match block:
        case Structure():
            yield draw_structure(block), block.title
        case Plot():
            yield draw_plot(block), block.title
        case Molecule():
            from app.drawing import draw_molecule

            try:
                yield draw_molecule(block.smiles), block.title
            except ModuleNotFoundError:  # RDKit is an extra
                return


@lru_cache(maxsize=1)
def _template() -> str:
    return (files("app.exports") / "templates" / "report.html").read_text(encoding="utf-8")


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
