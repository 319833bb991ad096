"""Databases and data sets that ship as facts: what each holds, in which units, where and under which licence.

`retrieval/data/datasets.yaml` has the entries; one that is wrong is an error when it is read.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from retrieval.errors import RegistryFault
from retrieval.passage import FrozenModel

REGISTRY = Path(__file__).parents[1] / "data" / "datasets.yaml"
LARGEST = 4 * 2**20  # bytes of a registry

Line = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Dataset(FrozenModel):
    """A database or data set. A field that is not known for certain is null or empty."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,40}$")]
    title: Line
    url: Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$", max_length=300)]
    holds: Line = Field(description="what it holds, in one sentence")
    origin: Literal["computed", "measured", "both"]
    systems: tuple[Line, ...] = Field(min_length=1, description="materials or objects that it is about")
    quantities: dict[Line, Line | None] = Field(
        default={}, description='name to unit; "1" is a plain number, null no number: a structure, an image'
    )
    size: Line | None = Field(default=None, description="as its source told it; it may have grown")
    access: Literal["open", "registration", "key", "paid"] | None = None
    licence: Line | None = None
    doi: Annotated[str, Field(pattern=r"^10\.\d{4,9}/\S+$")] | None = Field(
        default=None, description="of the data or the paper that describes them"
    )
    optimade: tuple[Line, ...] = Field(default=(), description="names of providers in optimade.yaml")
    concepts: dict[Line, Line] = Field(default={}, description="PhySH concepts: label to URI")

    @property
    def text(self) -> str:
        """What a search compares with."""
        parts = [self.title, self.holds, ", ".join(self.systems), ", ".join(self.quantities)]
        return ". ".join(part for part in parts if part)


class Registry(FrozenModel):
    """All entries; each id once."""

    datasets: tuple[Dataset, ...]

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [entry.id for entry in self.datasets]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"the id {twice[0]!r} is given twice")
        return self

    def __len__(self) -> int:
        return len(self.datasets)

    def find(self, name: str) -> Dataset | None:
        return next((entry for entry in self.datasets if entry.id == name), None)

    @property
    def texts(self) -> list[str]:
        return [entry.text for entry in self.datasets]


def read_registry(path: Path) -> Registry:
    """Return the entries of a YAML file. Raises RegistryFault, in one line."""
    import yaml

    try:
        content = path.read_bytes()
        if len(content) > LARGEST:
            raise RegistryFault(f"{path} has {len(content):,} bytes and may have {LARGEST:,}")
        entries = yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe ones
        return Registry(datasets=TypeAdapter(tuple[Dataset, ...]).validate_python(_tupled(entries)))
    except OSError as error:
        raise RegistryFault(f"{path} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise RegistryFault(f"{path} is no YAML: {' '.join(str(error).split())[:200]}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise RegistryFault(f"{path}: {where or 'the list'}: {first['msg']}") from error


def _tupled(entries: object) -> object:
    return entries if isinstance(entries, list) else [entries]


@cache
def load_registry() -> Registry:
    """Return what ships, read once a process."""
    return read_registry(REGISTRY)
