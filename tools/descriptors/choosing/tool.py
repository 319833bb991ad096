"""The choice of a representation as a tool: so it stands at every door."""

from importlib.metadata import version as installed
from typing import Annotated, Literal

from pydantic import Field, model_validator

from tools.descriptors.choosing.schema import RepresentationChoice
from tools.quantity import write
from tools.spec import Scene, ToolSpec
from tools.strict import Strict
from tools.views import Block, Plot, Sentences, Series, Table
from tools.words import mentions

FEWEST_ROWS = 20
MOST_ROWS = 1_000  # more are compared on the command line, which has time
Name = Literal[
    "fractions", "composition", "composition_fractions", "sine_matrix", "ewald_matrix", "soap", "mbtr",
    "fragments", "topology",
]  # fmt: skip


class ToChoose(Strict):
    """Formulas or structures, and a target value for each of them."""

    formulas: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=MOST_ROWS)] | None = (
        Field(default=None, description="one a row; give these or structures")
    )
    structures: (
        Annotated[list[Annotated[str, Field(max_length=100_000)]], Field(max_length=MOST_ROWS)] | None
    ) = Field(default=None, description="texts of CIF, POSCAR or extended XYZ, one a row")
    values: Annotated[list[float], Field(min_length=FEWEST_ROWS, max_length=MOST_ROWS)] = Field(
        description="the target, one a row; where there are two values, 0 and 1, rows are ranked"
    )
    target: str = Field(default="target", max_length=100, description="name of the target")
    unit: str = Field(default="", max_length=60)
    invariant: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=12)] = Field(
        default_factory=list, description='what a representation must not feel, such as "E(3)" or "supercell"'
    )
    among: list[Name] | None = Field(default=None, description="the ones to be tried; null: all that fit")
    seconds: float = Field(
        default=45.0, gt=0, le=50.0, description="within which what is tried must be done, as far as foreseen"
    )
    seed: int = Field(default=0, ge=0, lt=2**31)

    @model_validator(mode="after")
    def _has_one_column(self) -> "ToChoose":
        if (self.formulas is None) == (self.structures is None):
            raise ValueError("give formulas or structures, one of them")
        given = len(self.formulas or self.structures or ())
        if given != len(self.values):
            raise ValueError(f"there are {given} rows and {len(self.values)} values: one for each is needed")
        return self


class ChooseRepresentation(ToolSpec[ToChoose, RepresentationChoice]):
    """Representations tried on one target."""

    name = "choose_representation"
    title = "choice of a representation"
    purpose = (
        "Tries representations of formulas or crystals (element shares and statistics, sine and Ewald "
        "matrices, SOAP, MBTR, fragments, topology) on a target: cross-validated error with 95 % interval, "
        "cost, what each loses, and the smallest that is enough; those alone that have the wanted invariances"
    )
    when = "when the question speaks of descriptors or fingerprints of structures"
    example = (
        '{"formulas": ["LiF", "NaF", "KF", "LiCl", "NaCl", "KCl", "LiBr", "NaBr", "KBr", "MgO", '
        '"CaO", "MgS", "ZnO", "ZnS", "ZnSe", "ZnTe", "CdS", "CdSe", "GaN", "GaP"], "values": '
        "[13.6, 11.5, 10.8, 9.4, 8.5, 8.4, 7.6, 7.1, 7.4, 7.8, 7.0, 4.5, 3.4, 3.8, 2.8, 2.4, 2.5,"
        ' 1.7, 3.4, 2.3], "among": ["fractions"]}'
    )
    arguments, result = ToChoose, RepresentationChoice
    extra = "descriptors"
    for_small_models = False

    @property
    def version(self) -> str:
        return f"1 {installed('numpy')}"

    def fits(self, scene: Scene) -> bool:
        return mentions(scene.question, "descriptor*", "fingerprint*")

    def run(self, arguments: ToChoose) -> RepresentationChoice:
        """Raises DescriptorError where no row can be read, or no representation has the invariances."""
        from tools.descriptors.choosing.choosing import choose
        from tools.descriptors.choosing.table import gather, read_crystal

        things = arguments.formulas or arguments.structures or []
        cells = [
            (f"row {number}", repr(value), thing)
            for number, (value, thing) in enumerate(zip(arguments.values, things, strict=True), start=1)
        ]
        read = None if arguments.structures is None else read_crystal
        data = gather(cells, arguments.target, arguments.unit, read)
        return choose(
            data, arguments.invariant, seed=arguments.seed, among=arguments.among, seconds=arguments.seconds
        )

    def tell(self, arguments: ToChoose) -> tuple[str, ...]:
        kind = "formulas" if arguments.formulas is not None else "structures"
        wanted = f", invariant under {', '.join(arguments.invariant)}" if arguments.invariant else ""
        return (f"{arguments.target} of {len(arguments.values)} {kind}{wanted}",)

    def digest(self, result: RepresentationChoice) -> str:
        best = next(one for one in result.trials if one.representation == result.enough)
        unit = f" {result.unit}" if result.unit else ""
        return (
            f"{best.representation} is enough for {result.target}: {result.measure} "
            f"{write(best.error, (best.high - best.low) / 4)}{unit} on held-out rows ({result.rows} rows); "
            f"the median alone has {result.floor:.3g}{unit}"
        )

    def view(self, arguments: ToChoose, result: RepresentationChoice) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        unit = f" ({result.unit})" if result.unit else ""
        rows = tuple(
            (
                one.title, write(one.error, (one.high - one.low) / 4), "yes" if one.enough else "no",
                f"{one.numbers}", f"{one.describing:.2g} ms", f"{one.learning:.1f} s",
                ", ".join(one.loses) or "nothing",
            )
            for one in result.trials
        )  # fmt: skip
        columns = (
            "representation",
            f"{result.measure}{unit}",
            "enough",
            "numbers",
            "a row",
            "learning",
            "loses",
        )
        series = tuple(
            Series(one.title, (float(one.numbers),), (one.error,), ((one.high - one.low) / 4,))
            for one in result.trials
        )
        left = tuple(f"{one.representation} {one.reason}" for one in result.left_out)
        return (
            Sentences((self.digest(result), *result.notes)),
            Table(columns, rows, title="Representations, the best first"),
            Plot("Error against size", "numbers that describe a row", f"{result.measure}{unit}", series),
            *((Sentences(("Not tried:", *left)),) if left else ()),
        )


CHOOSE = ChooseRepresentation()
