"""The laws as they stand in `data/`: equation, quantities with units and ranges, words, source.

A file of laws has a discipline and its laws by name. A quantity is written in one line:
`T: [temperature, K, 100, 1000, "gas temperature; heat"]`, that is label, unit, range and other names; a third
number is where it stays while others vary, if that is not the middle of its range. The quantity on the left
of the equation needs no range; `data/derived.yaml` has it, with what can be solved for.
"""

import math
import re
from functools import cache
from importlib import resources
from typing import Any, Final

from pydantic import Field, field_validator, model_validator

from tools.instruments.contract import Source
from tools.strict import Strict

DATA: Final = resources.files("tools.instruments.formulas") / "data"
SPREAD: Final = 20
"""A range over more than this factor is spread by its logarithm."""
NOT_LAWS: Final = frozenset({"constants.yaml", "derived.yaml", "sources.yaml", "words.yaml"})


class LawQuantity(Strict):
    """What a symbol stands for."""

    label: str
    unit: str
    low: float | None = None
    high: float | None = None
    resting: float | None = Field(
        default=None, description="where it stays while others vary, if not in the middle: on resonance"
    )
    words: tuple[str, ...] = ()
    integer: bool = False

    @property
    def name(self) -> str:
        """Return the label as a name of a parameter: "Young's modulus" is youngs_modulus."""
        return re.sub(r"[^a-z0-9]+", "_", self.label.lower().replace("'", "")).strip("_")


class Derived(Strict):
    """What follows from a law and was computed once (`python -m tools.instruments.formulas.derive`)."""

    low: float
    high: float
    default: float = Field(description="of the quantity on the left, with the others at their defaults")
    solvable: dict[str, tuple[float, float]] = Field(
        description="symbols that the law has one solution for, and where it is sought, in the unit declared"
    )


class LawConstant(Strict):
    """A constant of nature, or a reference that a law agrees on."""

    value: float
    unit: str
    label: str


class Law(Strict):
    """An equation and what its symbols mean."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    law: str = Field(pattern=r"^\w+ = .+$")
    discipline: str
    concepts: tuple[str, ...]
    systems: tuple[str, ...] = Field(min_length=1)
    source: str
    where: tuple[str, ...] = ()
    limits: str | None = None
    quantities: dict[str, LawQuantity]

    @field_validator("quantities", mode="before")
    @classmethod
    def _from_lines(cls, lines: dict[str, list[Any]]) -> dict[str, Any]:
        return {symbol: _quantity(line) for symbol, line in lines.items()}

    @model_validator(mode="after")
    def _complete(self) -> "Law":
        names = [quantity.name for quantity in self.quantities.values()]
        if len(set(names)) < len(names):
            raise ValueError(f"{self.name}: two quantities have one name")
        missing = [
            symbol
            for symbol, quantity in self.quantities.items()
            if (quantity.low is None) != (symbol == self.output)
        ]
        if missing:
            raise ValueError(f"{self.name}: all but {self.output} need a range, and it has none: {missing}")
        return self

    @property
    def output(self) -> str:
        """Return the symbol on the left of the equation."""
        return self.law.partition(" = ")[0]

    @property
    def expression(self) -> str:
        """Return what it equals."""
        return self.law.partition(" = ")[2]

    def cited(self) -> Source:
        """Return the source, with the section that the law names."""
        key, _, section = self.source.partition(" ")
        known = Source.model_validate(_read("sources.yaml")[key])
        return known.model_copy(update={"citation": f"{known.citation}, {section}"}) if section else known


def default_of(quantity: LawQuantity) -> float | None:
    """Return where a quantity stays while others vary: on the left of the equation it has no such place."""
    if quantity.low is None or quantity.high is None or quantity.resting is not None:
        return quantity.resting
    return _middle(quantity.low, quantity.high, integer=quantity.integer)


def _middle(low: float, high: float, *, integer: bool) -> float:
    """Return the geometric mean of a wide range, else its middle."""
    value = math.sqrt(low * high) if wide(low, high) else (low + high) / 2
    short = float(round(value)) if integer else float(f"{value:.4g}")
    return short if (short - low) * (high - short) >= 0 and high - low > abs(value) * 1e-3 else value


def wide(low: float, high: float) -> bool:
    """Return whether a range spans so much that its values are spread by their logarithm."""
    return low > 0 and high / low >= SPREAD


@cache
def laws() -> dict[str, Law]:
    """Return every law by name. Raises ValueError where a file is wrong or a name is there twice."""
    found: dict[str, Law] = {}
    for path in sorted(DATA.iterdir(), key=lambda entry: entry.name):
        if not path.name.endswith(".yaml") or path.name in NOT_LAWS:
            continue
        file = _read(path.name)
        common = {"discipline": file["discipline"], "concepts": file.get("concepts", [])}
        for name, entry in file["laws"].items():
            if name in found:
                raise ValueError(f"two laws are called {name}")
            found[name] = Law.model_validate({"name": name, **common, **entry})
    return found


@cache
def constants() -> dict[str, LawConstant]:
    """Return the constants by symbol (CODATA 2022)."""
    fields = tuple(LawConstant.model_fields)
    return {
        symbol: LawConstant.model_validate(dict(zip(fields, line, strict=True)))
        for symbol, line in _read("constants.yaml").items()
    }


@cache
def derived() -> dict[str, Derived]:
    """Return what was derived, by name of the law."""
    return {name: Derived.model_validate(entry) for name, entry in _read("derived.yaml").items()}


@cache
def _read(name: str) -> Any:  # noqa: ANN401 - whatever the file holds; each entry meets a model
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where libyaml was there
    return yaml.load((DATA / name).read_text(encoding="utf-8"), loader)  # noqa: S506 - both are safe


def _quantity(line: list[Any]) -> dict[str, Any]:
    label, unit, *rest = line
    numbers = [float(item) for item in rest if not isinstance(item, str)]
    words = [word.strip() for item in rest if isinstance(item, str) for word in item.split(";")]
    common = _read("words.yaml")
    known = [*words, *common["synonyms"].get(label, [])]
    if len(numbers) not in (0, 2, 3):
        raise ValueError(f"{label}: a range is two numbers, and where it stays a third: {numbers}")
    bounds = dict(zip(("low", "high", "resting"), numbers, strict=False))
    return {
        "label": label,
        "unit": unit,
        "words": tuple(dict.fromkeys(word for word in known if word != label)),
        "integer": label in common["integer"],
        **bounds,
    }
