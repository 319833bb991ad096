"""Who speaks OPTIMADE, and where: data that ship, and servers that the settings add."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, TypeAdapter, ValidationError

from retrieval.errors import BadQuery, RegistryFault
from retrieval.passage import FrozenModel
from retrieval.web import ServiceSite

PROVIDERS = Path(__file__).parents[1] / "data" / "optimade.yaml"
EVERY_S = 1.0  # between two questions to one provider: none documents an allowance


class Provider(FrozenModel):
    """A database behind an OPTIMADE address."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,40}$")]
    title: str = Field(min_length=1, max_length=200)
    base: Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+(?:/[^\s?#]*)?$", max_length=300)]
    licence: str | None = Field(default=None, description="of the data; null: not known, look there")

    @property
    def site(self) -> ServiceSite | None:
        """Where it is asked; None for an address without encryption elsewhere than on this machine."""
        parts = urlsplit(self.base)
        try:
            return ServiceSite(origin=f"{parts.scheme}://{parts.netloc}", every_s=EVERY_S)
        except ValidationError:
            return None

    @property
    def path(self) -> str:
        return f"{urlsplit(self.base).path.rstrip('/')}/v1/structures"


Providers = Mapping[str, Provider]


@cache
def load_providers(path: Path = PROVIDERS) -> Providers:
    """Return those that ship, by name. Raises RegistryFault."""
    import yaml

    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        read = TypeAdapter(tuple[Provider, ...]).validate_python(rows)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise RegistryFault(
            f"{path} is no list of providers: {' '.join(str(error).split())[:200]}"
        ) from error
    return {provider.name: provider for provider in read}


def add_own(own: Mapping[str, str]) -> Providers:
    """Return those that ship and `own`, name to base address. Raises BadQuery for what is no address."""
    try:
        added = {name: Provider(name=name, title=name, base=base.rstrip("/")) for name, base in own.items()}
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        raise BadQuery(
            f"data.providers: {str(wrong['input'])[:80]!r} does not do as {wrong['loc'][0]}: a name in lower "
            "case and an address such as https://optimade.example.org"
        ) from error
    for provider in added.values():
        if provider.site is None:
            raise BadQuery(f"data.providers: {provider.base} is not https, and not on this machine")
    return {**load_providers(), **added}
