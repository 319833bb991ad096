"""Which representation is enough: invariances, errors against a known truth, and tables of strangers."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the extra [descriptors] is not installed")
pytest.importorskip("pymatgen", reason="the extra [descriptors] is not installed")

from tools.descriptors.choosing.choosing import choose, keeps, read_group, roc_loss
from tools.descriptors.choosing.representations import REPRESENTATIONS, FeatureRepresentation
from tools.descriptors.choosing.table import Data, box, read_composition, read_table
from tools.descriptors.choosing.things import Things
from tools.descriptors.choosing.tool import CHOOSE, ToChoose
from tools.descriptors.errors import DescriptorError
from tools.representation import check, read_text
from tools.views import Table

METALS, ANIONS = ("Li", "Na", "K", "Mg", "Ca", "Zn"), ("O", "S", "Se", "F", "Cl")


def write(folder: Path, *lines: str) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rows(count: int = 40) -> list[str]:
    rng = np.random.default_rng(0)
    picked = [(rng.integers(6), rng.integers(5), rng.integers(1, 4)) for _ in range(count)]
    return [f"{METALS[a]}{n}{ANIONS[b]},{a - 0.5 * b + 0.01 * rng.normal():.3f}" for a, b, n in picked]


@pytest.mark.parametrize("one", REPRESENTATIONS, ids=lambda one: one.name)
def test_each_carries_a_specification_that_type_checks(one: FeatureRepresentation) -> None:
    given = read_text(one.specification)
    assert check(given.transform, given.places) == []
    assert one.loses


def test_a_table_is_tried_and_noise_is_not_learned(tmp_path: Path) -> None:
    data = read_table(write(tmp_path, "formula,gap (eV)", *rows(), "nonsense,1", "NaCl,nan"), "gap")
    assert (data.unit, len(data.target)) == ("eV", 40)
    assert "2 rows were set aside, first line 42: 'nonsense' is no formula" in data.notes[0]
    found = choose(data, ["E(3)"], among=["fractions", "composition"])
    assert found.trials[0].error < 0.4 * found.floor
    assert found.trials[0].low <= found.trials[0].error <= found.trials[0].high
    assert found.enough in {trial.representation for trial in found.trials if trial.enough}
    rng = np.random.default_rng(1)
    noise = Data("y", "", data.things, rng.standard_normal(40))
    assert choose(noise, among=["fractions"]).trials[0].error > 0.7 * choose(noise, among=["fractions"]).floor


def test_two_values_are_ranked(tmp_path: Path) -> None:
    lines = [f"{line.partition(',')[0]},{'True' if line[0] in 'NK' else 'False'}" for line in rows()]
    found = choose(read_table(write(tmp_path, "composition,alkali", *lines), "alkali"), among=["fractions"])
    assert found.measure == "1 − ROC-AUC"
    assert found.trials[0].error < 0.1
    assert found.floor == 0.5
    assert roc_loss(np.array([0.1, 0.9]), np.array([1.0, 0.0])) == 1


def test_invariances_decide_what_is_tried() -> None:
    held = {one.name: one for one in REPRESENTATIONS}
    assert keeps(held["soap"], read_group("supercell"))
    assert keeps(held["soap"], read_group("SO(3)"))  # inside E(3)
    assert not keeps(held["sine_matrix"], read_group("lattice(SL(3,Z))"))
    assert keeps(held["composition"], read_group("supercell"))
    with pytest.raises(DescriptorError, match="no group is called 'foo'"):
        read_group("foo(3)")


def test_molecules_are_described_whatever_their_orientation() -> None:
    rng = np.random.default_rng(2)
    clouds = [3 * rng.random((4, 3)) + np.arange(4)[:, None] for _ in range(3)]
    turn = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    order = [2, 0, 3, 1]
    elements = np.array(["C", "O", "H", "H"])
    shares = [read_composition("CH2O")] * 3
    things = Things(shares, [box(elements.tolist(), cloud) for cloud in clouds], periodic=False)
    moved = [box(elements[order].tolist(), (cloud @ turn)[order]) for cloud in clouds]
    other = Things(shares, moved, periodic=False)
    for name in ("coulomb_matrix", "sorted_coulomb_matrix", "bag_of_bonds"):
        describe = next(one for one in REPRESENTATIONS if one.name == name).describe
        one = describe(things)
        assert one == pytest.approx(describe(other), rel=1e-6)
        assert np.ptp(one, axis=0).max() > 0.01


def test_the_tool_tries_formulas_and_names_what_it_has_no_time_for() -> None:
    formulas, values = zip(*(line.split(",") for line in rows()), strict=True)
    given = ToChoose(formulas=formulas, values=[float(v) for v in values], target="gap", unit="eV")
    result = CHOOSE.run(given.model_copy(update={"among": ["fractions", "composition"]}))
    assert {one.representation for one in result.trials} == {"fractions", "composition"}
    assert "is enough for gap: mean absolute error" in CHOOSE.digest(result)
    table = next(block for block in CHOOSE.view(given, result) if isinstance(block, Table))
    assert {row[-1] for row in table.rows} == {"order(N)"}
    with pytest.raises(DescriptorError, match="fractions: needs about"):
        CHOOSE.run(given.model_copy(update={"among": ["fractions"], "seconds": 1e-9}))


@pytest.mark.parametrize("text", ["/etc/passwd", "../pyproject.toml", "POSCAR\n1.0\n1 0 0"])
def test_the_tool_opens_no_file(text: str) -> None:
    with pytest.raises(DescriptorError, match="no row can be used: row 1"):
        CHOOSE.run(ToChoose(structures=[text] * 20, values=[1.0] * 20))


def test_the_tool_wants_one_value_for_each_row() -> None:
    with pytest.raises(ValueError, match="20 rows and 21 values"):
        ToChoose(formulas=["NaCl"] * 20, values=[1.0] * 21)
    with pytest.raises(ValueError, match="one of them"):
        ToChoose(values=[1.0] * 20)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["formula,gap"], "it is empty"),
        (["formula,other", "NaCl,1"], "no column 'gap'"),
        (["name,gap", "NaCl,1"], "neither a column called formula"),
        (["formula,gap", "NaCl,1"], "at least 20"),
        (["formula,gap", "Xx,1"], "'Xx' is no formula"),
        (["structure,gap", "nowhere.cif,1"], "nowhere.cif is no file"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(tmp_path: Path, lines: list[str], told: str) -> None:
    with pytest.raises(DescriptorError, match=told) as caught:
        choose(read_table(write(tmp_path, *lines), "gap"))
    assert "\n" not in str(caught.value)
