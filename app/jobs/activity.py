"""What people did in a project: one line each, the newest first, and the oldest forgotten."""

import logging
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from agents.schema import Strict
from app.jobs.errors import StoreBusy, StoreFull
from app.jobs.job import now
from app.jobs.tables import activity, reading, writing

MOST = 10_000  # lines of a project
CLEARED = 200  # every so many lines, older ones are forgotten
log = logging.getLogger("hypofind")


class Act(StrEnum):
    """What somebody did, as a verb in the past tense whose object stands in `about`."""

    ASKED = "asked"
    FORKED = "forked"
    CANCELLED = "cancelled"
    RESUMED = "resumed"
    MARKED = "marked"
    NOTED = "noted"
    SHARED = "shared"
    UNSHARED = "ended a link of"
    PUBLISHED = "took an archive of"
    KEPT = "kept"
    QUEUED = "queued"
    TESTED = "tested"
    PLANNED = "planned"
    STARTED = "started"
    PAUSED = "paused"
    ADDED = "gave a role to"
    REMOVED = "removed"
    INVITED = "made a key for"


class Activity(Strict):
    """A line of the list."""

    number: int
    at: datetime
    person: str
    act: Act
    about: str


class Activities:
    """The list of every project."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, project: str, person: str, act: Act, about: str) -> None:
        """Write a line down. What it tells of is done: where it cannot be written, that is logged."""
        row = {
            "project": project,
            "person": person,
            "act": act.value,
            "about": about[:200],
            "at": now().isoformat(),
        }
        try:
            with writing(self._engine) as connection:
                number = connection.execute(activity.insert().values(row)).inserted_primary_key
                if number and int(number[0]) % CLEARED == 0:
                    _forget(connection, project)
        except (StoreBusy, StoreFull) as error:
            log.warning("%s %s %s, which is in no list: %s", person, act, about, error)

    def page(self, project: str, *, limit: int, below: int | None = None) -> list[Activity]:
        """Newest first, from below a number. Raises StoreFull or StoreBusy."""
        query = sa.select(activity).where(activity.c.project == project)
        if below is not None:
            query = query.where(activity.c.number < below)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(activity.c.number.desc()).limit(limit)).all()
        read = (_activity(row) for row in rows)
        return [line for line in read if line is not None]


def _activity(row: Any) -> Activity | None:  # noqa: ANN401 - a row
    """Return None for a line that cannot be read, of a newer version for instance."""
    try:
        return Activity(number=row.number, at=row.at, person=row.person, act=Act(row.act), about=row.about)
    except ValueError as error:
        log.warning("line %s of a project's list cannot be read: %s", row.number, error)
        return None


def _forget(connection: sa.Connection, project: str) -> None:
    mine = activity.c.project == project
    newest = sa.select(activity.c.number).where(mine).order_by(activity.c.number.desc())
    oldest_kept = connection.execute(newest.offset(MOST).limit(1)).scalar()
    if oldest_kept is not None:
        connection.execute(activity.delete().where(mine & (activity.c.number <= oldest_kept)))
