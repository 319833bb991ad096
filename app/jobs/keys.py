"""API keys: `hyp_<id>_<secret>`, each of a person in a project. The database holds a hash of the secret.

The secret has 256 random bits. What a key may do is what its scopes and its person's role both allow.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import Field

from agents.schema import Strict
from app.errors import InputError
from app.jobs.errors import NoSuchProject
from app.jobs.job import now
from app.jobs.people import LOCAL, LONGEST_PERSON, Role
from app.jobs.store import EPOCH, Allowance
from app.jobs.tables import activity, grants, jobs, keys, members, projects, reading, writing

FORM = re.compile(r"hyp_(?P<id>[0-9a-f]{8})_(?P<secret>[\w-]{43})", re.ASCII)
SECRET_BYTES = 32
MARK = ".keys-are-needed"  # beside the database: if that is lost, the service must not stand open


def id_in(text: str) -> str | None:
    """Return the id that a key bears, whether there is such a key or not; None for what is no key."""
    match = FORM.fullmatch(text)
    return match["id"] if match else None


class Scope(StrEnum):
    ASK = "ask"  # questions, cancelling, marks
    READ = "read"  # one's own runs, PhySH, the list of tools
    TOOLS = "tools"  # running them
    LIBRARY = "library"  # the operator's own papers may be searched for one's questions
    ADMIN = "admin"  # everybody's runs, and the figures of /metrics


EVERYTHING = frozenset(Scope)
OF_ROLE = {
    Role.READER: frozenset({Scope.READ, Scope.ADMIN}),
    Role.AUTHOR: EVERYTHING,
    Role.OWNER: EVERYTHING,
}
"""Scopes that a person of this role can have; admin is the operator's, whatever the role."""


class ApiKey(Strict):
    """What is known of a key. Not the key."""

    id: str
    name: str
    person: str
    project: str
    role: Role | None = Field(description="of the person in the project; null: they were removed from it")
    scopes: frozenset[Scope]
    tokens: int | None = Field(default=None, description="may be spent over all its runs; null: no limit")
    usd: float | None = None
    created: datetime
    revoked: datetime | None = None


class NewKey(Strict):
    """What a key is for, whose it is, and what it may spend."""

    name: str = Field(min_length=1, max_length=100)
    person: str | None = Field(default=None, min_length=1, max_length=LONGEST_PERSON)  # None: the name
    project: str | None = None  # None: one of its own, whose owner the person is
    role: Role | None = None  # None: as the person has it there, or author
    scopes: frozenset[Scope] = frozenset({Scope.ASK, Scope.READ, Scope.TOOLS})
    tokens: int | None = Field(default=None, ge=0)
    usd: float | None = Field(default=None, ge=0)


class Keys:
    """Raises StoreFull or StoreBusy from every method."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._configured = False
        self._people = {LOCAL: LOCAL}  # by key, as far as they are known: a key stays its person's
        file = engine.url.database if engine.dialect.name == "sqlite" else None
        self._mark = Path(file).with_name(MARK) if file else None

    @property
    def configured(self) -> bool:
        """Whether keys are needed. Once there was one, always: neither revoking nor losing the last opens."""
        if not self._configured:
            with reading(self._engine) as connection:
                known = connection.execute(sa.select(keys.c.id).limit(1)).first() is not None
            self._configured = known or (self._mark is not None and self._mark.exists())
        return self._configured

    def add(self, new: NewKey) -> str:
        """The key itself, which can be had only now. Raises NoSuchProject or InputError."""
        name, secret = secrets.token_hex(4), secrets.token_urlsafe(SECRET_BYTES)
        person, project = new.person or new.name, new.project or name
        row = {
            "id": name,
            "name": new.name,
            "person": person,
            "project": project,
            "sha256": _hash(secret),
            "scopes": " ".join(sorted(new.scopes)),
            "tokens": new.tokens,
            "usd": new.usd,
            "created": now().isoformat(),
        }
        with writing(self._engine) as connection:
            if new.project is None:
                connection.execute(projects.insert().values(id=name, created=row["created"]))
            _join(connection, project, person, Role.OWNER if new.project is None else new.role)
            connection.execute(keys.insert().values(row))
        if self._mark is not None:
            self._mark.touch(mode=0o600)
        return f"hyp_{name}_{secret}"

    def find(self, text: str) -> ApiKey | None:
        """The key that this is, unless it is revoked or its person was removed. Compares in constant time."""
        match = FORM.fullmatch(text)
        if match is None:
            return None
        with reading(self._engine) as connection:
            row = connection.execute(WITH_ROLE.where(keys.c.id == match["id"])).one_or_none()
        known = row.sha256 if row else _hash("")
        fits = hmac.compare_digest(_hash(match["secret"]), known)
        holds = row is not None and fits and row.revoked is None and row.role is not None
        return _key(row) if row is not None and holds else None

    def holds(self, name: str) -> bool:
        """Whether the key of this id is in use."""
        query = sa.select(keys.c.id).where((keys.c.id == name) & keys.c.revoked.is_(None))
        with reading(self._engine) as connection:
            return connection.execute(query).first() is not None

    def of_project(self, project: str) -> frozenset[str]:
        """Return the ids of a project's keys, revoked ones too: what they asked stays the project's."""
        query = sa.select(keys.c.id).where(keys.c.project == project)
        with reading(self._engine) as connection:
            return frozenset(connection.execute(query).scalars())

    def project(self, name: str) -> str | None:
        """Return the project of the key of this id; None where there is no such key."""
        with reading(self._engine) as connection:
            return connection.execute(sa.select(keys.c.project).where(keys.c.id == name)).scalar()

    def person(self, name: str) -> str:
        """Return whose the key of this id is; its id where there is no such key."""
        if name not in self._people:
            with reading(self._engine) as connection:
                found = connection.execute(sa.select(keys.c.person).where(keys.c.id == name)).scalar()
            if found is None:
                return name
            self._people[name] = found
        return self._people[name]

    def move(self, name: str, project: str, role: Role | None = None) -> None:
        """Put a key, with all that it asked and kept, into a project. Raises NoSuchProject or InputError."""
        with writing(self._engine) as connection:
            key = connection.execute(sa.select(keys).where(keys.c.id == name)).one_or_none()
            if key is None:
                raise InputError(f"there is no API key {name!r}: hypofind keys list names them")
            _join(connection, project, key.person, role)
            connection.execute(keys.update().where(keys.c.id == name).values(project=project))
            if key.project == name:  # its own project, where nobody is left
                connection.execute(members.delete().where(members.c.project == name))
                connection.execute(projects.delete().where(projects.c.id == name))
                connection.execute(
                    activity.update().where(activity.c.project == name).values(project=project)
                )

    def allowance(self, name: str) -> Allowance:
        """What the key of this id may spend, revoked or not; without limit where there is no such key."""
        query = sa.select(keys.c.tokens, keys.c.usd).where(keys.c.id == name)
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        return Allowance(row.tokens, row.usd) if row else Allowance()

    def all(self) -> Sequence[tuple[ApiKey, int, float]]:
        """Oldest first, with the tokens and USD that its runs have spent or been promised."""
        booked = sa.union_all(
            sa.select(jobs.c.owner, jobs.c.tokens, jobs.c.usd),
            sa.select(grants.c.owner, grants.c.tokens, grants.c.usd),
        ).subquery()
        spent = (
            sa.select(*keys.c, members.c.role, sa.func.sum(booked.c.tokens), sa.func.sum(booked.c.usd))
            .outerjoin(members, MEMBERSHIP)
            .outerjoin(booked, booked.c.owner == keys.c.id)
            .group_by(*keys.c, members.c.role)
            .order_by(keys.c.created, keys.c.id)
        )
        with reading(self._engine) as connection:
            return [
                (_key(row), int(row[-2] or 0), float(row[-1] or 0.0)) for row in connection.execute(spent)
            ]

    def revoke(self, name: str) -> None:
        """By its id. Raises InputError if there is none."""
        where = (keys.c.id == name) & keys.c.revoked.is_(None)
        with writing(self._engine) as connection:
            done = connection.execute(keys.update().where(where).values(revoked=now().isoformat()))
        if not done.rowcount:
            raise InputError(f"there is no API key {name!r} in use: hypofind keys list names them")


MEMBERSHIP = (members.c.project == keys.c.project) & (members.c.person == keys.c.person)
WITH_ROLE = sa.select(*keys.c, members.c.role).select_from(keys.outerjoin(members, MEMBERSHIP))


def _join(connection: sa.Connection, project: str, person: str, role: Role | None) -> None:
    """Make a person a member. Raises NoSuchProject, or InputError where they have another role."""
    if connection.execute(sa.select(projects.c.id).where(projects.c.id == project)).first() is None:
        raise NoSuchProject(f"there is no project {project[:80]!r}: hypofind projects add makes one")
    theirs = (members.c.project == project) & (members.c.person == person)
    known = connection.execute(sa.select(members.c.role).where(theirs)).scalar()
    if known is None:
        row = {"project": project, "person": person, "role": (role or Role.AUTHOR).value}
        connection.execute(members.insert().values(**row, since=now().isoformat()))
    elif role is not None and known != role:
        raise InputError(f"{person!r} is {known} of {project!r}: hypofind projects member changes that")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: Any) -> ApiKey:  # noqa: ANN401 - a row of two tables
    """Return the row's key. One that cannot be read may do nothing, and hides no other."""
    try:
        return _read_key(row)
    except ValueError:
        return ApiKey(
            id=row.id,
            name=str(row.name),
            person=str(row.person),
            project=str(row.project),
            role=None,
            scopes=frozenset(),
            created=EPOCH,
        )


def _read_key(row: Any) -> ApiKey:  # noqa: ANN401 - a row of two tables
    return ApiKey(
        id=row.id,
        name=row.name,
        person=row.person,
        project=row.project,
        role=Role(row.role) if row.role else None,
        scopes=frozenset(map(Scope, row.scopes.split())),
        tokens=row.tokens,
        usd=row.usd,
        created=row.created,
        revoked=row.revoked,
    )
