"""The child process that reads a PDF: `python -P pdf_child.py FILE MEMORY_BYTES CPU_SECONDS CHARACTERS`.

A file may be made to need all memory or to run for ever; what that costs ends with this process. A line of
JSON is written for what the file says of itself, then one a page, so that what came before a stop is kept.
Nothing of ours is imported: a light start.
"""

import json
import logging
import os
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pypdf import PageObject

SIGNS = "-−–"
SMALLER = 0.85  # of the size before it; a raised number that is set larger is none
RAISED = (0.15, 0.9)  # of the size before it: how far a raised number stands above its line
LOCKED = "it is encrypted and needs a password: save a copy without one"


def main() -> None:
    path, memory, seconds, characters = sys.argv[1], *map(int, sys.argv[2:5])
    limit(memory, seconds)
    logging.disable(logging.CRITICAL)  # pypdf warns of every small fault
    try:
        read(path, characters)
    except MemoryError:
        say({"error": f"it needs more than {memory:,} bytes of memory"})
    except RecursionError:
        say({"error": "its parts contain each other"})
    except Exception as error:  # noqa: BLE001 - pypdf raises much of what Python has on broken files
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        say({"error": f"it is broken ({reason})"})


def limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ModuleNotFoundError:  # Windows: the parent's clock remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def read(path: str, characters: int) -> None:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    reader = PdfReader(path)
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            return say({"error": LOCKED})
    except (DependencyError, NotImplementedError):
        return say({"error": LOCKED})
    fields = {str(name).lstrip("/").lower(): str(value) for name, value in (reader.metadata or {}).items()}
    say({"about": fields, "pages": len(reader.pages)})
    for page in reader.pages:
        text = text_of(page)
        say({"text": text[:characters]})
        characters -= len(text)
        if characters <= 0:
            return None
    return None


class Piece(NamedTuple):
    """Text that the page sets at once, the height of its line and its size there; whether it is raised."""

    text: str
    height: float
    size: float
    by_rise: bool


def text_of(page: "PageObject") -> str:
    """Return the page's text, a raised number behind a digit marked: 10^19, which is no 1019."""
    pieces, rise = [Piece("", 0.0, 0.0, by_rise=False)], [0.0]

    def follow(operator: bytes, operands: list[Any], *_: object) -> None:
        if operator == b"Ts":
            rise[0] = _number(operands)

    def keep(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text:
            scale = abs(tm[3] * cm[3] - tm[2] * cm[1]) or 1.0
            height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5] + rise[0] * scale
            pieces.append(Piece(text, height, size * scale, by_rise=rise[0] > 0))

    _part_raised_text(page)
    page.extract_text(visitor_operand_before=follow, visitor_text=keep)
    return "".join(
        f"^{one.text}" if _is_raised(one, before) else one.text for before, one in pairwise(pieces)
    )


def _is_raised(piece: Piece, before: Piece) -> bool:
    """Whether a piece is a number above the line of a digit before it."""
    begins = piece.text[1:2] if piece.text[0] in SIGNS else piece.text[0]
    low, high = (share * before.size for share in RAISED)
    is_small = piece.by_rise or piece.size < SMALLER * before.size
    is_number = before.text[-1:].isdigit() and begins.isdigit()
    return is_number and is_small and low < piece.height - before.height < high


def _part_raised_text(page: "PageObject") -> None:
    """Name the font anew before each change of the text rise, so that pypdf ends a piece of text there."""
    from pypdf.generic import ContentStream, NameObject

    content = page.get_contents()
    if content is None or b"Ts" not in content.get_data():
        return
    parted: list[tuple[Any, bytes]] = []
    font = None
    for operands, operator in ContentStream(content, page.pdf, "bytes").operations:
        if operator == b"Tf":
            font = operands
        elif operator == b"Ts" and font:
            parted.append((font, b"Tf"))
        parted.append((operands, operator))
    content = ContentStream(None, page.pdf, "bytes")
    content.operations = parted
    page[NameObject("/Contents")] = content


def _number(operands: list[Any]) -> float:
    try:
        return float(operands[0])
    except (IndexError, TypeError, ValueError):
        return 0.0


def say(line: object) -> None:
    text = whole(json.dumps(line, ensure_ascii=False)) + "\n"
    sys.stdout.buffer.write(text.encode())  # UTF-8, whatever the locale is
    sys.stdout.flush()


def whole(text: str) -> str:
    """With a placeholder for each half of a character, as fonts' tables may hold: JSON has no such thing."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


if __name__ == "__main__":
    main()
    os._exit(0)  # an interpreter at its memory limit may not be able to end in order
