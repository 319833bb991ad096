"""The child process that reads a PDF: `python -P pdf_child.py FILE MEMORY_BYTES CPU_SECONDS CHARACTERS`.

A file may be made to need all memory or to run for ever; what that costs ends with this process. A line of
JSON is written for what the file says of itself, then one a page, so that what came before a stop is kept.
Nothing of ours is imported: a light start.
"""

import json
import logging
import os
import sys

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
        text = page.extract_text()
        say({"text": text[:characters]})
        characters -= len(text)
        if characters <= 0:
            return None
    return None


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
