"""A short way to ask a scripted server through the real client."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from agents.model import Budget, Chat, Endpoint, Event, Journal
from agents.scripted import ScriptedServer
from prompts import Rendered


class Small(BaseModel):
    """An answer that is quick to read."""

    model_config = ConfigDict(extra="forbid")

    statement: str = Field(min_length=1)
    mark: int = Field(ge=1, le=5)


def prompt(user: str = "Why do skyrmions move sideways?") -> Rendered:
    return Rendered(id="test", sha256="0" * 64, system="You are a physicist.", user=user)


class Talk:
    """A journal's path, the endpoint, and what happened so far."""

    def __init__(self, path: Path, server: ScriptedServer, *, stream: bool = False) -> None:
        self.path = path
        self.endpoint = Endpoint(name="asked-for", base_url=server.base_url, stream=stream, timeout_s=20)
        self.events: list[Event] = []

    def chat(self, budget: Budget | None = None, *, replay: bool = False, concurrency: int = 4) -> Chat:
        journal = Journal(self.path, replay=replay)
        endpoints = {"default": self.endpoint}
        return Chat(endpoints, journal, budget, concurrency=concurrency, on_event=self.events.append)

    async def ask(self, text: str = "Why?", budget: Budget | None = None, *, replay: bool = False) -> Small:
        async with self.chat(budget, replay=replay) as chat:
            answer = await chat.ask("propose", prompt(text), Small, who="p01", max_tokens=300)
        return answer.value

    def change(self, **fields: object) -> None:
        self.endpoint = Endpoint.model_validate({**dict(self.endpoint), **fields})

    @property
    def kinds(self) -> list[str]:
        return [event.kind.value for event in self.events]
