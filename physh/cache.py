"""Keeps what a file was compiled to, by the file's SHA-256. A cache that fails costs time, never an error."""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from physh.concept import Compiled, Concept, Discipline, Facet

FORMAT = 3  # raise it whenever Compiled, or how it is made, changes


def recall(folder: Path, sha256: str) -> Compiled | None:
    """Return what is kept; None where there is nothing, or where it was damaged."""
    body = unseal(_path(folder, sha256))
    return None if body is None else _restore(*json.loads(body))


def keep(folder: Path, sha256: str, compiled: Compiled) -> None:
    body = json.dumps(compiled, ensure_ascii=False, separators=(",", ":"))
    seal(_path(folder, sha256), body.encode())


def unseal(path: Path) -> bytes | None:
    """Return what `seal` wrote there; None where there is nothing, or where it is not what was written."""
    with suppress(OSError):
        digest, _, body = path.read_bytes().partition(b"\n")
        if digest == hashlib.sha256(body).hexdigest().encode():
            return body
    return None


def seal(path: Path, body: bytes) -> None:
    write(path, [hashlib.sha256(body).hexdigest().encode(), b"\n", body])


def write(path: Path, parts: Iterable[bytes]) -> None:
    """Write all or nothing; a folder that cannot be written is left alone."""
    import tempfile

    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = tempfile.NamedTemporaryFile(dir=path.parent, delete=False)  # noqa: SIM115 - closed before it is renamed
        try:
            with file:
                file.writelines(parts)
            Path(file.name).replace(path)
        finally:
            Path(file.name).unlink(missing_ok=True)


def _path(folder: Path, sha256: str) -> Path:
    return folder / f"compiled-{FORMAT}-{sha256[:32]}.json"


def _restore(version: str | None, triples: int, *parts: list[list[Any]]) -> Compiled:
    disciplines, facets, concepts = parts
    return Compiled(
        version,
        triples,
        tuple(Discipline(*_frozen(row)) for row in disciplines),
        tuple(Facet(*_frozen(row)) for row in facets),
        tuple(Concept(*_frozen(row)) for row in concepts),
    )


def _frozen(row: list[Any]) -> list[Any]:
    return [tuple(value) if type(value) is list else value for value in row]
