"""Marks that need no model: rules over a proposal's text, each with what it found. Anyone can rerun them.

They reward what can be seen (a quantity, a threshold, the question's own concepts) and are blind to whether
the physics is right; that is why they stand apart from the reviewers' marks.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Prefix

from agents.schema import Check, Evidence, Perspective, Proposal, ScoredConcept

SAME_WORD = 80  # of 100: "modeling" and "modelling" are one word, "multiscale" and "mesoscale" are not
SAME_TEXT = 85  # of 100: above this one text says the other again
FEWEST_WORDS = 8
MOST_CONCEPTS = 5  # of the question's concepts, best first: further ones are too uncertain to ask for

_NUMBER = re.compile(r"\d|\b(?:half|twice|double[sd]?|zero|order of magnitude)\b", re.IGNORECASE)
_DIRECTION = re.compile(
    r"\b(?:increas|decreas|ris|fall|drop|grow|shrink|shift|scal|diverg|vanish|peak|exceed|reduc|enhanc|suppress"
    r"|proportional|linear|quadratic|exponential|monotonic|larger|smaller|higher|lower|faster|slower)\w*",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:no|not|never|absen\w+|without|fail\w*|below|above|less|more|fewer|greater|exceed\w*|within|outside"
    r"|independent|unchanged|instead)\b|[<>≤≥]",
    re.IGNORECASE,
)


class Subject(NamedTuple):
    """What a check may look at."""

    question: str
    concepts: Sequence[ScoredConcept]
    perspective: Perspective
    proposal: Proposal
    evidence: Sequence[Evidence]


def concept_coverage(subject: Subject) -> Check:
    """Which of the question's concepts the proposal speaks of."""
    wanted = [concept.label for concept in subject.concepts[:MOST_CONCEPTS]]
    text = _words(_full_text(subject.proposal))
    found = [label for label in wanted if _mentions(text, label)]
    missing = [label for label in wanted if label not in found]
    mark = len(found) / len(wanted) if wanted else 0.0
    return Check(name="concept coverage", mark=mark, how=f"speaks of {_list(found)}; not of {_list(missing)}")


def specific_prediction(subject: Subject) -> Check:
    prediction = subject.proposal.prediction
    return _share(
        "specific prediction",
        {
            "says enough": len(prediction.split()) >= FEWEST_WORDS,
            "gives a number": bool(_NUMBER.search(prediction)),
            "gives a direction": bool(_DIRECTION.search(prediction)),
            "is not the statement again": _differ(prediction, subject.proposal.statement),
        },
    )


def specific_falsifier(subject: Subject) -> Check:
    falsifier = subject.proposal.falsifier
    return _share(
        "specific falsifier",
        {
            "says enough": len(falsifier.split()) >= FEWEST_WORDS,
            "gives a number": bool(_NUMBER.search(falsifier)),
            "sets a limit": bool(_LIMIT.search(falsifier)),
            "is not the prediction again": _differ(falsifier, subject.proposal.prediction),
        },
    )


def framework_used(subject: Subject) -> Check:
    """Whether the proposal is written in the framework that it was asked for."""
    text = _words(_full_text(subject.proposal))
    return _share(
        "framework used",
        {
            f"names {subject.perspective.narrow.label}": _mentions(text, subject.perspective.narrow.label),
            "formalism is not the statement again": _differ(
                subject.proposal.representation.formalism, subject.proposal.statement
            ),
        },
    )


def distinct_steps(subject: Subject) -> Check:
    steps = subject.proposal.steps
    fresh = [step for i, step in enumerate(steps) if all(_differ(step, other) for other in steps[:i])]
    return Check(
        name="distinct steps", mark=len(fresh) / len(steps), how=f"{len(fresh)} of {len(steps)} steps differ"
    )


def own_words(subject: Subject) -> Check:
    """A statement that repeats the question answers nothing."""
    differs = _differ(subject.proposal.statement, subject.question)
    how = "the statement is not the question again" if differs else "the statement repeats the question"
    return Check(name="own words", mark=float(differs), how=how)


def evidence_holds(subject: Subject) -> Check | None:
    """Absent where nothing was gathered: no evidence is not bad evidence."""
    if not subject.evidence:
        return None
    held = sum(item.holds for item in subject.evidence)
    how = f"{held} of {len(subject.evidence)} tool results hold"
    return Check(name="evidence holds", mark=held / len(subject.evidence), how=how)


CHECKS: tuple[Callable[[Subject], Check | None], ...] = (
    concept_coverage,
    specific_prediction,
    specific_falsifier,
    framework_used,
    distinct_steps,
    own_words,
    evidence_holds,
)


def run_checks(subject: Subject) -> list[Check]:
    return [check for rule in CHECKS if (check := rule(subject)) is not None]


def _share(name: str, criteria: dict[str, bool]) -> Check:
    met = [what for what, true in criteria.items() if true]
    unmet = [what for what, true in criteria.items() if not true]
    return Check(name=name, mark=len(met) / len(criteria), how=f"met: {_list(met)}; unmet: {_list(unmet)}")


def _list(items: Sequence[str]) -> str:
    return ", ".join(items) or "none"


def _full_text(proposal: Proposal) -> str:
    form = proposal.representation
    parts = [proposal.statement, proposal.mechanism, proposal.prediction, form.formalism, *form.objects]
    return " ".join([*parts, *proposal.steps])


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{3,}", text.lower()))


def _mentions(text: set[str], label: str) -> bool:
    """Whether each word of a concept's label occurs, in any inflection."""
    return all(any(_same_word(word, other) for other in text) for word in _words(label))


def _same_word(one: str, other: str) -> bool:
    stem = Prefix.similarity(one, other)
    return stem >= min(len(one), len(other)) - 1 or fuzz.ratio(one, other) >= SAME_WORD


def _differ(one: str, other: str) -> bool:
    return fuzz.token_sort_ratio(one.lower(), other.lower()) < SAME_TEXT
