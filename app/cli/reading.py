"""Text from arguments and standard input, checked."""

import sys
from collections.abc import Iterator

from pydantic import ValidationError

from agents.schema import LONGEST_QUESTION, Question
from app.errors import InputError

MOST_BYTES = 4 * LONGEST_QUESTION + 1  # UTF-8 takes at most four a character; more is too long anyway


def read_question(argument: str) -> str:
    """Return the question, from standard input for "-". Raises InputError."""
    text = (
        _decode(sys.stdin.buffer.read(MOST_BYTES), "standard input", cut=True)
        if argument == "-"
        else argument
    )
    try:
        return Question(text=text).text
    except ValidationError as error:
        raise InputError(f"the question {error.errors()[0]['msg'].removeprefix('Value error, ')}") from error


def read_lines() -> Iterator[str]:
    """Yield the lines of standard input, a text a line, as they come. Raises InputError."""
    for number, line in enumerate(sys.stdin.buffer, start=1):
        yield _decode(line, f"standard input, line {number},").rstrip("\r\n")


def _decode(content: bytes, where: str, *, cut: bool = False) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        if cut and len(content) == MOST_BYTES and error.end == len(content):
            return content.decode(errors="ignore")  # the limit fell into a character
        raise InputError(f"{where} is not UTF-8 (at byte {error.start + 1}): convert it") from error
