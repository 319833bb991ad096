"""The check of a specification, and its code, as tools: so they stand at every door."""

from importlib.metadata import version as installed
from typing import Annotated, Final

from pydantic import Field, model_validator

from tools.representation.errors import BadSpec, NotWellTyped
from tools.representation.reading import LONGEST, Specification, read_text, write_text
from tools.representation.results import CheckResult
from tools.representation.schema import Transform
from tools.spec import Scene, ToolSpec
from tools.strict import Strict
from tools.views import Block
from tools.words import mentions

MOST_DRAWS = 200
EXAMPLE: Final = (
    '{"text": "transform kepler\\n in r : vector[3] m\\n out d : scalar m\\n invariant under O(3)\\n'
    ' equation d = norm(r)"}'
)


class Given(Strict):
    """A specification as text or as the equal object."""

    text: Annotated[str, Field(max_length=LONGEST)] | None = Field(
        default=None, description="a specification in the language of representations"
    )
    transform: Transform | None = Field(
        default=None, description="the same as an object; give one of the two"
    )

    @model_validator(mode="after")
    def _is_one(self) -> "Given":
        if (self.text is None) == (self.transform is None):
            raise ValueError("give text or transform, one of them")
        return self

    def read(self) -> Specification:
        """Raises BadSpec."""
        if self.transform is not None:
            return Specification(self.transform)
        return read_text(self.text or "")


class SpecificationToCheck(Given):
    """A specification, and what is to be tested."""

    against: str | None = Field(
        default=None,
        max_length=60,
        description="a descriptor or an instrument by name, to be tested; null: the spec's own equations",
    )
    draws: int = Field(default=20, ge=1, le=MOST_DRAWS, description="for each property")
    seed: int = Field(default=0, ge=0, lt=2**31)
    tolerance: float = Field(
        default=1e-6, gt=0, lt=1, description="relative deviation that counts as rounding"
    )


class CheckRepresentation(ToolSpec[SpecificationToCheck, CheckResult]):
    """Types, units and symmetries of a representation."""

    name = "check_representation"
    title = "check of a representation"
    version = "1"
    purpose = (
        "Checks a representation (inputs and outputs with types, units, axes; symmetries; what is kept and "
        "lost; limits; equations): contradictions with their place, and counterexamples from random draws"
    )
    when = "when the question speaks of a symmetry, an invariance or a representation"
    example = EXAMPLE
    arguments, result = SpecificationToCheck, CheckResult
    for_small_models = False

    def fits(self, scene: Scene) -> bool:
        return mentions(
            scene.question, "symmetr*", "invarian*", "equivarian*", "representation*", "descriptor*"
        )

    def run(self, arguments: SpecificationToCheck) -> CheckResult:
        """Raises BadSpec for a text that is not in the language, UnknownCarrier, and TooManyDraws."""
        from tools.representation.assessing import assess

        function = None
        if arguments.against is not None:
            from tools.representation.assessing import find_carrier

            carrier = find_carrier(arguments.against)
            carrier.refuse_slow(arguments.draws)
            function = carrier.function
        return assess(
            arguments.read(), function, arguments.against, draws=arguments.draws, seed=arguments.seed,
            tolerance=arguments.tolerance,
        )  # fmt: skip

    def digest(self, result: CheckResult) -> str:
        return result.summary

    def tell(self, arguments: SpecificationToCheck) -> tuple[str, ...]:
        try:
            text = write_text(arguments.read().transform)
        except BadSpec:
            text = arguments.text or ""
        return tuple(text.splitlines())

    def view(self, arguments: SpecificationToCheck, result: CheckResult) -> tuple[Block, ...]:  # noqa: ARG002 - as the base class has it
        from tools.representation.viewing import blocks

        return blocks(result)


class Code(Strict):
    """A file of Python, and the same representation as linked data."""

    file_name: str
    python: str = Field(description="runs by itself; takes numpy arrays and torch tensors")
    json_ld: dict[str, object]


class RepresentationCode(ToolSpec[Given, Code]):
    """Penalty and loss as code."""

    name = "representation_code"
    title = "code of a representation"
    purpose = (
        "Writes a representation as a Python file with its symmetry penalty and loss, for numpy and torch, "
        "and as JSON-LD"
    )
    when = "never: agents have no use for a file"
    example = EXAMPLE
    arguments, result = Given, Code
    cheap = True

    @property
    def version(self) -> str:
        return f"1 {installed('numpy')}"

    def fits(self, scene: Scene) -> bool:  # noqa: ARG002 - as the base class has it
        return False

    def run(self, arguments: Given) -> Code:
        """Raises BadSpec, or NotWellTyped with the first fault."""
        from tools.representation.checking import check
        from tools.representation.coding import write_code
        from tools.representation.linked_data import as_json_ld

        given = arguments.read()
        faults = check(given.transform, given.places)
        if faults:
            raise NotWellTyped(f"{given.transform.name} is not well typed: {faults[0]}")
        return Code(
            file_name=f"{given.transform.name}.py",
            python=write_code(given.transform),
            json_ld=as_json_ld(given.transform),
        )


CHECK = CheckRepresentation()
CODE = RepresentationCode()
