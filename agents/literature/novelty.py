"""What a search can say of novelty, in words that claim no more than was searched. No model has a say."""

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from agents.literature.survey import Survey
from agents.literature.works import name
from agents.schema import Nearest
from retrieval.passage import Passage, Search

K = TypeVar("K", bound=Hashable)


def bound_novelty(survey: Survey) -> str:
    """One paragraph: what was found, where, when and with what, and what that leaves open."""
    answered = [search for search in survey.searches if not search.error]
    failed = [search for search in survey.searches if search.error]
    parts = [
        _found(survey, answered),
        _compared(survey),
        _where(answered),
        _known(survey.known),
        _failed(failed, _once(search.query for search in survey.searches)),
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


def _compared(survey: Survey) -> str:
    if not survey.found:
        return ""
    return (
        f"Of the {survey.found} different passages and abstracts that were found, {survey.compared} were "
        "compared with the statement."
    )


def _where(answered: Sequence[Search]) -> str:
    """Which source was asked for which queries: one that failed after the first was not asked for all."""
    if not answered:
        return ""
    days = sorted({search.at.date().isoformat() for search in answered})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    asked = _listed((search.source, search.query) for search in answered)
    alike = _listed((_quoted(queries), source) for source, queries in asked.items())
    told = "; ".join(f"{', '.join(sources)} for {queries}" for queries, sources in alike.items())
    return f"Searched on {when}: {told}. What is published elsewhere or in other words is not excluded."


def _known(sentences: Sequence[str]) -> str:
    return f"By concepts: {'; '.join(sentences)}." if sentences else ""


def _failed(failed: Sequence[Search], all_queries: Sequence[str]) -> str:
    if not failed:
        return ""
    faults = _listed(((search.source, str(search.error)), search.query) for search in failed)
    told = (
        f"{source}{'' if len(queries) == len(all_queries) else f' for {_quoted(queries)}'} ({error})"
        for (source, error), queries in faults.items()
    )
    return f"Could not be searched: {'; '.join(told)}."


def _retracted(passages: Sequence[Passage], nearest: Sequence[Nearest]) -> str:
    works = [*(passage.work for passage in passages), *(near.work for near in nearest)]
    told = _once(name(work) for work in works if work.retracted)
    return f"Retracted: {'; '.join(told)}." if told else ""


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _quoted(queries: Iterable[str]) -> str:
    return ", ".join(f"“{query}”" for query in queries)


def _listed(pairs: Iterable[tuple[K, str]]) -> dict[K, list[str]]:
    """For each key what it goes with, each once, in order."""
    lists: dict[K, list[str]] = {}
    for key, value in pairs:
        lists[key] = _once([*lists.get(key, []), value])
    return lists
