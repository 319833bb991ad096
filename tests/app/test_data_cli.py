"""hypofind data: databases offline, structures from a server, and one line for everything that is wrong."""

import json
from pathlib import Path

import pytest

from app.cli.entry import run
from app.cli.exit_codes import Exit
from app.datasets import as_atoms
from retrieval.datasets import FoundStructure
from tests.retrieval.datasets.test_optimade import SILICON, page
from tests.retrieval.sources.service import Answer, Service
from tools.structures import read_structure

CLAIM = "In halide perovskite solar cells the open-circuit voltage grows with the band gap"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.data._load_embedder", lambda _: None)  # words will do here
    monkeypatch.setenv("HYPOFIND_PATHS__CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def test_a_question_needs_no_further_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", CLAIM, "-n", "1"]) == Exit.DONE
    said = capsys.readouterr()
    assert "The Perovskite Database Project" in said.out
    assert "lists cause: band gap (eV); response: open-circuit voltage (V)" in said.out
    assert "not by meaning" in said.err


def test_json_is_all_that_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "--json", "Band gaps of MoS2 monolayers", "--response", "band gap (eV)"]) == Exit.DONE
    said = json.loads(capsys.readouterr().out)
    assert said["structures"]["options"] == ["--formula", "MoS2"]
    assert any(one["held"] for one in said["options"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["   "], "the question is empty"),
        (["word " * 2_000], "may have 8,000"),
        (["structures"], "name at least one element"),
        (["structures", "--elements", "Mo,Q"], "'Q' is no chemical element"),
        (
            ["structures", "--formula", "MoS2", "--from", "nowhere"],
            "no OPTIMADE provider is called 'nowhere'",
        ),
        (["structures", "--formula", "MoS2", "-n", "1000000"], "can be asked for"),
        (["structures", "--formula", "MoS2", "-o", "file"], "is a file"),
        (["structures", "--space-group", "0"], "greater than or equal to 1"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("file").write_text("x")
    assert run(["data", *arguments]) == Exit.USAGE
    said = capsys.readouterr().err.strip()
    assert told in said
    assert "\n" not in said


def _own(origin: str) -> None:
    Path("hypofind.toml").write_text(f'[data]\nask = ["mine"]\n[data.providers]\nmine = "{origin}"\n')


def test_structures_become_files_that_our_readers_take(capsys: pytest.CaptureFixture[str]) -> None:
    with Service(
        Answer(page(SILICON, SILICON | {"lattice_vectors": None}, data_returned=2))
    ).running() as service:
        _own(service.origin)
        assert run(["data", "structures", "--formula", "Si", "-o", "found"]) == Exit.DONE
    told = json.loads(Path("found/structures.json").read_text())
    ((name, source),) = told["files"].items()
    assert source["provider"] == "mine"
    assert told["searches"][0]["filter"] == 'chemical_formula_reduced="Si"'
    atoms = read_structure(Path("found", name).read_text(), most_atoms=10)
    assert atoms.symbols == ("Si", "Si")
    assert atoms.volume == pytest.approx(2 * 2.7**3)
    said = capsys.readouterr()
    assert "mine: 1 of 2 structures; 1 left out: no cell" in said.err
    assert "19.7" in said.out, "Å³/atom"


def test_offline_is_a_line_a_provider_and_an_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    _own("http://127.0.0.1:9")
    assert run(["data", "structures", "--formula", "Si"]) == Exit.MODEL
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("mine: 127.0.0.1 cannot be reached")


def test_a_foreign_name_writes_no_file_elsewhere() -> None:
    body = json.dumps({"data": [{"id": "../../x\n\"'", "attributes": SILICON}]}).encode()
    with Service(Answer(body)).running() as service:
        _own(service.origin)
        assert run(["data", "structures", "--formula", "Si", "-o", "found"]) == Exit.DONE
    assert {file.name for file in Path("found").iterdir()} == {"mine-.._.._x.xyz", "structures.json"}


def test_providers_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "providers", "--json"]) == Exit.DONE
    assert len(json.loads(capsys.readouterr().out)) >= 20


def test_atoms_keep_their_places() -> None:
    found = FoundStructure(
        provider="mine",
        id="1",
        formula="NaCl",
        symbols=("Na", "Cl"),
        positions=((0, 0, 0), (1, 1, 1)),
        lattice=((2, 0, 0), (0, 2, 0), (0, 0, 2)),
    )
    assert as_atoms(found).fractional.tolist() == [[0, 0, 0], [0.5, 0.5, 0.5]]
