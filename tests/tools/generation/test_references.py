"""Reference sets by name or from a file, and what they say when they cannot be had."""

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.tools.generation.samples import SMILES
from tools.generation import (
    KNOWN,
    BadFile,
    LossReason,
    Sample,
    SampleForm,
    SampleKind,
    Stage,
    evaluate,
    load_reference,
    read_reference,
)
from tools.generation.judging.examine import examine
from tools.generation.judging.facts import RequestedFacts, SampleFinding
from tools.generation.judging.pool import Workers
from tools.generation.schema import Loss

ROWS = b"material_id,cif,formula\nmp-1,data_a,A\n,data_b,B\n"


@pytest.mark.parametrize("name", ["test.csv", "test.csv.gz"])
def test_a_set_by_its_name_as_shipped_or_packed(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "perov_5"
    folder.mkdir()
    (folder / name).write_bytes(gzip.compress(ROWS) if name.endswith("gz") else ROWS)
    found = load_reference("perov_5/test", tmp_path)
    assert (found.texts, found.ids) == (("data_a", "data_b"), ("mp-1", "row 2"))
    assert found.sha256 == hashlib.sha256(ROWS).hexdigest()
    assert found.family == "perov_5"


def test_one_string_a_line(tmp_path: Path) -> None:
    (tmp_path / "mine.smi").write_text("CCO a\n\nCC b\n")
    found = read_reference(tmp_path / "mine.smi", SampleKind.MOLECULE, SampleForm.SMILES)
    assert found.texts == ("CCO", "CC")
    assert [s.form for s in found.samples()] == [SampleForm.SMILES] * 2


def test_an_absent_set_says_where_it_comes_from(tmp_path: Path) -> None:
    for known in KNOWN:
        with pytest.raises(BadFile, match="download it from") as caught:
            load_reference(known.name, tmp_path)
        assert known.origin in str(caught.value)
    with pytest.raises(BadFile, match="choose from perov_5/test"):
        load_reference("nonsense", tmp_path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b\n1,2\n", "no column"),
        (b"material_id,cif\n", "no entry"),
        (b"\xff\xfe", "cannot be read"),
        (b"\x1f\x8bx", "read"),
    ],
)
def test_files_that_are_no_reference(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(BadFile, match=says):
        read_reference(tmp_path / "a.csv", SampleKind.CRYSTAL, SampleForm.CIF, column="cif")


def test_against_a_set_that_cannot_be_read_nothing_is_novel(tmp_path: Path) -> None:
    (tmp_path / "made.txt").write_text("data_a\n")
    training = read_reference(tmp_path / "made.txt", SampleKind.MOLECULE)
    with pytest.raises(BadFile, match=r"made\.txt: none of its 1 entries can be read as smiles"):
        evaluate(
            [Sample(form=SampleForm.SMILES, text="CCO")],
            kind=SampleKind.MOLECULE,
            training=training,
            processes=1,
        )


def test_what_of_a_set_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "real.smi").write_text("CCO\nno molecule at all\nCC\n")
    training = read_reference(tmp_path / "real.smi", SampleKind.MOLECULE)
    sample = Sample(form=SampleForm.SMILES, text="CCO")
    note = evaluate([sample], kind=SampleKind.MOLECULE, training=training, processes=1).provenance.training
    assert note is not None
    assert note.told == "real.smi (1 of 3 entries unreadable)"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "made.jsonl",
            '{"form": "smiles", "text": "CCO"}\n{"unreturned": "refused", "text": "", "form": "smiles"}\n',
        ),
        ("made.csv", "id,SMILES\n1,CCO\n2,\n"),
        ("made.txt", "CCO\n\n"),
    ],
)
def test_whatever_can_be_judged_can_be_compared_with(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    found = read_reference(tmp_path / name, SampleKind.MOLECULE)
    assert (found.texts, found.ids, found.form) == (("CCO",), ("entry 1",), SampleForm.SMILES)
    assert found.sha256 == hashlib.sha256(content.encode()).hexdigest()


def test_a_folder_of_crystals_is_a_set(tmp_path: Path) -> None:
    for name in ("a.cif", "b.cif"):
        (tmp_path / name).write_text(f"data_{name}\n")
    assert read_reference(tmp_path, SampleKind.CRYSTAL).texts == ("data_a.cif\n", "data_b.cif\n")
    (tmp_path / "c.smi").write_text("CCO\n")
    with pytest.raises(BadFile, match="written as cif and smiles"):
        read_reference(tmp_path, SampleKind.CRYSTAL)


def test_what_a_busy_machine_lost_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real.smi").write_text("\n".join(SMILES[:2]))
    real = read_reference(tmp_path / "real.smi", SampleKind.MOLECULE, SampleForm.SMILES)
    slow = SampleFinding(loss=Loss(stage=Stage.PARSED, reason=LossReason.TOO_SLOW))

    def stall(
        _: Workers, samples: Iterable[Sample], wanted: RequestedFacts
    ) -> Iterator[tuple[Sample, SampleFinding]]:
        return ((s, slow if s.text == SMILES[1] else examine(s, wanted)) for s in samples)

    def count_new() -> int | None:
        mine = [Sample(form=SampleForm.SMILES, text=SMILES[1])]
        made = evaluate(mine, kind=SampleKind.MOLECULE, training=real, processes=1)
        return made.of("seed_table").funnel[-1].count

    with monkeypatch.context() as patched:
        patched.setattr(Workers, "examine", stall)
        count_new()
    assert count_new() == 0
