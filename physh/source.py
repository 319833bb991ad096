"""Finds the file to use, and gets it ready from the cache where it can."""

import hashlib
from pathlib import Path

from physh import cache as kept
from physh import turtle
from physh.concept import Compiled
from physh.errors import OntologyError
from physh.ontology import Ontology

EMBEDDED = Path(__file__).parent / "data" / "physh.ttl"  # release 2.7, as it was published
KNOWN = {
    "2f6ef5cf26584cb01b9485b8bb54ca238786522810caa4dc7667efa053cad995": "2.7"
}  # no release says its number


def load(path: Path | None = None, *, cache: Path | None = None) -> Ontology:
    """Return the ontology in `path`; without one, the installed release, else the embedded one.

    `cache` is the project's cache folder, by default the user's. One that cannot be written only costs time.
    """
    folder = _folder(cache)
    installed = _installed(folder)
    chosen = path or (installed if installed.is_file() else EMBEDDED)
    content = turtle.read(chosen)
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        compiled = kept.recall(folder, sha256) or compile_release(content, sha256, str(chosen), folder)
    except OntologyError as error:
        if chosen != installed:
            raise
        raise OntologyError(f"{error}. To go back to the embedded release, delete {installed}") from error
    release = KNOWN.get(sha256) or compiled.version or f"unknown ({sha256[:12]})"
    return Ontology(compiled, turtle=content, sha256=sha256, release=release)


def install_release(path: Path, cache: Path) -> Ontology:
    """Check a PhySH file and make it the one that `load` takes by default."""
    ontology = load(path, cache=cache)
    target = _installed(_folder(cache))
    content = ontology.turtle
    kept.write(target, [content])
    if not target.is_file() or target.read_bytes() != content:
        raise OntologyError(
            f"{target} cannot be written: mend its folder's rights or set another cache folder"
        )
    return ontology


def compile_release(content: bytes, sha256: str, name: str, folder: Path) -> Compiled:
    from physh.compiled import compile_statements

    compiled = compile_statements(turtle.parse(content, name), name)
    kept.keep(folder, sha256, compiled)
    return compiled


def _folder(cache: Path | None) -> Path:
    if cache is None:
        from platformdirs import user_cache_path

        cache = user_cache_path("hypothesis-finder", appauthor=False)
    return cache / "physh"


def installed_file(cache: Path | None = None) -> Path:
    """Return where the installed release lies; without that file, the embedded one is used."""
    return _installed(_folder(cache))


def _installed(folder: Path) -> Path:
    return folder / "release.ttl"
