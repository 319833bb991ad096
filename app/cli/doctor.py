"""hypofind doctor: what is installed, which model answers, what is missing and the command that mends it."""

from app.cli import options
from app.cli.exit_codes import Exit
from app.cli.output import print_json, print_table


def doctor(*, json: options.Json = False, settings: options.SettingsFile = None) -> Exit:
    """Check this installation. Exits with 1 if something is missing."""
    from app.health import FindingState, examine
    from app.settings import load_settings

    findings = examine(load_settings(file=settings), settings)
    if json:
        print_json([finding.model_dump(mode="json") for finding in findings])
    else:
        rows = [(f.state.value, f.what, f.found + (f"\nmend: {f.mend}" if f.mend else "")) for f in findings]
        print_table(("State", "What", "Found"), rows, flexible="Found")
    return Exit.FAILED if any(finding.state is FindingState.MISSING for finding in findings) else Exit.DONE
