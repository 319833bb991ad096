"""The next character given the last few, as counted: the least a language model should beat."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from tools.generation.schema import Sample, SampleForm, SampleKind, Unreturned

END: Final = "\0"
MOST: Final = 4000


class CharacterNgram:
    """`order` characters decide the next one; counted once, in `texts`. No string has more than `most`."""

    version = "1"

    def __init__(
        self, texts: Sequence[str], kind: SampleKind, form: SampleForm, order: int = 6, most: int = MOST
    ) -> None:
        self.name = f"{order}-gram of characters"
        self.kind = kind
        self.form = form
        self.order = order
        self.most = most
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            padded = END * order + text + END
            for place in range(order, len(padded)):
                counts[padded[place - order : place]][padded[place]] += 1
        self._next = {seen: _shares(found) for seen, found in counts.items()}

    def generate(self, count: int, seed: int) -> Iterator[Sample]:
        """Exactly `count` samples; the same seed gives the same strings."""
        random = np.random.default_rng(seed)
        for _ in range(count):
            text = self._draw(random)
            lost = Unreturned.TRUNCATED if len(text) == self.most else None
            yield Sample(form=self.form, text=text, unreturned=lost)

    def _draw(self, random: np.random.Generator) -> str:
        text = END * self.order
        while len(text) < self.most + self.order:
            letters, bounds = self._next[text[-self.order :]]
            letter = letters[int(np.searchsorted(bounds, random.random(), side="right"))]
            if letter == END:
                break
            text += letter
        return text[self.order :]


def _shares(found: Counter[str]) -> tuple[str, list[float]]:
    letters = sorted(found)
    bounds = np.cumsum([found[letter] for letter in letters]) / found.total()
    return "".join(letters), [float(bound) for bound in bounds]
