"""The checks of runs that were begun before what checks say was recorded: those replay byte for byte.

They reward what can be seen (a quantity, a threshold, the question's own concepts) and are blind to whether
the physics is right. Those of evidence and steps serve new runs too.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from agents.data_files import wording
from agents.offers import covering
from agents.schema import Check, Evidence, Perspective, Proposal, ScoredConcept
from tools import AnyTool

SAME_TEXT = 85  # of 100: above this one text says the other again
FEWEST_WORDS = 8
AUTHOR = "author"  # of the calls; others were wanted by reviewers
MOST_CONCEPTS = 5  # of the question's concepts, best first: further ones are too uncertain to ask for


class CheckSubject(NamedTuple):
    """What a check may look at."""

    question: str
    concepts: Sequence[ScoredConcept]
    perspective: Perspective
    proposal: Proposal
    evidence: Sequence[Evidence]


def concept_coverage(subject: CheckSubject) -> Check:
    """Which of the question's concepts the proposal speaks of."""
    wanted = [concept.label for concept in subject.concepts[:MOST_CONCEPTS]]
    text = _words(_full_text(subject.proposal))
    found = [label for label in wanted if _mentions(text, label)]
    missing = [label for label in wanted if label not in found]
    mark = len(found) / len(wanted) if wanted else 0.0
    return Check(name="concept coverage", mark=mark, how=f"speaks of {_list(found)}; not of {_list(missing)}")


def specific_prediction(subject: CheckSubject) -> Check:
    prediction = subject.proposal.prediction
    return _share(
        "specific prediction",
        {
            "says enough": len(prediction.split()) >= FEWEST_WORDS,
            "gives a number": _gives_number(prediction),
            "gives a direction": _says(prediction, "directions"),
            "is not the statement again": _differ(prediction, subject.proposal.statement),
        },
    )


def specific_falsifier(subject: CheckSubject) -> Check:
    falsifier = subject.proposal.falsifier
    return _share(
        "specific falsifier",
        {
            "says enough": len(falsifier.split()) >= FEWEST_WORDS,
            "gives a number": _gives_number(falsifier),
            "sets a limit": _says(falsifier, "limits"),
            "is not the prediction again": _differ(falsifier, subject.proposal.prediction),
        },
    )


def framework_used(subject: CheckSubject) -> Check:
    """Whether the proposal is written in the framework that it was asked for, and says more than its name."""
    text, form = _words(_full_text(subject.proposal)), subject.proposal.representation
    name = f"{subject.perspective.broad.label} {subject.perspective.narrow.label}"
    return _share(
        "framework used",
        {
            f"names {subject.perspective.narrow.label}": _mentions(text, subject.perspective.narrow.label),
            "formalism is more than a name": _differ(form.formalism, name)
            and len(form.formalism.split()) >= FEWEST_WORDS,
        },
    )


def distinct_steps(subject: CheckSubject) -> Check:
    steps = subject.proposal.steps
    fresh = [step for i, step in enumerate(steps) if all(_differ(step, other) for other in steps[:i])]
    return Check(
        name="distinct steps", mark=len(fresh) / len(steps), how=f"{len(fresh)} of {len(steps)} steps differ"
    )


def a_claim(subject: CheckSubject) -> Check:
    """Whether the statement says something of nature that may be false."""
    statement, claim = subject.proposal.statement, subject.proposal.claim
    text = _words(statement)
    return _share(
        "a claim",
        {
            "is no plan or method": not _says(statement, "plans"),
            "is not the question again": not _repeats(statement, subject.question),
            "names its cause": _touches(text, claim.cause),
            "names its response": _touches(text, claim.response),
            "cause and response differ": _differ(claim.cause, claim.response),
        },
    )


def tools_answered(subject: CheckSubject) -> Check | None:
    """Absent where the author asked for nothing: no evidence is not bad evidence."""
    own = [item for item in subject.evidence if item.asked_by == AUTHOR]
    if not own:
        return None
    held = sum(item.answered for item in own)
    how = f"{held} of {len(own)} calls gave a result"
    return Check(name="tools answered", mark=held / len(own), how=how)


def prediction_given(subject: CheckSubject) -> Check | None:
    """For hypotheses about what a tool can compute, such as defects in a known crystal; absent for others."""
    text = f"{subject.proposal.claim.system}; {subject.proposal.statement}"
    able = covering(text)
    if not able:
        return None
    made = {spec.title: _made_by(spec, subject.evidence) for spec in able}
    given = {title: sum(map(_says_something, items)) for title, items in made.items()}
    if any(given.values()):
        how = "; ".join(f"by the {title}: {count}" for title, count in given.items() if count)
        return Check(name="prediction given", mark=1, how=how)
    faults = "; ".join(_why_not(title, items) for title, items in made.items())
    return Check(name="prediction given", mark=0, how=f"none: {faults}")


def _made_by(spec: AnyTool, evidence: Sequence[Evidence]) -> list[Evidence]:
    return [item for item in evidence if item.source.startswith(f"{spec.name} ")]


def _says_something(item: Evidence) -> bool:
    """A result that the tool itself calls not applicable is none."""
    return item.answered and bool(item.content.get("applicable", True))


def _why_not(title: str, made: Sequence[Evidence]) -> str:
    reasons = "; ".join(str(item.error or item.content.get("reason")) for item in made)
    return reasons or f"the {title} was not asked"


EVIDENCE: tuple[Callable[[CheckSubject], Check | None], ...] = (
    distinct_steps,
    tools_answered,
    prediction_given,
)
CHECKS: tuple[Callable[[CheckSubject], Check | None], ...] = (
    concept_coverage,
    specific_prediction,
    specific_falsifier,
    framework_used,
    distinct_steps,
    a_claim,
    tools_answered,
    prediction_given,
)


def evidence_checks(subject: CheckSubject) -> list[Check]:
    """Return what steps and tools are worth: of every version."""
    found = (rule(subject) for rule in EVIDENCE)
    return [check.model_copy(update={"of": "substance"}) for check in found if check is not None]


def run_checks(subject: CheckSubject) -> list[Check]:
    """Return all checks of a run that was begun before checks were recorded."""
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
    words = _words(label)
    return bool(words) and all(any(_same_word(word, other) for other in text) for word in words)


def _touches(text: set[str], phrase: str) -> bool:
    """Whether half of a phrase's words occur: a unit or an article need not."""
    words = _words(phrase)
    return 2 * sum(any(_same_word(word, other) for other in text) for word in words) >= max(len(words), 1)


def _repeats(text: str, question: str) -> bool:
    """Whether most of a question's words come again in the text, in their order."""
    return fuzz.partial_ratio(question.lower(), text.lower()) >= SAME_TEXT


def _same_word(one: str, other: str) -> bool:
    """Inflections of one word, in British or American spelling."""
    return _stem(one) == _stem(other)


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    from snowballstemmer import stemmer

    stem: str = stemmer("english").stemWord(word)
    return stem


def _gives_number(text: str) -> bool:
    """A measure, not the 2 of MoS2: a number with its unit, with decimals, or behind a word such as "by"."""
    return bool(_number().search(text)) or _says(text, "amounts")


def _says(text: str, kind: str) -> bool:
    return bool(_pattern(kind).search(text))


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    entries = (re.escape(entry).replace(r"\*", r"\w*") for entry in wording()[kind])
    signs = "|[<>≤≥]" if kind == "limits" else ""
    return re.compile(rf"\b(?:{'|'.join(entries)})\b{signs}", re.IGNORECASE)


@cache
def _number() -> re.Pattern[str]:
    units = "|".join(re.escape(unit) for unit in sorted(wording()["units"], key=len, reverse=True))
    number = r"(?<![\w.])[-−±~≈]?\d+(?:[.,]\d+)?(?:\s?[×x·]\s?10\s?\^?[-−]?\d+)?"
    return re.compile(
        rf"{number}\s?(?:{units})(?!\w)|(?<![\w.])\d+\.\d+(?!\w)|\b(?:by|to|from|than|exponent)\s{number}(?!\w)"
    )


def _differ(one: str, other: str) -> bool:
    return fuzz.token_sort_ratio(one.lower(), other.lower()) < SAME_TEXT
