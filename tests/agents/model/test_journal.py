"""What was paid for is on disk, and damage is said plainly."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import records
from agents.errors import ReplayMiss, RunError
from agents.model import Journal
from agents.schema import Call

TEXT = st.text(st.characters(codec="utf-8"), max_size=40)


def make_call(key: str, answer: str = "{}") -> Call:
    return Call(
        key=key,
        step="propose",
        who="p01",
        prompt="propose",
        prompt_sha256="0" * 64,
        model="scripted",
        at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        seconds=1.5,
        input_tokens=10,
        output_tokens=20,
        cost_usd=None,
        retries=0,
        finish_reason="stop",
        answer=answer,
    )


def write(path: Path, answers: list[str]) -> list[Call]:
    calls = [make_call(f"k{number}", answer) for number, answer in enumerate(answers)]
    kept = Journal(path)
    for call in calls:
        kept.append(call)
    return calls


@given(answers=st.lists(TEXT, min_size=1, max_size=5), data=st.data())
def test_cut_anywhere_keeps_every_whole_call_and_goes_on(
    tmp_path_factory: pytest.TempPathFactory, answers: list[str], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("run") / "calls.jsonl"
    calls = write(path, answers)
    content = path.read_bytes()
    cut = data.draw(st.integers(0, len(content)))
    path.write_bytes(content[:cut])
    whole = content[:cut].count(b"\n") + (content[cut : cut + 1] == b"\n")  # or only its line's end is gone
    kept = Journal(path)
    assert list(kept.calls) == calls[:whole]
    assert (kept.notice is not None) == (
        bool(content[:cut]) and content[cut - 1 : cut + 1].count(b"\n") == 0 and cut < len(content)
    )
    kept.append(make_call("new"))
    assert list(Journal(path).calls) == [*calls[:whole], make_call("new")]


def test_reading_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    write(path, ["one", "two"])
    path.write_bytes(path.read_bytes()[:-5])
    before = path.read_bytes()
    assert "cut off" in str(Journal(path, replay=True).notice)
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", [b"", b"not json", b'{"key": "k"}', b"\xff\xfe", b"\x00" * 20])
def test_a_damaged_line_is_named(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "calls.jsonl"
    write(path, ["one", "two", "three"])
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([lines[0], damage, *lines[2:]]))
    with pytest.raises(RunError, match=r"calls\.jsonl, line 2: .*delete that line") as caught:
        Journal(path)
    assert "\n" not in str(caught.value)


def test_a_replay_knows_only_what_is_recorded(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    (call,) = write(path, ["one"])
    replay = Journal(path, replay=True)
    assert replay.get("k0") == call
    with pytest.raises(ReplayMiss, match="Resume it"):
        replay.get("other")
    assert Journal(path).get("other") is None


def test_a_journal_that_is_no_replay_says_that_it_does_not_know(tmp_path: Path) -> None:
    write(tmp_path / "calls.jsonl", ["a"])
    assert Journal(tmp_path / "calls.jsonl").get("unknown") is None


def test_a_call_is_found_by_its_place_only_where_that_is_asked_for_and_once(tmp_path: Path) -> None:
    calls, place = write(tmp_path / "calls.jsonl", ["a", "b"]), ("propose", "p01")
    assert Journal(tmp_path / "calls.jsonl").get("changed", place) is None
    of_a_run = Journal(tmp_path / "calls.jsonl", by_place=True)
    assert [of_a_run.get(key, place) for key in ("changed", "again", "once more")] == [*calls, None]
    assert of_a_run.get("changed", ("review", "p01")) is None


def test_a_whole_call_that_lacks_only_its_lines_end_is_kept_and_the_next_one_follows(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    calls = write(path, ["a", "b"])
    path.write_bytes(path.read_bytes()[:-1])
    kept = Journal(path)
    assert kept.notice is None
    kept.append(make_call("new"))
    assert [call.key for call in Journal(path).calls] == [*(call.key for call in calls), "new"]
    assert path.read_bytes().count(b"\n") == 3


def test_only_the_first_so_many_calls_are_known_where_it_is_asked_so(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    calls = write(path, ["a", "b", "c"])
    assert list(Journal(path, first=2).calls) == calls[:2]
    assert Journal(path, first=2).get(calls[2].key) is None


def test_of_two_equal_keys_the_first_counts(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    Journal(path).append(make_call("k", "first"))
    Journal(path).append(make_call("k", "second"))
    assert [call.answer for call in Journal(path).calls] == ["first"]


def test_a_full_disk_is_noticed_before_anything_is_paid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "ROOM", 1 << 60)
    with pytest.raises(RunError, match="disk is full"):
        Journal(tmp_path / "calls.jsonl").check_room()


def test_a_failed_write_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "calls.jsonl"
    calls = write(path, ["one"])
    kept = Journal(path)

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("agents.records.os.fsync", fail)
        with pytest.raises(RunError, match="the disk is full"):
            kept.append(make_call("new", "x" * 9_000))
    assert list(Journal(path).calls) == calls
    kept.append(make_call("new"))
    assert len(Journal(path).calls) == 2


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:100])])
def test_a_file_that_somebody_deletes_or_cuts_meanwhile_is_written_anew(
    tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    path = tmp_path / "calls.jsonl"
    journal = Journal(path)
    calls = [make_call("first"), make_call("second")]
    for call in calls:
        journal.append(call)
    harm(path)
    journal.append(make_call("third"))
    assert list(Journal(path).calls) == [*calls, make_call("third")]
