"""Archives and packed files, also as evaluation reads them."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.generation import BadFile, read_samples
from tools.structures import archives, decode_text, read_lines


def texts(path: Path) -> list[str]:
    return [sample.text for sample in read_samples(path)]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress], ids=["gz", "bz2", "xz"])
def test_one_packed_file_is_a_file(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    ending = {gzip.compress: "gz", bz2.compress: "bz2", lzma.compress: "xz"}[pack]
    (tmp_path / f"a.smi.{ending}").write_bytes(pack(b"CCO\nCC\n"))
    assert texts(tmp_path / f"a.smi.{ending}") == ["CCO", "CC"]


def test_a_packed_file_in_an_archive_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.smi.gz", gzip.compress(b"CCO\n"))
        archive.writestr("__MACOSX", b"x")
    assert texts(tmp_path / "a.zip") == ["CCO"]


def bomb(path: Path) -> Path:
    path.write_bytes(gzip.compress(bytes(60_000_000)))
    return path


def zip_bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.smi", bytes(3_000_000))
    return path


def leading_out(path: Path) -> Path:
    with tarfile.open(path, "w") as archive:
        archive.addfile(tarfile.TarInfo("../a.smi"))
    return path


def cut(path: Path) -> Path:
    path.write_bytes(gzip.compress(b"CCO\n" * 9_000)[:40])
    return path


@pytest.mark.parametrize(
    ("make", "name", "says"),
    [
        (bomb, "a.smi.gz", "as of a zip bomb"),
        (zip_bomb, "a.zip", "packed over 500-fold, as a zip bomb is"),
        (leading_out, "a.tar", "leads out of the archive"),
        (cut, "a.smi.gz", "cannot be read"),
    ],
)
def test_evaluation_refuses_what_is_hostile(
    tmp_path: Path, make: Callable[[Path], Path], name: str, says: str
) -> None:
    with pytest.raises(BadFile, match=says):
        texts(make(tmp_path / name))


def test_too_much_in_an_archive_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 10)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.smi", "CCO\n")
        archive.writestr("b.smi", "CCO\nCCO\n")
    with pytest.raises(BadFile, match="over 10 bytes come out"):
        texts(tmp_path / "a.zip")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Müller\n".encode(), "Müller\n"),
        ("Müller\r\n".encode("utf-8-sig"), "Müller\n"),
        ("Müller\r".encode("latin-1"), "Müller\n"),
        ("“Müller”\n".encode("cp1252"), "“Müller”\n"),
        ("Müller\n".encode("utf-16"), "Müller\n"),
        ("Müller\n".encode("utf-32"), "Müller\n"),
        (b"\x81\n", "\ufffd\n"),
    ],
)
def test_bytes_become_text_whatever_encoding_they_have(content: bytes, text: str) -> None:
    assert decode_text(content) == text
    assert list(read_lines(io.BytesIO(content))) == [text]
