"""Which errors were foreseen, and how they read: a line, and one on how to go on."""

import errno

from agents.errors import AgentsError
from app.errors import AppError
from physh import PhyshError
from prompts import PromptError
from retrieval import RetrievalError
from tools import ToolError

ROOTS = (AppError, AgentsError, PhyshError, PromptError, RetrievalError, ToolError)
REFUSALS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR}
GO_ON = "what is finished is kept; to go on: "


def is_foreseen(error: Exception) -> bool:
    """Return whether the error was raised on purpose, or by a system that refused; anything else is a bug."""
    return isinstance(error, ROOTS) or (isinstance(error, OSError) and error.errno in REFUSALS)


def line(error: Exception) -> str:
    """Return the error as a person reads it."""
    if isinstance(error, OSError):
        return f"{error.filename or 'a file'}: {(error.strerror or str(error)).lower()}"
    hints = [
        note for note in getattr(error, "__notes__", ()) if note.startswith(GO_ON)
    ]  # LangGraph adds its own
    return "\n".join([str(error), *hints])
