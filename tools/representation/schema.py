"""A representation as an object: what a person writes as text, a model fills in, and a machine checks.

Structure alone is checked here; whether types, units, shapes and symmetries fit together is told by
`tools.representation.checking`, so that a draft that does not fit can be shown with its faults.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from tools.representation.kinds import Group, Information, VariableKind
from tools.strict import Strict

NAME: Final = r"^[A-Za-z_][A-Za-z0-9_]{0,39}$"
AXIS: Final = r"^(?:[A-Za-z_][A-Za-z0-9_]{0,39}|[1-9][0-9]{0,3})$"
MOST: Final = 12  # inputs, outputs, symmetries
LONGEST: Final = 400  # characters of an expression

Name = Annotated[str, Field(pattern=NAME)]
Expression = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class Variable(Strict):
    """An input or output: type, axes by name or length, unit, and between which values it is tested."""

    name: Name
    kind: VariableKind = Field(description="its type, which says how it turns")
    axes: Annotated[list[Annotated[str, Field(pattern=AXIS)]], Field(max_length=4)] = Field(
        default_factory=list, description="axes in order by name or length; spatial axes come last, as 3 or 2"
    )
    unit: str = Field(default="1", max_length=60, description='such as "eV/site"; "1" for a plain number')
    low: float | None = Field(default=None, allow_inf_nan=False, description="smallest value it is tested at")
    high: float | None = Field(default=None, allow_inf_nan=False, description="largest value it is tested at")
    extensive: bool = Field(default=False, description="grows with the size of the system")

    @model_validator(mode="after")
    def _has_both_ends(self) -> "Variable":
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.name}: give both low and high, or neither")
        return self


class Power(Strict):
    """By which power of the common factor a quantity grows."""

    name: Name
    power: float = Field(allow_inf_nan=False)


class Symmetry(Strict):
    """Under what it is invariant, or equivariant: outputs turn as their types say."""

    relation: Literal["invariant", "equivariant"]
    group: Group
    of: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=8)] = Field(
        default_factory=list,
        description="dimension of space (3 or 2), axis, or names: E(3), permutation(N), sign(s, m)",
    )
    powers: Annotated[list[Power], Field(max_length=MOST)] = Field(
        default_factory=list, description="of scaling alone: the power of the common factor for each name"
    )

    @property
    def exponents(self) -> dict[str, float]:
        return {one.name: one.power for one in self.powers}

    @property
    def text(self) -> str:
        """`E(3)`, `lattice(SL(3,Z))`, `scaling(x=1, t=2)`."""
        if self.group is Group.LATTICE:
            return f"lattice(SL({self.dimension},Z))"
        if self.group is Group.GAUGE:
            return "gauge(U(1))"
        words = [*self.of, *(f"{name}={power!r}" for name, power in self.exponents.items())]
        return f"{self.group.value}({', '.join(words)})" if words else self.group.value

    @property
    def dimension(self) -> int:
        return int(self.of[0]) if self.of and self.of[0].isdigit() else 3


class Fact(Strict):
    """Something of the inputs that is kept or lost, such as composition(Z) or handedness."""

    information: Information
    of: Name | None = Field(default=None, description="the input, or for the order the axis")

    @property
    def text(self) -> str:
        return f"{self.information.value}({self.of})" if self.of else self.information.value


class Limit(Strict):
    """`E -> 0 when x -> infinity`; both targets are expressions over the inputs."""

    output: Name
    target: Expression
    variable: Name
    at: Expression


class Equation(Strict):
    """`E = m * c^2`: an output, or an intermediate quantity, by an expression over what stands before."""

    name: Name
    expression: Expression


class LossTerm(Strict):
    """A term of the loss: a weight times an error of an output, or times the violation of the symmetries."""

    weight: float = Field(default=1.0, allow_inf_nan=False)
    measure: Literal["mae", "mse", "rmse", "violation"]
    of: Name | None = None

    @property
    def text(self) -> str:
        call = f"{self.measure}({self.of})" if self.of else self.measure
        return call if self.weight == 1 else f"{self.weight!r}*{call}"


class Cutoff(Strict):
    """Beyond this distance nothing is felt."""

    value: float = Field(allow_inf_nan=False)
    unit: str = Field(max_length=60)


class Transform(Strict):
    """A representation of data or of a hypothesis: what goes in, what comes out, and what must hold."""

    name: Name
    inputs: Annotated[list[Variable], Field(min_length=1, max_length=MOST)]
    outputs: Annotated[list[Variable], Field(min_length=1, max_length=MOST)]
    symmetries: Annotated[list[Symmetry], Field(max_length=MOST)] = Field(default_factory=list)
    local: Cutoff | None = None
    preserves: Annotated[list[Fact], Field(max_length=MOST)] = Field(default_factory=list)
    loses: Annotated[list[Fact], Field(max_length=MOST)] = Field(default_factory=list)
    limits: Annotated[list[Limit], Field(max_length=MOST)] = Field(default_factory=list)
    equations: Annotated[list[Equation], Field(max_length=MOST)] = Field(default_factory=list)
    loss: Annotated[list[LossTerm], Field(max_length=MOST)] = Field(default_factory=list)

    def variable(self, name: str) -> Variable | None:
        return next((one for one in (*self.inputs, *self.outputs) if one.name == name), None)

    @property
    def axes(self) -> list[str]:
        """Named axes in their order of appearance."""
        named = [axis for one in (*self.inputs, *self.outputs) for axis in one.axes if not axis.isdigit()]
        return list(dict.fromkeys(named))
