import os
from pathlib import Path
from typing import Any

import pytest

import retrieval
from app.health import FindingState, HealthFinding, examine
from app.health.machine import SPARE, check_folder
from app.settings import load_settings
from tests.conftest import ServerFactory


def model(cache: Path, **chosen: Any) -> HealthFinding:  # noqa: ANN401  settings of any kind
    settings = load_settings({"model": chosen, "paths": {"cache": str(cache), "runs": str(cache / "runs")}})
    return next(finding for finding in examine(settings) if finding.what == "model")


def test_a_model_that_answers_is_ok(tmp_path: Path, scripted: ServerFactory) -> None:
    found = model(tmp_path, name="here", base_url=scripted(models=["here"]).base_url)
    assert (found.state, found.mend) == (FindingState.OK, None)


def test_another_model_s_name_is_answered_with_those_there(tmp_path: Path, scripted: ServerFactory) -> None:
    found = model(tmp_path, name="gone", base_url=scripted(models=["here"]).base_url)
    assert found.state is FindingState.MISSING
    assert "has no gone, but here" in found.found


def test_a_wrong_key_is_told_from_a_missing_one(tmp_path: Path, scripted: ServerFactory) -> None:
    address = scripted(api_key="right", models=["m"]).base_url
    assert model(tmp_path, name="m", base_url=address, key="right").state is FindingState.OK
    assert "refuses the key" in model(tmp_path, name="m", base_url=address, key="wrong").found
    assert "without a key" in model(tmp_path, name="m", base_url=address).found


def test_an_endpoint_that_is_down_says_so(tmp_path: Path) -> None:
    found = model(tmp_path, name="m", base_url="http://127.0.0.1:9/v1")
    assert found.state is FindingState.MISSING
    assert found.mend == "start it, or set model.base_url"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALL_PROXY", "socks5://h:7890"),
        ("ALL_PROXY", "socks://h:7890"),
        ("SSL_CERT_FILE", "/nowhere/ca.pem"),
    ],
)
def test_a_wrong_environment_is_told_by_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    found = model(tmp_path, name="m", base_url="https://example.org/v1\r\n")
    assert found.state is FindingState.MISSING
    assert found.found.startswith(f"{variable} is {value}")
    assert found.mend == "correct the variable, or unset it"


def test_this_machine_is_asked_without_a_proxy(
    tmp_path: Path, scripted: ServerFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    assert model(tmp_path, name="here", base_url=scripted(models=["here"]).base_url).state is FindingState.OK


def test_the_embedded_model_waits_for_its_download_and_nothing_is_fetched(tmp_path: Path) -> None:
    found = model(tmp_path / "cache")
    assert found.state is FindingState.WARN
    assert "1,117 MB" in found.found
    assert not list(tmp_path.rglob("*.gguf"))


def test_a_model_file_of_the_users_own_is_looked_at(tmp_path: Path) -> None:
    def found(file: Path) -> HealthFinding:
        settings = load_settings({"embedded": {"file": str(file)}})
        return next(finding for finding in examine(settings) if finding.what == "model")

    own = tmp_path / "mine.gguf"
    assert (found(own).state, found(own).found) == (FindingState.MISSING, f"{own} does not exist")
    own.write_bytes(b"x")
    assert "is not qwen2.5-coder-1.5b of 1,117,320,768 bytes" in found(own).found
    os.truncate(own, retrieval.artefact("qwen2.5-coder-1.5b").bytes)
    assert found(own).state is FindingState.OK


def test_the_disk_has_room_for_the_parts_and_for_what_they_are_joined_to() -> None:
    wanted = retrieval.artefact("qwen2.5-coder-1.5b")
    parts = sum(source.bytes for source in wanted.sources if source.kind == "wheel")
    assert parts + wanted.bytes < SPARE


def test_every_row_that_is_not_ok_says_what_mends_it(tmp_path: Path) -> None:
    settings = load_settings({"paths": {"cache": str(tmp_path / "cache"), "runs": str(tmp_path / "runs")}})
    findings = examine(settings)
    assert {finding.what for finding in findings} >= {"Python", "packages", "ontology", "embedder", "disk"}
    assert all(finding.mend for finding in findings if finding.state is not FindingState.OK)


def test_a_folder_that_cannot_be_written_is_tried_for_real(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    found = check_folder("runs folder", Path("/somewhere/runs"), "HYPOFIND_PATHS__RUNS")
    assert found.state is FindingState.MISSING
    assert "read-only file system" in found.found
