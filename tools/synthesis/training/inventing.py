"""Compositions that nobody proposed: the proportions of made compounds, with elements drawn at random.

As SynthNN's negatives (Antoniuk et al. 2023, 10.1038/s41524-023-01114-4), but with the proportions kept, so
that proportions alone betray nothing. They teach what a Materials Project without them cannot: that most
combinations of four and more elements are no compounds.
"""

from collections.abc import Sequence

import numpy as np

from tools.synthesis.formulas import Composition


def invent(
    made: Sequence[tuple[int, Composition]], count: int, seed: int = 0
) -> list[tuple[Composition, bool]]:
    """Return `count` made compositions, each followed by one with the same proportions and other elements."""
    generator = np.random.default_rng(seed)
    known = {composition for _, composition in made}
    elements = np.array([z for _, composition in made for z, _ in composition])
    found: list[tuple[Composition, bool]] = []
    for place in generator.permutation(len(made))[:count]:
        composition = made[place][1]
        drawn: set[int] = set()
        while len(drawn) < len(composition):
            drawn.add(int(generator.choice(elements)))
        counts = [number for _, number in composition]
        numbers = generator.permutation(sorted(drawn)).tolist()
        other = tuple(sorted(zip(numbers, counts, strict=True)))
        if other not in known:
            found += [(composition, True), (other, False)]
    return found
