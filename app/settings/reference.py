"""The table of settings in docs/settings.md: `python -m app.settings.reference` prints it."""

import argparse
import sys
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.settings.sections import Settings, StepModels

HEADER = "| setting | default | meaning |\n|---|---|---|\n"


def render() -> str:
    return HEADER + "".join(_rows(Settings, ())) + _steps()


def _rows(model: type[BaseModel], above: tuple[str, ...]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            if inner is not StepModels:
                yield from _rows(inner, (*above, name))
        else:
            yield f"| `{'.'.join((*above, name))}` | {_default(field)} | {field.description or ''} |\n"


def _default(field: FieldInfo) -> str:
    if field.default_factory:
        return "computed"
    return "none" if field.default is None else f"`{field.default}`"


def _steps() -> str:
    steps = ", ".join(f"`{name}`" for name in StepModels.model_fields)
    return f"| `steps.<step>.*` | none | as in `model`, for one step: {steps} |\n"


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.stdout.write(render())
