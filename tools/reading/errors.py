"""What can go wrong when a text is read.

ReadingError     (a ToolError) root of this package's errors
├── BadSchema    the schema cannot be used: the message says where and what may stand there
└── BadText      the text cannot be read: too long, or no text at all
"""

from tools.errors import ToolError


class ReadingError(ToolError):
    """Root of this package's errors."""


class BadSchema(ReadingError):
    """Not a schema that a text can be read by."""


class BadText(ReadingError):
    """Not a text that can be read."""
