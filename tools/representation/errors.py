"""What can go wrong with a specification.

RepresentationError      (a ToolError)
├── BadSpec              the text is not in the grammar: the message says in which line and column
├── BadFunction          the tested function raises, is random, changes its input or gives another shape
└── NotWellTyped         the specification is read and contradicts itself; every fault is one line
"""

from tools.errors import ToolError


class RepresentationError(ToolError):
    """Root of this tool's errors."""


class BadSpec(RepresentationError):
    """Not in the grammar. `line` and `column` count from 1."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.line, self.column, self.reason = line, column, message


class BadFunction(RepresentationError):
    """What was to be tested is no function of its inputs."""


class NotWellTyped(RepresentationError):
    """A specification that contradicts itself."""
