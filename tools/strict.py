"""A value from outside."""

from typing import Any, Final, get_args
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ConfigDict, model_validator

Kinds = tuple[tuple[str, ...], tuple[str, ...]]
_KINDS: "Final[WeakKeyDictionary[type[BaseModel], Kinds]]" = WeakKeyDictionary()
"""By class, as long as there is one: answers of one question have classes of their own."""


class Strict(BaseModel):
    """Nothing unknown gets in, a number is no yes or no, and nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _is_of_its_kind(cls, given: Any) -> Any:  # noqa: ANN401 - whatever came
        """Pydantic reads true as 1 and 0 as false, and nobody who writes one means the other."""
        if isinstance(given, dict):
            numbers, truths = _kinds(cls)
            for name in numbers:
                if type(given.get(name)) is bool:
                    raise ValueError(f"{name} is a number, and {str(given[name]).lower()} is none")
            for name in truths:
                if type(given.get(name)) in (int, float):
                    raise ValueError(f"{name} is true or false, and {given[name]} is neither")
        return given


def _kinds(kind: type[BaseModel]) -> Kinds:
    """Fields that hold a number and could hold no truth value, and those of which the opposite is true."""
    known = _KINDS.get(kind)
    if known is None:
        known = _KINDS[kind] = _read_kinds(kind)
    return known


def _read_kinds(kind: type[BaseModel]) -> Kinds:
    held = {name: _flat(field.annotation) for name, field in kind.model_fields.items()}
    numbers = tuple(name for name, types in held.items() if types & {int, float} and bool not in types)
    truths = tuple(name for name, types in held.items() if bool in types and not types & {int, float})
    return numbers, truths


def _flat(annotation: Any) -> set[Any]:  # noqa: ANN401 - any type may be a field's
    parts = get_args(annotation)
    return set().union(*map(_flat, parts)) if parts else {annotation}
