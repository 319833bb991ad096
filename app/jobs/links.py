"""Links that show a run to whoever has one: `lnk_<id>_<secret>`, until they expire or are revoked.

The database holds a hash of the secret, which has 256 random bits. A link shows one run's report, as it is
when somebody looks, and nothing else.
"""

import hashlib
import hmac
import logging
import re
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import Field, ValidationError

from agents.schema import Strict
from app.jobs.errors import LinkNotFound, TooManyLinks
from app.jobs.job import now
from app.jobs.tables import links, reading, writing

FORM = re.compile(r"lnk_(?P<id>[0-9a-f]{8})_(?P<secret>[\w-]{43})", re.ASCII)
SECRET_BYTES = 32
LONGEST_DAYS = 90
MOST = 50  # links of a run that are in use
log = logging.getLogger("hypofind")


class NewLink(Strict):
    """How long it shows the run."""

    days: int = Field(default=7, ge=1, le=LONGEST_DAYS)


class Link(Strict):
    """What is known of a link. Not the link."""

    id: str
    run: str
    owner: str = Field(default="", exclude=True)
    created: datetime
    expires: datetime
    revoked: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.revoked is None and at < self.expires


class Links:
    """Raises StoreFull or StoreBusy from every method."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, run: str, owner: str, new: NewLink) -> tuple[Link, str]:
        """Return the link, and the text that opens it, which can be had only now. Raises TooManyLinks."""
        if sum(link.holds(now()) for link in self.of_run(run)) >= MOST:
            raise TooManyLinks(f"this run has {MOST} links in use: revoke one of them")
        name, secret = secrets.token_hex(4), secrets.token_urlsafe(SECRET_BYTES)
        created = now()
        expires = created + timedelta(days=new.days)
        row = {
            "id": name,
            "run": run,
            "owner": owner,
            "sha256": _hash(secret),
            "created": created.isoformat(),
            "expires": expires.isoformat(),
        }
        with writing(self._engine) as connection:
            connection.execute(links.insert().values(row))
        return Link(id=name, run=run, owner=owner, created=created, expires=expires), f"lnk_{name}_{secret}"

    def find(self, text: str) -> Link | None:
        """Return the link that this text opens, unless it is over. Compares in constant time."""
        match = FORM.fullmatch(text)
        if match is None:
            return None
        with reading(self._engine) as connection:
            row = (
                connection.execute(sa.select(links).where(links.c.id == match["id"])).mappings().one_or_none()
            )
        known = row["sha256"] if row else _hash("")
        fits = hmac.compare_digest(_hash(match["secret"]), known)
        if row is None or not fits:
            return None
        link = _link(dict(row))
        return link if link is not None and link.holds(now()) else None

    def of_run(self, run: str) -> list[Link]:
        """Oldest first, also those that are over."""
        query = sa.select(links).where(links.c.run == run).order_by(links.c.created, links.c.id)
        with reading(self._engine) as connection:
            found = [_link(dict(row)) for row in connection.execute(query).mappings()]
        return [link for link in found if link is not None]

    def revoke(self, run: str, name: str) -> Link:
        """At once; one that is revoked stays so. Raises LinkNotFound."""
        mine = (links.c.run == run) & (links.c.id == name)
        with writing(self._engine) as connection:
            open_ones = mine & links.c.revoked.is_(None)
            connection.execute(links.update().where(open_ones).values(revoked=now().isoformat()))
            row = connection.execute(sa.select(links).where(mine)).mappings().one_or_none()
        link = _link(dict(row)) if row else None
        if link is None:
            raise LinkNotFound(f"run {run} has no link {name[:40]!r}")
        return link


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _link(row: dict[str, Any]) -> Link | None:
    """Return None for a row that cannot be read: it opens nothing, and hides no other."""
    try:
        return Link.model_validate({name: row[name] for name in Link.model_fields})
    except ValidationError as error:
        log.warning("link %s of run %s cannot be read: %s", row["id"], row["run"], error)
        return None
