import asyncio
import threading
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.events import EVENTS, NoticeEvent, RunEvent, StateEvent
from app.jobs.feed import CHUNK, FILE, Feed, FeedReader, Feeds
from app.jobs.state import RunState


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return Feed(tmp_path / FILE)


def note(feed: Feed, text: str) -> None:
    feed.add(lambda number, at: NoticeEvent(id=number, at=at, text=text))


def end(feed: Feed) -> None:
    feed.add(lambda number, at: StateEvent(id=number, at=at, state=RunState.SUCCEEDED))


async def read_all(feed: Feed, after: int = 0, pause: float = 0) -> list[RunEvent]:
    reader, seen = FeedReader(feed, after), []
    with reader.listening():
        while not reader.is_done:
            seen += reader.take()
            await asyncio.sleep(pause)
            if not reader.is_done:
                await reader.wait(0.5)
    return seen


async def test_slow_and_fast_readers_miss_nothing_while_it_is_written(feed: Feed) -> None:
    def write() -> None:
        for number in range(400):
            note(feed, f"{number} " + "x" * 300)
        end(feed)

    writer = threading.Thread(target=write)
    readers = [asyncio.create_task(read_all(feed, pause=0.02 * (i % 2))) for i in range(10)]
    await asyncio.sleep(0.01)
    writer.start()
    seen = await asyncio.gather(*readers)
    writer.join()
    assert all([event.id for event in events] == list(range(1, 402)) for events in seen)


async def test_no_reader_is_done_before_the_end_is_on_disk(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(feed, "first")
    reader, done = FeedReader(feed, 0), list[bool]()
    reader.take()
    write = feed._write  # noqa: SLF001 - there is no other way to look in between

    def look_and_write() -> None:
        done.append(reader.is_done)
        write()

    monkeypatch.setattr(feed, "_write", look_and_write)
    end(feed)
    assert done == [False]
    assert [event.id for event in reader.take()] == [2]
    assert reader.is_done


async def test_a_reader_goes_on_behind_any_event(feed: Feed) -> None:
    for number in range(20):
        note(feed, str(number))
    end(feed)
    for after in (0, 7, 20, 21, 10**12):
        assert [event.id for event in await read_all(feed, after)] == list(range(min(after, 21) + 1, 22))


async def test_an_event_longer_than_a_chunk_is_read_whole(feed: Feed) -> None:
    note(feed, "y" * (3 * CHUNK))
    end(feed)
    assert [event.id for event in await read_all(feed)] == [1, 2]


async def test_nothing_follows_the_end(feed: Feed) -> None:
    end(feed)
    note(feed, "too late")
    assert len(await read_all(feed)) == 1


@given(cut=st.integers(min_value=0, max_value=10**6))
def test_after_a_crash_ids_go_on_from_the_last_whole_event(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("feed") / FILE
    feed = Feed(path)
    for number in range(5):
        note(feed, f"before {number}")
    content = path.read_bytes()
    path.write_bytes(content[: cut % (len(content) + 1)])
    whole = path.read_bytes().count(b"\n")
    again = Feed(path)
    note(again, "after")
    events = [EVENTS.validate_json(line) for line in path.read_bytes().splitlines()]
    assert [event.id for event in events] == list(range(1, whole + 2))


def test_a_full_disk_delays_events_and_loses_none(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    note(feed, "one")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", _refuse)
        note(feed, "two")
    note(feed, "three")
    kept = [EVENTS.validate_json(line) for line in feed.path.read_bytes().splitlines()]
    assert [(event.id, getattr(event, "text", "")) for event in kept] == [
        (1, "one"),
        (2, "two"),
        (3, "three"),
    ]


def _refuse(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_all_who_ask_for_a_run_s_feed_get_the_same(tmp_path: Path) -> None:
    feeds = Feeds(tmp_path)
    one = feeds.get("a")
    note(one, "here")
    assert feeds.get("a") is one
    assert feeds.get("b") is not one
    assert isinstance(EVENTS.validate_json((tmp_path / "a" / FILE).read_bytes()).at, datetime)


@pytest.mark.parametrize("left", [None, 0, 30, 100])
async def test_a_file_that_is_deleted_or_cut_meanwhile_has_no_holes_and_its_reader_is_told_the_end(
    feed: Feed, left: int | None
) -> None:
    for text in ("one", "two"):
        note(feed, text)
    reader = FeedReader(feed, 0)
    assert [event.id for event in reader.take()] == [1, 2]
    if left is None:
        feed.path.unlink()
        assert reader.take() == []
    else:
        feed.path.write_bytes(feed.path.read_bytes()[:left])
    end(feed)
    assert [event.id for event in reader.take()] == [3]
    assert reader.is_done
    assert b"\0" not in feed.path.read_bytes()
    assert feed.read()[-1].id == 3
