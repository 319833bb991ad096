"""What the page shows, in a notebook: `%load_ext app.notebook` teaches IPython to draw what we return.

Reports, tests of claims, results of tools, laws and maps of mining jobs are what the client and the Python
interface return; each is drawn as on the page, with units and rounded to its uncertainty. `run_tool`,
`check_claim` and `read_example` need no service.
"""

from collections.abc import Callable, Mapping
from html import escape
from json import dumps, loads
from typing import TYPE_CHECKING, Any

from agents.schema import Evidence, Report
from app.claims import open_tester
from app.client import Map
from app.drawing import inline_svg
from app.examples import load_example
from app.exports import html
from app.exports.html import draw_block, draw_result, draw_test
from app.results import Kept
from app.settings import load_settings
from app.tools import ToolResult, find_tool, read_arguments, record
from tools.experiments.planning import ExperimentTerms
from tools.experiments.schema import ClaimLine, ExperimentResult
from tools.laws import LawResult

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


def check_claim(statement: str, *, seconds: float = 20.0, seed: int = 0) -> ExperimentResult:
    """Test a claim that is said in a sentence, in so many seconds of a core. No model is asked."""
    with open_tester(load_settings(), ExperimentTerms(budget_seconds=seconds, seed=seed), Silent()) as tester:
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


def draw_law(found: LawResult) -> str:
    """Return the law, what was set aside, and the figure where there is a law."""
    from tools.laws.viewing import draw, view

    said = "".join(map(draw_block, view(found)))
    return said + (inline_svg(draw(found, "svg").decode()) if found.law else "")


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


def _draw_used(result: ToolResult) -> str:
    source = f"{result.tool} {result.version}"
    return draw_result(Evidence(source=source, inputs=result.inputs, content=result.content))


DRAWINGS: Mapping[type, Draw] = {
    Report: draw_report,
    ExperimentResult: draw_test,
    ToolResult: _draw_used,
    Kept: lambda kept: draw_result(kept.evidence),
    LawResult: draw_law,
    Map: draw_map,
}
"""By type, the HTML that a notebook shows."""
