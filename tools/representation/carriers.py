"""Descriptors and instruments by name: what carries a representation of its own, and the function to test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tools.representation.errors import RepresentationError
from tools.representation.reading import Specification, read_text

MOST_SECONDS = 45.0  # of a test plan that somebody waits for


class UnknownCarrier(RepresentationError):
    """No descriptor and no instrument has this name."""


class TooManyDraws(RepresentationError):
    """The instrument is too slow for so many draws."""


@dataclass(frozen=True)
class Carrier:
    """A specification, and the function that it is about; `seconds` is what a call takes."""

    name: str
    specification: Specification
    function: Callable[..., Any]
    seconds: float = 0.0

    def refuse_slow(self, draws: int) -> None:
        """Raise TooManyDraws where the test plan would take too long."""
        transform = self.specification.transform
        calls = 2 + draws * (1 + len(transform.inputs) + 2 * len(transform.symmetries))
        needed = calls * self.seconds
        if needed > MOST_SECONDS:
            most = int(draws * MOST_SECONDS / needed)
            raise TooManyDraws(
                f"{self.name} takes {self.seconds:g} s a call and would be called {calls} times: "
                + (f"ask for at most {most} draws" if most else "test a faster one")
            )


def find_carrier(name: str) -> Carrier:
    """Raises UnknownCarrier."""
    from tools.descriptors.registry import HOMES, find_descriptor

    if name in HOMES:
        descriptor = find_descriptor(name)
        return Carrier(name, read_text(descriptor.specification), descriptor.compute)
    from tools.instruments import instruments

    chosen = next((one for one in instruments() if one.name == name), None)
    if chosen is None:
        raise UnknownCarrier(
            f"no descriptor or instrument is called {name[:80]!r}; descriptors are {', '.join(HOMES)}, and "
            "`hypofind instruments` lists the rest"
        )
    from tools.instruments.specification import measuring, specify

    seconds = chosen.cost.seconds * len(chosen.responses)
    return Carrier(name, Specification(specify(chosen)), measuring(chosen), seconds)
