"""Runs that are made from others, what differs, and what people write beside them."""

import json
from collections.abc import Iterator

import pytest

import agents
from app.api.forks import NewFork
from app.client import Client, ServiceProblem
from app.jobs.state import RunState
from app.notes import MOST, NoteKind
from app.settings.sections import RunChoices
from tests.app.live import Live

pytestmark = pytest.mark.slow

QUESTION = "Why do metallic glasses age more slowly at high pressure?"


@pytest.fixture(scope="module")
def parent(live: Live) -> Iterator[str]:
    with live.client() as client:
        run = client.ask(QUESTION, settings=RunChoices(perspectives=1, seed=3))
        assert client.wait(run.id, 150).state is RunState.SUCCEEDED
        yield run.id


def test_a_fork_is_as_its_parent_but_for_what_was_changed(live: Live, client: Client, parent: str) -> None:
    before = {path.name: path.read_bytes() for path in (live.service.jobs.runs / parent).iterdir()}
    fork = client.fork(parent, NewFork(settings=RunChoices(perspectives=2)))
    assert client.wait(fork.id, 150).state is RunState.SUCCEEDED
    assert (fork.question, fork.parent) == (QUESTION, parent)
    record = agents.open_run(live.service.jobs.runs, fork.id).record
    assert (record.settings.perspectives, record.settings.seed) == (2, 3)
    assert record.parent is not None
    assert record.parent.run == parent
    assert record.parent == agents.open_run(live.service.jobs.runs, parent).as_parent()
    assert len(client.report(fork.id).hypotheses) == 2
    after = {path.name: path.read_bytes() for path in (live.service.jobs.runs / parent).iterdir()}
    assert after == before


def test_a_run_without_a_parent_records_none(live: Live, client: Client, parent: str) -> None:
    """Older runs keep their bytes, and so do their replays."""
    told = json.loads((live.service.jobs.runs / parent / "run.json").read_text(encoding="utf-8"))
    assert "parent" not in told
    assert client.run(parent).parent is None


def test_lineage_goes_both_ways(client: Client, parent: str) -> None:
    fork = client.fork(parent, NewFork(question="Why do glasses age at all?"))
    child = client.fork(fork.id, NewFork())
    lineage = client.lineage(child.id)
    assert [one.id for one in lineage.ancestors] == [fork.id, parent]
    assert lineage.forks == []
    assert child.question == "Why do glasses age at all?"
    assert fork.id in [one.id for one in client.lineage(parent).forks]
    for run in (fork, child):
        client.wait(run.id, 150)


def test_the_same_key_forks_once(client: Client, parent: str) -> None:
    first = client.fork(parent, NewFork(), idempotency_key="one")
    assert client.fork(parent, NewFork(), idempotency_key="one").id == first.id
    with pytest.raises(ServiceProblem, match="another request"):
        client.fork(parent, NewFork(settings=RunChoices(seed=9)), idempotency_key="one")
    client.wait(first.id, 150)


def test_differences_are_told_field_by_field(client: Client, parent: str) -> None:
    same = client.differences(parent, parent)
    assert [pair.changes for pair in same.pairs] == [[]]
    fork = client.fork(parent, NewFork(settings=RunChoices(seed=11)))
    client.wait(fork.id, 150)
    (pair,) = client.differences(parent, fork.id).pairs
    assert (pair.first, pair.second, pair.why) == ("p01", "p01", "the same role and framework")
    reports = [client.report(run).hypotheses[0] for run in (parent, fork.id)]
    for change in pair.changes:
        if change.field == "statement":
            told = [one.proposal.statement for one in reports]
            assert [change.first, change.second] == told
    assert {change.field for change in pair.changes} >= {"statement", "mechanism"}


def test_notes_are_added_and_never_changed(client: Client, parent: str) -> None:
    client.write_note(parent, "first name", NoteKind.NAME)
    client.write_note(parent, "glass", NoteKind.TAG)
    client.write_note(parent, "doubtful", NoteKind.TAG)
    client.write_note(parent, "doubtful", NoteKind.UNTAG)
    client.write_note(parent, "p01 deserves a beam time")
    client.write_note(parent, "second name", NoteKind.NAME)
    notes = client.notes(parent)
    assert [note.kind.value for note in notes] == ["name", "tag", "tag", "untag", "note", "name"]
    assert {note.by for note in notes} == {"local"}
    labels = client.run(parent).labels
    assert (labels.name, labels.tags) == ("second name", ["glass"])


@pytest.mark.parametrize(
    "note",
    [
        {"text": " "},
        {"text": "x" * 2001},
        {"text": "x" * 81, "kind": "name"},
        {"text": "two\nlines", "kind": "tag"},
        {"text": "a\x00b"},
        {"text": "a", "kind": "order"},
        {"text": "a", "by": "somebody else"},
    ],
)
def test_what_is_no_note_is_refused(live: Live, parent: str, note: dict[str, str]) -> None:
    with live.http() as http:
        assert http.post(f"/v1/runs/{parent}/notes", json=note).status_code == 422


def test_a_run_has_only_so_many_notes(live: Live, client: Client) -> None:
    run = client.ask("Why do glasses break?")
    client.wait(run.id, 150)
    line = client.write_note(run.id, "again").model_dump_json()
    path = live.service.jobs.runs / run.id / "notes.jsonl"
    path.write_text(f"{line}\n" * MOST, encoding="utf-8")
    with pytest.raises(ServiceProblem, match="may have no more"):
        client.write_note(run.id, "once more")


def test_damage_to_notes_hides_nothing_else(live: Live, client: Client) -> None:
    run = client.ask("Why do glasses break?")
    client.wait(run.id, 150)
    client.write_note(run.id, "kept")
    path = live.service.jobs.runs / run.id / "notes.jsonl"
    path.write_bytes(b"\xff not JSON\n" + path.read_bytes() + b'{"kind": "no')
    assert [note.text for note in client.notes(run.id)] == ["kept"]
    client.write_note(run.id, "after half a line")
    assert [note.text for note in client.notes(run.id)] == ["kept", "after half a line"]
