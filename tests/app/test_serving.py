"""`hypofind serve` and `hypofind keys`, as they are typed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from app.cli.entry import run
from app.serving import page_environment
from app.settings import load_settings
from tests.conftest import ServerFactory

PATIENCE_S = 90.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def test_others_are_let_in_with_keys_only(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--host", "0.0.0.0"], ["--host", "::"]):  # noqa: S104 - what is to be refused
        assert run(["serve", "--port", str(free_port()), *arguments]) == 2
        assert "hypofind keys add" in capsys.readouterr().err


def test_a_name_for_others_needs_a_key_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYPOFIND_SERVICE__NAMES", '["finder.example.org"]')
    assert run(["serve", "--port", str(free_port())]) == 2
    assert "finder.example.org" in capsys.readouterr().err


def test_the_page_keeps_the_rules_of_a_file_that_only_the_service_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "given.toml"
    given.write_text(
        '[service]\nkey = "hyp_of_the_operator"\nnames = ["finder.example"]\norigins = ["https://lab.example"]'
    )
    settings = load_settings(file=given)
    for name, value in page_environment(settings).items():
        monkeypatch.setenv(name, value)
    seen = load_settings().service
    assert (seen.names, seen.origins) == (settings.service.names, settings.service.origins)
    assert not seen.lends_key


def test_a_taken_port_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert run(["serve", "--port", port]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_keys_are_made_listed_and_revoked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["keys", "add", "lab", "--scope", "read", "--budget-tokens", "500"]) == 0
    key = capsys.readouterr().out.strip()
    assert run(["keys", "list", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["id"], listed["scopes"], listed["tokens"]) == (key[4:12], ["read"], 500)
    assert key[13:] not in str(listed)
    assert run(["keys", "revoke", key[4:12]]) == 0
    assert run(["keys", "list"]) == 0
    assert "revoked" in capsys.readouterr().out
    assert run(["keys", "revoke", "nobody"]) == 2
    assert run(["keys", "add", "x", "--scope", "all"]) == 2
    assert "scopes" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_stopped_and_leaves_nobody_behind(
    scripted: ServerFactory, tmp_path: Path, end: signal.Signals
) -> None:
    ports = {"HYPOFIND_SERVICE__PORT": str(free_port()), "HYPOFIND_SERVICE__PAGE_PORT": str(free_port())}
    model = {"HYPOFIND_MODEL__NAME": "scripted", "HYPOFIND_MODEL__BASE_URL": scripted().base_url}
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, env=os.environ | ports | model, stderr=log, stdout=log) as process,  # noqa: S603 - ours
    ):
        _wait_for(f"http://127.0.0.1:{ports['HYPOFIND_SERVICE__PORT']}/healthz")
        process.send_signal(end)
        assert process.wait(30) == 0
    told = (tmp_path / "log").read_text()
    assert "Traceback" not in told
    assert "go on with the next start" in told
    for port in ports.values():
        with socket.create_server(("127.0.0.1", int(port))):  # free again
            pass


def _wait_for(address: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            if httpx.get(address, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise TimeoutError(address)
