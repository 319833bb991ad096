"""Shared by all tests: an endpoint without a model."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import settings

from agents.scripted import ScriptedServer

settings.register_profile("steady", deadline=None, max_examples=60)  # a busy machine is no failure
settings.load_profile("steady")

ServerFactory = Callable[..., ScriptedServer]


@pytest.fixture
def scripted() -> Iterator[ServerFactory]:
    """Starts scripted servers, with ScriptedServer's own arguments, that end with the test."""
    with ExitStack() as servers:

        def start(*args: Any, **options: Any) -> ScriptedServer:  # noqa: ANN401 - handed on as they are
            return servers.enter_context(ScriptedServer(*args, **options))

        yield start
