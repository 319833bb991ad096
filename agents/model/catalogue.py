"""The models that we serve ourselves, described as data in agents/data/models.yaml."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from pydantic import Field, TypeAdapter

from agents.errors import EndpointError
from agents.schema import Strict


class EmbeddedModel(Strict):
    """One model file and what a reader of its answers must know."""

    setting: str = Field(description="its name in the settings")
    artefact: str = Field(description="its file, in retrieval's artefacts.yaml")
    label: str
    context: int = Field(gt=0, description="tokens of prompt and answer together, for one call")
    temperature: float = Field(ge=0, le=2)
    can_rank: bool = Field(description="whether its marks order texts by quality")
    about: str = Field(description="note for reports with its texts")
    ranking: str = Field(description="note for reports with its marks")


@cache
def catalogue() -> Mapping[str, EmbeddedModel]:
    """By the name under which the model answers."""
    import yaml

    text = files("agents").joinpath("data/models.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, EmbeddedModel]).validate_python(yaml.safe_load(text))


def can_rank(models: Iterable[str]) -> bool:
    """Whether one of them may be able to order texts by quality: of ours it is known, of others it is not."""
    known = [catalogue().get(model) for model in models]
    return any(model is None or model.can_rank for model in known)


def embedded_name(setting: str) -> str:
    """The catalogue's name for a name in the settings: "embedded", "embedded-small"."""
    for name, model in catalogue().items():
        if setting in (name, model.setting):
            return name
    known = ", ".join(model.setting for model in catalogue().values())
    raise EndpointError(f"no embedded model {setting!r}; there are {known}")
