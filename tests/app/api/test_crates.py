"""A run's archive over REST: whole, the owner's only, and refused in words."""

from pathlib import Path

import pytest

from app.client import Client, ServiceProblem
from app.jobs.state import RunState
from app.publishing import open_crate
from app.settings.sections import RunChoices
from tests.app.live import Live

pytestmark = pytest.mark.slow

QUESTION = "Why do metallic glasses age more slowly at high pressure?"


@pytest.fixture(scope="module")
def done(live: Live) -> str:
    with live.client() as client:
        run = client.ask(QUESTION, settings=RunChoices(perspectives=1))
        assert client.wait(run.id, 150).state is RunState.SUCCEEDED
        return run.id


def test_a_run_is_published_and_opens_elsewhere(client: Client, done: str, tmp_path: Path) -> None:
    path = tmp_path / "run.crate.zip"
    path.write_bytes(client.crate(done, "CC-BY-4.0", ["Josiah Carberry <0000-0002-1825-0097>", "Ada"]))
    opened = open_crate(path, tmp_path / "runs")
    assert opened.same_report
    assert (opened.run, opened.authors) == (done, ["Josiah Carberry", "Ada"])


def test_the_file_is_named_and_no_page_reads_it(live: Live, done: str) -> None:
    with live.http() as http:
        answer = http.get(f"/v1/runs/{done}/crate?licence=CC0-1.0&author=Ada")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="{done}.crate.zip"'
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "pointer", "said"),
    [
        ("?author=Ada", "licence", "required"),
        ("?licence=CC0-1.0", "author", "required"),
        ("?licence=WTFPL&author=Ada", "licence", "choose one of CC0-1.0"),
        ("?licence=CC0-1.0&author=Ada+%3C0000-0002-1825-0098%3E", "author", "check digit is wrong"),
        ("?licence=CC0-1.0&author=Ada&sign=key", None, "'sign' is no parameter"),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    live: Live, done: str, query: str, pointer: str | None, said: str
) -> None:
    with live.http() as http:
        answer = http.get(f"/v1/runs/{done}/crate{query}")
    assert answer.status_code == 422
    problem = answer.json()
    assert said in str(problem)
    assert [part["pointer"] for part in problem["errors"]] == ([pointer] if pointer else [])


def test_a_run_without_a_report_has_no_archive(live: Live, client: Client) -> None:
    live.model.delay_s, before = 5.0, live.model.delay_s
    try:
        run = client.ask("Why do glasses break?", settings=RunChoices(perspectives=1))
        with pytest.raises(ServiceProblem, match="no report yet"):
            client.crate(run.id, "CC0-1.0", ["Ada"])
        client.cancel(run.id)
    finally:
        live.model.delay_s = before
