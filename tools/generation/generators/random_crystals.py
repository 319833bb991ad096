"""Random crystals with a random space group, made by pyxtal for compositions of the training set."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from tools.extras import say_missing
from tools.generation.errors import MissingPackage
from tools.generation.schema import Sample, SampleForm, SampleKind, Unreturned

GROUPS: Final = 230
TRIES: Final = 10


class RandomCrystals:
    """Fredericks et al., Comput. Phys. Commun. 261, 107810 (2021), doi 10.1016/j.cpc.2020.107810.

    Raises MissingPackage where pyxtal is not installed.
    """

    name = "pyxtal random crystals"
    kind = SampleKind.CRYSTAL
    form = SampleForm.TEXT

    def __init__(self, texts: Sequence[str]) -> None:
        try:
            import pyxtal
        except ModuleNotFoundError as error:
            raise MissingPackage(say_missing("generation-train", "pyxtal")) from error
        self.version = str(pyxtal.__version__)
        self.texts = texts

    def generate(self, count: int, seed: int) -> Iterator[Sample]:
        """Exactly `count` samples; what pyxtal cannot place in ten space groups counts as failed."""
        random = np.random.default_rng(seed)
        for _ in range(count):
            text = self.texts[int(random.integers(len(self.texts)))]
            formula = Counter(line.split(" ", 1)[0] for line in text.splitlines()[1:])
            made = _make(list(formula), list(formula.values()), random)
            yield Sample(form=self.form, text=made or "", unreturned=None if made else Unreturned.FAILED)


def _make(elements: list[str], counts: list[int], random: np.random.Generator) -> str | None:
    from pyxtal import pyxtal
    from pyxtal.msg import Comp_CompatibilityError, VolumeError

    for _ in range(TRIES):
        crystal = pyxtal(random_state=random)
        try:
            crystal.from_random(3, int(random.integers(1, GROUPS + 1)), elements, counts, random_state=random)
        except (Comp_CompatibilityError, VolumeError):
            continue
        if crystal.valid:
            return _text(crystal.to_pymatgen())
    return None


def _text(structure: Any) -> str:  # noqa: ANN401 - pymatgen's
    cell = " ".join(f"{number:.4f}" for number in structure.lattice.parameters)
    sites = (
        " ".join([site.specie.symbol, *(f"{number % 1:.4f}" for number in site.frac_coords)])
        for site in structure
    )
    return "\n".join([cell, *sites])
