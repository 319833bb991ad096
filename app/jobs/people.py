"""Projects and the people in them, each with a role. What a key may do is bounded by its person's role.

A key made without a project has one of its own, named by the key, so that every key speaks for somebody in a
project. What a project's keys have asked and kept belongs to the project.
"""

import logging
import re
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import Field

from agents.schema import Strict
from app.jobs.errors import LastOwner, NoSuchProject, ProjectExists
from app.jobs.job import now
from app.jobs.repair import NOBODY
from app.jobs.tables import keys, members, projects, reading, writing
from app.literature import PROJECT

LOCAL = "local"  # asks, and is the project, where no keys are needed
OF_A_KEY = re.compile(r"[0-9a-f]{8}", re.ASCII)
LONGEST_PERSON = 100
log = logging.getLogger("hypofind")


class Role(StrEnum):
    """What a person may do in a project, from least to most."""

    READER = "reader"  # sees everything of the project
    AUTHOR = "author"  # asks, computes, marks, and steers what they asked themselves
    OWNER = "owner"  # steers everything of the project, and says who is in it


class Member(Strict):
    """A person in a project."""

    person: str
    role: Role
    since: datetime


class ProjectInfo(Strict):
    """A project with the people in it."""

    id: str
    created: datetime
    members: list[Member] = Field(description="in the order in which they joined")


class Projects:
    """Raises StoreFull or StoreBusy from every method."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, name: str) -> None:
        """Raises ProjectExists, also for a name that cannot be one."""
        if not PROJECT.fullmatch(name) or OF_A_KEY.fullmatch(name) or name in (LOCAL, NOBODY):
            raise ProjectExists(
                f"{name[:80]!r} cannot be a project's name: take 1 to 60 of a-z, 0-9 and -; eight "
                f"hexadecimal digits, {LOCAL!r} and {NOBODY!r} are taken"
            )
        row = {"id": name, "created": now().isoformat()}
        try:
            with writing(self._engine) as connection:
                connection.execute(projects.insert().values(row))
        except sa.exc.IntegrityError as error:
            raise ProjectExists(f"there is a project {name!r} already") from error

    def get(self, name: str) -> ProjectInfo:
        """Raises NoSuchProject."""
        with reading(self._engine) as connection:
            row = connection.execute(sa.select(projects).where(projects.c.id == name)).one_or_none()
            found = _members(connection, name)
        if row is None:
            raise NoSuchProject(f"there is no project {name[:80]!r} of yours")
        return ProjectInfo(id=row.id, created=row.created, members=found)

    def all(self) -> list[ProjectInfo]:
        """Oldest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(sa.select(projects).order_by(projects.c.created, projects.c.id)).all()
            return [
                ProjectInfo(id=row.id, created=row.created, members=_members(connection, row.id))
                for row in rows
            ]

    def role(self, project: str, person: str) -> Role | None:
        """Return None for whoever is not in the project."""
        query = sa.select(members.c.role).where(_is(project, person))
        with reading(self._engine) as connection:
            found = connection.execute(query).scalar()
        return Role(found) if found in set(Role) else None

    def set_role(self, project: str, person: str, role: Role) -> Member:
        """Add a person or change their role. Raises NoSuchProject or LastOwner."""
        self.get(project)
        with writing(self._engine) as connection:
            if role is not Role.OWNER:
                _require_other_owner(connection, project, person)
            changed = connection.execute(members.update().where(_is(project, person)).values(role=role.value))
            if not changed.rowcount:
                row = {"project": project, "person": person, "role": role.value, "since": now().isoformat()}
                connection.execute(members.insert().values(row))
            found = connection.execute(sa.select(members).where(_is(project, person))).one()
        return Member(person=found.person, role=Role(found.role), since=found.since)

    def remove(self, project: str, person: str) -> None:
        """Take a person out of a project and revoke their keys there. What they asked stays.

        Raises NoSuchProject, also for a person who is not in it, or LastOwner.
        """
        theirs = (keys.c.project == project) & (keys.c.person == person) & keys.c.revoked.is_(None)
        with writing(self._engine) as connection:
            _require_other_owner(connection, project, person)
            gone = connection.execute(members.delete().where(_is(project, person)))
            if not gone.rowcount:
                raise NoSuchProject(f"there is no {person[:80]!r} in the project {project[:80]!r}")
            connection.execute(keys.update().where(theirs).values(revoked=now().isoformat()))


def _is(project: str, person: str) -> sa.ColumnElement[bool]:
    return (members.c.project == project) & (members.c.person == person)


def _members(connection: sa.Connection, project: str) -> list[Member]:
    query = sa.select(members).where(members.c.project == project)
    rows = connection.execute(query.order_by(members.c.since, members.c.person)).all()
    read = (_member(row) for row in rows)
    return [member for member in read if member is not None]


def _member(row: Any) -> Member | None:  # noqa: ANN401 - a row
    """Return None for a row that cannot be read: whoever it is about may do nothing."""
    try:
        return Member(person=row.person, role=Role(row.role), since=row.since)
    except ValueError as error:
        log.warning("the member %s of %s cannot be read: %s", row.person, row.project, error)
        return None


def _require_other_owner(connection: sa.Connection, project: str, person: str) -> None:
    """Raise LastOwner where the person is the only owner: nobody could add another."""
    query = sa.select(members.c.person).where(
        (members.c.project == project) & (members.c.role == Role.OWNER.value)
    )
    if connection.execute(query).scalars().all() == [person]:
        raise LastOwner(f"{person!r} is the only owner of {project!r}: make somebody else one first")
