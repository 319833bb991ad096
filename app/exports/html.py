"""The report as one HTML file that opens offline: the Markdown report with pictures of what tools said.

It holds no script and loads nothing. The Markdown is inert already, and raw HTML in it is not read.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from agents.schema import Hypothesis, Report
from app.evidence import show
from app.exports import markdown
from app.exports.figures import files_of_tests
from app.exports.svg import draw_plot, draw_structure
from tools.views import Block, Molecule, Plot, Structure

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

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
    return "".join(draw_block(block) for piece in hypothesis.evidence for block in show(piece).blocks)


def draw_block(block: Block) -> str:
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
