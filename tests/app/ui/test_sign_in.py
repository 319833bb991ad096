"""Who may see what on the page of a service with keys: by key, by an OpenID Connect provider, or nothing."""

import json
import os
from collections.abc import Iterator

import pytest

from app.settings.sections import RunChoices
from app.settings.service import SignInSection
from tests.app.live import Live
from tests.app.ui.browser import CHROMIUM, free_port, serve_page, visit
from tests.app.ui.provider import CLIENT, SECRET, Provider, run_provider

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.timeout(600),  # a browser on a busy machine
]
ALICES = "Why does the sample of Alice age?"


@pytest.fixture(scope="module")
def alice(live: Live) -> str:
    """Her key; she has asked something."""
    key = live.key("alice")
    with live.client(key) as client:
        client.wait(client.ask(ALICES, settings=RunChoices(perspectives=1)).id, 240)
    return key


@pytest.fixture
def provider() -> Iterator[Provider]:
    with run_provider() as running:
        yield running


@pytest.fixture
def address(live: Live, alice: str, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The page, which knows the provider and, of its people, Alice."""
    port = free_port()
    chosen = {
        "metadata_url": f"{provider.address}/.well-known/openid-configuration",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "page": f"http://127.0.0.1:{port}",
        "cookie_secret": "a long text for the tests alone",
        "keys": {"alice@example.org": alice},
    }
    monkeypatch.setitem(os.environ, "HYPOFIND_SERVICE__SIGN_IN", json.dumps(chosen))
    with serve_page(live, port) as address:
        yield address


def test_whom_the_provider_names_has_the_rights_of_their_key(address: str, provider: Provider) -> None:
    provider.user = {"sub": "1", "email": "alice@example.org", "email_verified": True}
    with visit(address) as guest:
        guest.open("/history")
        guest.page.get_by_role("button", name="Sign in with your organisation").click()
        guest.page.wait_for_url(f"{address}/")
        guest.open("/history")
        guest.page.get_by_text(ALICES).wait_for()


def test_others_see_nothing(address: str, provider: Provider) -> None:
    """An address that nobody verified is nobody's: anyone can have a provider write it."""
    for user in (
        {"sub": "2", "email": "bob@example.org", "email_verified": True},
        {"sub": "3", "email": "alice@example.org", "email_verified": False},
        {"sub": "4", "email": "alice@example.org"},
    ):
        provider.user = dict(user)
        with visit(address) as guest:
            guest.open("/history")
            guest.page.get_by_role("button", name="Sign in with your organisation").click()
            guest.page.get_by_text("No key is kept for").wait_for()
            guest.open("/history")
            guest.page.get_by_text("No key is kept for").wait_for()
            assert ALICES not in guest.page.content()


def test_a_key_by_name_is_found_only_for_the_verified() -> None:
    chosen = SignInSection.model_validate(
        {
            "metadata_url": "https://id.example.org/.well-known/openid-configuration",
            "client_id": "a",
            "client_secret": "b",
            "page": "https://finder.example.org/",
            "cookie_secret": "c",
            "keys": {"alice@example.org": "hyp_1", "subject-7": "hyp_7"},
        }
    )
    assert chosen.find_key({"sub": "subject-7"}) == "hyp_7"
    assert chosen.find_key({"email": "alice@example.org", "email_verified": True}) == "hyp_1"
    assert chosen.find_key({"email": "alice@example.org", "email_verified": "true"}) is None
    assert chosen.find_key({}) is None
    assert "hyp_1" not in repr(chosen)
    with pytest.raises(ValueError, match="client_secret, page, cookie_secret"):
        SignInSection(metadata_url="https://id.example.org", client_id="a")
