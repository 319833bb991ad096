"""A tool as another package would bring it: the wavelength of a photon."""

from pydantic import Field

from tools import Scene, ToolError, ToolSpec
from tools.quantity import Quantity
from tools.strict import Strict
from tools.views import Block, Plot, Quantities, Series
from tools.words import mentions

HC = 1239.8419843320026  # eV nm, exact to its digits in the SI of 2019


class Photon(Strict):
    """A photon by its energy."""

    energy: float = Field(description="eV")
    std: float = Field(default=0, ge=0, description="eV")


class Wave(Strict):
    """The same photon by its wavelength."""

    wavelength: Quantity


class Wavelength(ToolSpec[Photon, Wave]):
    """λ = hc / E."""

    name = "photon_wavelength"
    title = "photon converter"
    version = "1"
    purpose = "Wavelength in vacuum (nm) of a photon of a given energy (eV)"
    when = "when the question speaks of photons"
    arguments, result = Photon, Wave
    cli = "photon.cli:app"

    def fits(self, scene: Scene) -> bool:
        return mentions(scene.question, "photon*")

    def covers(self, text: str) -> bool:
        return mentions(text, "photon*")

    def run(self, arguments: Photon) -> Wave:
        """Raises ToolError for a photon without energy."""
        if arguments.energy <= 0:
            raise ToolError(f"a photon of {arguments.energy:g} eV has no wavelength: give a positive energy")
        value = HC / arguments.energy
        return Wave(wavelength=Quantity(value=value, std=value * arguments.std / arguments.energy, unit="nm"))

    def digest(self, result: Wave) -> str:
        return f"wavelength {result.wavelength}"

    def tell(self, arguments: Photon) -> tuple[str, ...]:
        return (f"a photon of {Quantity(value=arguments.energy, std=arguments.std, unit='eV')}",)

    def view(self, arguments: Photon, result: Wave) -> tuple[Block, ...]:
        series = Series("this photon", (arguments.energy,), (result.wavelength.value,))
        return (
            Quantities((("wavelength", result.wavelength),)),
            Plot("Wavelength by energy", "energy, eV", "wavelength, nm", (series,)),
        )


TOOL = Wavelength()
