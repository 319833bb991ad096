"""A value from outside."""

from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, model_validator


class Strict(BaseModel):
    """Nothing unknown gets in, a number is no yes or no, and nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _is_not_a_number(cls, given: Any) -> Any:  # noqa: ANN401 - whatever came
        """Pydantic reads true as 1, and nobody who writes it means that."""
        if isinstance(given, dict):
            for name in _numbers(cls) & given.keys():
                if isinstance(given[name], bool):
                    raise ValueError(f"{name} is a number, and {str(given[name]).lower()} is none")  # noqa: TRY004 - pydantic's way
        return given


@cache
def _numbers(kind: type[BaseModel]) -> frozenset[str]:
    """Fields that hold a number and could not hold a truth value."""
    held = {name: _flat(field.annotation) for name, field in kind.model_fields.items()}
    return frozenset(name for name, types in held.items() if types & {int, float} and bool not in types)


def _flat(annotation: Any) -> set[Any]:  # noqa: ANN401 - any type may be a field's
    parts = get_args(annotation)
    return set().union(*map(_flat, parts)) if parts else {annotation}
