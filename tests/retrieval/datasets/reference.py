"""The reference server of optimade-python-tools, started on loopback with its own structures on mongomock."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

START_S = 200.0  # on a busy machine; 13 s on a quiet one
ALIASES = {  # the names of the fields in the records that it ships
    "id": "task_id",
    "immutable_id": "_id",
    "chemical_formula_descriptive": "pretty_formula",
    "chemical_formula_reduced": "pretty_formula",
    "chemical_formula_anonymous": "formula_anonymous",
}


@contextmanager
def reference_server(folder: Path) -> Iterator[str]:
    """Give its base address. The process is ours and ends with the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    config = folder / "optimade.json"
    provider = {"name": "Test", "description": "Structures for tests", "prefix": "test", "homepage": None}
    config.write_text(
        json.dumps(
            {
                "debug": False,
                "database_backend": "mongomock",
                "insert_test_data": True,
                "base_url": base,
                "provider": provider,
                "aliases": {"structures": ALIASES},
                "log_dir": str(folder),
            }
        )
    )
    process = subprocess.Popen(  # noqa: S603 - our own command
        [
            sys.executable,
            "-m",
            "uvicorn",
            "optimade.server.main:app",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--log-level",
            "warning",
        ],
        env=os.environ | {"OPTIMADE_CONFIG_FILE": str(config), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"{base}/v1/structures?page_limit=1", process)
        yield base
    finally:
        process.terminate()
        process.wait(10)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise RuntimeError("the reference server did not start")
