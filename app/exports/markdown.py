"""The report for a reader: status and remarks first, then the ranking, then each hypothesis in full."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from agents.checks.beside import mark_contradictions
from agents.experiments.remarks import beside_review, is_fresh, own_consequence, told_conditions
from agents.experiments.verdicts import UNTESTED, draft_verdict, effect_text, show, spread, unit_text
from agents.problem_cards.representation import carried_representation
from agents.schema import ClaimTest, DataOption, Report, Tournament
from app.datasets import show_command, show_quantity
from app.exports import literature
from app.exports.escape import Safe, inert, link
from app.exports.evidence import write_evidence
from app.exports.figures import figure_name, has_figure
from app.exports.tables import write_columns
from retrieval.passage import Passage, Work
from tools.experiments import ExperimentResult, ResponsePoint, Verdict
from tools.experiments.figure import describe

if TYPE_CHECKING:
    from jinja2 import Template

SCRIPTED = "scripted"
MOST_ROWS = 21  # of the table of a test: its figure has them all
FOREIGN = re.compile(r"[^\w\s:\[\](),.^*/+=<>;%°·×⋅−'#-]")


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
        "carried": carried_representation,
        "code": _code,
        "author": name_model,
        "evidence": write_evidence,
        "listed": _listed,
        "rating": _rating,
        "share": _share,
        "works": _works,
        "cited": literature.cite,
        "looked_up": literature.looked_up,
        "not_looked_up": literature.not_looked_up,
        "by_stance": literature.by_stance,
        "related": literature.related,
        "unrelated": literature.unrelated,
        "write_joined": literature.write_joined,
        "write_searches": literature.write_searches,
        "write_options": _write_options,
        "verdict": _verdict,
        "draft_verdict": draft_verdict,
        "effect": effect_text,
        "marked": mark_contradictions,
        "beside_review": beside_review,
        "told_conditions": told_conditions,
        "is_fresh": is_fresh,
        "spread": spread,
        "own_consequence": own_consequence,
        "unit": _unit,
        "value": _value,
        "has_figure": has_figure,
        "figure_name": _figure_name,
        "alt": describe,
        "verbatim": _verbatim,
        "command": show_command,
    }
    env.globals["MOST_ROWS"] = MOST_ROWS
    return env.get_template("report.md.j2")


def _code(text: str) -> Safe:
    """Return a block of code inside a list: letters, digits and the marks of the language alone."""
    return Safe("\n".join(f"      {re.sub(FOREIGN, '?', line)}" for line in text.splitlines()))


def _verbatim(text: str) -> Safe:
    """Return a span of code, in which nothing is markup; what could end it is left out."""
    return Safe(f"`{''.join(char for char in text if char.isprintable() and char not in '`|')}`")


def _finalize(value: object) -> object:
    return inert(value) if isinstance(value, str) and not isinstance(value, Safe) else value


def name_model(model: str) -> str:
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


def _write_options(options: list[DataOption]) -> Safe:
    return write_columns(
        {
            "Database": [Safe(f"{inert(one.title)} {_verbatim(one.url)}") for one in options],
            "Lists of the claim": ["; ".join(map(show_quantity, one.held)) for one in options],
            "Does not list": ["; ".join(one.lacks) for one in options],
            "Origin": [one.origin for one in options],
            "Size": [one.size or "" for one in options],
            "Access": [one.access or "" for one in options],
            "Licence": [one.licence or "look there" for one in options],
        }
    )


def _verdict(result: ExperimentResult) -> str:
    return UNTESTED if result.verdict is Verdict.OUTSIDE else result.verdict.value


def _unit(unit: str) -> str:
    return f" ({unit})" if unit_text(unit) else ""


def _value(point: ResponsePoint) -> str:
    return "" if point.value is None else show(point.value, point.std)


def _figure_name(test: ClaimTest) -> Safe:
    return Safe(quote(figure_name(test)))


def _listed(texts: list[str]) -> Safe:
    return Safe("; ".join(inert(text) for text in texts))
