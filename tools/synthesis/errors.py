"""What can go wrong with a score.

SynthesisError       (a ToolError): a formula or structure that nothing can be said of; the message says why
"""

from tools.errors import ToolError


class SynthesisError(ToolError):
    """Root of this tool's errors."""


class MissingSymmetryPackage(SynthesisError):
    """The optional package is not installed."""
