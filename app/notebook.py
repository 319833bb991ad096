"""What the page shows, in a notebook: `%load_ext app.notebook` teaches IPython to draw what we return.

Reports, tests of claims, results of tools, laws and maps of mining jobs are what the client and the Python
interface return; each is drawn as on the page, with units and rounded to its uncertainty. `run_tool`,
`check_claim` and `read_example` need no service.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from json import dumps, loads
from typing import TYPE_CHECKING, Any

from agents.schema import Evidence, Report
from app.claims import open_tester
from app.client import Map
from app.evidence import show
from app.examples import load_example
from app.exports import html
from app.exports.plain import write_block
from app.results import Kept
from app.settings import load_settings
from app.tools import ToolResult, find_tool, read_arguments, record
from tools.experiments.planning import Terms
from tools.experiments.schema import ClaimLine, Result
from tools.laws import LawResult
from tools.views import Block, Molecule, Plot, Quantities, Structure, Table

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["check_claim", "load_ipython_extension", "read_example", "run_tool"]
HEIGHT = 640  # pixels of a report in a notebook
Draw = Callable[[Any], str]


class Silent:
    """An observer that shows nothing."""

    def doing(self, what: str) -> None:
        """Nothing."""

    def download(self, what: str, done: int, total: int) -> None:
        """Nothing."""

    def embedded(self, what: str, done: int, total: int) -> None:
        """Nothing."""


def read_example(name: str) -> Report:
    """Return a recorded run that comes with the program. Raises InputError with the names that there are."""
    return load_example(name)


def run_tool(name: str, /, **arguments: object) -> ToolResult:
    """Return what a tool says. Raises InputError for a wrong argument, ToolError where it cannot answer."""
    tool = find_tool(name)
    asked = read_arguments(tool, dumps(arguments))
    return record(tool, asked, loads(tool.run(asked).model_dump_json()))


def check_claim(statement: str, *, seconds: float = 20.0, seed: int = 0) -> Result:
    """Test a claim that is said in a sentence, in so many seconds of a core. No model is asked."""
    with open_tester(load_settings(), Terms(budget_seconds=seconds, seed=seed), Silent()) as tester:
        return tester.test(ClaimLine(statement=statement))


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Register a drawing for each kind of object; IPython calls it."""
    if shell.display_formatter is None:  # a shell that shows nothing
        return
    formatter = shell.display_formatter.formatters["text/html"]
    for kind, draw in DRAWINGS.items():
        formatter.for_type(kind, draw)


def draw_report(report: Report) -> str:
    """Return the page of the report in a frame that runs no script and loads nothing."""
    page = escape(html.render(report), quote=True)
    return f'<iframe sandbox srcdoc="{page}" width="100%" height="{HEIGHT}" style="border:0"></iframe>'


def draw_test(result: Result) -> str:
    """Return the verdict in words, and the figure where something was measured."""
    from tools.experiments.figure import draw

    said = f"<p><b>{escape(result.verdict.value)}</b>: {escape(result.reason)}</p>"
    measured = result.experiment is not None and any(point.value is not None for point in result.points)
    return said + (draw(result, "svg").decode() if measured else "")


def draw_result(result: ToolResult) -> str:
    """Return what a tool was asked, and its answer as the page shows it."""
    source = f"{result.tool} {result.version}"
    shown = show(Evidence(source=source, inputs=result.inputs, content=result.content))
    head = f"<p><b>{escape(shown.title)}</b>: {escape('; '.join(shown.asked))}</p>"
    return head + "".join(map(_draw_block, shown.blocks))


def draw_law(found: LawResult) -> str:
    """Return the law, what was set aside, and the figure where there is a law."""
    from tools.laws.viewing import draw, view

    said = "".join(map(_draw_block, view(found)))
    return said + (draw(found, "svg").decode() if found.law else "")


def draw_map(found: Map) -> str:
    """Return disciplines against disciplines, as a picture that stands still."""
    from base64 import b64encode
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from app.mining_pictures import draw_png

    if not found.meetings:
        return f"<p>{escape(found.note)}</p>"
    with TemporaryDirectory() as scratch:
        picture = Path(scratch) / "map.png"
        draw_png(found.meetings, picture, found.note)
        drawn = b64encode(picture.read_bytes()).decode()
    return f'<img alt="{escape(found.note)}" width="100%" src="data:image/png;base64,{drawn}">'


def _draw_block(block: Block) -> str:
    match block:
        case Quantities(items):
            return _draw_rows((), [(name, str(quantity)) for name, quantity in items])
        case Table():
            more = f"<p>{block.left_out} more are in the object.</p>" if block.left_out else ""
            return f"<p>{escape(block.title)}</p>{_draw_rows(block.columns, block.rows)}{more}"
        case Structure() | Plot() | Molecule():
            return html.draw_block(block)
        case _:
            return "".join(f"<p>{escape(line)}</p>" for line in write_block(block))


def _draw_rows(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


DRAWINGS: Mapping[type, Draw] = {
    Report: draw_report,
    Result: draw_test,
    ToolResult: draw_result,
    Kept: lambda kept: draw_result(kept.result),
    LawResult: draw_law,
    Map: draw_map,
}
"""By type, the HTML that a notebook shows."""
