"""The database of jobs and API keys: SQLite files beside the runs, or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from app.jobs.errors import StoreBusy, StoreFull
from app.settings import Settings

if TYPE_CHECKING:
    from sqlite3 import Connection as SqliteConnection

BUSY_MS = 5_000  # another process may write for a moment, the `keys` command for instance
DBOS_FILE, OUR_FILE = "dbos.sqlite", "service.sqlite"

WRITES = "hypofind_writes"

metadata = sa.MetaData()

jobs = sa.Table(
    "hypofind_jobs",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),  # the order of asking
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("owner", sa.Text, nullable=False, index=True),
    sa.Column("idempotency", sa.Text),
    sa.Column("asked_sha256", sa.Text, nullable=False),
    sa.Column("asked", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("started", sa.Text),
    sa.Column("finished", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("ended", sa.Text),  # what the report amounts to
    sa.Column("tokens", sa.BigInteger, nullable=False, default=0),  # promised until it ends, then spent
    sa.Column("usd", sa.Float, nullable=False, default=0.0),
    sa.UniqueConstraint("owner", "idempotency"),
)

keys = sa.Table(
    "hypofind_keys",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("tokens", sa.BigInteger),
    sa.Column("usd", sa.Float),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("revoked", sa.Text),
)


def dbos_url(settings: Settings) -> str:
    """Where DBOS keeps its own tables."""
    database = settings.service.database
    return database.get_secret_value() if database else _sqlite(settings.paths.runs / DBOS_FILE)


def open_database(settings: Settings) -> sa.Engine:
    """Raises StoreFull or StoreBusy."""
    database = settings.service.database
    if database:
        address = sa.make_url(database.get_secret_value()).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(address, pool_pre_ping=True, hide_parameters=True)
    else:
        settings.paths.runs.mkdir(parents=True, exist_ok=True)
        engine = _open_sqlite(settings.paths.runs / OUR_FILE)
    with explained_database():
        metadata.create_all(engine)
    return engine


def prepare_dbos(settings: Settings) -> None:
    """Its SQLite file in write-ahead mode, once and for all: a reader then holds up no writer."""
    if settings.service.database is None:
        engine = _open_sqlite(settings.paths.runs / DBOS_FILE)
        with explained_database(), engine.connect():
            pass
        engine.dispose()


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One view of everything. Raises StoreFull or StoreBusy."""
    with explained_database(), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """All of it or nothing. Raises StoreFull or StoreBusy."""
    with explained_database(), engine.execution_options(**{WRITES: True}).begin() as connection:
        yield connection


@contextmanager
def explained_database() -> Iterator[None]:
    """The database's refusals in our words. Raises StoreFull or StoreBusy."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.TimeoutError) as error:
        said = str(getattr(error, "orig", error)).lower()
        if "full" in said or "disk i/o" in said or "no space" in said:
            raise StoreFull("the disk of the service is full: free some space and ask again") from error
        raise StoreBusy("the database of the service is locked or does not answer: ask again soon") from error


def _sqlite(path: Path) -> str:
    return f"sqlite:///{path}"


def _open_sqlite(path: Path) -> sa.Engine:
    engine = sa.create_engine(_sqlite(path), hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: "SqliteConnection", _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own
        connection.isolation_level = None  # or sqlite3 would begin where it likes
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        connection.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        """What reads first and then writes must be alone from its beginning."""
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
