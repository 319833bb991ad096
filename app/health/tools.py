"""Which tools can run here."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires

from app.health.finding import FindingState, HealthFinding
from app.health.machine import PACKAGE, is_installed
from tools import AnyTool, ToolError, all_tools
from tools.registry import unusable_plugins


def check_tools() -> Iterator[HealthFinding]:
    yield from map(_check, all_tools())
    for entry, reason in unusable_plugins():
        yield HealthFinding(
            what="tool",
            state=FindingState.WARN,
            found=f"{entry} is left out: {reason}",
            mend="update that package",
        )


def _check(tool: AnyTool) -> HealthFinding:
    what = f"tool {tool.name}"
    missing = [name for name in _packages(tool.extra) if not is_installed(name)] if tool.extra else []
    if missing:
        found = f"missing: {', '.join(missing)}"
        mend = f"pip install '{PACKAGE}[{tool.extra}]'"
        return HealthFinding(what=what, state=FindingState.WARN, found=found, mend=mend)
    try:
        return HealthFinding(what=what, state=FindingState.OK, found=f"{tool.title}, version {tool.version}")
    except ToolError as error:
        return HealthFinding(
            what=what, state=FindingState.MISSING, found=str(error), mend=f"install {PACKAGE} again"
        )
    except Exception as error:  # noqa: BLE001 - another package's code, whose fault stops no check
        told = " ".join(str(error).split()) or type(error).__name__
        return HealthFinding(
            what=what, state=FindingState.WARN, found=f"fails: {told}", mend="update that package"
        )


def _packages(extra: str) -> list[str]:
    """Names of the distributions that an extra brings."""
    try:
        lines = requires(PACKAGE) or ()
    except PackageNotFoundError:  # run from a source folder
        return []
    wanted = [line for line in lines if re.search(rf"extra == ['\"]{re.escape(extra)}['\"]", line)]
    return [match[0] for line in wanted if (match := re.match(r"[\w.-]+", line)) and match[0] != PACKAGE]
