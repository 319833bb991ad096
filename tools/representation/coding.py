"""Writes a transform as a Python file that runs by itself: penalty and loss for numpy and torch."""

import ast
import inspect
import pprint
from collections.abc import Iterator
from typing import Final

import numpy as np

from tools.representation import kernels
from tools.representation.drawing import (
    atom_axis,
    behaviours,
    cell_size,
    draw_inputs,
    draw_sizes,
    gauge_axis,
    parts_of,
)
from tools.representation.formulas_code import write_function
from tools.representation.kinds import BEHAVIOURS, Group, VariableKind
from tools.representation.reading import write_text
from tools.representation.schema import Symmetry, Transform, Variable
from tools.representation.units import dimension

SEED: Final = 0
_HELPERS: Final = '''
EPSILON = np.fromfunction(lambda i, j, k: (i - j) * (j - k) * (k - i) / 2, (3, 3, 3))


def call(name, value, *arguments):
    """Return a function of numpy or torch, whichever the value belongs to."""
    found = sys.modules["torch"] if hasattr(value, "new_tensor") else np
    for part in name.split("."):
        found = getattr(found, part)
    return found(value, *arguments)


def einsum(form, *values):
    return call_any(values, "einsum")(form, *values)


def call_any(values, name):
    torch = any(hasattr(value, "new_tensor") for value in values)
    return getattr(sys.modules["torch"] if torch else np, name)


def pair_sum(value):
    """Return the sum over i < j of the first two axes."""
    rows, columns = np.triu_indices(value.shape[0], 1)
    return value[rows, columns].sum(0)
'''
_LOSS: Final = '''
def length(axis, values):
    """Return the length of a named axis."""
    return next(
        values[name].shape[one["axes"].index(axis)] for name, one in INPUTS.items() if axis in one["axes"]
    )


def violation(f, values, rng):
    """Return the mean of |f(g x) - rho(g) f(x)| over the declared symmetries and outputs, one g each.

    `f` takes the inputs by name and returns a dict of outputs; f(g x) is differentiable where f is.
    """
    before, total = f(**values), []
    cell = next((values[name] for name, one in INPUTS.items() if one["lattice"]), None)
    time = next((values[name] for name, one in INPUTS.items() if one["clock"]), None)
    for element in draw_elements(values, rng):
        after = f(**act(element, INPUTS, values))
        for name, one in OUTPUTS.items():
            expected = act_on(element, one, before[name], name=name, cell=cell, time=time)
            total.append(abs(after[name] - expected).mean())
    return sum(total) / max(len(total), 1)
'''


def write_code(transform: Transform) -> str:
    """Return the file's text. `transform` is well typed."""
    function = write_function(transform)
    parts = [
        _docstring(transform),
        "import itertools\nimport sys\n\nimport numpy as np\n",
        f"INPUTS = {pprint.pformat(behaviours(transform.inputs), sort_dicts=False, width=110)}",
        f"OUTPUTS = {pprint.pformat(behaviours(transform.outputs), sort_dicts=False, width=110)}\n",
        _kernels(),
        _HELPERS.strip() + "\n",
        *([function + "\n"] if function else []),
        _elements(transform),
        _LOSS.strip() + "\n",
        _loss(transform),
        _main(transform, runs=function is not None),
    ]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _docstring(transform: Transform) -> str:
    def line(one: Variable) -> str:
        shape = f"({', '.join(one.axes)})" if one.axes else "a number"
        unit = "" if one.unit == "1" else f", in {one.unit}"
        return f"    {one.name}: {one.kind.value}, {shape}{unit}; {BEHAVIOURS[one.kind].meaning}"

    text = "\n".join(f"    {row}" for row in write_text(transform).splitlines())
    return "\n".join(
        [
            f'"""Penalty and loss of the representation {transform.name}, for numpy and torch.\n',
            "Inputs:", *map(line, transform.inputs), "Outputs:", *map(line, transform.outputs),
            "\nWritten by `hypofind represent code` from\n", text, '"""',
        ]
    )  # fmt: skip


def _kernels() -> str:
    """Return the functions of the kernels without their types, which name modules that the file lacks."""
    tree = ast.parse(inspect.getsource(kernels))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for function in functions:
        function.returns = None
        for argument in (*function.args.args, *function.args.kwonlyargs):
            argument.annotation = None
    return "\n\n\n".join(map(ast.unparse, functions))


def _elements(transform: Transform) -> str:
    lines = [f"        {line}," for one in transform.symmetries for line in _draws(one, transform)]
    head = [
        "def draw_elements(values, rng):",
        '    """Return one element of each declared group, or part of one."""',
        "    return [",
    ]
    return "\n".join([*head, *lines, "    ]"])


def _draws(one: Symmetry, transform: Transform) -> Iterator[str]:  # noqa: C901, PLR0912 - one case each
    """Yield the code that draws an element of each part of a group."""
    axis = one.of[0] if one.of else ""
    for part in parts_of(one):
        match one.group:
            case Group.E | Group.SE | Group.O | Group.SO | Group.T:
                if part in ("translations", ""):
                    yield f'{{"shift": rng.normal(size={one.dimension})}}'
                else:
                    improper = part.startswith("improper")
                    yield f'{{"matrix": draw_rotation(rng, {one.dimension}, improper={improper})}}'
            case Group.PERMUTATION:
                yield f'{{"axis": "{axis}", "order": rng.permutation(length("{axis}", values))}}'
            case Group.CYCLIC:
                yield f'{{"axis": "{axis}", "order": np.roll(np.arange(length("{axis}", values)), 1)}}'
            case Group.REFLECTION:
                yield f'{{"axis": "{axis}", "order": np.arange(length("{axis}", values))[::-1].copy()}}'
            case Group.LATTICE:
                yield f'{{"cell": draw_cell(rng, {one.dimension})}}'
            case Group.SUPERCELL:
                multiples = ", ".join(["2"] + ["1"] * (cell_size(transform) - 1))
                yield f'{{"multiples": np.array([{multiples}]), "axis": "{atom_axis(transform)}"}}'
            case Group.IMAGES:
                size = f'(length("{atom_axis(transform)}", values), {cell_size(transform)})'
                yield f'{{"hops": rng.integers(-2, 3, {size}).astype(float)}}'
            case Group.GAUGE:
                yield f'{{"phases": rng.uniform(0, 2 * np.pi, length("{gauge_axis(transform)}", values))}}'
            case Group.TIME_REVERSAL:
                yield '{"reverse": True}'
            case Group.GALILEI:
                boosted = next(v for v in transform.inputs if v.kind is VariableKind.VELOCITY)
                yield f'{{"boost": rng.normal(size={boosted.axes[-1]})}}'
            case Group.SHIFT:
                yield f'{{"offsets": dict.fromkeys({one.of!r}, rng.normal())}}'
            case Group.SIGN:
                yield f'{{"factors": dict.fromkeys({one.of!r}, -1.0)}}'
            case Group.SCALING:
                yield _factors(one.exponents)
            case Group.DIMENSIONS:
                some = (*transform.inputs, *transform.outputs)
                for name in sorted({name for v in some for name in dimension(v.unit)}):
                    powers = {v.name: dimension(v.unit).get(name, 0.0) for v in some}
                    yield _factors(powers)


def _factors(powers: dict[str, float]) -> str:
    scaled = ", ".join(f'"{name}": s**{power!r}' for name, power in powers.items() if power)
    return f'{{"factors": (lambda s: {{{scaled}}})(float(np.exp(rng.uniform(-1, 1))))}}'


def _loss(transform: Transform) -> str:
    forms = {
        "violation": "violation(f, values, rng)",
        "mae": 'abs(found["{0}"] - targets["{0}"]).mean()',
        "mse": '(abs(found["{0}"] - targets["{0}"]) ** 2).mean()',
        "rmse": '(abs(found["{0}"] - targets["{0}"]) ** 2).mean() ** 0.5',
    }
    terms = [f"{term.weight!r} * {forms[term.measure].format(term.of)}" for term in transform.loss]
    told = " + ".join(term.text for term in transform.loss) or f"mae({transform.outputs[0].name})"
    return "\n".join(
        [
            "def loss(f, values, targets, rng):",
            f'    """Return {told}; `targets` are outputs by name, in their units."""',
            "    found = f(**values)",
            f"    return {' + '.join(terms) or forms['mae'].format(transform.outputs[0].name)}",
        ]
    )


def _main(transform: Transform, *, runs: bool) -> str:
    """Run the file on one drawn input, in numpy and, where it is installed, in torch."""
    rng = np.random.default_rng(SEED)
    values = draw_inputs(transform, rng, draw_sizes(transform, rng))
    example = {name: value.tolist() for name, value in values.items()}
    lines = [f"EXAMPLE = {pprint.pformat(example, sort_dicts=False, width=110, compact=True)}\n\n"]
    if not runs:
        constant = ", ".join(
            f'"{one.name}": np.zeros({_example_shape(one, values, transform)})' for one in transform.outputs
        )
        lines.append(
            f'def f(**values):\n    """Stands for your model: put it here."""\n    return {{{constant}}}\n\n'
        )
    lines += [
        'if __name__ == "__main__":',
        "    arrays = {name: np.array(value) for name, value in EXAMPLE.items()}",
        '    print("violation, numpy:", float(abs(violation(f, arrays, np.random.default_rng(0)))))',
    ]
    if runs:
        lines += [
            "    try:",
            "        import torch",
            "    except ModuleNotFoundError:",
            '        print("torch is not installed")',
            "    else:",
            "        tensors = {name: torch.as_tensor(array) for name, array in arrays.items()}",
            '        print("violation, torch:", float(abs(violation(f, tensors, np.random.default_rng(0)))))',
        ]
    return "\n".join(lines)


def _example_shape(one: Variable, values: dict[str, np.ndarray], transform: Transform) -> tuple[int, ...]:
    sizes = {a: n for v in transform.inputs for a, n in zip(v.axes, values[v.name].shape, strict=True)}
    return tuple(int(axis) if axis.isdigit() else sizes.get(axis, 4) for axis in one.axes)
