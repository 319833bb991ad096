"""Which errors were foreseen, whose turn it is, and how they read: a line, and one on how to go on."""

import errno

from agents.errors import AgentsError, EndpointError, MiningError, PinsError, RunError, RunRefused
from app.cli.exit_codes import Exit
from app.errors import AppError
from physh import OntologyError, PhyshError
from prompts import PromptError
from retrieval import RetrievalError
from retrieval.errors import BadQuery, DiskFull, FolderNotWritable, LibraryError, UnknownDocument, WrongFile
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
    (DiskFull, Exit.FAILED),
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
GO_ON = "what is finished is kept; to go on: "
REFUSALS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR}


def exit_code(error: Exception) -> Exit | None:
    """None for an error that nobody foresaw: a bug."""
    if isinstance(error, OSError):
        return Exit.FAILED if error.errno in REFUSALS else None
    return next((code for kind, code in CODES if isinstance(error, kind)), None)


def line(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or 'a file'}: {(error.strerror or str(error)).lower()}"
    hints = [
        note for note in getattr(error, "__notes__", ()) if note.startswith(GO_ON)
    ]  # LangGraph adds its own
    return "\n".join([str(error), *hints])
