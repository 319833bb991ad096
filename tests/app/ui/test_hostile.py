"""A model writes scripts, beacons and directives: the page shows them as text, and nothing else happens."""

from collections.abc import Iterator

import pytest

from app.settings.sections import RunSection
from tests.app.live import Live
from tests.app.ui.browser import CHROMIUM, Visit, serve_page, visit
from tests.app.ui.hostile import ATTACKS, Hostile

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.timeout(600),  # a browser on a busy machine
]

TABS = ("Review", "Evidence", "Literature", "Data", "Checks", "JSON", "Representation and steps")
LINKS = "[...document.querySelectorAll('a[href]')].map(a => a.href)"
SOURCES = "[...document.querySelectorAll('[src], image, use')].map(e => e.src || e.href?.baseVal || '')"
MODEL = {"answers": Hostile()}
RUN = RunSection(
    perspectives=3, reviewers=2, matches=4, children=1, overview=True, test_seconds=0, from_data=False
)


@pytest.fixture
def guest(live: Live) -> Iterator[Visit]:
    with serve_page(live) as address, visit(address) as guest:
        yield guest


def test_a_hostile_report_runs_nothing_and_calls_nobody(guest: Visit, live: Live) -> None:
    with live.client() as client:
        run = client.ask("Why " + " ".join(ATTACKS[:8]) + "?")
        assert client.wait(run.id, 120).state == "succeeded"
        count = len(client.report(run.id).hypotheses)
    guest.open(f"/run?id={run.id}")
    guest.page.get_by_text("Take it away", exact=True).wait_for()
    _open_everything(guest, count)
    _check(guest)
    for path in ("/history", f"/compare?first={run.id}&second={run.id}"):
        guest.open(path)
        guest.settle()
        _check(guest)


def _open_everything(guest: Visit, count: int) -> None:
    page = guest.page
    for tab in ("Rating", "Disciplines", "Scores"):
        page.get_by_role("tab", name=tab, exact=True).click()
    for position in range(1, count):
        page.locator("summary").filter(has_text=f"{position + 1}. ").first.click()
        guest.settle()
    for tab in TABS:
        for one in page.get_by_role("tab", name=tab, exact=True).all():
            one.click()
    guest.settle()
    assert "198.51.100.7" in page.content()  # it is there to be read


def _check(guest: Visit) -> None:
    assert guest.page.evaluate("window.pwned") is None
    assert guest.dialogs == []
    assert guest.foreign == []
    inside = (guest.address, "data:", "blob:", "")
    links = guest.page.evaluate(LINKS) + guest.page.evaluate(SOURCES)
    assert [link for link in links if not link.startswith(inside[:3]) and link] == []
