"""Run: python -m bench.records.observe FACTS MODULE [ARG …]; runs a module and notes what it used.

FACTS becomes a JSON object: `read`, files that were opened to be read and not written before, and `modules`,
top-level names that were imported. Files that compiled code opens by itself are not seen.
"""

import json
import os
import runpy
import sys
from pathlib import Path
from typing import Any


class OpenedFiles:
    """An audit hook that keeps the names of files that are opened for reading, in their order."""

    def __init__(self) -> None:
        self._read: dict[str, None] = {}
        self._written: set[str] = set()

    def __call__(self, event: str, given: tuple[Any, ...]) -> None:
        if event != "open" or not isinstance(given[0], str):
            return
        path, _, flags = given
        path = os.path.abspath(path)  # noqa: PTH100 - called for every file; the folder may change later
        if flags & os.O_ACCMODE != os.O_RDONLY:
            self._written.add(path)
        elif path not in self._written:
            self._read[path] = None

    def names(self) -> list[str]:
        return list(self._read)


def main() -> None:
    facts, module, *words = sys.argv[1:]
    opened, ours = OpenedFiles(), os.getpid()
    sys.argv = [module, *words]
    sys.addaudithook(opened)
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        if os.getpid() == ours:  # a forked child may come here as well
            modules = sorted({name.partition(".")[0] for name in sys.modules})
            Path(facts).write_text(json.dumps({"read": opened.names(), "modules": modules}), encoding="utf-8")


if __name__ == "__main__":
    main()
