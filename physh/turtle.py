"""Reads Turtle into what each resource says of itself."""

from collections import defaultdict
from pathlib import Path

from physh.errors import OntologyError

Statements = dict[str, dict[str, list[str]]]  # subject → predicate → values


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OntologyError(f"{path} cannot be read: {error.strerror}. Name a PhySH Turtle file") from error


def parse(turtle: bytes, name: str) -> Statements:
    """The statements of a file; literals in English or without language. `name` is for the errors."""
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
