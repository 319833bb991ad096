"""hypofind read: files in, records out, nothing read twice, faults in one line."""

import json
from pathlib import Path

import pytest
from rdflib import Graph

from app.cli.entry import run
from app.cli.exit_codes import Exit

TEXT = "Nd-doped ZnO films were grown. The band gap of ZnO is 3.3 eV at 300 K.\n"


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bare: None) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "one.txt").write_text(TEXT, encoding="utf-8")
    (folder / "two.md").write_text("TiO2 was doped with Fe.\n", encoding="utf-8")
    (folder / "scan.pdf").write_bytes(b"%PDF-1.4 no pages")
    return folder


def test_a_folder_is_read_once(papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["read", str(papers), "--schema", "doping", "--out", "o.jsonl", "--table", "t.csv", "--json"]
    assert run(arguments) == Exit.DONE
    told = capsys.readouterr()
    lines = [json.loads(line) for line in told.out.splitlines()]
    assert {line["source"] for line in lines} == {"papers/one.txt", "papers/two.md"}
    assert "scan.pdf" in told.err
    assert "papers/two.md,TiO2,Fe" in Path("t.csv").read_text(encoding="utf-8")
    kept = Path("o.jsonl").read_text(encoding="utf-8")
    with Path("o.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"source": "cut o')
    assert run(arguments) == Exit.DONE
    again = [json.loads(line) for line in Path("o.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["source"] for one in again if one["result"]] == [
        one["source"] for one in map(json.loads, kept.splitlines()) if one["result"]
    ]


def test_a_person_sees_values_and_quotes(papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", str(papers / "one.txt"), "--rdf", "t.ttl"]) == Exit.DONE
    shown = capsys.readouterr().out
    assert "band gap" in shown
    assert "3.3 eV" in shown
    assert len(Graph().parse("t.ttl")) > 20


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.txt"], "none of these could be read"),
        (["papers/one.txt", "--schema", "dopping"], "no schema is called"),
        (["papers/one.txt", "--schema", "none.json"], "cannot be read"),
        (["papers/one.txt", "--schema", "odd.json"], "is not JSON"),
        (["papers/one.txt", "--schema", "endless.json"], "recursive"),
        (["papers/one.txt", "--table", "t.xlsx"], "must end in .csv or .parquet"),
        (["papers/one.txt", "--out", "none/o.jsonl"], "no folder"),
        (["papers/one.txt", "--out", "foreign.jsonl"], "no result of ours"),
        (["-", "papers/one.txt"], "must be the only source"),
        (["papers/scan.pdf"], "none of these could be read"),
    ],
)
def test_faults_are_one_line(
    papers: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("odd.json").write_text("{", encoding="utf-8")
    Path("endless.json").write_text(
        '{"type": "object", "properties": {"a": {"$ref": "#"}}, "$defs": {}}', encoding="utf-8"
    )
    Path("foreign.jsonl").write_text('{"a": 1}\n', encoding="utf-8")
    assert run(["read", *arguments]) == Exit.USAGE
    assert told in capsys.readouterr().err.splitlines()[-1]
