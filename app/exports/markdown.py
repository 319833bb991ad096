"""The report for a reader: status and remarks first, then the ranking, then each hypothesis in full."""

from functools import lru_cache
from typing import TYPE_CHECKING

from agents.literature.works import address
from agents.schema import Report, Tournament
from app.exports.escape import Safe, inert, link
from app.exports.evidence import write_evidence
from retrieval.passage import Passage, Work

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
    env.filters |= {
        "link": link,
        "author": _author,
        "evidence": write_evidence,
        "listed": _listed,
        "rating": _rating,
        "share": _share,
        "works": _works,
        "cited": _cited,
    }
    return env.get_template("report.md.j2")


def _finalize(value: object) -> object:
    return inert(value) if isinstance(value, str) and not isinstance(value, Safe) else value


def _author(model: str) -> str:
    return "scripted (no model)" if model == SCRIPTED else model


def _rating(key: str, tournament: Tournament) -> str:
    found = next((rating for rating in tournament.ratings if rating.hypothesis == key), None)
    if found is None or not found.ranked:
        return "not ranked"
    return f"{found.strength:+.2f} ({found.low:+.2f} to {found.high:+.2f})"


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{100 * value:.0f} %"


def _works(passages: list[Passage]) -> dict[str, Work]:
    return {passage.key: passage.work for passage in passages}


def _cited(work: Work) -> Safe:
    """Who, what, when and where: only addresses that we make of a DOI or an arXiv number are live."""
    who = f"{work.authors[0]} et al." if len(work.authors) > 1 else "".join(work.authors)
    told = ", ".join(part for part in (who, work.title, str(work.year or ""), work.source) if part)
    where = address(work)
    live = f" {link(where)}" if where else ""
    return Safe(f"{'**RETRACTED** ' if work.retracted else ''}{inert(told)}{live}")


def _listed(texts: list[str]) -> Safe:
    return Safe("; ".join(inert(text) for text in texts))
