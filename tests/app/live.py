"""The service, running in a thread of the test, with the scripted server as its model."""

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from agents.scripted import ScriptedServer
from app.api.access import Service
from app.api.build import create_app
from app.client import Client
from app.jobs.keys import NewKey
from app.settings import Settings
from app.settings.sections import DataSection, ModelChoice, PathsSection, RunSection
from app.settings.service import ServiceSection
from tools import Tool, ToolError

READY_S = 180.0  # on a busy machine


class Sides(BaseModel):
    """Arguments of a tool for tests."""

    model_config = ConfigDict(extra="forbid")

    width: float = Field(ge=0, le=1e6, description="m")
    height: float = Field(ge=0, le=1e6, description="m")


class Area(BaseModel):
    area: float = Field(description="m²")


class Rectangle:
    """A tool that can refuse and break."""

    name = "rectangle_area"
    version = "1"
    purpose = "Area of a rectangle"
    arguments: type[BaseModel] = Sides

    def run(self, arguments: BaseModel) -> Area:
        sides = Sides.model_validate(arguments)
        if sides.width == 0:
            raise ToolError("a width of 0 m is none: give a larger one")
        return Area(area=sides.width * sides.height)


@dataclass
class Live:
    """A running service."""

    app: FastAPI
    address: str
    settings: Settings
    model: ScriptedServer

    @property
    def service(self) -> Service:
        service = self.app.state.service
        assert isinstance(service, Service)
        return service

    def client(self, key: str | None = None) -> Client:
        return Client(self.address, key)

    def http(self, key: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.Client(base_url=self.address, headers=headers, timeout=300, trust_env=False)

    def key(self, name: str = "tester", **given: object) -> str:
        return self.service.keys.add(NewKey.model_validate({"name": name, **given}))

    def wait_ready(self) -> None:
        end = time.monotonic() + READY_S
        with self.client() as client:
            while not client.readiness().ready:
                assert time.monotonic() < end, client.readiness()
                time.sleep(0.05)


def make_settings(
    model: ScriptedServer, cache: Path, runs: Path, *, run: RunSection | None = None, **service: object
) -> Settings:
    return Settings(
        model=ModelChoice(name="scripted", base_url=model.base_url, key=SecretStr("sk-of-the-tests")),
        run=run
        or RunSection(perspectives=1, matches=0, children=0, overview=False, test_seconds=0, from_data=False),
        paths=PathsSection(
            runs=runs,
            cache=cache,
            library=runs.with_name(f"{runs.name}-library"),
            mining=runs.with_name(f"{runs.name}-mining"),
        ),
        data=DataSection(ask=()),  # no test asks a database over the network
        service=ServiceSection.model_validate({"requests_per_minute": 1_000_000, **service}),
    )


@contextmanager
def run_service(
    settings: Settings, model: ScriptedServer, tools: Sequence[Tool] = (Rectangle(),)
) -> Iterator[Live]:
    app = create_app(settings, tools)
    listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
    config = uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    live = Live(app, f"http://127.0.0.1:{listening.getsockname()[1]}", settings, model)
    try:
        live.wait_ready()
        yield live
    finally:
        server.should_exit = True
        thread.join(30)
