"""Files, folders, archives and streams of many strings."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools.generation.crystals.test_readers import to_cif
from tests.tools.generation.samples import SMILES, TEXTS, crystals
from tools.generation import BadFile, SampleForm, Unreturned, read_samples
from tools.generation.judging.examine import longest

CIFS = [to_cif(c) for c in crystals()[:3]]
XYZ = "3\nwater\nO 0 0 0\nH 0 0 1\nH 0 1 0\n"


def texts(source: Path | io.StringIO, form: SampleForm | None = None, column: str | None = None) -> list[str]:
    return [sample.text.strip() for sample in read_samples(source, form, column)]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.smi", "\n".join(SMILES) + "\n\n", list(SMILES)),
        ("a.smi", "CCO ethanol\nI am sorry\n", ["CCO", "I am sorry"]),
        ("a.smi", "\nC\n \nCC\n\n", ["", "C", "", "CC"]),
        ("a.selfies", "[C][O]\n[C]\n", ["[C][O]", "[C]"]),
        ("a.xyz", XYZ + XYZ.replace("water", "5"), [XYZ.strip(), XYZ.replace("water", "5").strip()]),
        ("a.cif", "Here they are:\n" + "".join(CIFS), None),
        ("POSCAR", "x\n1.0\n", ["x\n1.0"]),
    ],
)
def test_one_after_the_other_in_a_file(
    tmp_path: Path, name: str, content: str, expected: list[str] | None
) -> None:
    (tmp_path / name).write_text(content)
    found = texts(tmp_path / name)
    assert found == expected if expected is not None else len(found) == len(CIFS)


def test_every_cif_of_a_stream_comes_whole() -> None:
    from tools.generation.crystals.crystal import parse_cif

    found = texts(io.StringIO("".join(CIFS)), SampleForm.CIF)
    assert [parse_cif(text).formula for text in found] == [c.formula for c in crystals()[:3]]


def test_a_wrong_count_costs_one_frame_only() -> None:
    found = texts(
        io.StringIO(XYZ.replace("3", "7", 1) + XYZ + XYZ.replace("3", "1", 1) + XYZ), SampleForm.XYZ
    )
    assert len(found) == 4
    assert found[1] == found[3] == XYZ.strip()


def test_text_crystals_follow_each_other() -> None:
    assert texts(io.StringIO("\n".join(TEXTS)), SampleForm.TEXT) == list(TEXTS)


def test_a_data_name_inside_a_text_field_starts_nothing() -> None:
    field = CIFS[0].replace("loop_", "_note\n;\ndata_inside\n;\nloop_", 1)
    assert len(texts(io.StringIO(field + CIFS[1]), SampleForm.CIF)) == 2


@pytest.mark.parametrize("pack", [lambda raw: raw, gzip.compress], ids=["plain", "gz"])
def test_tables_with_a_named_column(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "a.csv").write_bytes(pack(b"id,made\n1,CCO\n2,\n"))
    assert texts(tmp_path / "a.csv", SampleForm.SMILES, "made") == ["CCO", ""]
    rows = [{"smiles": "C"}, {"smiles": None, "unreturned": "refused"}, {"smiles": "CC", "shots": ["C"]}]
    (tmp_path / "b.jsonl").write_bytes(pack("\n".join(map(json.dumps, rows)).encode()))
    found = list(read_samples(tmp_path / "b.jsonl"))
    assert [s.text for s in found] == ["C", "", "CC"]
    assert found[1].unreturned is Unreturned.REFUSED
    assert found[2].shots == ("C",)


def test_a_line_that_was_cut_costs_one_sample(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"smiles": "C"}\n[1]\n{"smiles": "CC"}\n{"smiles": "CC')
    found = list(read_samples(tmp_path / "a.jsonl"))
    assert [s.unreturned for s in found] == [None, Unreturned.FAILED, None, Unreturned.FAILED]
    assert [s.text for s in found][1::2] == [
        "line 2: list where an object is needed",
        "line 4: no JSON; one object a line is needed",
    ]


def test_folders_and_archives(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    for number, text in enumerate(CIFS):
        (folder / f"{number}.cif").write_text(text)
    (folder / ".hidden").write_text("x")
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.add(folder, "made")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for file in sorted(folder.glob("*.cif")):
            packed.write(file, file.name)
    for path in (folder, tmp_path / "a.tar.gz", tmp_path / "a.zip"):
        assert texts(path) == [text.strip() for text in CIFS]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("CCO\nCC\n"))
    assert texts(Path("-"), SampleForm.SMILES) == ["CCO", "CC"]


def test_no_more_of_a_string_is_kept_than_is_judged() -> None:
    lines = ["data_big\n", *["  Si Si1 1 0.1 0.2 0.3 1\n"] * 400_000]
    (found,) = read_samples(io.StringIO("".join(lines)), SampleForm.CIF)
    assert longest(SampleForm.CIF) < len(found.text) < 2 * longest(SampleForm.CIF)


def test_a_line_without_end_is_one_string(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.structures.text.LINE", 1_000)
    (tmp_path / "a.smi").write_text("C" * 10_500 + "\nCC\n")
    assert [len(text) for text in texts(tmp_path / "a.smi")] == [1_000, 2]


def test_binary_data_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.cif").write_bytes(bytes(range(256)) * 50)
    assert "\ufffd" in texts(tmp_path / "a.cif")[0]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"id,made\n1,CCO\n", "name the column"),
        ("a.jsonl", b"{not json}\n", "line 1: no JSON"),
        ("a.jsonl", b"[1]\n", "list where an object"),
        ("a.dat", b"CCO\n", "does not tell"),
        ("a.zip.gz", b"\x1f\x8b broken", "cannot be read"),
    ],
)
def test_files_that_cannot_be_used_say_what_to_give(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile, match=says):
        texts(tmp_path / name, SampleForm.SMILES if name.endswith("gz") else None)


def test_nothing_at_the_path(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="does not exist"):
        texts(tmp_path / "absent.smi")
    with pytest.raises(BadFile, match="holds no file"):
        texts(tmp_path)
    with pytest.raises(BadFile, match="say how"):
        texts(io.StringIO("C"))
