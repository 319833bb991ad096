"""Files, folders, archives and lists: every member gets its line, and what is hostile is refused."""

import gzip
import io
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tools.defects.strategies import to_atoms
from tests.tools.defects.test_dataset import cif
from tools.defects import BadInput, members
from tools.defects.batches import answer_members
from tools.defects.configuration import Configuration
from tools.defects.members import count_members, read_members
from tools.defects.spec import parse_spec, write_spec
from tools.structures import archives
from tools.structures.archives import Bounded
from tools.structures.archives import read_members as read_archive

SPEC = "MoS2 8x8x1: W on Mo@3; vacancy S@12"
CIF = cif(to_atoms(parse_spec(SPEC)))


def poscar() -> str:
    atoms = to_atoms(parse_spec(SPEC))
    elements = sorted(set(atoms.symbols))
    lines = ["a title", "1.0", *(" ".join(map(str, row)) for row in atoms.lattice.tolist())]
    lines += [" ".join(elements), " ".join(str(atoms.symbols.count(e)) for e in elements), "Direct"]
    for element in elements:
        rows = (f for s, f in zip(atoms.symbols, atoms.fractional.tolist(), strict=True) if s == element)
        lines += [" ".join(map(str, row)) for row in rows]
    return "\n".join(lines) + "\n"


def read(argument: Path | str, stdin: bytes = b"") -> list[tuple[str, str]]:
    """(name, spec or reason) of each member."""
    return [
        (m.id, write_spec(m.found) if isinstance(m.found, Configuration) else str(m.found))
        for m in read_members(str(argument), io.BytesIO(stdin))
    ]


def pack_tar(path: Path, files: dict[str, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]  # any mode
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def pack_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_folder_is_read_with_all_below_it_in_order(tmp_path: Path) -> None:
    (tmp_path / "b" / "deep").mkdir(parents=True)
    (tmp_path / "b" / "deep" / "POSCAR").write_text(poscar())
    (tmp_path / "b" / "notes.txt").write_text("nothing to read here")
    (tmp_path / "a.cif").write_text(CIF)
    (tmp_path / "broken.cif").write_text(CIF[:300])
    pack_zip(tmp_path / "z.zip", {"in/one.cif": CIF.encode()})
    assert read(tmp_path) == [
        (f"{tmp_path}/a.cif", SPEC),
        (f"{tmp_path}/broken.cif", "the CIF breaks off or has a stray word at line 15 (parse error)"),
        (f"{tmp_path}/z.zip:in/one.cif", SPEC),
        (f"{tmp_path}/b/deep/POSCAR", SPEC),
    ]


@pytest.mark.parametrize("mode", ["w:", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_is_read_whatever_packs_it(tmp_path: Path, mode: str) -> None:
    files = {"initial/": b"", "initial/one.cif": CIF.encode(), "x/README": b"?", "two.cif": b"data_x\n"}
    path = pack_tar(tmp_path / "a.tar", files, mode)
    assert read(path) == [
        (f"{path}:initial/one.cif", SPEC),
        (f"{path}:two.cif", "the CIF has no atom sites: it is cut short, or no CIF"),
    ]
    assert count_members(str(path)) == 2


SLIP = (
    "'S gone' is no defect: write 'vacancy S@12', 'W on Mo@3', 'vacancy S at shell 3 same plane' "
    "or 'row of 3 vacancy S'"
)


def test_a_list_of_specs_may_have_comments_and_bad_lines(tmp_path: Path) -> None:
    text = f"# two\n\n{SPEC}\nMoS2 8x8x1: S gone\n"
    (tmp_path / "specs.txt").write_text(text)
    expected = [
        (SPEC, SPEC),
        ("MoS2 8x8x1: S gone", SLIP),
    ]
    assert read(tmp_path / "specs.txt") == expected
    assert read("-", text.encode()) == expected


@pytest.mark.parametrize("heading", ["spec", "id,spec\n# second\nof 2025", "MoS2 8x8x1 S@1"])
def test_a_heading_or_a_slip_costs_no_other_line(heading: str) -> None:
    found = read("-", f"\ufeff{heading}\n{SPEC}\n{SPEC}\n".encode())
    assert found[-2:] == [(SPEC, SPEC)] * 2
    assert all("is no spec: write it like" in reason for _, reason in found[:-2])


def test_an_empty_name_reads_no_folder() -> None:
    ((name, reason),) = read(" ")
    assert (name, reason.partition(":")[0]) == (" ", "an empty name")


def test_a_packed_structure_is_read_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "a.cif.gz").write_bytes(gzip.compress(CIF.encode()))
    assert read(tmp_path / "a.cif.gz") == [(str(tmp_path / "a.cif.gz"), SPEC)]
    assert "unpack it" in read("-", gzip.compress(CIF.encode()))[0][1]


@pytest.mark.parametrize(
    "text", [CIF, poscar(), "# made by hand\n" + CIF, "\ufeff" + CIF, CIF.replace("\n", "\r\n")]
)
def test_a_structure_is_read_from_standard_input(text: str) -> None:
    assert read("-", text.encode()) == [("standard input", SPEC)]


def member(name: str, **changes: object) -> Callable[[Path], Path]:
    def pack(path: Path) -> Path:
        with tarfile.open(path, "w") as archive:
            info = tarfile.TarInfo(name)
            for field, value in changes.items():
                setattr(info, field, value)
            archive.addfile(info)
        return path

    return pack


def zip_link(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("link.cif")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return path


def encrypted(path: Path) -> Path:
    content = bytearray(pack_zip(path, {"a.cif": CIF.encode()}).read_bytes())
    for at in (content.index(b"PK\x03\x04") + 6, content.index(b"PK\x01\x02") + 8):
        content[at] |= 1
    path.write_bytes(content)
    return path


def altered(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:  # stored, so that one byte of the content can be changed
        archive.writestr("a.cif", CIF)
    path.write_bytes(path.read_bytes().replace(b"_cell_length_a", b"_cell_length_q"))
    return path


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (member("../../a.cif"), "leads out of the archive"),
        (member("/root/a.cif"), "leads out of the archive"),
        (member("C:\\a.cif"), "leads out of the archive"),
        (member("a.cif", type=tarfile.SYMTYPE, linkname="/etc/passwd"), "a link or device"),
        (member("a.cif", type=tarfile.LNKTYPE, linkname="b.cif"), "a link or device"),
        (member("a.cif", type=tarfile.FIFOTYPE), "a link or device"),
        (zip_link, "a link or device"),
        (lambda path: pack_zip(path, {"..\\a.cif": CIF.encode()}), "leads out of the archive"),
        (lambda path: pack_zip(path, {"a.cif": b"0" * 4_000_001}), "4,000,001 bytes: too large"),
        (lambda path: pack_zip(path, {"a.cif": b"0" * 3_000_000}), "as a zip bomb is"),
        (lambda path: pack_tar(path, {"a.cif": b"0" * 4_000_001}), "4,000,001 bytes: too large"),
        (encrypted, "cannot be unpacked: .* encrypted"),
        (altered, "cannot be unpacked: Bad CRC-32"),
        (lambda path: pack_zip(path, {"a.cif": b"\x00\xff\x00"}), "no text"),
        (lambda path: pack_zip(path, {"a.cif": b" "}), "the file is empty"),
    ],
)
def test_a_hostile_member_gets_its_line(tmp_path: Path, make: Callable[[Path], Path], says: str) -> None:
    ((_, reason),) = read(make(tmp_path / "archive"))
    with pytest.raises(BadInput, match=says):
        raise BadInput(reason)


def bomb_in_headers(path: Path) -> Path:
    """A TAR whose first header announces a gigabyte of another header."""
    info = tarfile.TarInfo("././@PaxHeader")
    info.type, info.size = tarfile.XHDTYPE, 10**9
    path.write_bytes(gzip.compress(info.tobuf(tarfile.USTAR_FORMAT) + bytes(1 << 20)))
    return path


def bomb_of_padding(path: Path) -> Path:
    """Sixty megabytes of zeros that no structure needs."""
    return pack_tar(path, {"a.bin": bytes(60_000_000), "b.cif": CIF.encode()})


def cut(path: Path) -> Path:
    whole = pack_tar(path, {f"{k}.cif": CIF.encode() for k in range(9)}).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def cut_between_members(path: Path) -> Path:
    whole = pack_tar(path, {"1.cif": CIF.encode(), "2.cif": CIF.encode()}, "w:").read_bytes()
    path.write_bytes(whole[: whole.index(b"2.cif")])
    return path


def cut_zip(path: Path) -> Path:
    whole = pack_zip(path, {"1.cif": CIF.encode()}).read_bytes()
    path.write_bytes(whole[:-30])
    return path


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (bomb_in_headers, "a header of 1,000,000,000 bytes"),
        (bomb_of_padding, "as of a zip bomb"),
        (cut, "the archive is cut short or broken"),
        (cut_between_members, "the archive is cut short"),
        (cut_zip, "the archive is cut short or broken"),
        (lambda path: pack_tar(path, {"README": b"?"}), "holds no structure"),
    ],
)
def test_a_refused_archive_says_so_after_what_was_read(
    tmp_path: Path, make: Callable[[Path], Path], says: str
) -> None:
    name, reason = read(make(tmp_path / "archive"))[-1]
    assert says in reason
    assert name == str(tmp_path / "archive")


def test_an_overlapping_zip_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 3 * len(CIF))
    path = pack_zip(tmp_path / "a.zip", {f"{k}.cif": CIF.encode() for k in range(9)})
    found = read(path)
    assert len(found) == 4
    assert "bytes come out: split the archive" in found[-1][1]


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_FILES", 2)
    files = {f"{k}.cif": CIF.encode() for k in range(3)}
    for path in (pack_zip(tmp_path / "a.zip", files), pack_tar(tmp_path / "a.tar", files)):
        assert "over 2 files" in read(path)[-1][1]


def test_a_bounded_stream_steps_back_one_byte_only() -> None:
    stream = Bounded(io.BytesIO(b"abcdef"), 6, "a")
    assert stream.read(3) == b"abc"
    assert stream.seek(2) == 2
    assert stream.read(2) == b"cd"
    stream.seek(5)
    assert (stream.tell(), stream.read(9)) == (5, b"f")


def test_a_name_that_is_no_text_is_shown_escaped(tmp_path: Path) -> None:
    path = pack_zip(tmp_path / "a.zip", {"b.cif": b"?"})
    assert read(path)[0][0].endswith("b.cif")
    odd = struct.pack("3B", 0xFF, 0x41, 0x2E) + b"cif"
    tar = pack_tar(tmp_path / "a.tar", {odd.decode(errors="surrogateescape"): CIF.encode()}, "w:")
    assert read(tar) == [(f"{tar}:\\udcffA.cif", SPEC)]


def test_thousands_are_read_as_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """No member is read before the batch that it belongs to."""
    taken: list[int] = []

    def endless() -> Iterator[members.StructureEntry]:
        for k in range(10**9):
            taken.append(k)
            yield members.StructureEntry(str(k), BadInput("no"))

    first = next(iter(answer_members(endless())))
    assert len(first) == len(taken) == 256
    assert not first[0].is_readable


def test_a_folder_without_structures_says_so(tmp_path: Path) -> None:
    assert "holds no structure" in read(tmp_path)[0][1]
    assert "no such file" in read(tmp_path / "gone")[0][1]
    assert "no such file" in read("a\0b")[0][1]


def test_an_archive_can_be_read_twice(tmp_path: Path) -> None:
    path = pack_tar(tmp_path / "a.tgz", {"a.cif": CIF.encode()})
    assert list(read_archive(path, bool)) == list(read_archive(path, bool))
