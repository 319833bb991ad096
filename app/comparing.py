"""Two reports compared: hypotheses that answer to each other, and what differs between them."""

from collections.abc import Iterator, Sequence

from pydantic import Field

from agents.schema import Hypothesis, Report, Strict

ALIKE = 50.0  # similarity of two statements, 0 to 100, from which they count as versions of one
FIELDS = ("statement", "mechanism", "prediction", "falsifier")


class Change(Strict):
    """A field that two versions of a hypothesis do not share; null where a version has none."""

    field: str
    first: str | None
    second: str | None


class VersionPair(Strict):
    """Two versions of a hypothesis, or one that the other run has no version of."""

    first: str | None = Field(description="its key in the first run")
    second: str | None = Field(description="its key in the second run")
    why: str = Field(description="why they are taken for versions of one")
    changes: list[Change]


class RunComparison(Strict):
    first: str
    second: str
    pairs: list[VersionPair]


def compare(first: Report, second: Report) -> RunComparison:
    """Pair hypotheses by role and framework, then by the likeness of their statements, and compare them."""
    rest = list(second.hypotheses)
    pairs: list[VersionPair] = []
    alone: list[Hypothesis] = []
    for one in first.hypotheses:
        same = next((other for other in rest if _voice(other) == _voice(one)), None)
        if same is None:
            alone.append(one)
        else:
            rest.remove(same)
            pairs.append(_pair(one, same, "the same role and framework"))
    for one in alone:
        other, likeness = _most_like(one, rest)
        if other is not None and likeness >= ALIKE:
            rest.remove(other)
            pairs.append(_pair(one, other, f"statements are alike to {likeness:.0f} %"))
        else:
            pairs.append(_pair(one, None, "only in the first"))
    pairs.extend(_pair(None, one, "only in the second") for one in rest)
    return RunComparison(first=first.run, second=second.run, pairs=pairs)


def _voice(one: Hypothesis) -> tuple[str, str, str]:
    who = one.perspective
    return who.role, who.broad.uri, who.narrow.uri


def _most_like(one: Hypothesis, others: Sequence[Hypothesis]) -> tuple[Hypothesis | None, float]:
    from rapidfuzz.fuzz import token_sort_ratio

    measured = [
        (token_sort_ratio(one.proposal.statement, other.proposal.statement), number)
        for number, other in enumerate(others)
    ]
    if not measured:
        return None, 0.0
    likeness, number = max(measured)
    return others[number], float(likeness)


def _pair(first: Hypothesis | None, second: Hypothesis | None, why: str) -> VersionPair:
    left, right = (dict(_fields(one)) if one else {} for one in (first, second))
    changes = [
        Change(field=name, first=left.get(name), second=right.get(name))
        for name in dict.fromkeys((*left, *right))
        if left.get(name) != right.get(name)
    ]
    keys = [one.perspective.key if one else None for one in (first, second)]
    return VersionPair(first=keys[0], second=keys[1], why=why, changes=changes)


def _fields(one: Hypothesis) -> Iterator[tuple[str, str]]:
    proposal, who = one.proposal, one.perspective
    for name in FIELDS:
        yield name, getattr(proposal, name)
    for name in ("system", "cause", "response", "relation"):
        yield f"claim: {name}", str(getattr(proposal.claim, name))
    yield "role", who.role
    yield "framework", who.framework
    yield "model", one.model
    yield "score", f"{one.score.value:.1f}"
    for test in one.tests:
        yield f"test {test.key.partition('/')[2]}", f"{test.verdict.value}: {test.result.reason}"
