"""What a search can say of novelty, in words that claim no more than was searched. No model has a say."""

from collections.abc import Iterable, Sequence

from agents.literature.survey import Survey
from agents.literature.works import name
from agents.schema import Nearest, Search
from retrieval.passage import Passage


def bound_novelty(survey: Survey) -> str:
    """One paragraph: what was found, where, when and with what, and what that leaves open."""
    answered = [search for search in survey.searches if not search.error]
    failed = [search for search in survey.searches if search.error]
    parts = [
        _found(survey, answered),
        _where(answered),
        _failed(failed),
        _retracted(survey.passages, survey.nearest),
    ]
    return " ".join(part for part in parts if part)


def _found(survey: Survey, answered: Sequence[Search]) -> str:
    if not answered:
        return "No source could be searched: nothing can be said of novelty."
    if not survey.nearest:
        return (
            "Nothing was found, which is no sign of novelty: the words or the sources may be the wrong ones."
        )
    first = survey.nearest[0]
    return (
        f"The nearest work that was found is {name(first.work)}, with a likeness of {first.likeness:.2f} "
        "(1: the same text). Whether it says the same has to be read there."
    )


def _where(answered: Sequence[Search]) -> str:
    if not answered:
        return ""
    days = sorted({search.at.date().isoformat() for search in answered})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    queries = "; ".join(f"“{query}”" for query in _once(search.query for search in answered))
    return (
        f"Searched on {when}: {', '.join(_once(search.source for search in answered))}, for {queries}. "
        "What is published elsewhere or in other words is not excluded."
    )


def _failed(failed: Sequence[Search]) -> str:
    if not failed:
        return ""
    told = _once(f"{search.source} ({search.error})" for search in failed)
    return f"Could not be searched: {'; '.join(told)}."


def _retracted(passages: Sequence[Passage], nearest: Sequence[Nearest]) -> str:
    works = [*(passage.work for passage in passages), *(near.work for near in nearest)]
    told = _once(name(work) for work in works if work.retracted)
    return f"Retracted: {'; '.join(told)}." if told else ""


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
