"""What a definition does, whatever its place, comments, docstrings, imports, format and local names."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final

HEAD: Final = re.compile(
    r"^(?:@.*\n)*(?:(?:async )?def|class) +(\w+)|^(\w+(?:, \w+)*)(?:: [^=\n]+)? = ", re.MULTILINE
)
END: Final = re.compile(r"^[^\s)\]}]", re.MULTILINE)
MARKED: Final = re.compile(r"«(\w+)»")
ASIDE: Final = {"__all__"}
FOR_PEOPLE: Final = {"example", "title", "when"}
"""Fields of a tool that no model and no computation sees."""


class SourceCode:
    """A module's text and its top-level definitions, each read when it is asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._prints: dict[str, str] = {}

    @cached_property
    def heads(self) -> dict[str, int]:
        """Where the definition of each name begins."""
        return {match[1] or match[2]: match.start() for match in HEAD.finditer(self.text)}

    def print(self, name: str) -> str:
        """Return what a name's definition does, identifiers marked; nothing where it cannot be read."""
        if name not in self._prints:
            self._prints[name] = "".join(map(print_node, self._read(name)))
        return self._prints[name]

    def segment(self, name: str) -> str:
        """Return the text of a name's definition."""
        start = self.heads[name]
        body = HEAD.match(self.text, start)
        end = END.search(self.text, body.end() if body else start)
        return self.text[start : end.start() if end else None]

    def _read(self, name: str) -> list[ast.stmt]:
        if name not in self.heads:
            return []
        try:
            return ast.parse(self.segment(name)).body
        except SyntaxError:  # a text in several lines that begins one of them
            return [node for node in self._whole if _name(node) == name]

    @cached_property
    def _whole(self) -> list[ast.stmt]:
        return ast.parse(self.text).body

    def list_names(self) -> Iterator[str]:
        """Yield the names of what is defined, in their order."""
        yield from (name for name in self.heads if name not in ASIDE)


def rename(printed: str, renames: Mapping[str, str]) -> str:
    """Return a print with the oldest names of what was renamed; `renames`: new name → old name."""
    return MARKED.sub(lambda match: oldest(match[1], renames), printed)


def oldest(name: str, renames: Mapping[str, str]) -> str:
    seen = {name}
    while (older := renames.get(name, name)) not in seen:
        name = older
        seen.add(name)
    return name


def _name(node: ast.stmt) -> str:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return node.name
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    each = target.elts if isinstance(target, ast.Tuple) else [target]
    return ", ".join(one.id for one in each if isinstance(one, ast.Name))


def print_node(node: ast.stmt) -> str:
    """Return a text that is equal for definitions that do the same in other words."""
    return ast.dump(_Plain().visit(node))


class _Plain(ast.NodeTransformer):
    """Leaves out imports, docstrings, types but for those of fields, and words of errors.

    Local names are numbered, and others marked.
    """

    def __init__(self) -> None:
        self._in_class = False
        self._local: dict[str, str] = {}

    def visit(self, node: ast.AST) -> Any:  # noqa: ANN401 - as the base class has it
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
            return None
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return None
        if self._in_class and isinstance(node, ast.Assign) and _name(node) in FOR_PEOPLE:
            return None
        if isinstance(node, ast.AnnAssign) and not self._in_class:
            if node.value is None:
                return None
            node = ast.Assign(targets=[node.target], value=node.value)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return self._visit_scope(node)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            node.exc.args = []
        if isinstance(node, ast.arg):
            node.annotation = None
        return self._mark(self.generic_visit(node))

    def _visit_scope(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        outer, self._in_class = self._in_class, isinstance(node, ast.ClassDef)
        local = self._local
        if not isinstance(node, ast.ClassDef):
            node.returns = None
            fresh = dict.fromkeys(_assigned(node))
            self._local = local | {name: f"_{len(local) + at}" for at, name in enumerate(fresh)}
        found = self.generic_visit(node)
        self._in_class, self._local = outer, local
        return self._mark(found)

    def _mark(self, node: ast.AST) -> ast.AST:
        for field in ("id", "attr", "name", "arg"):
            given = getattr(node, field, None)
            if isinstance(given, str):
                local = self._local.get(given) if isinstance(node, ast.Name | ast.arg) else None
                setattr(node, field, local or f"«{given}»")
        return node


def _assigned(scope: ast.AST) -> Iterator[str]:
    """Yield arguments and names that are assigned within a function, in their order."""
    for node in ast.walk(scope):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
