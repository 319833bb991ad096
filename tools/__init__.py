"""Tools that agents can run, by name."""

from tools.errors import ToolError
from tools.registry import TOOLS, Tool

__all__ = ["TOOLS", "Tool", "ToolError"]
