"""What agents can run. A new tool is one class that fits `Tool`, and one line in `TOOLS`."""

from typing import Protocol

from pydantic import BaseModel

from tools.calculator import Calculator
from tools.defects.tool import DefectProperties
from tools.generation.tool_evaluate import EvaluateStrings
from tools.generation.tool_generate import GenerateStrings
from tools.generation.tool_screen import ScreenStrings


class Tool(Protocol):
    """Typed arguments in, a typed result with units out; a ToolError where it cannot answer."""

    name: str
    purpose: str
    arguments: type[BaseModel]

    @property
    def version(self) -> str: ...

    def run(self, arguments: BaseModel) -> BaseModel:
        """Raises ToolError, never returns a guess."""


TOOLS: tuple[Tool, ...] = (
    DefectProperties(),
    GenerateStrings(),
    EvaluateStrings(),
    ScreenStrings(),
    Calculator(),
)
