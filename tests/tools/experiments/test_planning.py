"""Which part of a range a claim is tested over."""

import pytest

from tests.tools.experiments.toys import WIDTH, Toy
from tools.experiments.language import read_claim
from tools.experiments.matching import shortlist
from tools.experiments.schema import ClaimLine, TypedClaim
from tools.experiments.values import cut_range
from tools.experiments.wording import find_held, find_part


def read(sentence: str) -> TypedClaim:
    return read_claim(ClaimLine(statement=sentence))


@pytest.mark.parametrize(
    ("sentence", "low", "high"),
    [
        ("The glow grows with the width of the slab.", 1, 10),
        ("In narrow slabs the glow grows with the width.", 1, 3.25),
        ("In narrow beams the glow grows with the width.", 1, 10),
        ("At small width the glow grows with the width.", 1, 3.25),
        ("At large widths the glow falls with the width.", 7.75, 10),
        ("The glow is greater at a larger width.", 1, 10),
        ("The glow sets in when the width exceeds 2 cm.", 1, 8),
        ("The glow peaks at a width of 5 cm.", 1.25, 10),
        ("The glow peaks at a width of 50 cm.", 1, 10),  # out of reach: the whole range says so
        ("From 2 to 3 cm the glow grows with the width.", 2, 3),
    ],
)
def test_a_claim_is_tested_where_it_speaks_of(sentence: str, low: float, high: float) -> None:
    span = cut_range(read(sentence), WIDTH)
    assert (span.low, span.high) == pytest.approx((low, high))


def test_an_end_of_a_range_is_read_from_an_adjective_and_not_from_a_comparison() -> None:
    def is_disorder(word: str) -> bool:
        return word.startswith("disorder")

    assert find_part("In a weakly disordered chain the length falls.", is_disorder) == "low"
    assert find_part("At high disorder the length falls.", is_disorder) == "high"
    assert find_part("Stronger disorder shortens the length.", is_disorder) is None


def test_what_a_sentence_holds_fixed_must_be_known_to_the_instrument() -> None:
    assert find_held("At a fixed temperature of 300 K the glow grows with the width.") == ["temperature"]
    assert find_held("At constant magnetic field, the glow grows.") == ["magnetic field"]
    assert find_held("The glow at 300 K grows.") == []

    def score(sentence: str) -> float:
        return shortlist(read(sentence), [Toy()], typed=False).matches[0].score

    known = score("At a fixed magnetic field of 2 T the brightness of the glowing slab rises with its width.")
    unknown = score("At a fixed humidity of 2 T the brightness of the glowing slab rises with its width.")
    assert unknown < 0.7 * known
