"""All tools of a run, and which of them it gets."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from agents.offers.concepts import ConceptSearch
from agents.offers.datasets import DataSearch
from agents.offers.literature import LiteratureSearch
from agents.tool_context import ToolContext
from tools import AnyTool, Scene, all_tools

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
SEARCHES: tuple[Callable[[ToolContext], AnyTool], ...] = (LiteratureSearch, ConceptSearch, DataSearch)
"""Tools that look things up where the run hands it to them. They join the others at every door of a run."""


def list_specs(context: ToolContext | None = None) -> tuple[AnyTool, ...]:
    """Return every tool. Without `context` the searches can be read, and find nothing."""
    here = context or ToolContext()
    return (*all_tools(), *(make(here) for make in SEARCHES))


def find_spec(source: str) -> AnyTool | None:
    """Return the tool that a piece of evidence is from, by its source: "name version"."""
    name = source.partition(" ")[0]
    return next((spec for spec in list_specs() if spec.name == name), None)


def offered(scene: Scene, *, small: bool) -> list[str]:
    """Names of the tools that fit. With a model known to be `small`, only those that fit the question itself.

    A small model would choose nearly at random among tools that only help, and wait for its answer as long as
    for a review.
    """
    able = (spec for spec in list_specs() if spec.for_small_models or not small)
    return [spec.name for spec in able if _agrees(spec.fits, scene, spec)]


def covering(text: str) -> list[AnyTool]:
    """Return the tools of which a hypothesis with this text ought to carry a result."""
    return [spec for spec in list_specs() if _agrees(spec.covers, text, spec)]


def _agrees(ask: Callable[[T], bool], of: T, spec: AnyTool) -> bool:
    """Return the tool's answer; a tool that raises is left out, and the log says so."""
    try:
        return bool(ask(of))
    except Exception as error:  # noqa: BLE001 - another package's code, whose fault ends no run
        told = " ".join(str(error).split()) or type(error).__name__
        _LOG.warning("the tool %s is left out: its %s() fails (%s)", spec.name, ask.__name__, told)
        return False


def make_tools(names: Iterable[str], context: ToolContext) -> list[AnyTool]:
    """The tools of those names, in their order. A name that this version does not know is left out."""
    known = {spec.name: spec for spec in list_specs(context)}
    return [known[name] for name in names if name in known]
