"""Reads Turtle into what each resource says of itself. RDF/XML, JSON-LD and gzip become Turtle first."""

import codecs
import gzip
import zlib
from collections import defaultdict
from pathlib import Path

from physh.errors import OntologyError

Statements = dict[str, dict[str, list[str]]]  # subject → predicate → values


LARGEST = 64 << 20  # bytes when unpacked; PhySH 2.7 has 1.2 million
GZIP = b"\x1f\x8b"


def read(path: Path) -> bytes:
    """Return the file as Turtle. Raises OntologyError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise OntologyError(f"{path} cannot be read: {error.strerror}. Name a PhySH Turtle file") from error
    if content.startswith(GZIP):
        content = _unpacked(path)
    return _as_turtle(content.removeprefix(codecs.BOM_UTF8), str(path))


def _unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path) as file:
            content = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise OntologyError(f"{path} is a broken gzip file ({error}): get it again") from error
    if len(content) > LARGEST:
        raise OntologyError(f"{path} unpacks to more than {LARGEST:,} bytes, so it is no PhySH file")
    return content


def _as_turtle(content: bytes, name: str) -> bytes:
    start = content.lstrip()[:5]
    if start[:1] not in (b"<", b"{", b"[") or start[:5].lower() in (b"<http", b"<urn:"):
        return content
    import pyoxigraph

    what = "RDF/XML" if start.startswith(b"<") else "JSON-LD"
    kind = pyoxigraph.RdfFormat.RDF_XML if what == "RDF/XML" else pyoxigraph.RdfFormat.JSON_LD
    try:
        quads = [quad.triple for quad in pyoxigraph.parse(content, format=kind)]
    except (SyntaxError, ValueError) as error:
        raise OntologyError(f"{name} is no {what} of PhySH ({_short(error)}). Give physh.ttl") from error
    if not quads:
        raise OntologyError(f"{name} is {what} without a statement. Give physh.ttl")
    return pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.TURTLE) or b""


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120]


def parse(turtle: bytes, name: str) -> Statements:
    """Return the statements of a file; literals in English or without language. `name` is for the errors."""
    import pyoxigraph

    statements: Statements = defaultdict(lambda: defaultdict(list))
    try:
        for triple in pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE):
            value = triple.object
            if isinstance(value, pyoxigraph.Literal) and value.language not in {None, "en"}:
                continue
            statements[_text(triple.subject)][triple.predicate.value].append(_text(value))
    except SyntaxError as error:
        raise OntologyError(f"{name}, line {error.lineno}: {_reason(error)}") from error
    return statements


def _text(term: object) -> str:
    return str(getattr(term, "value", term))  # a triple term has no value of its own, and PhySH has none


def _reason(error: SyntaxError) -> str:
    return " ".join(str(error.msg).partition(": ")[2].split()) or "not Turtle"
