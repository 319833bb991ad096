"""`hypofind defects` as a user meets it."""

import csv
import io
import json
import sys
import tarfile
from pathlib import Path

import pytest

from app.cli import entry
from app.cli.exit_codes import Exit
from tests.tools.defects.strategies import to_atoms
from tests.tools.defects.test_dataset import cif
from tools import extras
from tools.defects import parse_spec, predict
from tools.defects.design import METHODS

SPEC = "MoS2 8x8x1: W on Mo@3; vacancy S@12"
CIF = cif(to_atoms(parse_spec(SPEC)))
Output = pytest.CaptureFixture[str]


def test_a_table_names_what_was_found(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "a.cif").write_text(CIF)
    assert (
        entry.run(["defects", "predict", str(tmp_path / "a.cif"), "MoTe2 8x8x1: vacancy Te@1"]) == Exit.DONE
    )
    out, err = capsys.readouterr()
    energy = predict(SPEC).formation_energy_per_site
    assert energy is not None
    assert f"{energy.value:.3f} ± {energy.std:.3f}" in out
    assert "W on Mo@3; vacancy S@12" in " ".join(out.split())
    assert "unknown host MoTe2" in " ".join(out.split())
    assert err == ""


def test_json_has_a_line_each_and_nothing_else(tmp_path: Path, capsys: Output) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        for name, text in (("one.cif", CIF), ("two.cif", CIF[:500]), ("three.cif", CIF)):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    assert entry.run(["defects", "predict", "--json", str(tmp_path / "a.tar.gz")]) == Exit.DONE
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["applicable"] for line in lines] == [True, False, True]
    assert [line["id"].rpartition(":")[2] for line in lines] == ["one.cif", "two.cif", "three.cif"]
    assert lines[0]["host"] == "MoS2"
    for name in ("formation_energy_per_site", "homo_lumo_gap"):
        assert set(lines[0][name]) == {"value", "std", "unit"}
        assert lines[1][name] is None
    assert "cut short" in lines[1]["reason"]
    assert lines[0]["reason"] is None


def test_csv_runs_no_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.chdir(tmp_path)
    name = '=HYPERLINK("evil","x"),.cif'
    Path(name).write_text(CIF)
    assert entry.run(["defects", "predict", "--csv", name, "+nothing"]) == Exit.DONE
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["id"] for row in rows] == [f"'{name}", "'+nothing"]
    assert float(rows[0]["formation_energy_per_site"]) > 0
    assert [row["applicable"] for row in rows] == ["true", "false"]
    assert rows[0]["unit"] == "eV"
    assert [row["supercell"] for row in rows] == ["8x8", ""]
    assert rows[0]["nearest"].count("; ") == 2
    assert rows[1]["nearest"] == ""


def test_one_bad_input_is_one_line_and_exit_code_2(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "a.cif").write_bytes(b"")
    assert entry.run(["defects", "predict", str(tmp_path / "a.cif")]) == Exit.USAGE
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"hypofind: {tmp_path}/a.cif: the file is empty\n")


def test_all_bad_is_exit_code_2_and_every_line_says_why(tmp_path: Path, capsys: Output) -> None:
    assert entry.run(["defects", "predict", "--json", "a", "b"]) == Exit.USAGE
    out, err = capsys.readouterr()
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["a", "b"]
    assert err.startswith("hypofind: none of 2 structures could be read; the first is a: no such file")


def test_what_is_read_but_outside_the_model_is_an_answer(capsys: Output) -> None:
    assert entry.run(["defects", "predict", "MoTe2 8x8x1: vacancy Te@1"]) == Exit.DONE
    assert "unknown host" in capsys.readouterr().out


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{SPEC}\nnonsense\n".encode())))
    assert entry.run(["defects", "predict", "--json", "-"]) == Exit.DONE
    assert [json.loads(line)["applicable"] for line in capsys.readouterr().out.splitlines()] == [True, False]


@pytest.mark.parametrize("arguments", [[], ["--json", "--csv", SPEC], ["--nothing", SPEC]])
def test_wrong_arguments_are_exit_code_2(arguments: list[str], capsys: Output) -> None:
    assert entry.run(["defects", "predict", *arguments]) == Exit.USAGE
    assert capsys.readouterr().err.count("\n") == 1


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    from tools.defects import weights

    weights.load_model.cache_clear()
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    monkeypatch.setattr(extras, "_is_clone", lambda: False)
    assert entry.run(["defects", "predict", SPEC]) == Exit.FAILED
    said = "safetensors is not installed: pip install 'hypothesis-finder[defects]'"
    assert capsys.readouterr().err == f"hypofind: {said}\n"


SCREEN = ["defects", "screen", "WSe2", "-d", "2 vacancy Se"]


def test_a_screening_says_whether_it_was_exhaustive_and_draws(tmp_path: Path, capsys: Output) -> None:
    picture = tmp_path / "front.png"
    assert entry.run([*SCREEN, "-n", "3", "--plot", str(picture)]) == Exit.DONE
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 4
    assert "all 19 configurations that differ under symmetry; 19 in the windows; the 3 cheapest shown" in err
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_screening_as_json_is_a_line_each_cheapest_first(capsys: Output) -> None:
    assert entry.run([*SCREEN, "--json", "--gap", "0", "inf", "--energy", "0", "9"]) == Exit.DONE
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    energies = [line["formation_energy_per_site"]["value"] for line in lines]
    assert len(lines) == 19
    assert energies == sorted(energies)
    assert all(0 <= line["chance"] <= 1 for line in lines)


def test_a_screening_as_csv(capsys: Output) -> None:
    assert entry.run([*SCREEN, "--csv", "-n", "2"]) == Exit.DONE
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [0 <= float(row["chance"]) <= 1 for row in rows] == [True, True]


def test_a_screening_says_why_the_model_refuses(capsys: Output) -> None:
    assert entry.run(["defects", "screen", "hBN", "-d", "vacancy  N"]) == Exit.DONE
    assert "1 that the model refuses (isolated: 1 defects" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["screen", "MoTe2", "--most", "1"], "unknown host MoTe2"),
        (["screen", "MoS2"], "name the defects"),
        (["screen", "MoS2", "-d", "0 vacancy S"], "write it like '2 vacancy S'"),
        (["screen", "MoS2", "-d", "2 vacancy Q"], "unknown kind 'vacancy Q'"),
        (["screen", "MoS2", "-d", "vacancy S", "--gap", "2", "1"], "give the lower end first"),
        (["screen", "MoS2", "-d", "vacancy S", "--plot", "no/such/a.png"], "there is no folder no/such"),
        (["screen", "MoS2", "-d", "vacancy S", "--plot", "a.txt"], "name a file that ends in .png"),
        (["screen", "MoS2", "-d", "vacancy S", "--most", "2"], "not both"),
        (["screen", "MoS2", "-d", "vacancy S", "--json", "--csv"], "exclude each other"),
        (["screen", "MoS2", "-d", "999 vacancy S"], "more defects on S than the 128 sites"),
        (["design", "MoS2"], "Missing option '--gap'"),
        (["design", "MoS2", "--gap", "nan"], "gap"),
        (["design", "MoS2", "--gap", "1", "--energy", "nan"], "energy"),
        (["design", "MoS2", "--gap", "1", "--kind", "vacancy Q"], "unknown kind 'vacancy Q'"),
        (["design", "hBN", "--gap", "1", "--most", "2"], "hBN needs at least 3"),
        (["design", "MoS2", "--gap", "1", "--method", "guess"], "unknown method 'guess'"),
    ],
)
def test_what_cannot_be_searched_is_one_line_and_exit_code_2(
    arguments: list[str], says: str, capsys: Output
) -> None:
    assert entry.run(["defects", *arguments]) == Exit.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert err.count("\n") == 1


def test_a_design_reports_each_method(capsys: Output) -> None:
    asked = ["defects", "design", "MoS2", "--gap", "0.9", "--kind", "vacancy S", "--most", "2"]
    assert entry.run([*asked, "--kind", "vacancy S", "--evaluations", "12", "--json"]) == Exit.DONE
    out = capsys.readouterr().out
    assert "Infinity" not in out
    found = json.loads(out)
    assert [m["method"] for m in found["methods"]] == list(METHODS)
    assert all(m["evaluations"] == 12 for m in found["methods"])
    assert all(abs(hit["homo_lumo_gap"]["value"] - 0.9) <= 0.05 for hit in found["found"])
    assert entry.run([*asked, "--evaluations", "4", "--method", "random"]) == Exit.DONE
    out, err = capsys.readouterr()
    assert "random" in out
    assert "configurations found with a predicted gap of 0.9 ± 0.05 eV" in err
