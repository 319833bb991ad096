"""What can go wrong when a law is looked for.

LawError       (a ToolError) the table or the request cannot be used: the message says what to change
"""

from tools.errors import ToolError


class LawError(ToolError):
    """Root of this package's errors."""
