"""The tools that there are: ours by a line in `TOOLS`, those of other packages by an entry point.

A package joins with this in its pyproject.toml, where `TOOL` is a `ToolSpec`:

    [project.entry-points."hypofind.tools"]
    my_tool = "my_package:TOOL"
"""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import NamedTuple

from tools import (
    calculator,
    defects,
    descriptors,
    experiments,
    generation,
    laws,
    reading,
    representation,
    synthesis,
)
from tools.spec import AnyTool, ToolSpec

GROUP = "hypofind.tools"

TOOLS: tuple[AnyTool, ...] = (
    defects.TOOL,
    defects.ARRANGE,
    generation.GENERATE,
    generation.EVALUATE,
    generation.SCREEN,
    generation.BUILD_SITES,
    generation.JUDGE_SITES,
    experiments.TEST_CLAIM,
    experiments.SWEEP,
    calculator.TOOL,
    laws.TOOL,
    laws.EXPLAIN,
    reading.READ,
    descriptors.DESCRIBE,
    descriptors.CHOOSE,
    representation.CHECK,
    representation.CODE,
    synthesis.TOOL,
)


class UnusablePlugin(NamedTuple):
    """An entry point that gives no tool, and why."""

    entry: str
    reason: str


def all_tools() -> tuple[AnyTool, ...]:
    """Return ours, then those of other packages by the names of their entry points."""
    return (*TOOLS, *_plugins()[0])


def unusable_plugins() -> tuple[UnusablePlugin, ...]:
    """Return the entry points that were left out: a broken package stops no door."""
    return _plugins()[1]


@cache
def _plugins() -> tuple[tuple[AnyTool, ...], tuple[UnusablePlugin, ...]]:
    usable: dict[str, AnyTool] = {}
    left_out: list[UnusablePlugin] = []
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            tool = _load(entry)
            if tool.name in {*usable, *(ours.name for ours in TOOLS)}:
                raise ValueError(f"there is a tool called {tool.name} already")  # noqa: TRY301 - told like the others
        except (Exception, SystemExit) as error:  # noqa: BLE001 - foreign code, and its fault stops no door
            told = " ".join(str(error).split()) or type(error).__name__
            left_out.append(UnusablePlugin(f"{entry.name} = {entry.value}", told))
        else:
            usable[tool.name] = tool
    return tuple(usable.values()), tuple(left_out)


def _load(entry: EntryPoint) -> AnyTool:
    tool = entry.load()
    if not isinstance(tool, ToolSpec):
        raise TypeError(f"{entry.value} is a {type(tool).__name__} and no ToolSpec")
    return tool
