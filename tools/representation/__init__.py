"""A representation as a program: ten lines that a physicist writes and a machine checks.

    given = read_text(Path("energy.spec").read_text())
    check(given.transform, given.places)             contradictions of types, units, shapes, symmetries
    assess(given, function)                          and counterexamples from random draws

Nothing of a text is evaluated that is not in the grammar (`tools.representation.reading`, `expressions`).
"""

from tools.extras import open_late
from tools.representation.errors import BadFunction, BadSpec, NotWellTyped, RepresentationError
from tools.representation.kinds import Group, Information, VariableKind
from tools.representation.schema import Transform
from tools.representation.tool import CHECK, CODE

__all__ = [
    "CHECK",
    "CODE",
    "BadFunction",
    "BadSpec",
    "Group",
    "Information",
    "NotWellTyped",
    "RepresentationError",
    "Transform",
    "VariableKind",
    "assess",
    "check",
    "read_text",
    "write_text",
]  # fmt: skip

__getattr__ = open_late(
    __name__,
    {"reading": ("read_text", "write_text"), "checking": ("check",), "assessing": ("assess",)},
)
