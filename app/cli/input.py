"""Text from arguments and standard input, checked."""

import sys
from collections.abc import Iterator

from app.errors import InputError


def read_question(argument: str) -> str:
    """Return the question, from standard input for "-". Raises InputError."""
    from pydantic import ValidationError

    from agents.schema import Question

    text = _read_input() if argument == "-" else argument
    try:
        return Question(text=text).text
    except ValidationError as error:
        raise InputError(f"the question {error.errors()[0]['msg'].removeprefix('Value error, ')}") from error


def _read_input() -> str:
    from agents.schema import LONGEST_QUESTION

    most = 4 * LONGEST_QUESTION + 1  # UTF-8 takes at most four bytes a character; more is too long anyway
    content = sys.stdin.buffer.read(most)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        if len(content) == most and error.end == most:
            return content.decode(errors="ignore")  # the limit fell into a character
        raise _not_utf8("standard input", error) from error


def read_lines() -> Iterator[str]:
    """Yield the lines of standard input, a text a line, as they come. Raises InputError."""
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            raise _not_utf8(f"standard input, line {number},", error) from error
        yield text.rstrip("\r\n")


def read_all(most_bytes: int) -> str:
    """Return standard input up to so many bytes. Raises InputError where it is not UTF-8."""
    try:
        return sys.stdin.buffer.read(most_bytes).decode()
    except UnicodeDecodeError as error:
        raise _not_utf8("standard input", error) from error


def _not_utf8(where: str, error: UnicodeDecodeError) -> InputError:
    return InputError(f"{where} is not UTF-8 (at byte {error.start + 1}): convert it")
