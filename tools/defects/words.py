"""Words by which a text is known to speak of defects in 2D materials, which the model predicts."""

from typing import Final

HOSTS: Final = (
    "MoS2", "MoS₂", "molybdenum disulfide", "molybdenum disulphide", "WSe2", "WSe₂", "tungsten diselenide",
    "h-BN", "hBN", "hexagonal boron nitride", "GaSe", "gallium selenide", "InSe", "indium selenide",
    "black phosphorus", "phosphorene",
)  # fmt: skip
"""Crystals that the model knows."""

FLAT: Final = (
    "2D material*", "2D crystal*", "2D semiconductor*", "two-dimensional material*",
    "two-dimensional crystal*", "monolayer*", "2-dimensional systems", "dichalcogenide*",
    "TMD", "TMDs", "TMDC", "TMDCs", "van der Waals material*",
)  # fmt: skip
"""Any 2D material, known to the model or not."""

DEFECTS: Final = (
    "defect*", "vacanc*", "divacanc*", "substitution*", "substituted", "dopant*", "doping", "doped",
    "antisite*", "impurit*",
)  # fmt: skip
