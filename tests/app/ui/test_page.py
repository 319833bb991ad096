"""The page from question to export, in Chromium, against the service with a scripted model."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.schema import Report
from app.settings.sections import RunSection
from tests.app.live import Live
from tests.app.ui.browser import CHROMIUM, Visit, serve_page, visit

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.timeout(600),  # a browser on a busy machine
]

QUESTION = "Does annealing help?"
SHARPER = "Why do thin films of MoS2 conduct better after annealing at 400 to 700 K?"
MODEL = {"delay_s": 0.3}
RUN = RunSection(perspectives=2, matches=0, test_seconds=0, from_data=False)


@pytest.fixture(scope="module")
def address(live: Live) -> Iterator[str]:
    with serve_page(live) as address:
        yield address


@pytest.fixture
def guest(address: str) -> Iterator[Visit]:
    with visit(address) as guest:
        yield guest


def ask(guest: Visit, question: str) -> str:
    """The run's id, once its page is open."""
    guest.open()
    guest.settle()
    guest.page.get_by_role("textbox", name="Question").fill(question)
    guest.page.keyboard.press("Control+Enter")
    guest.page.get_by_role("button", name="Find hypotheses").click()
    guest.page.wait_for_url("**/run?id=*")
    return guest.page.url.partition("id=")[2]


def test_question_progress_card_export(guest: Visit, tmp_path: Path) -> None:
    page = guest.page
    run = ask(guest, SHARPER)
    page.get_by_role("button", name="Stop the run").wait_for()
    page.get_by_text("perspectives are done").wait_for()
    page.get_by_text("Take it away", exact=True).wait_for()
    page.get_by_text("scripted", exact=True).first.wait_for()
    page.get_by_text("Falsifier", exact=True).wait_for()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="JSON", exact=True).click()
    file = tmp_path / "report.json"
    downloading.value.save_as(file)
    assert Report.model_validate(json.loads(file.read_text(encoding="utf-8"))).run == run
    assert guest.foreign == []


def test_a_vague_question_gets_a_hint_and_a_sharp_one_its_subjects(guest: Visit) -> None:
    guest.open()
    box = guest.page.get_by_role("textbox", name="Question")
    box.fill(QUESTION)
    guest.page.keyboard.press("Control+Enter")
    guest.page.get_by_text("Say a little more").wait_for()
    box.fill(SHARPER)
    guest.page.keyboard.press("Control+Enter")
    guest.page.get_by_text("Say a little more").wait_for(state="hidden")
    guest.settle()  # until then the row of the question before stands there too
    guest.page.get_by_text("Subjects that must speak").wait_for()
    assert guest.page.get_by_text("Condensed Matter, Materials & Applied Physics").is_visible()


def test_a_run_can_be_stopped_marked_and_found_again(guest: Visit, live: Live) -> None:
    page = guest.page
    run = ask(guest, f"{SHARPER} And stop.")
    page.get_by_role("button", name="Stop the run").click()
    page.get_by_role("button", name="Stop the run").wait_for(state="hidden")
    with live.client() as client:
        assert client.wait(run, 150).state in ("cancelled", "succeeded")
    finished = ask(guest, f"{SHARPER} And mark it.")
    page.get_by_text("Take it away", exact=True).wait_for()
    page.get_by_test_id("stFeedback").get_by_role("radio").nth(3).click()
    page.get_by_text("Kept").wait_for()
    with live.client() as client:
        assert [mark.mark for mark in client.marks(finished)] == [4]
    page.get_by_role("link", name="History").click()
    page.get_by_role("heading", name="History").wait_for()
    page.get_by_role("link", name="And mark it").wait_for()


def test_the_whole_way_can_be_gone_by_keyboard_on_a_phone(address: str) -> None:
    with visit(address, width=390, height=844) as guest:
        guest.open()
        box = guest.page.get_by_role("textbox", name="Question")
        box.focus()
        guest.page.keyboard.type(SHARPER)
        guest.page.keyboard.press("Control+Enter")
        button = guest.page.get_by_role("button", name="Find hypotheses")
        guest.settle()
        guest.page.get_by_text("Subjects that must speak").wait_for()
        for _ in range(60):
            guest.page.keyboard.press("Tab")
            if button.evaluate("button => button === document.activeElement"):
                break
        guest.page.keyboard.press("Enter")
        guest.page.wait_for_url("**/run?id=*")
        guest.page.get_by_text("Take it away", exact=True).wait_for()
        guest.settle()
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert guest.page.evaluate(wide) is False
