"""What hostile or broken input costs: one loss with its reason, and never the run."""

import io
import tracemalloc
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.tools.generation.crystals.test_readers import to_cif
from tests.tools.generation.samples import SMILES, TEXTS, crystals, perovskite
from tools.generation import LossReason, Sample, SampleForm, SampleKind, evaluate, read_samples
from tools.generation.judging.examine import examine
from tools.generation.judging.facts import RequestedFacts

CIF = to_cif(crystals()[0])
ATOM = "  Ba  Ba0  1  0.0 0.0 0.0  1\n"
MILLION = 1_000_000
STRINGS: dict[str, tuple[SampleForm, str, LossReason]] = {
    "a cell that is not a number": (SampleForm.TEXT, "nan nan nan 90 90 90\nSi 0 0 0", LossReason.NOT_FINITE),
    "no volume": (SampleForm.TEXT, "3 3 3 90 90 0\nSi 0 0 0", LossReason.FLAT_CELL),
    "almost no volume": (SampleForm.TEXT, "0.1 0.1 0.1 90 90 90\nSi 0 0 0", LossReason.FLAT_CELL),
    "an overflowing cell": (SampleForm.TEXT, "1e200 1e200 1e200 90 90 90\nSi 0 0 0", LossReason.FLAT_CELL),
    "a dummy": (SampleForm.CIF, CIF.replace("Ba  Ba0", "L0  L00"), LossReason.UNKNOWN_SPECIES),
    "an oxidation state of a dummy": (
        SampleForm.CIF,
        CIF.replace("Ba  Ba0", "X2+  X0"),
        LossReason.UNKNOWN_SPECIES,
    ),
    "nested blocks": (SampleForm.CIF, "data_a\nsave_b\n" * 5_000 + "loop_\n" * 5_000, LossReason.NOT_CIF),
    "loops in loops": (SampleForm.CIF, "data_a\n" + "loop_\n_a\n" * 9_000, LossReason.NOT_CIF),
    "text fields that never end": (SampleForm.CIF, "data_a\n_x\n" + ";\nx\n" * 9_001, LossReason.NOT_CIF),
    "quotes that never end": (SampleForm.CIF, "data_a\n" + "_x 'a b c\n" * 9_000, LossReason.NOT_CIF),
    "a name that refers to itself": (SampleForm.CIF, "data_a\n_a _a\n_a data_a\n", LossReason.NOT_CIF),
    "symmetry without end": (
        SampleForm.CIF,
        CIF.replace(
            "'x, y, z'", "'x, y, z'\n" + "\n".join(f"  {k} 'x, y, z+1/{k}'" for k in range(2, 2_000))
        ),
        LossReason.TOO_MANY_ATOMS,
    ),
    "too many atoms": (SampleForm.CIF, CIF + ATOM * 1_001, LossReason.TOO_MANY_ATOMS),
    "a million atoms": (SampleForm.CIF, CIF + ATOM * MILLION, LossReason.TOO_LONG),
    "a promise of many atoms": (
        SampleForm.POSCAR,
        "x\n1\n3 0 0\n0 3 0\n0 0 3\nSi\n999999999\nDirect\n0 0 0\n",
        LossReason.TOO_MANY_ATOMS,
    ),
    "10^5 characters": (SampleForm.SMILES, "C" * 100_000, LossReason.TOO_LONG),
    "letters that RDKit passes over": (
        SampleForm.SMILES,
        "C\N{GREEK SMALL LETTER ALPHA}",
        LossReason.NOT_SMILES,
    ),
    "two atoms on a site": (SampleForm.CIF, CIF.replace("  1\n", "  2\n"), LossReason.NOT_CIF),
    "brackets": (SampleForm.SMILES, "[" * 4_999, LossReason.NOT_SMILES),
    "ring bonds": (SampleForm.SMILES, "C%99" * 1_200 + "C", LossReason.NOT_SMILES),
    "a wrong count": (SampleForm.XYZ, "3\n\nO 0 0 0\nH 0 0 1\n", LossReason.NOT_XYZ),
    "a negative count": (SampleForm.XYZ, "-3\n\nO 0 0 0\n", LossReason.NOT_XYZ),
    "another digit": (SampleForm.XYZ, "²\n\nO 0 0 0\n", LossReason.NOT_XYZ),
    "binary data": (
        SampleForm.SMILES,
        bytes(range(256)).decode("utf-8", errors="replace"),
        LossReason.BINARY,
    ),
    "nothing": (SampleForm.CIF, " \n\t\n", LossReason.EMPTY),
    "SLICES": (SampleForm.SLICES, "Ba Ti O 0 1 oo", LossReason.NO_SLICES),
}


@pytest.mark.parametrize("name", STRINGS)
@pytest.mark.timeout(20)
def test_each_is_lost_with_its_reason(name: str) -> None:
    form, text, reason = STRINGS[name]
    finding = examine(Sample(form=form, text=text), RequestedFacts(tables=("smact14",), tolerance=0.1))
    assert finding.loss is not None
    assert finding.loss.reason is reason, finding.loss


def test_all_of_them_in_one_run_with_good_ones_between() -> None:
    crystalline = [
        Sample(form=form, text=text)
        for form, text, _ in STRINGS.values()
        if Sample(form=form).kind is SampleKind.CRYSTAL
    ]
    good = [Sample(form=SampleForm.TEXT, text=text) for text in TEXTS[:4]]
    result = evaluate(
        [*good[:2], *crystalline, *good[2:]], kind=SampleKind.CRYSTAL, rules=["mattergen"], processes=1
    )
    scored = result.of("mattergen")
    assert result.requested == len(crystalline) + 4
    assert sum(loss.count for loss in scored.losses) == len(crystalline)
    counted = Counter({loss.reason: loss.count for loss in scored.losses})
    assert counted[LossReason.FLAT_CELL] == 3


def test_many_duplicates_take_the_memory_of_one() -> None:
    """Some thousands here; the bench takes more."""
    number = 10_000

    def stream() -> Iterator[Sample]:
        for _ in range(number):
            yield Sample(form=SampleForm.SMILES, text=SMILES[0])

    tracemalloc.start()
    result = evaluate(stream(), kind=SampleKind.MOLECULE, rules=["seed_table"], processes=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    steps = {step.stage.value: step.count for step in result.of("seed_table").funnel}
    assert steps["chemically valid"] == number
    assert steps["unique"] == 1
    assert peak < 5_000_000


def test_duplicates_of_a_crystal_are_compared_once() -> None:
    same = [Sample(form=SampleForm.TEXT, text=perovskite("Ba", "Ti"))] * 3_000
    result = evaluate(same, kind=SampleKind.CRYSTAL, rules=["seed_table"], processes=1)
    assert result.of("seed_table").measure("unique").value == pytest.approx(1 / 3_000)


def test_a_stream_of_noise_is_read_to_its_end() -> None:
    noise = io.StringIO("\n".join("".join(chr(33 + (7 * k + j) % 90) for j in range(40)) for k in range(500)))
    result = evaluate(
        read_samples(noise, SampleForm.SMILES), kind=SampleKind.MOLECULE, rules=["seed_table"], processes=1
    )
    assert result.requested == 500
