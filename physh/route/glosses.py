"""Plain-language descriptions, ours, of what disciplines and concepts are about."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

PATH = Path(__file__).parent.parent / "data" / "glosses.yaml"


class Glosses(BaseModel):
    """By PhySH label."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    disciplines: dict[str, list[str]]
    concepts: dict[str, str]


@cache
def load() -> Glosses:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
    return Glosses.model_validate(yaml.load(PATH.read_text(encoding="utf-8"), loader))  # noqa: S506 - it is safe
