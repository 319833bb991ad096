"""The descriptor of a structure as a tool: so it stands at every door."""

from importlib.metadata import version as installed
from typing import Annotated, Literal

from pydantic import Field

from tools.descriptors.registry import HOMES, find_descriptor
from tools.errors import ToolError
from tools.spec import Scene, ToolSpec
from tools.strict import Strict
from tools.views import Block, Plot, Sentences, Series
from tools.words import mentions

MOST_TEXT = 2_000_000  # characters of a structure
MOST_ATOMS = 20_000  # that are read; each descriptor has its own, lower limit
MOST_DRAWN = 2_000


class ToDescribe(Strict):
    """A structure, and how it is to be described."""

    structure: Annotated[str, Field(min_length=1, max_length=MOST_TEXT)] = Field(
        description="the text of a CIF, POSCAR or extended XYZ",
    )
    descriptor: Literal[tuple(HOMES)]  # type: ignore[valid-type]  # the registry's names
    """Which of them."""


class Description(Strict):
    """Numbers that describe a structure, in order; `shape` says how they are laid out."""

    descriptor: str
    atoms: int
    shape: list[int]
    unit: str
    values: list[float | None] = Field(description="rows first; null: a property that nobody has measured")
    labels: list[str] = Field(default_factory=list, description="names of the numbers, where they have names")
    specification: str = Field(description="what it is invariant under, keeps and loses, in the language")
    source: str


class DescribeStructure(ToolSpec[ToDescribe, Description]):
    """Coulomb, sine and Ewald matrices, SOAP, MBTR, composition, fragments, diffraction, topology."""

    name = "describe_structure"
    title = "description of a structure"
    purpose = (
        "Describes a crystal (CIF, POSCAR, extended XYZ) by numbers to learn from: Coulomb, sine or "
        "Ewald matrix, SOAP, MBTR, composition, fragments of the graph of bonds, diffraction, topology; with "
        "what the numbers keep and lose"
    )
    when = "when the question speaks of descriptors or fingerprints of structures"
    example = (
        '{"structure": "NaCl\\n5.64\\n0 0.5 0.5\\n0.5 0 0.5\\n0.5 0.5 0\\nNa Cl\\n1 1\\ndirect\\n0 0 '
        '0\\n0.5 0.5 0.5", "descriptor": "coulomb_matrix"}'
    )
    arguments, result = ToDescribe, Description
    for_small_models = False

    @property
    def version(self) -> str:
        return f"1 {installed('numpy')}"

    def fits(self, scene: Scene) -> bool:
        return mentions(scene.question, "descriptor*", "fingerprint*")

    def run(self, arguments: ToDescribe) -> Description:
        """Raises BadStructure or DescriptorError."""
        import numpy as np

        from tools.structures import read_structure

        descriptor = find_descriptor(arguments.descriptor)
        atoms = read_structure(arguments.structure, MOST_ATOMS)
        values = descriptor.describe(atoms)
        return Description(
            descriptor=descriptor.name,
            atoms=len(atoms.symbols),
            shape=list(values.shape),
            unit=descriptor.transform.outputs[0].unit,
            values=[float(value) if np.isfinite(value) else None for value in values.ravel()],
            labels=list(descriptor.labels()) if descriptor.labels else [],
            specification=descriptor.specification,
            source=descriptor.source,
        )

    def tell(self, arguments: ToDescribe) -> tuple[str, ...]:
        try:
            return (find_descriptor(arguments.descriptor).title,)
        except (ToolError, ImportError):
            return (arguments.descriptor,)

    def digest(self, result: Description) -> str:
        first = ", ".join("–" if value is None else f"{value:.4g}" for value in result.values[:4])
        return f"{result.descriptor} of {result.atoms} atoms: {len(result.values)} numbers, {first} …"

    def view(self, arguments: ToDescribe, result: Description) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        told = Sentences(
            (f"{self.digest(result)}", f"Source: {result.source}", *result.specification.splitlines()),
        )
        rows = result.values[:MOST_DRAWN]
        series = Series(
            result.descriptor,
            tuple(map(float, range(len(rows)))),
            tuple(v or 0.0 for v in rows),
            line=True,
        )
        unit = "" if result.unit == "1" else f" ({result.unit})"
        return told, Plot(
            f"{result.descriptor} of {result.atoms} atoms",
            "component",
            f"value{unit}",
            (series,),
        )


DESCRIBE = DescribeStructure()
