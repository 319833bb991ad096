"""Runs whose plan is made, and who watches them."""

import asyncio
from pathlib import Path
from typing import Any, cast

import agents
from agents.model import Endpoint, Event, EventKind
from agents.run import Run, RunPlan
from agents.run.events import Ended, Happening, Joined, Noticed, Planned
from agents.schema import (
    ConceptRef,
    Distance,
    ModelRef,
    OntologyVersion,
    Perspective,
    Report,
    RunSettings,
    ScoredConcept,
)
from agents.scripted import ScriptedServer
from tests.agents.samples import PERSPECTIVE

CONCEPT = ScoredConcept(uri="https://doi.org/10.29172/n", label="Multiscale modeling", score=0.9)
FAR = PERSPECTIVE.model_copy(
    update={
        "key": "f01",
        "role": "Far Physicist",
        "distance": Distance.FAR,
        "narrow": ConceptRef(uri="https://doi.org/10.29172/f", label="Renormalization group"),
    }
)


QUESTION = "Why does a film with domain walls resist?"


def begin(runs: Path, perspectives: int = 3, question: str = QUESTION, **chosen: Any) -> Run:  # noqa: ANN401 - of RunSettings
    """A run whose plan is made, so that no ontology is needed."""
    settings = RunSettings(perspectives=perspectives, models={"default": ModelRef(name="scripted")}, **chosen)
    run = agents.create_run(runs, question, settings)
    voices = [
        PERSPECTIVE.model_copy(update={"key": f"p{number:02}", "role": f"Physicist {number}"})
        for number in range(1, perspectives + 1)
    ]
    ontology = OntologyVersion(release="test", concepts=1, sha256="0" * 64)
    run.set_plan(
        RunPlan(
            ontology=ontology, disciplines=[CONCEPT], concepts=[CONCEPT], perspectives=voices, reserve=[FAR]
        )
    )
    return run


async def go(run: Run, server: ScriptedServer, **options: Any) -> Report:  # noqa: ANN401 - ask's own options
    endpoints = {"default": Endpoint(name="scripted", base_url=server.base_url)}
    nothing = cast("Any", None)  # the plan is made: neither ontology nor router is looked at
    return await agents.ask(run, endpoints=endpoints, ontology=nothing, router=nothing, **options)


class Watching:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.outcomes: list[object] = []
        self.notices: list[str] = []
        self.joining: list[Perspective] = []

    def __call__(self, event: Happening) -> None:
        match event:
            case Noticed(text):
                self.notices.append(text)
            case Planned(plan):
                self.plan = plan
            case Joined(perspective):
                self.joining.append(perspective)
            case Ended(outcome):
                self.outcomes.append(outcome)
            case Event():
                self.events.append(event)


class Cutting(Watching):
    """Cancels the run as soon as the n-th answer is on disk."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after, self.task = after, asyncio.current_task()

    def __call__(self, event: Happening) -> None:
        super().__call__(event)
        self.after -= isinstance(event, Event) and event.kind is EventKind.ANSWERED
        if self.after == 0 and self.task:
            self.task.cancel()
            self.task = None  # a second one would be a person who does not wait for the report


async def cut(run: Run, server: ScriptedServer, after: int, **options: Any) -> Report:  # noqa: ANN401 - as go
    return await go(run, server, watch=Cutting(after), **options)
