"""Mining at the command line, and the map as files that other programs read."""

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph

from agents.errors import JobConflict, MiningError
from agents.mining import JobState, Mined, MiningStore
from agents.mining.atlas import meetings, surprises, travellers
from agents.mining.carrying import take_job, write_job
from agents.mining.meetings import contrasts
from agents.model import Endpoint
from agents.schema import Stop
from agents.scripted import ScriptedServer
from app.cli import entry
from app.cli.exit_codes import Exit
from app.exports.mining_graph import BEST_FIRST
from app.mining import pairs_at_once, question_of
from app.mining_files import inert
from app.mining_pictures import draw_heat, table
from app.publishing import OpenedMining, open_any
from app.settings import Settings, load_settings
from tests.conftest import ServerFactory

Output = pytest.CaptureFixture[str]
PAIRS = 30


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scripted: ServerFactory, warm: Path) -> Path:
    server: ScriptedServer = scripted()
    monkeypatch.setenv("HYPOFIND_MODEL__NAME", "scripted")
    monkeypatch.setenv("HYPOFIND_MODEL__BASE_URL", server.base_url)
    monkeypatch.setenv("HYPOFIND_RUN__TEST_SECONDS", "0")  # measuring claims has tests of its own
    monkeypatch.setenv("HYPOFIND_RUN__FROM_DATA", "false")
    path = tmp_path / "job.yaml"
    path.write_text(
        f"name: job\npairs: {PAIRS}\ntargets: [Networks, Nuclear Physics]\n"
        "compare: [[Networks, Nuclear Physics]]\nmatches: 4\n"
    )
    return path


def run(capsys: Output, *arguments: str) -> Any:  # noqa: ANN401 - JSON
    assert entry.run(["mine", *arguments, "--json"]) == Exit.DONE
    return json.loads(capsys.readouterr().out)


@pytest.mark.slow
def test_a_job_from_its_plan_to_its_map(spec: Path, capsys: Output, tmp_path: Path) -> None:
    dry = run(capsys, "plan", str(spec), "--dry-run")
    assert dry["estimate"]["pairs"] == PAIRS
    assert run(capsys, "status") == []
    planned = run(capsys, "plan", str(spec))
    assert planned["estimate"] == dry["estimate"]
    assert len(planned["cells"]) == (16 + 16) * 3

    ended = run(capsys, "run", "job")
    assert (ended["state"], ended["done"]) == ("done", PAIRS)
    assert run(capsys, "status", "job")[0]["done"] == PAIRS
    cells = run(capsys, "status", "job", "--cells")
    assert {cell["state"] for cell in cells} == {"tried", "skipped"}

    shown = run(capsys, "show", "job", "--to", "Networks", "-n", "5")
    assert {one["pair"]["field"]["label"] for one in shown} == {"Networks"}
    assert all(run(capsys, "show", "job", "--by", view) for view in ("methods", "fields", "contrasts"))
    _check_files(tmp_path / "map", capsys)
    _check_archive(tmp_path, capsys)


def _check_archive(folder: Path, capsys: Output) -> None:
    archive = str(folder / "job.zip")
    told = ["publish", "job", "--licence", "CC0-1.0", "--author", "Ada Lovelace", "--to", archive]
    assert entry.run(told) == Exit.DONE
    capsys.readouterr()
    assert entry.run(["open", archive, "--out", str(folder / "elsewhere"), "--json"]) == Exit.DONE
    opened = json.loads(capsys.readouterr().out)
    assert (opened["job"], opened["transfers"], opened["licence"]) == ("job", PAIRS, "CC0-1.0")
    assert opened["same_map"] is True
    with MiningStore(Path(opened["store"])) as store:
        assert (store.progress("job").done, store.progress("job").calls) == (PAIRS, 0)
    for name in ("transfers.csv", "transfers.nt"):
        there = Path(opened["folder"]) / name
        assert there.read_bytes() == (folder / "map" / name).read_bytes()


@pytest.mark.slow
def test_a_job_of_others_stands_among_ours(spec: Path, capsys: Output, tmp_path: Path) -> None:
    run(capsys, "plan", str(spec))
    run(capsys, "run", "job")
    archive, mining = tmp_path / "job.zip", tmp_path / "theirs"
    told = ["publish", "job", "--licence", "CC0-1.0", "--author", "Ada Lovelace", "--to", str(archive)]
    assert entry.run(told) == Exit.DONE
    for _ in range(2):  # the same archive may be opened again
        opened = open_any(archive, tmp_path / "runs", mining)
        assert isinstance(opened, OpenedMining)
        assert opened.same_map
    with MiningStore(mining) as store, MiningStore(load_settings().paths.mining) as ours:
        assert list(store.mined("job")) == list(ours.mined("job"))
        assert store.cells("job") == ours.cells("job")
        assert contrasts(store, "job") == contrasts(ours, "job")
        assert meetings(store, "job") == meetings(ours, "job")
        assert (store.model("job"), store.state("job")) == ("scripted", JobState.DONE)
        lines = list(write_job(ours, "job"))
        store.do("update pair set id = 'x' || id where job = 'job' and position = 0")
        with pytest.raises(JobConflict, match="another job 'job'"):
            take_job(store, lines, {})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda lines: lines[1:], "first line does not say"),
        (lambda lines: [*lines, "{"], "line .* cannot be read"),
        (lambda lines: [*lines, '{"call": {}}'], "line .* cannot be read"),
        (lambda lines: [line.replace('"Networks"', '"Neworks"') for line in lines], "'Neworks', and here it"),
    ],
)
def test_lines_that_are_no_job_change_nothing(
    spec: Path, capsys: Output, tmp_path: Path, change: Callable[[list[str]], list[str]], told: str
) -> None:
    run(capsys, "plan", str(spec))
    with MiningStore(load_settings().paths.mining) as ours, MiningStore(tmp_path / "theirs") as store:
        lines = list(write_job(ours, "job"))
        labels = {cell.field.uri: cell.field.label for cell in ours.cells("job")}
        with pytest.raises(MiningError, match=told):
            take_job(store, change(lines), labels)
        assert store.jobs() == []
        assert not store.rows("select 1 from term")
        assert take_job(store, lines, labels) == "job"
        assert store.progress("job").done == 0


def _check_files(folder: Path, capsys: Output) -> None:
    assert entry.run(["mine", "export", "job", str(folder)]) == Exit.DONE
    named = capsys.readouterr().out.split()
    assert len(named) == len(set(named)) == 12
    compared = list(csv.DictReader((folder / "comparisons.csv").open(encoding="utf-8")))
    assert {row["what"] for row in compared} == {"shared", "only first", "only second", "same thing"}
    rows = list(csv.DictReader((folder / "transfers.csv").open(encoding="utf-8")))
    assert len(rows) == PAIRS
    assert (folder / "map.png").read_bytes().startswith(b"\x89PNG")
    assert "plotly" in (folder / "map.html").read_text(encoding="utf-8")
    assert len((folder / "calls.jsonl").read_text(encoding="utf-8").splitlines()) >= PAIRS
    _check_graph(Graph().parse(folder / "transfers.nt"), rows)


def _check_graph(graph: Graph, rows: list[dict[str, str]]) -> None:
    """The query of the docs gives what the table gives, best first."""
    row = next(row for row in rows if row["verdict"] != "no")
    same = [
        r for r in rows if (r["home"], r["field"]) == (row["home"], row["field"]) and r["verdict"] != "no"
    ]
    uris = {"home": _uri(graph, row["home"]), "field": _uri(graph, row["field"])}
    found = [(str(one[0]), str(one[2])) for one in graph.query(BEST_FIRST.format(**uris))]  # type: ignore[index]  # rows
    assert found == [(r["method_uri"], r["target_uri"]) for r in sorted(same, key=_best_first)]


def _best_first(row: dict[str, str]) -> tuple[int, float, str]:
    return (["yes", "maybe"].index(row["verdict"]), -float(row["mark"]), row["id"])


def _uri(graph: Graph, label: str) -> str:
    query = f'select ?x where {{ ?x skos:prefLabel "{label}"@en }}'
    return str(next(iter(graph.query(query)))[0])  # type: ignore[index]  # a row


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("name: a\npairs: 3\nsources: [Alchemy]", Exit.USAGE, "PhySH has no discipline 'Alchemy'"),
        ("name: a\npairs: 3\nsources: [Networks]\ntargets: [Networks]", Exit.USAGE, "nothing to try"),
        ("name: a\npairs: 3\nbudget: {tokens: 50}", Exit.USAGE, "too small for a single question"),
        ("name: a\npairs: 3\nsearch: [vixra]", Exit.USAGE, "search.0: Input should be"),
        ("name: a\npairs: 3\ncompare: [[Networks, Alchemy]]", Exit.USAGE, "no discipline 'Alchemy'"),
        ("name: a\npairs: 3\nbudget: {usd: 1}", Exit.USAGE, "the model's price is not known"),
        ("name: a\npairs: 3\nbudget: {tokens: 900}", Exit.USAGE, "too small for a single question"),
        ("pairs: 3", Exit.USAGE, "name: Field required"),
    ],
)
def test_a_bad_spec_is_one_line(spec: Path, text: str, code: Exit, told: str, capsys: Output) -> None:
    spec.write_text(text)
    assert entry.run(["mine", "run", str(spec)]) == code
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("hypofind: ")]
    assert len(lines) == 1
    assert told in lines[0]
    assert run(capsys, "status") == [], "a plan that is refused is not kept"


def test_a_larger_budget_goes_on_and_nothing_else_may_differ(spec: Path, capsys: Output) -> None:
    text = spec.read_text().replace("matches: 4\n", "")
    spec.write_text(f"{text}budget: {{tokens: 8000}}\n")
    assert entry.run(["mine", "run", str(spec), "--json"]) == Exit.BUDGET
    begun = json.loads(capsys.readouterr().out)
    spec.write_text(f"{text}budget: {{usd: 1}}\n")
    assert entry.run(["mine", "run", str(spec)]) == Exit.USAGE
    assert "the model's price is not known" in capsys.readouterr().err
    spec.write_text(text)
    ended = run(capsys, "run", str(spec))
    assert (begun["state"], ended["state"], ended["done"]) == ("budget spent", "done", PAIRS)
    spec.write_text(f"{text}seed: 3\n")
    assert entry.run(["mine", "run", str(spec)]) == Exit.USAGE
    assert "differs from the job 'job'" in capsys.readouterr().err


@pytest.mark.slow
def test_a_job_that_is_over_stays_so(spec: Path, capsys: Output) -> None:
    run(capsys, "run", str(spec))
    for wanted in ("pause", "cancel"):
        assert entry.run(["mine", wanted, "job"]) == Exit.USAGE
        assert f"job 'job' is done: it can no longer be {wanted}" in capsys.readouterr().err


@pytest.mark.slow
def test_a_question_about_a_transfer_goes_to_the_jobs_model(
    spec: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("matches", "children", "test_seconds"):  # what a run does is tested elsewhere
        monkeypatch.setenv(f"HYPOFIND_RUN__{name.upper()}", "0")
    address = os.environ["HYPOFIND_MODEL__BASE_URL"]
    monkeypatch.setenv("HYPOFIND_MODEL__BASE_URL", "http://127.0.0.1:9/v1")
    spec.write_text(f"name: job\npairs: 2\nmodel: scripted\nbase_url: {address}\n")
    run(capsys, "run", str(spec))
    pair = run(capsys, "show", "job")[0]["pair"]["id"]
    report = run(capsys, "ask", "job", pair[:9])
    assert report["hypotheses"]


def test_what_came_of_a_job(spec: Path, capsys: Output, tmp_path: Path) -> None:
    run(capsys, "run", str(spec))
    with MiningStore(tmp_path / "mining") as store:
        met, mined = meetings(store, "job"), list(store.mined("job"))
        assert sum(meeting.pairs for meeting in met) == len(mined) == PAIRS
        furthest = travellers(store, "job")
        assert [t.fields for t in furthest] == sorted((t.fields for t in furthest), reverse=True)
        odd = surprises(store, "job", 10)
        assert all(one.works is None and one.mined.finding for one in odd)
        worth = [_worth(one.mined) for one in odd]
        assert worth == sorted(worth, reverse=True)
        names, shares = table(met)
        assert shares.shape == (len(names), len(names))
        assert draw_heat(met).data[0].z is not None
        question, pins = question_of(mined[0])
        assert mined[0].pair.method.label in question
        assert pins["frameworks"] == (mined[0].pair.method.uri,)
        assert all(one.rating is None for one in mined), "four matches rank nothing"
        held = [meeting.tournament for meeting in met if meeting.tournament]
        assert held
        assert {one.stopped for one in held} <= {Stop.SPENT, Stop.CANNOT_RANK}


@pytest.mark.parametrize(("answered", "under_way"), [(None, 8), (2, 2), (64, 8)])
def test_a_pause_waits_for_no_more_pairs_than_are_answered_at_once(
    answered: int | None, under_way: int
) -> None:
    endpoint = Endpoint(name="m", base_url="http://127.0.0.1:9/v1", at_once=answered)
    assert pairs_at_once(endpoint, Settings()) == under_way


def _worth(mined: Mined) -> float:
    return (mined.finding.mark if mined.finding else 0) * mined.pair.distance


def test_no_cell_of_a_table_is_a_formula() -> None:
    assert inert("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert inert("plain") == "plain"
