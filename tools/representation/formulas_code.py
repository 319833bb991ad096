"""Writes equations as Python that runs on numpy arrays and torch tensors alike, named axes laid out."""

import json
from typing import Final

from tools.representation.expressions import (
    CONSTANTS,
    INFINITY,
    CallNode,
    NameNode,
    NumberNode,
    Tree,
    read_expression,
)
from tools.representation.kinds import BEHAVIOURS
from tools.representation.schema import Transform, Variable
from tools.representation.units import factor

LETTERS: Final = "abcdefgh"
Code = tuple[str, tuple[str, ...], int]
"""An expression of Python, its named axes in order, and the number of spatial ones behind them."""


def write_function(transform: Transform) -> str | None:
    """Return `def f(…)` of the equations, in base units of the SI; None where an output has none."""
    trees = {one.name: read_expression(one.expression) for one in transform.equations}
    if not all(one.name in trees for one in transform.outputs):
        return None
    known: dict[str, Code] = {}
    lines = [f"def f({', '.join(one.name for one in transform.inputs)}):"]
    lines.append(
        f'    """Return {", ".join(one.name for one in transform.outputs)} by name, in their units."""'
    )
    for one in transform.inputs:
        lines.append(f"    {one.name} = {one.name} * {factor(one.unit)!r}")
        known[one.name] = (one.name, _named_axes(one), BEHAVIOURS[one.kind].rank)
    for name, tree in trees.items():
        code, axes, rank = _write(tree, known)
        lines.append(f"    {name} = {code}")
        known[name] = (name, axes, rank)
    results = [f"{json.dumps(one.name)}: {_output(one, known[one.name])}" for one in transform.outputs]
    return "\n".join([*lines, f"    return {{{', '.join(results)}}}"])


def _named_axes(one: Variable) -> tuple[str, ...]:
    return tuple(one.axes[: len(one.axes) - BEHAVIOURS[one.kind].rank])


def _output(one: Variable, code: Code) -> str:
    wanted = _named_axes(one)
    written = _spread(code, wanted) if set(wanted) == set(code[1]) else code[0]
    return f"({written}) / {factor(one.unit)!r}"


def _spread(code: Code, axes: tuple[str, ...]) -> str:
    """Return the code with these named axes in their order, of length 1 where it lacks one."""
    text, have, _ = code
    order = [axis for axis in axes if axis in have]
    if list(have) != order:
        letters = dict(zip(have, LETTERS, strict=False))
        text = f'einsum("{"".join(letters.values())}...->{"".join(letters[a] for a in order)}...", {text})'
    if len(order) == len(axes):
        return text
    index = ", ".join(":" if axis in have else "None" for axis in axes)
    return f"({text})[{index}, ...]" if have or code[2] else text


def _write(tree: Tree, known: dict[str, Code]) -> Code:
    if isinstance(tree, NumberNode):
        return repr(tree.value * factor(tree.unit)), (), 0
    if isinstance(tree, NameNode):
        if tree.name in known:
            text, axes, rank = known[tree.name]
            return text, tree.axes or axes, rank
        number, unit = (1e300, "1") if tree.name == INFINITY else CONSTANTS[tree.name]
        return repr(number * factor(unit)), (), 0
    codes = [_write(argument, known) for argument in tree.arguments]
    return _pair(tree.function, *codes) if len(codes) > 1 else _one(tree, codes[0])


def _pair(function: str, one: Code, other: Code) -> Code:
    if function == "expectation":
        return f'einsum("a,ab,b->", {other[0]}.conj(), {one[0]}, {other[0]}).real', (), 0
    axes = tuple(dict.fromkeys((*one[1], *other[1])))
    left, right = _spread(one, axes), _spread(other, axes)
    ranks = (one[2], other[2])
    if function == "dot":
        forms = {(1, 1): "...i,...i->...", (1, 2): "...i,...ij->...j", (2, 1): "...ij,...j->...i"}
        form = forms.get(ranks, "...ij,...jk->...ik")
        return f'einsum("{form}", {left}, {right})', axes, sum(ranks) - 2
    if function == "cross":
        return f'einsum("ijk,...j,...k->...i", like({one[0]}, EPSILON), {left}, {right})', axes, 1
    if function == "outer":
        return f'einsum("...i,...j->...ij", {left}, {right})', axes, 2
    rank = max(ranks)
    left, right = (
        f"({text})[{', '.join(['...', *['None'] * (rank - code[2])])}]"
        if rank > code[2] and code[1]
        else text
        for text, code in ((left, one), (right, other))
    )
    return f"({left} {'**' if function == '^' else function} {right})", axes, rank


def _one(tree: CallNode, code: Code) -> Code:  # noqa: C901, PLR0911 - one case each
    text, axes, rank = code
    match tree.function:
        case "negative":
            return f"(-{text})", axes, rank
        case "abs":
            return f"abs({text})", axes, rank
        case "exp" | "log" | "sqrt" | "sin" | "cos" | "tanh":
            return f'call("{tree.function}", {text})', axes, rank
        case "norm":
            return f"(({text}) ** 2).sum({tuple(range(-rank, 0))}) ** 0.5", axes, 0
        case "trace":
            return f'einsum("...ii->...", {text})', axes, 0
        case "det":
            return f'call("linalg.det", {text})', (() if rank == 1 else axes), 0
        case "eigenvalues":
            return f'call("linalg.eigvalsh", {text})', axes[:1], 0
        case "roll":
            place = axes.index(tree.axes[0])
            front = ":, " * place
            return f"({text})[{front}np.roll(np.arange(({text}).shape[{place}]), 1)]", axes, rank
        case "pairs":
            left = tuple(axis for axis in axes if axis not in tree.axes)
            laid = _spread(code, (*tree.axes, *left))
            return f"pair_sum({laid})", left, rank
    over = tree.axes or axes
    left = tuple(axis for axis in axes if axis not in over)
    if not over:
        return code
    places = tuple(axes.index(axis) for axis in over)
    if tree.function in ("max", "min"):
        return f'call("a{tree.function}", {text}, {places})', left, rank
    return f"({text}).{tree.function}({places})", left, rank
