"""Known prototypes with other elements: a random crystal of the training set, its elements drawn anew."""

from collections.abc import Iterator, Sequence

import numpy as np

from tools.generation.schema import Sample, SampleForm, SampleKind


class Substitution:
    """Elements come from those seen at the same place of a formula, all alike: no charges, no radii.

    Cell and coordinates stay the prototype's.
    """

    name = "substitution in prototypes"
    version = "1"
    kind = SampleKind.CRYSTAL
    form = SampleForm.TEXT

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        seen: dict[int, set[str]] = {}
        for text in texts:
            for place, element in enumerate(_elements(text)):
                seen.setdefault(place, set()).add(element)
        self.choices = {place: sorted(found) for place, found in seen.items()}

    def generate(self, count: int, seed: int) -> Iterator[Sample]:
        """Exactly `count` samples; the same seed gives the same strings."""
        random = np.random.default_rng(seed)
        for _ in range(count):
            text = self.texts[int(random.integers(len(self.texts)))]
            yield Sample(form=self.form, text=self._substituted(text, random))

    def _substituted(self, text: str, random: np.random.Generator) -> str:
        drawn = {old: str(random.choice(self.choices[place])) for place, old in enumerate(_elements(text))}
        cell, *sites = text.splitlines()
        written = (f"{drawn[element]} {place}" for element, place in (site.split(" ", 1) for site in sites))
        return "\n".join([cell, *written])


def _elements(text: str) -> list[str]:
    """Distinct elements in the order of the sites."""
    return list(dict.fromkeys(line.split(" ", 1)[0] for line in text.splitlines()[1:]))
