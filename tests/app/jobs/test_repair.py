"""A damaged database costs what was damaged in it, and no start."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

import agents
from agents.schema import ModelRef
from app.jobs.job import JobRequest
from app.jobs.keys import Keys, NewKey
from app.jobs.store import JobStore
from app.jobs.tables import OUR_FILE, open_database
from app.settings import Settings
from app.settings.sections import PathsSection

RUNS = 30


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwrite_head(path: Path) -> None:
    path.write_bytes(b"\xff" * 16 + path.read_bytes()[16:])


def overwrite_page(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(bytes(content))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def remove(path: Path) -> None:
    path.unlink()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Thirty runs of the service with their folders, and one key."""
    settings = Settings(paths=PathsSection(runs=tmp_path))
    engine = open_database(settings)
    store = JobStore(engine)
    chosen = agents.RunSettings(models={"default": ModelRef(name="scripted")})
    for number in range(RUNS):
        job, _ = store.add(JobRequest(question=f"Why {number}? {'x' * 400}"), "a", most_waiting=99)
        run = agents.create_run(tmp_path, job.asked.question, chosen, name=job.id)
        (run.folder / "events.jsonl").write_bytes(b"")
    Keys(engine).add(NewKey(name="one"))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return settings


@pytest.mark.parametrize("damage", [cut, overwrite_head, overwrite_page, empty, remove])
def test_every_run_is_still_listed_and_keys_are_still_needed(
    settings: Settings, damage: Callable[[Path], None]
) -> None:
    damage(settings.paths.runs / OUR_FILE)
    engine = open_database(settings)
    assert len(JobStore(engine).page(None, limit=99)) == RUNS
    assert Keys(engine).configured
    job, new = JobStore(engine).add(JobRequest(question="And now?"), "a", most_waiting=99)
    assert new
    assert JobStore(engine).get(job.id, frozenset("a")) == job
    engine.dispose()


def test_an_overwritten_head_loses_no_row(settings: Settings) -> None:
    overwrite_head(settings.paths.runs / OUR_FILE)
    engine = open_database(settings)
    assert len(JobStore(engine).page(frozenset("a"), limit=99)) == RUNS
    assert list(settings.paths.runs.glob("service.sqlite.damaged-*"))
    engine.dispose()


def test_a_healthy_database_is_left_alone(settings: Settings) -> None:
    engine = open_database(settings)
    assert len(JobStore(engine).page(frozenset("a"), limit=99)) == RUNS
    assert not list(settings.paths.runs.glob("*.damaged-*"))
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM hypofind_format")).scalar_one() == 1
    engine.dispose()
