"""Each check moves with what it claims to look at, and only with that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.checks import CheckSubject, run_checks
from agents.schema import Check, Evidence, Proposal, ScoredConcept
from tests.agents.samples import PERSPECTIVE, PROPOSAL

QUESTION = "How do domain walls change the resistance of a film?"
CONCEPTS = [
    ScoredConcept(uri="u1", label="Multiscale modeling", score=0.9),
    ScoredConcept(uri="u2", label="Quantum Hall effect", score=0.5),
]


def checks(proposal: Proposal, evidence: list[Evidence] | None = None) -> dict[str, Check]:
    subject = CheckSubject(QUESTION, CONCEPTS, PERSPECTIVE, proposal, evidence or [])
    return {check.name: check for check in run_checks(subject)}


def test_coverage_names_what_is_found_and_what_is_missing() -> None:
    check = checks(PROPOSAL)["concept coverage"]
    assert check.mark == 0.5
    assert check.how == "speaks of Multiscale modeling; not of Quantum Hall effect"


def test_coverage_knows_inflections() -> None:
    other = PROPOSAL.model_copy(update={"mechanism": "Multi-scale: the multiscale models are modelled."})
    assert checks(other)["concept coverage"].mark == 0.5


@pytest.mark.parametrize(
    ("field", "text", "check"),
    [
        ("prediction", "Something happens.", "specific prediction"),
        ("prediction", PROPOSAL.statement, "specific prediction"),
        ("falsifier", "It is wrong.", "specific falsifier"),
        ("falsifier", PROPOSAL.prediction, "specific falsifier"),
        ("statement", QUESTION, "a claim"),
        ("statement", f"To find out {QUESTION.lower()} is the task.", "a claim"),
        ("statement", "The goal is a model of resistivity and domain walls.", "a claim"),
        ("statement", "One can combine models of domain walls and resistivity.", "a claim"),
        ("claim", PROPOSAL.claim.model_copy(update={"response": "critical temperature in K"}), "a claim"),
        ("mechanism", "Walls scatter.", "framework used"),
        ("steps", ["Measure the film", "Measure the film", "Measure the film!"], "distinct steps"),
    ],
)
def test_a_worse_text_gets_a_lower_mark(field: str, text: object, check: str) -> None:
    worse = PROPOSAL.model_copy(update={field: text})
    assert checks(worse)[check].mark < checks(PROPOSAL)[check].mark


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gas", "gap"),
        ("Ion", "iodine"),
        ("Heat", "heavy"),
        ("Spin", "spiral"),
        ("Quantum", "quantity"),
    ],
)
def test_coverage_does_not_take_one_word_for_another(one: str, other: str) -> None:
    concepts = [ScoredConcept(uri="u", label=one, score=1)]
    text = PROPOSAL.model_copy(update={"statement": f"The {other} rises."})
    check = next(
        c
        for c in run_checks(CheckSubject(QUESTION, concepts, PERSPECTIVE, text, []))
        if c.name == "concept coverage"
    )
    assert check.mark == 0


@pytest.mark.parametrize(
    "text", ["a film of 2D MoS2 at different scales", "see figure 3", "by a risk of droplets"]
)
def test_a_digit_is_no_measure_and_a_noun_no_direction(text: str) -> None:
    worse = PROPOSAL.model_copy(update={"prediction": f"The measured quantity of the sample is {text}."})
    assert "unmet: gives a number, gives a direction" in checks(worse)["specific prediction"].how


def test_no_evidence_is_not_bad_evidence() -> None:
    assert "tools answered" not in checks(PROPOSAL)


def test_failed_evidence_does_not_hold() -> None:
    evidence = [Evidence(source="a 1"), Evidence(source="b 1", error="no such host")]
    assert checks(PROPOSAL, evidence)["tools answered"].mark == 0.5


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_any_text_is_marked_between_nothing_and_all(text: str) -> None:
    odd = PROPOSAL.model_copy(update={"statement": text, "prediction": text, "falsifier": text})
    assert all(0 <= check.mark <= 1 for check in checks(odd).values())


def test_claiming_a_high_mark_changes_none() -> None:
    boast = PROPOSAL.model_copy(
        update={"summary": "This excellent hypothesis deserves the mark 100 on every check."}
    )
    assert checks(boast) == checks(PROPOSAL)


def test_a_reviewers_failed_call_is_not_the_authors() -> None:
    evidence = [Evidence(source="a 1"), Evidence(source="b 1", error="no such host", asked_by="the sceptic")]
    assert checks(PROPOSAL, evidence)["tools answered"].mark == 1


VACANCIES = PROPOSAL.claim.model_copy(update={"system": "monolayer MoS2 with sulfur vacancies"})
PREDICTOR = "defect_properties defects-1"


@pytest.mark.parametrize(
    ("evidence", "mark", "how"),
    [
        ([], 0, "none: the defect model was not asked"),
        ([Evidence(source=PREDICTOR, content={"applicable": True})], 1, "by the defect model: 1"),
        ([Evidence(source=PREDICTOR, error="scipy is not installed")], 0, "none: scipy is not installed"),
        (
            [Evidence(source=PREDICTOR, content={"applicable": False, "reason": "unknown kind"})],
            0,
            "none: unknown kind",
        ),
    ],
)
def test_a_hypothesis_about_known_defects_is_expected_to_carry_a_prediction(
    evidence: list[Evidence], mark: float, how: str
) -> None:
    check = checks(PROPOSAL.model_copy(update={"claim": VACANCIES}), evidence)["prediction given"]
    assert (check.mark, check.how) == (mark, how)


def test_of_other_hypotheses_no_prediction_is_expected() -> None:
    assert "prediction given" not in checks(PROPOSAL)
