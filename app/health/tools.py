"""Which tools can run here."""

from collections.abc import Iterator

from app.health.finding import FindingState, HealthFinding
from tools import AnyTool, ToolError, all_tools
from tools.extras import PROJECT, missing_packages
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
    missing = missing_packages(tool.extra) if tool.extra else []
    if missing:
        found = f"missing: {', '.join(missing)}"
        mend = f"pip install '{PROJECT}[{tool.extra}]'"
        return HealthFinding(what=what, state=FindingState.WARN, found=found, mend=mend)
    try:
        return HealthFinding(what=what, state=FindingState.OK, found=f"{tool.title}, version {tool.version}")
    except ToolError as error:
        return HealthFinding(
            what=what, state=FindingState.MISSING, found=str(error), mend=f"install {PROJECT} again"
        )
    except Exception as error:  # noqa: BLE001 - another package's code, whose fault stops no check
        told = " ".join(str(error).split()) or type(error).__name__
        return HealthFinding(
            what=what, state=FindingState.WARN, found=f"fails: {told}", mend="update that package"
        )
