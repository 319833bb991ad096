"""A published run: complete, public, the same everywhere, and refused where it was changed."""

import json
import re
import shutil
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import agents
from agents.errors import RunRefused
from agents.run import Run
from agents.schema import Report
from app.cli import entry
from app.publishing import open_crate, publish, read_author, recompute, save
from app.publishing.archive import NotPublished
from app.publishing.authors import BadAuthor
from app.publishing.nanopublications import BadKey
from app.publishing.opening import BadCrate
from app.publishing.public import copy_public
from tests.app.publishing.conftest import AUTHOR, WHEN
from tests.app.reports import PASSAGE, make_report

Files = dict[str, bytes]


def unpack(path: Path) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(files: Files, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_another_machine_has_the_same_report(run: Run, crate: Path, tmp_path: Path) -> None:
    opened = open_crate(crate, tmp_path / "elsewhere")
    assert opened.same_report
    assert (opened.run, opened.licence, opened.authors) == (run.id, "CC-BY-4.0", ["Josiah Carberry"])
    (test,) = opened.tests
    assert (test.key, test.instrument, test.hindrance) == ("p01/c1", "law_simple_pendulum_period", None)
    own, theirs = (one.report() for one in (run, agents.open_run(tmp_path / "elsewhere", run.id)))
    assert own is not None
    assert theirs is not None
    assert own.hypotheses[0].tests == theirs.hypotheses[0].tests


def test_tests_are_measured_again_and_what_differs_is_shown(crate: Path, tmp_path: Path) -> None:
    run = agents.open_run(tmp_path, open_crate(crate, tmp_path).run)
    (again,) = recompute(run)
    assert again.same
    assert again.points > 5
    told = run.experiments.read_text(encoding="utf-8")
    value = re.search(r'"value": (\d\.\d+), "std"', told.partition('"points"')[2])
    assert value is not None
    run.experiments.write_text(told.replace(value[1], "99.5"), encoding="utf-8")
    (changed,) = recompute(run)
    assert not changed.same
    assert changed.differences[0].then == 99.5
    assert changed.differences[0].now == pytest.approx(float(value[1]))


def test_what_cannot_be_measured_here_says_why(crate: Path, tmp_path: Path) -> None:
    run = agents.open_run(tmp_path, open_crate(crate, tmp_path).run)
    told = run.experiments.read_text(encoding="utf-8")
    run.experiments.write_text(
        told.replace("law_simple_pendulum_period", "law_of_another_house"), encoding="utf-8"
    )
    (test,) = recompute(run)
    assert test.hindrance == "this finder has no instrument law_of_another_house"


def test_the_same_run_makes_the_same_bytes(run: Run, crate: Path) -> None:
    assert publish(run, [read_author(AUTHOR)], "CC-BY-4.0", now=WHEN) == crate.read_bytes()


def test_steps_have_who_what_and_when(crate: Path, run: Run) -> None:
    graph = {one["@id"]: one for one in json.loads(unpack(crate)["ro-crate-metadata.json"])["@graph"]}
    assert graph["./"]["conformsTo"] == [{"@id": "https://w3id.org/ro/wfrun/process/0.5"}]
    calls = [one for key, one in graph.items() if key.startswith("#call-")]
    report = run.report()
    assert report is not None
    assert len(calls) == len(report.calls)
    assert all(one["startTime"] <= one["endTime"] for one in calls)
    assert graph["#test-p01-c1"]["description"].startswith("survived: ")
    assert graph["#plan-test-p01-c1"]["value"] == f"sha256:{report.hypotheses[0].tests[0].result.key}"
    assert graph["https://orcid.org/0000-0002-1825-0097"]["name"] == "Josiah Carberry"


def test_the_page_opens_without_our_software(crate: Path) -> None:
    page = unpack(crate)["ro-crate-preview.html"].decode()
    assert "Josiah Carberry" in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!data:|https://(?:orcid|creativecommons|doi)|[\w.-]+")', page)


def test_what_is_not_the_authors_is_left_out(tmp_path: Path, run: Run) -> None:
    """Passages keep what is quoted of them; keys, paths and the machine's name go."""
    folder = tmp_path / run.id
    shutil.copytree(run.folder, folder)
    report = make_report()
    (folder / "report.json").write_text(report.model_dump_json(), encoding="utf-8")
    (quote,) = {c.quote for h in report.hypotheses if h.literature for c in h.literature.citations}
    work = {"source": "arxiv", "id": "1", "title": "T", "abstract": "All of it."}
    passage = {"key": PASSAGE, "work": work, "text": f"Before. {quote} After.", "start": 0, "end": 9}
    secret = f"hyp_0123abcd_{'k' * 43}"
    error = f"/home/ada/data/x.cif on {socket.gethostname()} with {secret} and Bearer {'b' * 20}"
    line = {"key": "k", "evidence": {"source": "s 1", "content": {"passages": [passage]}, "error": error}}
    (folder / "evidence.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    public = tmp_path / "public"
    public.mkdir()
    copy_public(agents.open_run(tmp_path, run.id), public)
    told = (public / "evidence.jsonl").read_text(encoding="utf-8")
    assert quote in told
    for gone in ("Before.", "All of it", "/home/ada", secret, "bbbb"):
        assert gone not in told
    if len(socket.gethostname()) > 3:
        assert socket.gethostname() not in told


def test_a_title_alone_is_a_reference_and_stays(tmp_path: Path, run: Run) -> None:
    """A run that found titles only asked for no quotes: cut to nothing, its copy would not replay."""
    folder = tmp_path / run.id
    shutil.copytree(run.folder, folder)
    work = {"source": "shipped", "id": "1", "title": "On glass", "abstract": None}
    passage = {"key": PASSAGE, "work": work, "text": "On glass", "start": 0, "end": 8}
    line = {"key": "k", "evidence": {"source": "s 1", "content": {"passages": [passage]}}}
    (folder / "evidence.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    public = tmp_path / "public"
    public.mkdir()
    copy_public(agents.open_run(tmp_path, run.id), public)
    (kept,) = json.loads((public / "evidence.jsonl").read_text(encoding="utf-8"))["evidence"]["content"][
        "passages"
    ]
    assert kept["text"] == "On glass"


@pytest.mark.parametrize(
    "text", ["a km/s of 3 m/s", "see https://doi.org/10.1/home/x", "heat /work done", "1/2"]
)
def test_physics_is_no_path(text: str, tmp_path: Path, run: Run) -> None:
    folder = tmp_path / run.id
    shutil.copytree(run.folder, folder)
    (folder / "evidence.jsonl").write_text(json.dumps({"key": text}) + "\n", encoding="utf-8")
    public = tmp_path / "public"
    public.mkdir()
    copy_public(agents.open_run(tmp_path, run.id), public)
    assert json.loads((public / "evidence.jsonl").read_text(encoding="utf-8")) == {"key": text}


def change(name: str, content: bytes) -> Callable[[Files], Files]:
    return lambda files: files | {name: content}


def drop(name: str) -> Callable[[Files], Files]:
    return lambda files: {key: content for key, content in files.items() if key != name}


DAMAGE: dict[str, tuple[Callable[[Files], Files], str]] = {
    "a changed report": (change("report.json", b"{}"), "report.json has another sha256"),
    "a changed call": (
        lambda f: f | {"calls.jsonl": f["calls.jsonl"] + b"\n"},
        "calls.jsonl has another sha256",
    ),
    "a file more": (change("extra.txt", b"x"), "extra.txt is not described"),
    "a file less": (drop("report.md"), "report.md is described"),
    "no records": (drop("run.json"), "run.json is described"),
    "no description": (drop("ro-crate-metadata.json"), "has no ro-crate-metadata.json"),
    "a description that is none": (change("ro-crate-metadata.json", b"[1]"), "cannot be read"),
    "a description of nothing": (change("ro-crate-metadata.json", b'{"@graph": []}'), "has no entity ./"),
    "a way out": (change("../evil", b"x"), "plain file names"),
    "a folder": (change("a/b", b"x"), "plain file names"),
    "a hidden file": (change(".bashrc", b"x"), "plain file names"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_changed_archive_is_refused_and_nothing_is_written(what: str, crate: Path, tmp_path: Path) -> None:
    damage, said = DAMAGE[what]
    path = pack(damage(unpack(crate)), tmp_path / "changed.zip")
    with pytest.raises(BadCrate, match=re.escape(said)):
        open_crate(path, tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_what_is_no_archive_is_refused(tmp_path: Path, crate: Path) -> None:
    cut = tmp_path / "cut.zip"
    cut.write_bytes(crate.read_bytes()[:-100])
    with pytest.raises(BadCrate, match="no whole zip"):
        open_crate(cut, tmp_path)
    with pytest.raises(RunRefused, match="cannot read"):
        open_crate(tmp_path / "nothing.zip", tmp_path)


def test_another_run_of_that_name_stays(crate: Path, tmp_path: Path) -> None:
    opened = open_crate(crate, tmp_path)
    assert open_crate(crate, tmp_path) == opened
    (tmp_path / opened.run / "calls.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(BadCrate, match="differs from the archive"):
        open_crate(crate, tmp_path)
    assert (tmp_path / opened.run / "calls.jsonl").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    "text", ["", "<0000-0002-1825-0097>", "Ada <0000-0002-1825-0098>", "Ada <12>", "Ada <", "a" * 300]
)
def test_who_is_no_author_is_refused(text: str) -> None:
    with pytest.raises(BadAuthor):
        read_author(text)


def test_authors_with_and_without_an_id() -> None:
    assert read_author("Ada Lovelace").orcid is None
    assert read_author("Ada <https://orcid.org/0000-0002-9079-593X>").orcid == "0000-0002-9079-593X"


def test_a_publication_has_author_licence_and_report(run: Run, tmp_path: Path) -> None:
    with pytest.raises(NotPublished, match="has an author"):
        publish(run, [], "CC-BY-4.0")
    with pytest.raises(NotPublished, match=r"choose one of CC0-1\.0"):
        publish(run, [read_author(AUTHOR)], "WTFPL")
    shutil.copytree(run.folder, tmp_path / run.id)
    (tmp_path / run.id / "report.json").unlink()
    with pytest.raises(NotPublished, match="no report yet"):
        publish(agents.open_run(tmp_path, run.id), [read_author(AUTHOR)], "CC-BY-4.0")


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    save(b"one", path)
    with pytest.raises(NotPublished, match="is there already"):
        save(b"two", path)
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_from_the_command_line(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = str(tmp_path / "out.zip")
    told = ["publish", str(run.folder), "--licence", "CC0-1.0", "--author", AUTHOR, "--to", archive]
    assert entry.run(told) == 0
    assert "replays to the same report" in capsys.readouterr().out
    assert entry.run(["open", archive, "--out", str(tmp_path / "runs"), "--recompute", "--json"]) == 0
    opened = json.loads(capsys.readouterr().out)
    assert opened["same_report"]
    assert [test["same"] for test in opened["recomputed"]] == [True]
    assert Report.model_validate_json((tmp_path / "runs" / run.id / "report.json").read_bytes())
    assert entry.run(["open", str(tmp_path / "none.zip")]) != 0
    assert "none.zip" in capsys.readouterr().err


@pytest.fixture
def key(tmp_path: Path) -> Path:
    from nanopub.profile import generate_keyfiles

    generate_keyfiles(tmp_path)
    return tmp_path / "id_rsa"


def test_hypotheses_are_signed_and_check_offline(run: Run, key: Path, tmp_path: Path) -> None:
    from nanopub.nanopub import Nanopub

    files = unpack(pack_bytes(publish(run, [read_author(AUTHOR)], "CC-BY-4.0", key=key), tmp_path))
    signed = tmp_path / "p01.trig"
    signed.write_bytes(files["nanopub-p01.trig"])
    paper = Nanopub(rdf=signed)
    assert paper.is_valid
    assert str(paper.source_uri).startswith("http://purl.org/np/RA")
    assert b"test survived" in files["nanopub-p01.trig"]
    assert key.read_bytes()[30:60] not in b"".join(files.values())


def pack_bytes(content: bytes, folder: Path) -> Path:
    (folder / "signed.zip").write_bytes(content)
    return folder / "signed.zip"


@pytest.mark.parametrize(
    ("author", "content", "said"),
    [("Ada Lovelace", None, "give Ada Lovelace <0000"), (AUTHOR, b"no key", "no RSA private key")],
)
def test_who_cannot_sign_is_told(run: Run, key: Path, author: str, content: bytes | None, said: str) -> None:
    if content:
        key.write_bytes(content)
    with pytest.raises(BadKey, match=said):
        publish(run, [read_author(author)], "CC-BY-4.0", key=key)
