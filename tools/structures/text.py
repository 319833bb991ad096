"""Bytes of a structure file become text: byte order marks, line ends, and letters of older encodings."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

LINE: Final = (
    1 << 24
)  # characters of a line that are kept: a file without line breaks must not fill the memory
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MARK: Final = "\ufeff"
LAST: Final = "\x1a"  # ends a file of DOS
WESTERN: Final = "hypofind.western"


def _as_western(error: UnicodeError) -> tuple[str, int]:
    """Read a byte that is no UTF-8 as Windows-1252, of which Latin-1 is a part; U+FFFD where it has none."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(WESTERN, _as_western)


def decode_text(content: bytes) -> str:
    """Return the text with plain line ends and without a byte order mark."""
    return plain(content.decode(_encoding(content), errors=WESTERN))


def read_lines(stream: BinaryIO) -> Iterator[str]:
    """Yield lines with plain line ends; of a line longer than LINE its beginning."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    text = io.TextIOWrapper(buffered, _encoding(buffered.peek(4)), errors=WESTERN, newline=None)
    while line := text.readline(LINE):
        rest = line
        while rest and not rest.endswith("\n"):
            rest = text.readline(LINE)
        yield line


def plain(text: str) -> str:
    """Return text from another program with plain line ends, without marks of its order or end."""
    return text.removeprefix(MARK).rstrip(LAST).replace("\r\n", "\n").replace("\r", "\n")


def _encoding(head: bytes) -> str:
    return next((name for mark, name in MARKS if head.startswith(mark)), "utf-8")
