"""The database of jobs and API keys: SQLite files beside the runs, or PostgreSQL."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event

from app.jobs.errors import AlreadyServed, StoreBroken, StoreBusy, StoreFull
from app.jobs.repair import is_damaged, list_again, move_aside, take_over
from app.settings import Settings

if TYPE_CHECKING:
    from sqlite3 import Connection as SqliteConnection

BUSY_MS = 5_000  # another process may write for a moment, the `keys` command for instance
CONNECTIONS = 40  # kept open, as many as requests are worked on at once: making one ready takes time
DBOS_FILE, OUR_FILE = "dbos.sqlite", "service.sqlite"

WRITES = "hypofind_writes"
SERVING, WRITING = 7_402_001, 7_402_002  # PostgreSQL's advisory locks: of a service, and of a transaction
log = logging.getLogger("hypofind")
FORMAT = 2  # of these tables; a higher one in a database was written by a newer version

# What a database calls its refusals: SQLite's result codes, then PostgreSQL's SQLSTATE.
FULL = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "53100")
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_SHORT_READ", "XX001", "XX002")
READ_ONLY = ("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN", "25006", "42501")
OTHER_TABLES = ("SQLITE_ERROR", "42703", "42P01")

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
    sa.Column("attempt", sa.Integer, nullable=False, default=0, server_default="0"),
    sa.Column("parent", sa.Text),  # the run that it is forked from
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
    sa.Column("person", sa.Text),
    sa.Column("project", sa.Text, index=True),
)

projects = sa.Table(
    "hypofind_projects",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("created", sa.Text, nullable=False),
)

members = sa.Table(
    "hypofind_members",
    metadata,
    sa.Column("project", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("since", sa.Text, nullable=False),
)

activity = sa.Table(
    "hypofind_activity",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("project", sa.Text, nullable=False, index=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)

grants = sa.Table(
    "hypofind_grants",  # what keys may spend, or have spent, outside runs: mining jobs
    metadata,
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False, index=True),
    sa.Column("tokens", sa.BigInteger, nullable=False, default=0),  # promised until it ends, then spent
    sa.Column("usd", sa.Float, nullable=False, default=0.0),
)

tasks = sa.Table(
    "hypofind_tasks",  # tests of claims and mining jobs
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False, index=True),
    sa.Column("asked", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("started", sa.Text),
    sa.Column("finished", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("result", sa.Text),
    sa.Column("attempt", sa.Integer, nullable=False, default=0, server_default="0"),
)

links = sa.Table(
    "hypofind_links",  # by which runs are shown to others
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("run", sa.Text, nullable=False, index=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("expires", sa.Text, nullable=False),
    sa.Column("revoked", sa.Text),
)

formats = sa.Table("hypofind_format", metadata, sa.Column("number", sa.Integer, nullable=False))


def dbos_url(settings: Settings) -> str:
    """Where DBOS keeps its own tables."""
    database = settings.service.database
    return database.get_secret_value() if database else _sqlite(settings.paths.runs / DBOS_FILE)


def open_database(settings: Settings) -> sa.Engine:
    """Return the database, with tables of this version. Raises StoreFull, StoreBusy or StoreBroken."""
    database = settings.service.database
    if database:
        address = sa.make_url(database.get_secret_value()).set(drivername="postgresql+psycopg")
        engine = _open_postgres(address)
    else:
        settings.paths.runs.mkdir(parents=True, exist_ok=True)
        engine = _open_sqlite(settings.paths.runs / OUR_FILE)
        _mend(engine, settings.paths.runs)
    with explained_database():
        _require_format(engine)
        metadata.create_all(engine)
        _add_missing_columns(engine)
        _give_projects(engine)
        with engine.begin() as connection:
            if connection.execute(sa.select(formats.c.number)).first() is None:
                connection.execute(formats.insert().values(number=FORMAT))
            connection.execute(formats.update().where(formats.c.number < FORMAT).values(number=FORMAT))
    return engine


def _mend(engine: sa.Engine, runs: Path) -> None:
    """Begin anew where the file is damaged, and list runs whose rows are lost."""
    path = runs / OUR_FILE
    aside = move_aside(path) if is_damaged(path) else None
    if path.exists() and path.stat().st_size:
        return
    with explained_database():
        metadata.create_all(engine)
        if aside is not None:
            take_over(aside, metadata, engine)
        if listed := list_again(runs, jobs, engine):
            log.warning("%s was new: %d runs are listed again from their folders", path, listed)


def _require_format(engine: sa.Engine) -> None:
    """Raise StoreBroken where a newer version has written: it may mean something else by a column."""
    if not sa.inspect(engine).has_table(formats.name):
        return
    with engine.begin() as connection:
        number = connection.execute(sa.select(formats.c.number)).scalar() or FORMAT
    if number > FORMAT:
        raise StoreBroken(
            f"the service's database has format {number} and this version reads {FORMAT}: update the service"
        )


def _add_missing_columns(engine: sa.Engine) -> None:
    """Bring tables of an earlier version up to date. What is new may be empty there."""
    known = sa.inspect(engine)
    for table in metadata.sorted_tables:
        there = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                kind = column.type.compile(engine.dialect)
                default = " DEFAULT 0" if isinstance(column.type, sa.Float | sa.Integer) else ""
                with engine.begin() as connection:
                    connection.exec_driver_sql(
                        f'ALTER TABLE {table.name} ADD COLUMN "{column.name}" {kind}{default}'
                    )


def _give_projects(engine: sa.Engine) -> None:
    """Give each key of format 1 a project of its own, where its name is a person and their owner.

    A project of a key whose owner's row was lost to damage is given it again: it has had no other member.
    """
    lost = (keys.c.project == keys.c.id) & keys.c.id.not_in(sa.select(members.c.project))
    without = sa.select(keys.c.id, keys.c.name, keys.c.person, keys.c.created).where(
        keys.c.project.is_(None) | lost
    )
    with engine.begin() as connection:
        if connection.execute(without.limit(1)).first() is None:
            return
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        known = set(connection.execute(sa.select(projects.c.id)).scalars())
        for key in connection.execute(without).all():
            mine = {"person": key.person or key.name, "project": key.id}
            connection.execute(keys.update().where(keys.c.id == key.id).values(mine))
            connection.execute(members.insert().values(**mine, role="owner", since=key.created))
            if key.id not in known:
                connection.execute(projects.insert().values(id=key.id, created=key.created))


def prepare_dbos(settings: Settings) -> None:
    """Its SQLite file in write-ahead mode, once and for all: a reader then holds up no writer."""
    if settings.service.database is None:
        if is_damaged(settings.paths.runs / DBOS_FILE):
            move_aside(settings.paths.runs / DBOS_FILE)  # what waits is handed in again from our own table
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
    """Put the database's refusals in our words, by the name that the database gives them.

    Raises StoreFull, StoreBusy or StoreBroken. IntegrityError passes: callers decide by it.
    """
    try:
        yield
    except sa.exc.IntegrityError:
        raise
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        raise _explained(error) from error


def _explained(error: sa.exc.DBAPIError | sa.exc.TimeoutError) -> StoreFull | StoreBusy | StoreBroken:
    cause = getattr(error, "orig", None)
    name = str(getattr(cause, "sqlite_errorname", "") or getattr(cause, "sqlstate", "") or "")
    if name.startswith(FULL):
        return StoreFull("the disk of the service is full: free some space and ask again")
    if name.startswith(DAMAGED):
        return StoreBroken(
            "the service's database is damaged: stop the service and restore service.sqlite in the runs "
            "folder from a backup, or move it aside; runs stay in their folders"
        )
    if name.startswith(READ_ONLY):
        return StoreBroken("the service's database cannot be written: give the service write access to it")
    if name.startswith(OTHER_TABLES):
        return StoreBroken(
            "the service's database was made by another version: update the service, or restore the database"
        )
    return StoreBusy("the database of the service is locked or does not answer: ask again soon")


def _sqlite(path: Path) -> str:
    return f"sqlite:///{path}"


def _open_postgres(address: sa.URL) -> sa.Engine:
    engine = sa.create_engine(address, pool_pre_ping=True, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        """One writer at a time, as in SQLite: what is counted first and then written stays true."""
        if connection.get_execution_options().get(WRITES):
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITING)))

    return engine


def claim(engine: sa.Engine) -> sa.Connection | None:
    """Keep other services out of a PostgreSQL database until the connection is closed.

    None for SQLite, whose folder is locked instead. Raises AlreadyServed.
    """
    if engine.dialect.name != "postgresql":
        return None
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    if connection.execute(sa.select(sa.func.pg_try_advisory_lock(SERVING))).scalar_one():
        return connection
    connection.close()
    raise AlreadyServed(
        "another hypofind serve works on this PostgreSQL database: stop it, or set another service.database"
    )


def _open_sqlite(path: Path) -> sa.Engine:
    engine = sa.create_engine(_sqlite(path), hide_parameters=True, pool_size=CONNECTIONS)

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
