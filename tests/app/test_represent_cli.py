"""hypofind represent and hypofind describe: results on standard output, faults in one line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.entry import run
from app.cli.exit_codes import Exit
from bench.representation import load_right

CLOUD = "transform cloud\n in r : position[N,3] angstrom\n out E : scalar eV\n invariant under E(3)\n"
MINE = """
def energy(r):
    return ((r - r.mean(0)) ** 2).sum()

def first(r):
    return r[0, 0]
"""


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "my_cloud.py").write_text(MINE)
    path = tmp_path / "cloud.spec"
    path.write_text(CLOUD)
    return path


def test_a_function_of_the_user_is_checked(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["represent", "check", str(spec), "--against", "my_cloud:energy", "--draws", "3"]) == Exit.DONE
    assert "no counterexample for 5 properties in 3 draws each" in capsys.readouterr().out
    arguments = ["represent", "check", str(spec), "--against", "my_cloud:first", "--draws", "3", "--json"]
    assert run([*arguments, "--figure", "case.png"]) == Exit.FAILED
    told = json.loads(capsys.readouterr().out)
    assert {one["verdict"] for one in told["findings"]} == {"no counterexample", "counterexample"}
    assert Path("case.png").stat().st_size > 5000


def test_the_object_is_read_as_the_text_is(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["represent", "check", str(spec), "--json"]) == Exit.DONE
    transform = json.loads(capsys.readouterr().out)["transform"]
    spec.write_text(json.dumps(transform))
    assert run(["represent", "check", str(spec)]) == Exit.DONE
    assert "cloud is well typed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["check", "nowhere.spec"], "is not a file"),
        (["check", "cloud.spec", "--against", "my_cloud:nothing"], "cannot be loaded"),
        (["check", "cloud.spec", "--against", "no_module:f"], "cannot be loaded"),
        (["check", "cloud.spec", "--against", "nothing"], "no descriptor or instrument is called"),
        (["check", "cloud.spec", "--tolerance", "2"], "between 0 and 1"),
        (["chain", "cloud.spec"], "two specifications"),
        (["chain", "cloud.spec", "cloud.spec"], "takes nothing"),
    ],
)
def test_bad_input_is_one_line(
    spec: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["represent", *arguments]) in (Exit.FAILED, Exit.USAGE)
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_the_code_runs_by_itself(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(load_right()[1])
    assert not run(["represent", "code", str(spec)])
    file = spec.with_name("penalty.py")
    file.write_text(capsys.readouterr().out)
    command = [sys.executable, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own file
    assert float(done.stdout.split()[2]) < 1e-12


def test_a_structure_is_described(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crystal = spec.with_name("Po.vasp")
    crystal.write_text("Po\n1\n3.36 0 0\n0 3.36 0\n0 0 3.36\nPo\n1\nDirect\n0 0 0\n")
    assert not run(["describe", str(crystal), "--as", "sine_matrix", "--json"])
    assert json.loads(capsys.readouterr().out)["values"] == [pytest.approx(0.5 * 84**2.4)]
    assert run(["describe", str(crystal), "--as", "nothing"]) in (Exit.FAILED, Exit.USAGE)
    assert "ewald_matrix" in capsys.readouterr().err


def test_a_representation_is_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn", reason="the extra [descriptors] is not installed")
    pytest.importorskip("pymatgen", reason="the extra [descriptors] is not installed")
    table = tmp_path / "table.csv"
    pairs = [(a, b) for a in ("Li", "Na", "K", "Mg", "Ca") for b in ("O", "S", "Se", "F", "Cl")]
    table.write_text(
        "formula,y (eV)\n" + "".join(f"{a}{b},{len(a + b)}.{k}\n" for k, (a, b) in enumerate(pairs))
    )
    arguments = ["represent", "choose", str(table), "--target", "y"]
    assert run([*arguments, "--invariant", "E(3)", "--json"]) == Exit.DONE
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found["enough"] in {one["representation"] for one in found["trials"]}
    assert (found["unit"], found["rows"], found["invariances"]) == ("eV", 25, ["E(3)"])
    assert "trying shares of the elements" in said.err
    assert run([*arguments[:-1], "z"]) != Exit.DONE
    assert "no column 'z'" in capsys.readouterr().err
