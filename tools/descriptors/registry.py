"""The descriptors that there are, by name."""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from tools.descriptors.errors import DescriptorError

if TYPE_CHECKING:
    from tools.descriptors.contract import Descriptor

HOMES: Final = {
    "coulomb_matrix": "matrices:COULOMB",
    "sine_matrix": "matrices:SINE",
    "ewald_matrix": "matrices:EWALD",
    "soap": "smooth:SOAP",
    "mbtr": "smooth:MBTR",
    "composition": "composition:COMPOSITION",
    "fragments": "fragments:FRAGMENTS",
    "diffraction": "diffraction:DIFFRACTION",
    "topology": "topology:TOPOLOGY",
}
"""Name to module and object: read when one is asked for, so that the list is light."""


@cache
def find_descriptor(name: str) -> "Descriptor":
    """Raises DescriptorError."""
    if name not in HOMES:
        raise DescriptorError(f"no descriptor is called {name[:40]!r}; there are {', '.join(HOMES)}")
    module, _, attribute = HOMES[name].partition(":")
    found: Descriptor = getattr(import_module(f"tools.descriptors.{module}"), attribute)
    return found
