"""The report for a reader: status and remarks first, then the ranking, then each hypothesis in full."""

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from agents.schema import Report
from app.exports.escape import Safe, inert, link

if TYPE_CHECKING:
    from jinja2 import Template

SCRIPTED = "scripted"


def render(report: Report) -> str:
    return _template().render(report=report).strip() + "\n"


@lru_cache(maxsize=1)
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    env = Environment(  # noqa: S701  HTML escaping is the wrong one; `finalize` escapes each value for Markdown
        loader=PackageLoader("app.exports", "templates"),
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {"link": link, "author": _author, "compact": _compact, "listed": _listed}
    return env.get_template("report.md.j2")


def _finalize(value: object) -> object:
    return inert(value) if isinstance(value, str) and not isinstance(value, Safe) else value


def _author(model: str) -> str:
    return "scripted (no model)" if model == SCRIPTED else model


def _compact(values: dict[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)


def _listed(texts: list[str]) -> Safe:
    return Safe("; ".join(inert(text) for text in texts))
