"""Which exit code an error gives: whose turn it is."""

from agents.errors import AgentsError, EndpointError, MiningError, PinsError, RunError, RunRefused
from app.cli.exit_codes import Exit
from app.errors import AppError
from app.failures import is_foreseen
from physh import OntologyError, PhyshError
from prompts import PromptError
from retrieval import RetrievalError
from retrieval.errors import (
    BadQuery,
    FolderNotWritable,
    LibraryError,
    NoSpaceForFile,
    UnknownDocument,
    WrongFile,
)
from tools import ToolError
from tools.defects.errors import BadInput
from tools.generation.errors import BadFile

CODES: tuple[tuple[type[Exception], Exit], ...] = (  # the first that fits
    (AppError, Exit.USAGE),
    (RunRefused, Exit.FAILED),
    (RunError, Exit.USAGE),
    (PinsError, Exit.USAGE),
    (MiningError, Exit.USAGE),
    (EndpointError, Exit.MODEL),
    (WrongFile, Exit.USAGE),
    (NoSpaceForFile, Exit.FAILED),
    (FolderNotWritable, Exit.FAILED),
    (UnknownDocument, Exit.USAGE),
    (BadQuery, Exit.USAGE),
    (LibraryError, Exit.FAILED),
    (RetrievalError, Exit.MODEL),
    (OntologyError, Exit.FAILED),
    (PhyshError, Exit.USAGE),
    (PromptError, Exit.FAILED),
    (BadInput, Exit.USAGE),
    (BadFile, Exit.USAGE),
    (ToolError, Exit.FAILED),
    (AgentsError, Exit.FAILED),
)


def exit_code(error: Exception) -> Exit | None:
    """Return the code, or None for an error that nobody foresaw: a bug."""
    if not is_foreseen(error):
        return None
    return next((code for kind, code in CODES if isinstance(error, kind)), Exit.FAILED)
