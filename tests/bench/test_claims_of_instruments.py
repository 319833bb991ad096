"""The planted claims fit the instruments that they name, are balanced, and are true or false by a source."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.calculator.units import registry
from tools.experiments.schema import Relation, TypedClaim
from tools.instruments import instruments

FOLDER = Path(__file__).parents[2] / "bench" / "data" / "claims"
OUTSIDE = {"outside", "plain_outside"}  # no instrument has those
FILES = sorted(path for path in FOLDER.glob("*.yaml") if path.stem not in OUTSIDE)
BY_NAME = {instrument.name: instrument for instrument in instruments()}
TYPED = set(TypedClaim.model_fields)


def read(path: Path) -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return claims


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_claim_names_what_its_instrument_has(path: Path) -> None:
    for claim in read(path):
        instrument = BY_NAME[claim["instrument"]]
        parameters = {one.name: one for one in instrument.parameters}
        responses = {one.name: one for one in instrument.responses}
        cause, response = parameters[claim["parameter"]], responses[claim["response_name"]]
        for name in claim.get("fixed", {}):
            assert name in parameters or name in {one.name for one in instrument.choices}, claim["id"]
        for name, parameter, measured in claim.get("also", ()):
            assert parameter in {one.name for one in BY_NAME[name].parameters}, claim["id"]
            assert measured in {one.name for one in BY_NAME[name].responses}, claim["id"]
        assert claim["source"], claim["id"]
        assert claim["split"] in {"tune", "test"} or path.stem == "plain"
        if path.stem == "plain":  # a sentence and nothing else is given
            continue
        typed = TypedClaim.model_validate({key: claim[key] for key in TYPED & set(claim)})
        ureg = registry()
        if typed.cause_range is not None:
            unit = ureg.Quantity(1, typed.cause_range.unit)
            low, high = (unit * x for x in (typed.cause_range.low, typed.cause_range.high))
            assert low.to(cause.unit).magnitude >= cause.low * (1 - 1e-9) - 1e-12, claim["id"]
            assert high.to(cause.unit).magnitude <= cause.high * (1 + 1e-9), claim["id"]
        if typed.smallest_effect is not None:
            assert ureg.Quantity(1, typed.smallest_effect.unit).is_compatible_with(response.unit), claim["id"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_about_half_are_false(path: Path) -> None:
    claims = read(path)
    assert 0.35 < sum(claim["truth"] for claim in claims) / len(claims) < 0.65


def test_every_relation_is_claimed_and_no_id_or_sentence_is_there_twice() -> None:
    claims = [claim for path in FILES for claim in read(path)]
    assert {claim["relation"] for claim in claims} == {relation.value for relation in Relation}
    for field in ("id", "statement"):
        twice = [what for what, count in Counter(claim[field] for claim in claims).items() if count > 1]
        assert not twice
