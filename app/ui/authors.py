"""Who wrote or marked something, and what is known to be wrong with that."""

from collections.abc import Iterable
from functools import cache

from agents.schema import Report

SCRIPTED = "scripted"
NAMES = {SCRIPTED: "scripted (no model)", "large-language-model": "a large language model"}


def named(model: str) -> str:
    return NAMES.get(model, model)


@cache
def small_models() -> frozenset[str]:
    """Return the models that were measured and found unable to rank."""
    from agents.model import catalogue

    return frozenset(name for name, model in catalogue().items() if not model.can_rank)


def warning(models: Iterable[str]) -> tuple[str, str] | None:
    """Return a badge's word and what it means; None where there is nothing to say."""
    found = set(models)
    if SCRIPTED in found:
        return "scripted", "A test server that follows a script gave these answers. No model was involved."
    if found & small_models():
        return "small model", "This model shows how the finder works, not how good hypotheses can be."
    return None


def writers(report: Report) -> list[str]:
    return sorted({hypothesis.model for hypothesis in report.hypotheses} | {c.model for c in report.calls})
