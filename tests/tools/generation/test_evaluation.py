"""One entry for both kinds: counts, measures, intervals, provenance."""

import json
from collections.abc import Sequence

import numpy as np
import pytest

from tests.tools.generation.samples import SMILES, TEXTS, perovskite, rock_salt, rock_salt_primitive
from tools.generation import (
    BadFile,
    Evaluation,
    LossReason,
    ReferenceSet,
    Sample,
    SampleForm,
    SampleKind,
    SampleVerdict,
    Stage,
    Unreturned,
    evaluate,
)
from tools.generation.judging.facts import CrystalFacts

CLOSE = "3 3 3 90 90 90\nNa 0 0 0\nCl 0.1 0 0"
CHARGED = "5 5 5 90 90 90\nNa 0 0 0\nCl .5 .5 .5\nCl 0 .5 0\nCl .5 0 0"


def reference(texts: Sequence[str], kind: SampleKind, form: SampleForm) -> ReferenceSet:
    name = "-".join(texts)[:20]
    return ReferenceSet(
        name, kind, form, tuple(texts), tuple(f"id{k}" for k in range(len(texts))), str(hash(tuple(texts)))
    )


CRYSTALS = reference(TEXTS, SampleKind.CRYSTAL, SampleForm.TEXT)
MOLECULES = reference(SMILES, SampleKind.MOLECULE, SampleForm.SMILES)


@pytest.fixture(scope="module")
def crystals(tmp_path_factory: pytest.TempPathFactory) -> tuple[Evaluation, list[SampleVerdict]]:
    texts = [
        perovskite("Ba", "Ti"),  # in the training set
        perovskite("Ca", "Ti", length=3.8),  # novel
        rock_salt("K", "Br", 6.6),  # novel
        rock_salt_primitive("K", "Br", 6.6),  # its duplicate
        CLOSE,
        CHARGED,
        "no crystal",
    ]
    samples = [Sample(form=SampleForm.TEXT, text=text) for text in texts]
    samples.append(Sample(form=SampleForm.TEXT, unreturned=Unreturned.REFUSED))
    samples.append(
        Sample(form=SampleForm.TEXT, text=perovskite("Pb", "Ti", length=3.9), shots=(perovskite("Pb", "Ti"),))
    )
    seen: list[SampleVerdict] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        result = evaluate(
            samples,
            kind=SampleKind.CRYSTAL,
            rules=["seed_table", "mattergen", "cdvae", "genmetrics"],
            reference=CRYSTALS,
            training=CRYSTALS,
            seed=3,
            leave_out=["coverage_recall", "coverage_precision"],
            processes=1,
            watch=seen.append,
        )
    return result, seen


def funnel(result: Evaluation, rules: str) -> list[int | None]:
    return [step.count for step in result.of(rules).funnel]


def test_the_funnel_of_crystals(crystals: tuple[Evaluation, list[SampleVerdict]]) -> None:
    result, _ = crystals
    assert result.requested == 9
    assert funnel(result, "seed_table") == [8, 7, 7, 6, 5, 4, 2]
    assert funnel(result, "mattergen") == [8, 7, 7, 6, 6, 5, 3]


def test_every_loss_has_its_stage_reason_and_example(
    crystals: tuple[Evaluation, list[SampleVerdict]],
) -> None:
    losses = {(loss.stage, loss.reason): loss for loss in crystals[0].of("seed_table").losses}
    assert set(losses) == {
        (Stage.RETURNED, LossReason.REFUSED),
        (Stage.PARSED, LossReason.NOT_TEXT),
        (Stage.STRUCTURAL, LossReason.ATOMS_TOO_CLOSE),
        (Stage.CHEMICAL, LossReason.NOT_NEUTRAL),
        (Stage.UNIQUE, LossReason.DUPLICATE),
        (Stage.NOVEL, LossReason.KNOWN),
        (Stage.NOVEL, LossReason.COPIED),
    }
    assert losses[Stage.UNIQUE, LossReason.DUPLICATE].examples == ("#3: of #2",)
    assert losses[Stage.NOVEL, LossReason.KNOWN].examples == ("#0: id0",)
    assert sum(loss.count for loss in losses.values()) + 2 == 9


def test_measures_of_crystals(crystals: tuple[Evaluation, list[SampleVerdict]]) -> None:
    scored = crystals[0].of("seed_table")
    expected = {"structural": 6 / 9, "compositional": 6 / 9, "valid": 5 / 9, "unique": 4 / 5, "novel": 2 / 4}
    expected |= {"valid_unique_novel": 2 / 9, "novel_formula": 3 / 4, "novel_prototype": 0, "copied": 1 / 7}
    assert {name: scored.measure(name).value for name in expected} == pytest.approx(expected)
    for name in expected:
        interval, value = scored.measure(name).interval, scored.measure(name).value
        assert interval is not None
        assert value is not None
        assert interval.low <= value <= interval.high


def test_distances_are_scipys_on_valid_samples(crystals: tuple[Evaluation, list[SampleVerdict]]) -> None:
    from scipy.stats import wasserstein_distance

    result, seen = crystals
    valid = [
        v.finding.facts.density
        for v in seen
        if v.rules == "seed_table"
        and isinstance(v.finding.facts, CrystalFacts)
        and v.reached in {Stage.CHEMICAL, Stage.UNIQUE, Stage.NOVEL}
    ]
    from tools.generation.crystals.crystal import density
    from tools.generation.crystals.text import parse_text

    real = [density(parse_text(text)) for text in TEXTS]
    measure = result.of("seed_table").measure("density")
    assert measure.value == pytest.approx(wasserstein_distance(valid, real))
    assert (measure.n, measure.unit) == (5, "g/cm³")
    assert measure.real is not None
    assert measure.floor is not None


def test_survivors_can_be_kept(crystals: tuple[Evaluation, list[SampleVerdict]]) -> None:
    kept = [v.number for v in crystals[1] if v.rules == "seed_table" and v.loss is None]
    assert kept == [1, 2]


def test_an_evaluation_is_json_and_back(crystals: tuple[Evaluation, list[SampleVerdict]]) -> None:
    result = crystals[0]
    assert Evaluation.model_validate_json(result.model_dump_json()) == result
    provenance = json.loads(result.model_dump_json())["provenance"]
    assert provenance["seed"] == 3
    assert provenance["reference"]["sha256"] == CRYSTALS.sha256
    assert {"pymatgen", "smact", "spglib"} <= set(provenance["versions"])


def test_coverage_counts_what_was_requested() -> None:
    pytest.importorskip("matminer")
    real = reference(TEXTS[:2], SampleKind.CRYSTAL, SampleForm.TEXT)
    samples = [Sample(form=SampleForm.TEXT, text=text) for text in (TEXTS[0], "no crystal")]
    scored = evaluate(samples, kind=SampleKind.CRYSTAL, rules=["cdvae"], reference=real, processes=1).of(
        "cdvae"
    )
    assert scored.measure("coverage_precision").value == 0.5
    assert scored.measure("coverage_recall").n == 2


def test_molecules_repair_and_unique_at_k() -> None:
    texts = ["CCO", "OCC", "CCN", "CC(C)(C)(C)(C)C", "c1ccccc1", "C.C"]
    samples = [Sample(form=SampleForm.SMILES, text=text) for text in texts]
    result = evaluate(
        samples,
        kind=SampleKind.MOLECULE,
        rules=["moses", "seed_table"],
        reference=MOLECULES,
        training=MOLECULES,
        repair=True,
        leave_out=["frechet"],
        processes=1,
    )
    assert result.repaired == 1
    scored = result.of("moses")
    assert scored.measure("unique@1000").value == pytest.approx(5 / 6)
    assert scored.measure("unique@1000").note == "only 6 valid"
    assert scored.measure("novel").value == pytest.approx(3 / 5)
    assert scored.measure("similarity").value == pytest.approx(
        np.mean([1, 1, 3 / 9, 1 / 6, 1, 1 / 6]), abs=0.2
    )
    assert result.of("seed_table").measure("weight").real is not None


def test_without_references_the_measures_say_what_they_need() -> None:
    result = evaluate([Sample(form=SampleForm.SMILES, text="CCO")], kind=SampleKind.MOLECULE, processes=1)
    scored = result.of("seed_table")
    assert scored.measure("valid").value == 1
    assert "reference" in scored.measure("weight").note
    assert "training" in scored.measure("novel").note
    assert scored.funnel[-1].count is None


def test_nothing_came() -> None:
    result = evaluate(
        [], kind=SampleKind.CRYSTAL, rules=["mattergen"], reference=CRYSTALS, training=CRYSTALS, processes=1
    )
    assert result.requested == 0
    assert result.of("mattergen").measure("unique").value is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rules": ["nonsense"]}, "choose from cdvae"),
        ({"rules": []}, "at least one"),
        ({"rules": ["moses"]}, "do not judge a crystal"),
        ({"rules": ["../cdvae"]}, "no rules"),
        ({"reference": MOLECULES}, "holds molecules"),
        ({"leave_out": ["nonsense"]}, "no measure"),
    ],
)
def test_settings_that_cannot_be_used(changes: dict[str, object], says: str) -> None:
    with pytest.raises(BadFile, match=says):
        evaluate([], kind=SampleKind.CRYSTAL, processes=1, **changes)  # type: ignore[arg-type] # on purpose


def test_a_sample_of_the_other_kind() -> None:
    with pytest.raises(BadFile, match="no crystal"):
        evaluate([Sample(form=SampleForm.SMILES, text="C")], kind=SampleKind.CRYSTAL, processes=1)
