"""What can go wrong with generated strings.

ToolError
└── GenerationError      root of this package
    ├── BadFile          a file, a reference set or a setting cannot be used: the message says what to give
    ├── MissingPackage   an extra is not installed: the message says which command installs it
    └── NotStarted       the process that judges strings does not come up

One string that is no crystal or molecule is not an error: it is counted, with its reason, in the funnel.
"""

from tools.errors import ToolError


class GenerationError(ToolError):
    """Root of this package's errors."""


class BadFile(GenerationError):
    """A file, a reference set or a setting that cannot be used."""


class MissingPackage(GenerationError):
    """An extra that is not installed."""


class NotStarted(GenerationError):
    """The process that judges strings does not come up: a broken installation, or a very busy machine."""
