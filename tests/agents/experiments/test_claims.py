"""What a model left empty of a claim is read from its prose, where a unit shows what a number is of."""

import time

import pytest

from agents.experiments.claims import lacks, typed_claims
from agents.schema import Claim, FixedQuantity, Proposal, Relation
from tests.agents.samples import PROPOSAL
from tools.experiments import CauseRange, TypedClaim, ValueWithUnit


def read(**fields: object) -> TypedClaim:
    """The first claim of a proposal. Fields of its claim and its prose are told apart by name."""
    typed = Claim.model_fields.keys() - {"falsifier"}
    own = {name: value for name, value in fields.items() if name in typed}
    prose = {name: value for name, value in fields.items() if name not in own}
    claim = {
        "system": "a lattice", "cause": "temperature (K)", "response": "gap in meV", "relation": "falls",
    } | own  # fmt: skip
    return typed_claims(Proposal.model_validate(PROPOSAL.model_dump() | {"claim": claim} | prose))[0]


@pytest.mark.parametrize(
    ("cause", "name", "unit"),
    [
        ("temperature in K", "temperature", "K"),
        ("temperature (in K)", "temperature", "K"),
        ("domain-wall density in 1/µm", "domain-wall density", "1/µm"),
        ("friction coefficient (no unit)", "friction coefficient", "1"),
        ("number of walls in the film", "number of walls in the film", None),
        ("field", "field", None),
    ],
)
def test_a_unit_behind_a_quantity_is_told_from_words(cause: str, name: str, unit: str | None) -> None:
    claim = read(cause=cause)
    assert (claim.cause, claim.cause_unit) == (name, unit)


def test_a_range_is_the_causes_only_where_its_unit_fits() -> None:
    prose = "The gap falls from 30 to 10 meV when the temperature goes from 4 K to 300 K."
    assert read(prediction=prose).cause_range == CauseRange(low=4, high=300, unit="K")
    assert read(prediction="The gap falls from 30 to 10 meV.").cause_range is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A fall of less than 5 meV over that range.", ("change", ">", -5, "meV")),
        ("The gap stays above 12 meV.", ("value", ">", 12, "meV")),
        ("A gap below 1.5e1 meV at 4 K.", ("value", "<", 15, "meV")),
        ("The threshold lies above 40 K.", ("position", ">", 40, "K")),
        ("A ratio below 2.", ("ratio", "<", 2, "1")),
    ],
)
def test_a_falsifier_becomes_a_number(text: str, expected: tuple[str, str, float, str]) -> None:
    found = read(falsifier=text).falsifier
    assert found is not None
    assert (found.quantity, found.comparator.value, found.number, found.unit) == expected


@pytest.mark.parametrize(
    "text", ["A change of less than 5 %.", "It changes by less than 3 apples.", "Nothing."]
)
def test_a_limit_whose_unit_does_not_fit_is_left_open(text: str) -> None:
    claim = read(falsifier=text)
    assert claim.falsifier is None
    assert "a falsifier as a number" in lacks(claim)


def test_what_the_model_filled_in_stands() -> None:
    claim = read(
        cause_range=CauseRange(low=1, high=2, unit="K"),
        held=[
            FixedQuantity(quantity="field", value="2 T"),
            FixedQuantity(quantity="lattice", value="square"),
        ],
        smallest_effect=ValueWithUnit(value=1, unit="meV"),
        falsifier="A fall of less than 5 meV.",
    )
    assert claim.cause_range == CauseRange(low=1, high=2, unit="K")
    assert claim.fixed == {"field": ValueWithUnit(value=2, unit="T"), "lattice": "square"}
    assert lacks(claim) == []


def test_two_halves_are_two_claims() -> None:
    second = Claim(system="s", cause="field in T", response="gap in meV", relation=Relation.STAYS)
    claims = typed_claims(PROPOSAL.model_copy(update={"second": second}))
    assert [claim.relation for claim in claims] == [Relation.RISES, Relation.STAYS]
    assert claims[1].cause_range is None


def test_a_field_that_does_not_fit_is_left_out_and_ends_no_proposal() -> None:
    fields = PROPOSAL.model_dump()
    fields["claim"] |= {"cause_range": {"low": 5, "high": 1, "unit": "K"}, "falsifier": {"number": "many"}}
    fields["second"] = {"system": "half a claim"}
    proposal = Proposal.model_validate(fields)
    assert (proposal.claim.cause_range, proposal.claim.falsifier, proposal.second) == (None, None, None)


@pytest.mark.parametrize("unit", ["m**9**9**9", "K^999999999", "(2)**99", "x" * 100, "<img>", "9**9**9**9"])
def test_a_hostile_unit_costs_no_time(unit: str) -> None:
    start = time.process_time()
    claim = read(
        cause_unit=unit,
        cause_range=CauseRange(low=1, high=2, unit=unit),
        held=[FixedQuantity(quantity="q", value=f"3 {unit}")],
    )
    assert (claim.cause_unit, claim.cause_range) == ("K", None)
    assert claim.fixed == {"q": f"3 {unit}"[:200].strip()}
    assert time.process_time() - start < 5


def test_a_number_that_overflows_is_no_fault() -> None:
    assert read(prediction="from 1e400 to 1e999 K", falsifier="below 1e999 meV").cause_range is None


def test_prose_of_an_older_version_reads_as_before() -> None:
    old = PROPOSAL.model_dump_json()
    assert "cause_unit" not in old
    assert Proposal.model_validate_json(old) == PROPOSAL
