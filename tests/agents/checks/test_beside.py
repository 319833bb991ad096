"""A contradiction with a textbook or a law stands beside the sentence that it was found in."""

from agents.checks import Aids, mark_text
from agents.checks.beside import list_contradictions, mark_contradictions
from agents.checks.text import read_proposal
from agents.schema import Check, Hypothesis, Proposal
from app.examples import load_example

RISING = "In monolayer WS2 the optical gap rises with tensile strain."


def hypothesis(**parts: str) -> Hypothesis:
    whole = load_example("two-dimensional-magnet").hypotheses[0]
    claim = whole.proposal.claim.model_copy(
        update={
            "system": "monolayer WS2",
            "cause": "tensile strain",
            "response": "optical gap",
            "falsifier": None,
        }
    )
    proposal = Proposal.model_validate({**whole.proposal.model_dump(), "claim": claim.model_dump(), **parts})
    checks = mark_text(read_proposal("", proposal), Aids())
    return whole.model_copy(update={"proposal": proposal, "checks": checks})


def test_the_mark_stands_behind_the_sentence() -> None:
    mechanism = f"Bonds stretch. {RISING} So the exciton moves."
    found = hypothesis(statement="The exciton of WS2 answers to strain.", mechanism=mechanism)
    (told,) = list_contradictions(found)
    assert told == "textbooks say otherwise: optical gap falls with tensile strain"
    assert (
        mark_contradictions(found, "mechanism") == f"Bonds stretch. {RISING} (⚠ {told}) So the exciton moves."
    )
    assert mark_contradictions(found, "statement") == "The exciton of WS2 answers to strain."


def test_of_an_older_run_it_stands_behind_the_statement() -> None:
    old = Check(name="as textbooks say", mark=0, how="against: gap falls with strain (A Book)", of="physics")
    found = hypothesis().model_copy(update={"checks": [old]})
    marked = mark_contradictions(found, "statement")
    assert marked == f"{found.proposal.statement} (⚠ textbooks say otherwise: gap falls with strain)"
    assert mark_contradictions(found, "prediction") == found.proposal.prediction


def test_laws_are_marked_and_what_agrees_is_not() -> None:
    broken = hypothesis(mechanism="The engine works above the Carnot limit.")
    assert "(⚠ against a conservation law: " in mark_contradictions(broken, "mechanism")
    right = hypothesis(statement=RISING.replace("rises", "falls"))
    assert mark_contradictions(right, "statement") == right.proposal.statement
