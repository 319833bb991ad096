"""A tool that does what it is told, in a module that a worker can import."""

import os
import time

from pydantic import BaseModel, ConfigDict

from tools import ToolError


class Doing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    what: str
    seconds: float = 0.0


class Done(BaseModel):
    process: int


class Sleeper:
    """Answers with its process, after what was asked of it."""

    version, purpose, arguments = "1", "does what it is told", Doing

    def __init__(self, name: str) -> None:
        self.name, self.cheap = name, name == "cheap"

    def run(self, given: Doing) -> Done:
        if given.what == "refuse":
            raise ToolError("not today")
        if given.what == "break":
            raise ValueError("a fault of ours")
        if given.what == "die":
            os._exit(3)
        if given.what == "eat":
            len(bytearray(64 << 30))
        time.sleep(given.seconds)
        return Done(process=os.getpid())
