"""What can go wrong in a tool; agents show it to the model and to the reader.

ToolError            the tool could not answer: the message says why and what it would need
"""


class ToolError(Exception):
    """Root of this package's errors."""
