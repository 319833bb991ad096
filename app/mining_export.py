"""A mining job to take away: its map, its transfers as a table or as RDF, or everything in one archive.

Made in a worker process, as drawing a map of thousands of pairs takes seconds and matplotlib.
"""

import zipfile
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from pydantic import BaseModel, Field

from agents import AgentsError
from agents.mining import MiningStore
from agents.schema import Strict
from app.mining_files import write_map
from tools import ToolError

LARGEST = 100_000_000  # bytes of one export
ZIP, RDF, CSV, PNG = "application/zip", "application/n-triples", "text/csv", "image/png"
FILES = {RDF: "transfers.nt", CSV: "transfers.csv", PNG: "map.png"}
SUFFIXES = {ZIP: ".zip", RDF: ".nt", CSV: ".csv", PNG: ".png"}
MADE = (1980, 1, 1, 0, 0, 0)  # of every file in the archive, so that the same job gives the same bytes


class ToExport(Strict):
    """A job of a store, and the media type that is wanted."""

    folder: Path
    job: str
    media_type: Literal["application/zip", "application/n-triples", "text/csv", "image/png"]


class Exported(Strict):
    content: str = Field(description="in base64")


class ExportMining:
    """Stateless; the runner hands it to a worker."""

    name = "export_mining"
    version = "1"
    purpose = "Writes a mining job as files"
    arguments: type[BaseModel] = ToExport

    def run(self, arguments: BaseModel) -> Exported:
        """Raises ToolError where the job cannot be read, or is larger than may be sent."""
        asked = ToExport.model_validate(arguments)
        try:
            with TemporaryDirectory(prefix="export-") as scratch, MiningStore(asked.folder) as store:
                files = write_map(store, asked.job, Path(scratch))
                content = _choose(files, asked.media_type)
        except AgentsError as error:
            raise ToolError(str(error)) from error
        if len(content) > LARGEST:
            raise ToolError(
                f"the export has {len(content):,} bytes and may have {LARGEST:,}: use the command"
            )
        return Exported(content=b64encode(content).decode())


def _choose(files: list[Path], media_type: str) -> bytes:
    if media_type in FILES:
        return next(path for path in files if path.name == FILES[media_type]).read_bytes()
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.writestr(zipfile.ZipInfo(path.name, MADE), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


EXPORT = ExportMining()
