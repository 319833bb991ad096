"""A work of the literature, a passage of its text, and a look for them: what sources and library give."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SourceName = Literal["shipped", "arxiv", "openalex", "semantic_scholar", "crossref", "inspire"]
"""Of retrieval.sources, for settings and specs that load none of them."""


class FrozenModel(BaseModel):
    """A value from outside: unknown fields are an error, and nothing changes it afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Work(FrozenModel):
    """One paper, preprint or document. What its source does not know is null."""

    source: str = Field(description='who told of it: "arxiv", "openalex", …, "library"')
    id: str = Field(description="its identifier at that source, or the file's path within the library")
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    doi: str | None = Field(default=None, description="lower case, without https://doi.org/")
    arxiv: str | None = Field(default=None, description='with its version where known: "2406.12345v2"')
    url: str | None = None
    abstract: str | None = None
    cited_by: int | None = None
    retracted: bool | None = Field(default=None, description="null: the source does not say")
    also: tuple[str, ...] = Field(default=(), description="other sources that told of the same work")


class Passage(FrozenModel):
    """A stretch of a work's text, at its place."""

    key: Annotated[str, Field(pattern=r"^c[0-9a-f]{10}$", description="content hash; what a citation names")]
    work: Work
    text: str
    start: int = Field(ge=0, description="first character in the document's text")
    end: int = Field(ge=0, description="one past its last character")
    page: int | None = Field(default=None, description="from 1; null where there are no pages")
    concepts: tuple[str, ...] = Field(default=(), description="URIs of PhySH concepts that it touches")


class Search(FrozenModel):
    """One look into one source: what novelty is bounded by."""

    source: str
    query: str
    at: datetime
    found: int = Field(ge=0)
    error: str | None = Field(default=None, description="why it gave nothing, when it could not be asked")
