"""API keys: `hyp_<id>_<secret>`. The database holds a hash of the secret, which has 256 random bits."""

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
from app.jobs.job import now
from app.jobs.store import Allowance
from app.jobs.tables import grants, jobs, keys, reading, writing

FORM = re.compile(r"hyp_(?P<id>[0-9a-f]{8})_(?P<secret>[\w-]{43})", re.ASCII)
SECRET_BYTES = 32
MARK = ".keys-are-needed"  # beside the database: if that is lost, the service must not stand open


class Scope(StrEnum):
    ASK = "ask"  # questions, cancelling, marks
    READ = "read"  # one's own runs, PhySH, the list of tools
    TOOLS = "tools"  # running them
    LIBRARY = "library"  # the operator's own papers may be searched for one's questions
    ADMIN = "admin"  # everybody's runs, and the figures of /metrics


EVERYTHING = frozenset(Scope)


class ApiKey(Strict):
    """What is known of a key. Not the key."""

    id: str
    name: str
    scopes: frozenset[Scope]
    tokens: int | None = Field(default=None, description="may be spent over all its runs; null: no limit")
    usd: float | None = None
    created: datetime
    revoked: datetime | None = None


class NewKey(Strict):
    """What a key is for, and what it may spend."""

    name: str = Field(min_length=1, max_length=100)
    scopes: frozenset[Scope] = frozenset({Scope.ASK, Scope.READ, Scope.TOOLS})
    tokens: int | None = Field(default=None, gt=0)
    usd: float | None = Field(default=None, gt=0)


class Keys:
    """Raises StoreFull or StoreBusy from every method."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._configured = False
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
        """The key itself, which can be had only now."""
        name, secret = secrets.token_hex(4), secrets.token_urlsafe(SECRET_BYTES)
        row = {
            "id": name,
            "name": new.name,
            "sha256": _hash(secret),
            "scopes": " ".join(sorted(new.scopes)),
            "tokens": new.tokens,
            "usd": new.usd,
            "created": now().isoformat(),
        }
        with writing(self._engine) as connection:
            connection.execute(keys.insert().values(row))
        if self._mark is not None:
            self._mark.touch(mode=0o600)
        return f"hyp_{name}_{secret}"

    def find(self, text: str) -> ApiKey | None:
        """The key that this is, unless it is revoked. Compares in constant time."""
        match = FORM.fullmatch(text)
        if match is None:
            return None
        with reading(self._engine) as connection:
            row = connection.execute(sa.select(keys).where(keys.c.id == match["id"])).one_or_none()
        known = row.sha256 if row else _hash("")
        fits = hmac.compare_digest(_hash(match["secret"]), known)
        return _key(row) if row is not None and fits and row.revoked is None else None

    def holds(self, name: str) -> bool:
        """Whether the key of this id is in use."""
        query = sa.select(keys.c.id).where((keys.c.id == name) & keys.c.revoked.is_(None))
        with reading(self._engine) as connection:
            return connection.execute(query).first() is not None

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
            sa.select(keys, sa.func.sum(booked.c.tokens), sa.func.sum(booked.c.usd))
            .outerjoin(booked, booked.c.owner == keys.c.id)
            .group_by(*keys.c)
            .order_by(keys.c.created)
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


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: sa.Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        scopes=frozenset(map(Scope, row.scopes.split())),
        tokens=row.tokens,
        usd=row.usd,
        created=row.created,
        revoked=row.revoked,
    )
