"""The service behind the page: one client a visitor, and its refusals in words."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app.client import Client, ServiceError, ServiceProblem
from app.errors import SettingsError
from app.ui.foreign import inline

KEY = "api-key"  # in the visitor's session, and nowhere else
UNAUTHORIZED = 401


def connect() -> Client:
    """Return the visitor's client. On this machine the operator's own key serves. Raises SettingsError."""
    return _client(_address(), st.session_state.get(KEY) or _key_by_name() or _own_key())


def connect_with(link: str) -> Client:
    """Return a client that has a shared link in place of a key. Raises SettingsError."""
    return _client(_address(), link)


@st.cache_resource(show_spinner=False, max_entries=200)
def _client(address: str, key: str | None) -> Client:
    return Client(address, key)


def visitor() -> str:
    """Return what tells visitors apart, for values that are kept between drawings."""
    key = st.session_state.get(KEY) or _key_by_name() or ""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _address() -> str:
    from app.settings import load_settings

    return load_settings().service.address


def _own_key() -> str | None:
    """Return the key of the settings, if only this machine can reach the page: it must not serve others."""
    from app.settings import load_settings

    ours = load_settings().service
    return ours.key.get_secret_value() if ours.key and ours.lends_key else None


def _key_by_name() -> str | None:
    """Return the key of whom the OpenID Connect provider has named, where one is configured."""
    from app.settings import load_settings

    chosen = load_settings().service.sign_in
    return chosen.find_key(st.user.to_dict()) if chosen.configured and st.user.is_logged_in else None


def sign_in() -> bool:
    """Return whether the visitor may go on; where keys are needed, ask for theirs."""
    if st.session_state.get("signed-in"):
        return True
    try:
        connect().runs(limit=1)
    except ServiceProblem as problem:
        if problem.problem.status == UNAUTHORIZED:
            _ask_for_key()
            return False
    except (ServiceError, SettingsError):
        return True  # every view says so in its place
    else:
        st.session_state["signed-in"] = True
    return True


def _ask_for_key() -> None:
    st.title("Hypothesis Finder")
    if st.session_state.pop(KEY, None):
        st.error("This key is not known here, or it was revoked.", icon=None)
    _offer_provider()
    with st.form("sign in", border=False):
        given = st.text_input(
            "API key", type="password", max_chars=200, help="as `hypofind keys add` printed it"
        )
        if st.form_submit_button("Sign in", type="primary") and given.strip():
            st.session_state[KEY] = given.strip()
            st.rerun()
    st.caption("The key stays in this browser tab's session: it is asked for again when the tab is reloaded.")


def _offer_provider() -> None:
    """Show a button to the provider, and tell a visitor whom it named and nobody here knows."""
    from app.settings import load_settings

    if not load_settings().service.sign_in.configured:
        return
    if not st.user.is_logged_in:
        st.button("Sign in with your organisation", on_click=st.login, type="primary")
        return
    name = inline(str(st.user.to_dict().get("email") or st.user.to_dict().get("sub")))
    st.error(f"No key is kept for {name} here: ask whoever runs this service.", icon=None)
    st.button("Sign out", on_click=st.logout)


@contextmanager
def refusals() -> Iterator[None]:
    """Show in place what the service refuses, or a wrong setting; the rest of the page stays."""
    try:
        yield
    except ServiceProblem as problem:
        if problem.problem.status == UNAUTHORIZED:
            st.session_state.pop("signed-in", None)
        st.error(inline(str(problem)), icon=None)
    except (ServiceError, SettingsError) as error:
        st.error(inline(str(error)), icon=None)
