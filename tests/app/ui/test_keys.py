"""The page of a service with keys, in a real browser: each visitor sees what their own key may see."""

from collections.abc import Iterator

import pytest

from app.settings.sections import RunChoices
from tests.app.doors import count
from tests.app.live import Live
from tests.app.ui.browser import CHROMIUM, Visit, serve_page, visit

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.timeout(600),  # a browser on a busy machine
]
MARK = "ALICES-4711"
PAGES = ("/", "/history", "/compare", "/map", "/workbench", "/project")


@pytest.fixture
def guest(live: Live) -> Iterator[Visit]:
    with serve_page(live) as address, visit(address) as guest:
        yield guest


def test_a_visitor_sees_what_their_key_may_see_and_no_more(live: Live, guest: Visit) -> None:
    alice, bob = live.key("alice"), live.key("bob")
    with live.client(alice) as client:
        run = client.ask(f"Why does the glass {MARK} age?", settings=RunChoices(perspectives=1)).id
        client.wait(run, 150)
    own = f"/run?id={run}"
    for path in (*PAGES, own):
        guest.open(path)
        guest.page.get_by_label("API key", exact=True).wait_for()
        assert MARK not in guest.page.content(), path
        count("page in a browser", "key")
    for path in ("/history", own):
        guest.sign_in(path, bob)
        assert MARK not in guest.page.content(), path
        count("page in a browser", "owner")
    guest.sign_in(own, alice)
    guest.page.get_by_text(MARK).first.wait_for()
    guest.sign_in("/history", alice)
    guest.page.get_by_text(MARK).first.wait_for()
    live.service.keys.revoke(alice.split("_")[1])
    guest.open("/history")  # another session: nothing of the last one is left in the browser
    guest.page.get_by_label("API key", exact=True).wait_for()
    guest.sign_in("/history", alice)
    guest.page.get_by_text("is not known here, or it was revoked").wait_for()
    assert MARK not in guest.page.content()
    count("page in a browser", "revocation")
