"""Publishing as a tool, so that a worker of its own makes an archive and not the process that serves."""

from abc import abstractmethod
from base64 import b64encode
from pathlib import Path

from pydantic import BaseModel, Field

from agents import AgentsError, open_run
from agents.schema import Strict
from app.errors import InputError
from app.publishing.archive import publish
from app.publishing.authors import Author
from app.publishing.results import publish_mining, publish_result
from app.results import Kept
from tools import ToolError


class Publication(Strict):
    """By whom, and under which licence."""

    authors: tuple[Author, ...]
    licence: str

    @abstractmethod
    def make(self) -> bytes:
        """Return the archive. Raises AgentsError or InputError."""


class RunToPublish(Publication):
    """A finished run in its folder."""

    runs: Path
    run: str

    def make(self) -> bytes:
        return publish(open_run(self.runs, self.run), self.authors, self.licence)


class ResultToPublish(Publication):
    """A kept result: of a tool, a test or an evaluation."""

    kept: Kept

    def make(self) -> bytes:
        return publish_result(self.kept, self.authors, self.licence)


class MiningToPublish(Publication):
    """A mining job of a store."""

    folder: Path
    job: str

    def make(self) -> bytes:
        return publish_mining(self.folder, self.job, self.authors, self.licence)


class Archive(Strict):
    content: str = Field(description="the zip archive in base64")


class Publish:
    """Stateless; the runner hands it to a worker."""

    name = "publish"
    version = "1"
    purpose = "Writes a run, a kept result or a mining job as an RO-Crate"
    arguments: type[BaseModel] = Publication

    def run(self, arguments: BaseModel) -> Archive:
        """Raises ToolError where it cannot be published."""
        assert isinstance(arguments, Publication)  # noqa: S101 - the door hands in nothing else
        try:
            content = arguments.make()
        except (AgentsError, InputError) as error:
            raise ToolError(str(error)) from error
        return Archive(content=b64encode(content).decode())


PUBLISH = Publish()
