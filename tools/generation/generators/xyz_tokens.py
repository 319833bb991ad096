"""XYZ as tokens of whole elements and coordinates (LM-AC style), on a grid of 0.1 Å.

C x0 y0 z0  C x15 y0 z0  H x-4 y10 z0 …
"""

from collections.abc import Sequence
from typing import Final

from tools.generation.generators.vocabulary import LAST
from tools.generation.schema import SampleForm

STEP: Final = 0.1
ATOM: Final = 4
AXES: Final = "xyz"
APART: Final = 8  # steps: less than any bond


class XyzAtoms:
    name = "atoms"
    form = SampleForm.XYZ

    def encode(self, text: str) -> list[str]:
        tokens = []
        for line in text.strip().splitlines()[2:]:
            element, *places = line.split()
            tokens += [element, *(f"{axis}{_steps(place)}" for axis, place in zip(AXES, places, strict=True))]
        return tokens

    def decode(self, tokens: Sequence[str]) -> str:
        if not _in_order(tokens):
            return " ".join(tokens)
        lines = [str(len(tokens) // ATOM), ""]
        for start in range(0, len(tokens), ATOM):
            places = (int(token[1:]) * STEP for token in tokens[start + 1 : start + ATOM])
            lines.append(" ".join([tokens[start], *(f"{place:.1f}" for place in places)]))
        return "\n".join(lines)

    def state(self) -> "XyzState":
        return XyzState()


def _steps(place: str) -> int:
    return round(float(place) / STEP)


def _in_order(tokens: Sequence[str]) -> bool:
    state = XyzState(apart=0)
    for token in (*tokens, LAST):
        if not state.allows(token):
            return False
        state.push(token)
    return True


class XyzState:
    """Elements and coordinates in turn; no two atoms closer than `apart` steps."""

    def __init__(self, apart: int = APART) -> None:
        self.apart = apart
        self.places: list[tuple[int, ...]] = []
        self.writing: list[str] = []

    def allows(self, token: str) -> bool:
        if not self.writing:
            return token[0].isupper() or (token == LAST and bool(self.places))
        axis = AXES[len(self.writing) - 1]
        return token[0] == axis and (axis != AXES[-1] or self._far(self._place(token)))

    def push(self, token: str) -> None:
        if len(self.writing) < ATOM - 1:
            self.writing.append(token)
        else:
            self.places.append(self._place(token))
            self.writing = []

    def _place(self, token: str) -> tuple[int, ...]:
        return tuple(int(step[1:]) for step in (*self.writing[1:], token))

    def _far(self, place: tuple[int, ...]) -> bool:
        return all(
            sum((a - b) ** 2 for a, b in zip(place, other, strict=True)) >= self.apart**2
            for other in self.places
        )
