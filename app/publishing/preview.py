"""The page of a published run: opens in any browser, offline, without our software."""

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from agents.schema import Report
from app.exports.html import fill_template, render_page
from app.exports.markdown import name_model
from app.exports.pipeline import draw_pipeline
from app.publishing.authors import LICENCES

if TYPE_CHECKING:
    from app.publishing.crate import Imprint


def render_preview(report: Report, by: "Imprint", files: Mapping[str, bytes]) -> str:
    """Return HTML with who published what, the report with its figures, the run's steps, and the files."""
    figures = {name: content.decode() for name, content in files.items() if name.endswith(".svg")}
    return render_page(report, figures, before=_head(report, by), after=_steps(report) + _files(files))


def render_plain(title: str, body: str, by: "Imprint", files: Mapping[str, bytes]) -> str:
    """Return HTML of something that is no run: what it is, who published it, and its files."""
    head = f"<h1>{escape(title)}</h1><p>{_published(by)}</p>"
    return fill_template(title, head + body + _files(files))


def _published(by: "Imprint") -> str:
    people = ", ".join(
        f'<a href="{escape(one.address)}">{escape(one.name)}</a>' if one.orcid else escape(one.name)
        for one in by.authors
    )
    return (
        f"Published by {people} on {by.published:%d %B %Y} under "
        f'<a href="{LICENCES[by.licence]}">{by.licence}</a>.'
    )


def _head(report: Report, by: "Imprint") -> str:
    models = (
        ", ".join(dict.fromkeys(map(name_model, (call.model for call in report.calls)))) or "none was asked"
    )
    return (
        f"<p>{_published(by)} Hypotheses were written by a language model "
        f"({escape(models)}) and tested by instruments. They are proposals, not statements of the authors. "
        "<code>hypofind open</code> with this archive makes the same report again and says what of it can be "
        "measured anew.</p>"
    )


def _steps(report: Report) -> str:
    return f"<h2>How it was made</h2><figure>{draw_pipeline(report)}</figure>"


def _files(files: Mapping[str, bytes]) -> str:
    rows = "".join(
        f'<tr><td><a href="{escape(name)}">{escape(name)}</a></td><td>{len(content):,} bytes</td></tr>'
        for name, content in sorted(files.items())
    )
    return f"<h2>Files</h2><table><tbody>{rows}</tbody></table>"
