"""The service behind the page: one client a process, and its refusals in words."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app.client import Client, ServiceError
from app.errors import SettingsError
from app.ui.foreign import inline


@st.cache_resource(show_spinner=False)
def connect() -> Client:
    """Raises SettingsError."""
    from app.settings import load_settings

    ours = load_settings().service
    return Client(ours.address, ours.key.get_secret_value() if ours.key else None)


@contextmanager
def refusals() -> Iterator[None]:
    """What the service refuses, or a wrong setting, is said in place; the rest of the page stays."""
    try:
        yield
    except (ServiceError, SettingsError) as error:
        st.error(inline(str(error)), icon=None)
