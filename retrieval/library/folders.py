"""Which files of the given paths are read, and what they are called in the library."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class File(NamedTuple):
    path: Path
    name: str


def walk(paths: Iterable[Path]) -> Iterator[File]:
    """Files in order, folders with all that is in them. What is hidden is left out; links are not followed.

    A file's name begins with the folder that was given, and tells nothing of where that lies.
    """
    for given in paths:
        root = given.expanduser().absolute()
        if not root.is_dir():
            yield File(root, root.name)
            continue
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                if not name.startswith("."):
                    path = Path(folder) / name
                    yield File(path, path.relative_to(root.parent).as_posix())
