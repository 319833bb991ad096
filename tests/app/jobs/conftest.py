"""The databases that jobs are kept in: a SQLite file, and Debian's PostgreSQL where it is installed."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.jobs.tables import metadata, open_database
from app.settings import Settings
from app.settings.sections import PathsSection
from app.settings.service import ServiceSection

PROGRAMS = max(
    Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda path: int(path.parent.name)
)
OTHER_USER = "nobody"  # PostgreSQL refuses to run as root


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Start a PostgreSQL server and return its address, without the database's name."""
    if PROGRAMS is None or not (PROGRAMS / "initdb").exists():
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    is_root = os.geteuid() == 0
    if is_root:
        shutil.chown(folder, OTHER_USER)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        command = [str(PROGRAMS / program), "-D", str(folder / "data"), *arguments]
        prefix = ["runuser", "-u", OTHER_USER, "--"] if is_root else []
        subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd=folder)  # noqa: S603 - Debian's own

    run("initdb", "--auth=trust", "--username=finder", "--encoding=UTF8", "--no-sync")
    options = f"-h 127.0.0.1 -p {port} -c unix_socket_directories= -c fsync=off -c max_connections=60"
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://finder@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres(server: str) -> str:
    """Return the address of an empty database."""
    return make_database(server, "finder")


@pytest.fixture(scope="session")
def shared_postgres(server: str) -> str:
    """Return the address of a database for tests that leave no table behind."""
    return make_database(server, "shared")


def make_database(server: str, name: str) -> str:
    admin = sa.create_engine(
        sa.make_url(f"{server}/postgres").set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        for statement in (f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}"):
            connection.exec_driver_sql(statement)
    admin.dispose()
    return f"{server}/{name}"


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_database(Settings(paths=PathsSection(runs=tmp_path)))
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """The same tables in either database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    service = ServiceSection.model_validate({"database": request.getfixturevalue("shared_postgres")})
    engine = open_database(Settings(paths=PathsSection(runs=tmp_path), service=service))
    yield engine
    metadata.drop_all(engine)
    engine.dispose()
