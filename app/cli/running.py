"""What `hypofind run` does."""

import sys
from json import loads

from app.cli.exit_codes import Exit
from app.cli.output import clean, print_json, print_table
from app.errors import InputError
from app.exports.plain import write_lines
from app.tools import LONGEST, describe, find_tool, read_arguments, record
from tools import all_tools


def list_tools(*, json: bool) -> Exit:
    tools = all_tools()
    if json:
        print_json([describe(tool).model_dump(mode="json") for tool in tools])
    else:
        rows = [(tool.name, tool.version, tool.purpose) for tool in tools]
        print_table(("Tool", "Version", "What it computes"), rows, flexible="What it computes")
    return Exit.DONE


def run_tool(name: str, arguments: str, *, json: bool) -> Exit:
    """Raises InputError for arguments that do not fit, ToolError where the tool cannot answer."""
    tool = find_tool(name)
    asked = read_arguments(tool, _read_input() if arguments == "-" else arguments)
    result = tool.run(asked)
    if json:
        content = loads(result.model_dump_json())
        print_json(record(tool, asked, content).model_dump(mode="json"))
    else:
        sys.stdout.write(clean(write_lines(tool.tell(asked), tool.view(asked, result))))
    return Exit.DONE


def _read_input() -> str:
    try:
        return sys.stdin.buffer.read(LONGEST + 1).decode()
    except UnicodeDecodeError as error:
        raise InputError(f"standard input is not UTF-8 (at byte {error.start + 1}): convert it") from error
