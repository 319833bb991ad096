"""Tools that agents and people can run, by name."""

from tools.errors import ToolError
from tools.registry import TOOLS, all_tools
from tools.spec import AnyTool, Scene, Tool, ToolSpec

__all__ = ["TOOLS", "AnyTool", "Scene", "Tool", "ToolError", "ToolSpec", "all_tools"]
