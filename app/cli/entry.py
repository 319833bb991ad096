"""From arguments to an exit code. Every foreseen error is one line on standard error; none is a traceback."""

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app.cli.exit_codes import Exit
from app.program import NAME, program

COLLECTED_AFTER = 50_000  # new objects: what is loaded stays, and to look through it every 700 takes 0.8 s


def main(arguments: Sequence[str] | None = None) -> None:
    gc.set_threshold(COLLECTED_AFTER)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a terminal without UTF-8
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    import typer

    from app.cli.commands import app

    try:
        return app(list(arguments) or ["--help"], prog_name=NAME, standalone_mode=False) or Exit.DONE
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)  # of the command that was meant
        said_by = context.command_path.removeprefix(NAME) if context else ""
        _tell(f"{error.format_message().rstrip('.')}: see {program()}{said_by} --help")
        return Exit.USAGE
    except (typer.Abort, KeyboardInterrupt):
        return Exit.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the flush at exit fails again
        return Exit.DONE
    except Exception as error:  # noqa: BLE001  the last one: it says where to report what nobody foresaw
        return _fail(error)


def _fail(error: Exception) -> int:
    from app.cli.failures import exit_code
    from app.failures import line

    code = exit_code(error)
    _tell(line(error) if code else _report_bug(error))
    return code or Exit.FAILED


def _tell(message: str) -> None:
    from app.cli.output import notice

    for line in message.split("\n"):
        notice(f"{NAME}: {line}")


def _report_bug(error: Exception) -> str:
    try:
        attach = f"attach {_save_traceback(error)}"
    except OSError:  # a full disk, perhaps
        attach = f"say that {' '.join(str(error).split()) or 'it had no message'}"
    return (
        f"this is a bug ({type(error).__name__} in {_place(error)}). "
        f"Please open an issue in the project's repository and {attach}"
    )


def _save_traceback(error: Exception) -> str:
    import tempfile
    import traceback

    handle, name = tempfile.mkstemp(prefix="hypofind-", suffix=".txt")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(traceback.format_exception(error))
    except OSError:
        Path(name).unlink()
        raise
    return name


def _place(error: Exception) -> str:
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}, line {frame.lineno}"
