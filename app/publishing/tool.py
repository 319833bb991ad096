"""Publishing as a tool, so that a worker of its own makes an archive and not the process that serves."""

from base64 import b64encode
from pathlib import Path

from pydantic import BaseModel, Field

from agents import AgentsError, open_run
from agents.schema import Strict
from app.errors import InputError
from app.publishing.archive import publish
from app.publishing.authors import Author
from tools import ToolError


class ToPublish(Strict):
    """A finished run, by whom, and under which licence."""

    runs: Path
    run: str
    authors: tuple[Author, ...]
    licence: str


class Archive(Strict):
    content: str = Field(description="the zip archive in base64")


class PublishRun:
    """Stateless; the runner hands it to a worker."""

    name = "publish_run"
    version = "1"
    purpose = "Writes a finished run as an RO-Crate"
    arguments: type[BaseModel] = ToPublish

    def run(self, arguments: BaseModel) -> Archive:
        """Raises ToolError where the run cannot be published."""
        asked = ToPublish.model_validate(arguments)
        try:
            content = publish(open_run(asked.runs, asked.run), asked.authors, asked.licence)
        except (AgentsError, InputError) as error:
            raise ToolError(str(error)) from error
        return Archive(content=b64encode(content).decode())


PUBLISH = PublishRun()
