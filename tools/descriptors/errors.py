"""What can go wrong with a descriptor.

DescriptorError      (a ToolError): a structure that it says nothing of; the message says what to do
"""

from tools.errors import ToolError


class DescriptorError(ToolError):
    """Root of this tool's errors."""
