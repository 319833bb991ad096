"""A run is read, published, forked, compared and shared on the page, in Chromium."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.examples import list_examples
from app.publishing import open_crate
from app.settings.sections import RunChoices, RunSection
from tests.app.live import Live
from tests.app.ui.browser import CHROMIUM, Visit, free_port, serve_page, visit, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.timeout(600),  # a browser on a busy machine
]
QUESTION = "Why do thin films of MoS2 conduct better after annealing at 400 to 700 K?"
RUN = RunSection(perspectives=1, matches=0, overview=False, test_seconds=0, from_data=False)


@pytest.fixture(scope="module")
def key(live: Live) -> str:
    return live.key("ada")


@pytest.fixture(scope="module")
def run(live: Live, key: str) -> str:
    with live.client(key) as client:
        return client.wait(client.ask(QUESTION, settings=RunChoices(perspectives=1)).id, 120).id


@pytest.fixture(scope="module")
def address(live: Live) -> Iterator[str]:
    with serve_page(live) as address:
        yield address


@pytest.fixture
def guest(address: str) -> Iterator[Visit]:
    with visit(address) as guest:
        yield guest


def sign_in(guest: Visit, key: str, path: str) -> None:
    guest.sign_in(path, key)
    guest.page.get_by_role("textbox", name="API key").wait_for(state="detached")
    guest.settle()


def test_a_newcomer_reads_a_recorded_run(guest: Visit, key: str) -> None:
    sign_in(guest, key, "/")
    guest.page.get_by_text("Or read a recorded run").wait_for()
    guest.page.get_by_text("Read the report").first.click()
    guest.page.get_by_text("No model was asked just now").wait_for()
    guest.page.get_by_text(f"Recorded on {list_examples()[0].recorded}").wait_for()
    guest.page.get_by_text("Take it away", exact=True).wait_for()
    guest.page.get_by_role("button", name="Ask this question anew").click()
    box = guest.page.get_by_role("textbox", name="Question")
    box.wait_for()
    assert box.input_value() == list_examples()[0].question
    assert guest.foreign == []


def fork_and_compare(guest: Visit, run: str) -> None:
    """Of the run whose page is open, make another with another seed, and see what differs."""
    page = guest.page
    page.get_by_text("Fork this run").click()
    guest.settle()
    page.get_by_role("spinbutton", name="Seed").fill("9")
    page.get_by_role("button", name="Fork", exact=True).click()
    page.wait_for_url(lambda address: "/run?id=" in address and run not in address)
    page.get_by_text("made from").wait_for(timeout=200_000)
    page.get_by_role("link", name="compare", exact=True).click()
    page.get_by_text("What differs").wait_for()
    page.get_by_text("the same role and framework").wait_for()


def test_a_run_is_forked_and_compared(guest: Visit, key: str, run: str) -> None:
    sign_in(guest, key, f"/run?id={run}")
    fork_and_compare(guest, run)


def publish(guest: Visit, key: str, run: str, to: Path) -> None:
    page = guest.page
    sign_in(guest, key, f"/run?id={run}")
    page.get_by_text("Publish this run").click()
    guest.settle()
    page.get_by_role("textbox", name="Authors").fill("Ada Lovelace <0000-0002-1825-0097>")
    guest.settle()  # what was typed is taken over, and an open list would close
    option = page.get_by_role("option", name="CC-BY-4.0", exact=True)
    for _ in range(10):
        page.get_by_role("combobox", name="Licence").click()
        page.wait_for_timeout(1_000)
        if option.is_visible():
            break
    option.click()
    guest.settle()
    page.get_by_role("button", name="Make the archive").click()
    with page.expect_download(timeout=250_000) as download:
        page.get_by_role("button", name="Download the archive").click(timeout=250_000)
    download.value.save_as(to)


@contextmanager
def served_elsewhere(live: Live, folder: Path) -> Iterator[str]:
    """Serve another data folder from a process of its own and yield the page's address."""
    api, page = free_port(), free_port()
    told = {
        "HYPOFIND_PATHS__RUNS": str(folder),
        "HYPOFIND_MODEL__NAME": "scripted",
        "HYPOFIND_MODEL__BASE_URL": live.model.base_url,
        "HYPOFIND_SERVICE__PORT": str(api),
        "HYPOFIND_SERVICE__PAGE_PORT": str(page),
        "HYPOFIND_RUN__PERSPECTIVES": "1",
    }
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
    process = subprocess.Popen(command, env=os.environ | told, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    try:
        wait_for(f"http://127.0.0.1:{api}/readyz")
        wait_for(f"http://127.0.0.1:{page}/_stcore/health")
        yield f"http://127.0.0.1:{page}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def test_a_run_is_published_opened_elsewhere_forked_and_compared(
    guest: Visit, live: Live, key: str, run: str, tmp_path: Path
) -> None:
    publish(guest, key, run, tmp_path / "run.crate.zip")
    opened = open_crate(tmp_path / "run.crate.zip", tmp_path / "elsewhere")
    assert (opened.run, opened.same_report, opened.authors) == (run, True, ["Ada Lovelace"])
    with served_elsewhere(live, tmp_path / "elsewhere") as address:
        page = guest.page
        page.goto(f"{address}/history")
        page.get_by_role("link", name=QUESTION).click()
        page.get_by_text("Take it away", exact=True).wait_for()
        fork_and_compare(guest, run)


def test_a_step_that_is_clicked_opens_its_answer(guest: Visit, key: str, run: str) -> None:
    page = guest.page
    sign_in(guest, key, f"/run?id={run}")
    page.get_by_text("How it was made").click()
    guest.settle()
    bar = page.locator(".js-plotly-plot .bars path").first
    bar.wait_for(state="attached")
    guest.settle()
    bar.scroll_into_view_if_needed()
    page.wait_for_timeout(1_000)  # charts draw themselves in
    box = bar.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.get_by_text("Prompt SHA-256").wait_for()


def test_a_link_shows_the_run_without_a_key_until_it_is_revoked(
    guest: Visit, live: Live, key: str, run: str
) -> None:
    with live.client(key) as client:
        made = client.make_link(run)
        guest.open(f"/shared?link={made.opens}")
        guest.page.get_by_text("Somebody shared this run with you").wait_for()
        guest.page.get_by_text("Take it away", exact=True).wait_for()
        assert guest.page.get_by_text("Fork this run").count() == 0
        guest.open(f"/run?id={run}")
        guest.page.get_by_role("textbox", name="API key").wait_for()
        client.revoke_link(run, made.link.id)
        guest.open(f"/shared?link={made.opens}")
        guest.page.get_by_text("This link is over").or_(
            guest.page.get_by_text("this link is over")
        ).wait_for()
    assert guest.foreign == []
