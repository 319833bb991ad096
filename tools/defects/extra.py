"""The optional packages of this tool."""

from functools import partial
from typing import Final

from tools.defects.errors import MissingExtra
from tools.extras import needing

EXTRAS: Final = dict.fromkeys(("matplotlib", "pymatgen", "safetensors", "scipy", "threadpoolctl"), "defects")

needing_extra = partial(needing, EXTRAS, MissingExtra)
