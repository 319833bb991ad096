"""`hypofind generate`, `evaluate` and `screen` as a user meets them, and the report that opens offline."""

import json
import re
from pathlib import Path

import pytest

from app.cli import entry
from app.cli.exit_codes import Exit

pytest.importorskip("rdkit", reason="the extra [generation] is not installed")
pytest.importorskip("pymatgen", reason="the extra [generation] is not installed")

Output = pytest.CaptureFixture[str]
EVIL = "<script>alert(1)</script><img/src=x>"
SMILES = ("CCO", "OCC", "c1ccccc", EVIL, "CC(=O)Oc1ccccc1C(=O)O", "O=C1NC(=O)c2ccccc21")
PEROVSKITE = "3.98 3.98 3.98 90 90 90\nBa 0 0 0\nTi 0.5 0.5 0.5\nO 0.5 0.5 0\nO 0.5 0 0.5\nO 0 0.5 0.5\n"


@pytest.fixture
def molecules(tmp_path: Path) -> Path:
    path = tmp_path / "a.smi"
    path.write_text("\n".join(SMILES))
    return path


@pytest.fixture
def crystals(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    rows = [{"form": "text", "text": text} for text in (PEROVSKITE, PEROVSKITE.replace("Ti", "L0"))]
    rows.append({"form": "text", "text": "", "unreturned": "refused"})
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_json_is_the_whole_evaluation(molecules: Path, capsys: Output) -> None:
    assert entry.run(["evaluate", str(molecules), "--json"]) == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert told["requested"] == len(SMILES)
    steps = {step["stage"]: step["count"] for step in told["scored"][0]["funnel"]}
    assert steps["parsed"] == 4
    assert steps["unique"] == 3
    assert steps["novel"] is None


def test_the_report_opens_offline_and_runs_nothing_of_the_strings(
    molecules: Path, tmp_path: Path, capsys: Output
) -> None:
    pytest.importorskip("plotly", reason="the extra [generation] is not installed")
    page = tmp_path / "a.html"
    assert entry.run(["evaluate", str(molecules), "--html", str(page)]) == Exit.DONE
    text = page.read_text()
    assert EVIL not in text
    assert "&lt;script&gt;alert(1)" in text
    assert text.count("<svg") >= 3
    own = re.sub(r"<script>.*?</script>", "", text, count=1, flags=re.DOTALL)  # plotly's own, once
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", own)
    assert "default-src 'none'" in text
    out = capsys.readouterr().out
    assert "not a SMILES" in out
    assert "50.0%" in out


def test_a_molecule_that_would_take_minutes_to_draw_is_told_without_a_picture(
    tmp_path: Path, capsys: Output
) -> None:
    for smiles, pictures in (("CCO", 1), ("C" * 3_000, 0)):
        strings, page = tmp_path / "a.smi", tmp_path / "a.html"
        strings.write_text(smiles + "\n")
        assert entry.run(["evaluate", str(strings), "--html", str(page)]) == Exit.DONE
        capsys.readouterr()
        assert page.read_text().count("xmlns:rdkit") == pictures, smiles[:9]


def test_refusals_and_dummies_are_told(crystals: Path, tmp_path: Path, capsys: Output) -> None:
    page = tmp_path / "a.html"
    assert entry.run(["evaluate", str(crystals), "--html", str(page)]) == Exit.DONE
    out = capsys.readouterr().out
    assert "refused" in out
    assert "'L0' is no element" in out
    assert "scatter3d" in page.read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.smi"], "does not exist"),
        (["{file}", "--rules", "beauty"], "beauty"),
        (["{file}", "--kind", "prose"], "crystal, molecule, site"),
        (["{file}", "--form", "prose"], "smiles"),
        (["{file}", "--reference", "zinc/test", "--data", "nowhere"], "download"),
        (["{file}", "--html", "nowhere/a.html"], "no folder"),
        (["{file}", "--kind", "crystal"], "smiles"),
    ],
)
def test_bad_input_is_one_line(molecules: Path, capsys: Output, arguments: list[str], words: str) -> None:
    given = [part.replace("{file}", str(molecules)) for part in arguments]
    assert entry.run(["evaluate", *given]) in (Exit.USAGE, Exit.FAILED)
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1


def test_an_empty_file_is_told(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "a.smi").write_text("")
    assert entry.run(["evaluate", str(tmp_path / "a.smi")]) == Exit.USAGE
    assert "no string" in capsys.readouterr().err


def test_a_screening_keeps_ranks_and_draws(molecules: Path, tmp_path: Path, capsys: Output) -> None:
    pytest.importorskip("matplotlib", reason="the extra [generation] is not installed")
    png = tmp_path / "a.png"
    given = ["--keep", "weight > 100", "--rank", "max:qed", "--rank", "min:sa", "--plot", str(png)]
    assert entry.run(["screen", str(molecules), *given]) == Exit.DONE
    out, err = capsys.readouterr()
    assert "CC(=O)Oc1ccccc1C(=O)O" in out
    assert "CCO" not in out
    assert "2 in the windows" in err
    assert png.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("given", [["--keep", "charm>1"], ["--rank", "qed"], ["--rank", "max:density"]])
def test_a_wrong_property_is_told(molecules: Path, capsys: Output, given: list[str]) -> None:
    assert entry.run(["screen", str(molecules), *given]) in (Exit.USAGE, Exit.FAILED)
    assert re.search(r"write it like|there are", capsys.readouterr().err)


def test_generators_are_named_and_others_refused(capsys: Output) -> None:
    assert entry.run(["generate", "--list"]) == Exit.DONE
    assert "chat" in capsys.readouterr().out
    assert entry.run(["generate", "nobody"]) == Exit.USAGE
    assert "chat" in capsys.readouterr().err


def test_what_was_substituted_can_be_evaluated(crystals: Path, tmp_path: Path, capsys: Output) -> None:
    out = tmp_path / "made.jsonl"
    (tmp_path / "good.jsonl").write_text(crystals.read_text().splitlines()[0])
    given = ["-n", "3", "--out", str(out), "--examples", str(tmp_path / "good.jsonl")]
    assert entry.run(["generate", "substitution", *given]) == Exit.DONE
    assert entry.run(["evaluate", str(out), "--json"]) == Exit.DONE
    assert json.loads(capsys.readouterr().out)["requested"] == 3
