"""Databases and structures from outside, as the settings have them and as our tools take them."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from agents.schema import DataFound, HeldQuantity, Strict, StructureWish
from app.errors import InputError
from app.settings import Settings
from retrieval import RetrievalError
from retrieval.datasets import FoundStructures, StructureQuery
from tools import ToolError

if TYPE_CHECKING:
    from retrieval.datasets import FoundStructure, Providers
    from retrieval.ranking import Embedder
    from tools.structures import Atoms


LONGEST = 8_000  # characters of a question


def show_quantity(held: HeldQuantity) -> str:
    """`formation energy (eV/atom)`."""
    return held.name if held.unit in (None, "1") else f"{held.name} ({held.unit})"


def show_command(wish: StructureWish) -> str:
    """The command that asks for these structures."""
    places = " ".join(f"--from {name}" for name in wish.providers)
    return " ".join(["hypofind data structures", *wish.options, places])


def find_for_text(
    text: str,
    *,
    cause: str | None = None,
    response: str | None = None,
    limit: int = 5,
    embedder: "Embedder | None" = None,
) -> DataFound:
    """Return the data that could answer a question or test a claim. Raises InputError.

    What depends on what is read from the text where `cause` and `response` do not say it.
    """
    from agents.checks.text import read_prose
    from agents.problem_cards.datasets import find_data, read_quantity
    from retrieval.datasets.search import make_embed

    words = " ".join(text.split())
    if not words:
        raise InputError("the question is empty: ask something, or state a claim")
    if len(words) > LONGEST:
        raise InputError(f"the question has {len(words):,} characters and may have {LONGEST:,}: shorten it")
    said = read_prose("", words).stated
    named = {"cause": cause or (said and said.cause), "response": response or (said and said.response)}
    quantities = [read_quantity(name[:300], role) for role, name in named.items() if name]
    embed = make_embed(embedder) if embedder else None
    return find_data(words, quantities, words, embed=embed, limit=limit)


def list_providers(settings: Settings) -> "Providers":
    """Those that ship, and the settings' own. Raises BadQuery."""
    from retrieval.datasets import add_own

    return add_own(settings.data.providers)


def fetch_structures(
    settings: Settings, query: StructureQuery, names: Sequence[str], limit: int
) -> FoundStructures:
    """Ask the named databases, else those of the settings. What keeps one from answering is in its search.

    Raises BadQuery.
    """
    from retrieval.datasets import find_structures, make_sites
    from retrieval.errors import BadQuery
    from retrieval.web import Web

    providers = list_providers(settings)
    web = Web(settings.paths.cache, make_sites(providers), mail=settings.literature.mail, shelf="structures")
    chosen = names or settings.data.ask
    if not chosen:
        raise BadQuery("no database is named, and data.ask names none: say which of the list of providers")
    return find_structures(
        providers, chosen, query, limit, web=web, now=datetime.now(UTC).replace(microsecond=0)
    )


class DataQuestion(Strict):
    """A question or a claim, and what data are to hold."""

    question: str = Field(min_length=1, max_length=LONGEST, description="a question or a claim, in words")
    cause: str | None = Field(
        default=None, max_length=300, description='what is varied, with its unit: "strain (percent)"'
    )
    response: str | None = Field(
        default=None, max_length=300, description='what is measured, with its unit: "band gap (eV)"'
    )
    limit: int = Field(default=5, ge=1, le=50)


class StructureRequest(StructureQuery):
    """Structures that are looked for, and of whom they are asked."""

    providers: tuple[str, ...] = Field(
        default=(),
        max_length=10,
        description="names, as the list of providers has them; none: those of the settings",
    )
    limit: int = Field(default=10, ge=1, le=100, description="structures of each provider")

    @property
    def query(self) -> StructureQuery:
        return StructureQuery.model_validate(self.model_dump(exclude={"providers", "limit"}))


class FindData:
    """The search as a tool, which a worker of its own runs for those who are served."""

    name = "find_data"
    mcp_name = None
    title = "search for data"
    version = "1"
    purpose = "Databases and data sets of physics and materials that could answer a question or test a claim"
    arguments: type[BaseModel] = DataQuestion
    result: type[BaseModel] = DataFound

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    def run(self, arguments: BaseModel) -> DataFound:
        """Raises ToolError."""
        asked = DataQuestion.model_validate(arguments)
        try:
            return find_for_text(
                asked.question,
                cause=asked.cause,
                response=asked.response,
                limit=asked.limit,
                embedder=_load_embedder(self._cache),
            )
        except (InputError, RetrievalError) as error:
            raise ToolError(str(error)) from error


class FindStructures:
    """OPTIMADE as such a tool. It asks others over the network."""

    name = "find_structures"
    mcp_name = None
    title = "structures from databases"
    version = "1"
    purpose = "Crystal structures of given elements, formula or space group, from databases by OPTIMADE"
    arguments: type[BaseModel] = StructureRequest
    result: type[BaseModel] = FoundStructures

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def run(self, arguments: BaseModel) -> FoundStructures:
        """Raises ToolError; a database that does not answer is no error."""
        asked = StructureRequest.model_validate(arguments)
        try:
            return fetch_structures(self._settings, asked.query, asked.providers, asked.limit)
        except RetrievalError as error:
            raise ToolError(str(error)) from error


def _load_embedder(cache: Path) -> "Embedder | None":
    import retrieval

    try:
        return retrieval.load_embedder(cache, lambda *_: None)
    except RetrievalError:
        return None


def as_atoms(found: "FoundStructure") -> "Atoms":
    """The structure as our tools take it. Raises BadStructure, for a flat cell perhaps."""
    import numpy as np

    from tools.structures import Atoms, to_fractional

    lattice = np.array(found.lattice, dtype=float)
    return Atoms(found.symbols, to_fractional(np.array(found.positions, dtype=float), lattice), lattice)


def write_xyz(found: "FoundStructure") -> str:
    """Return the structure as extended XYZ, which says who told of it; our readers take it back."""
    lattice = " ".join(f"{number:.10g}" for row in found.lattice for number in row)
    told = {"provider": found.provider, "id": found.id, "licence": found.licence or "not known"}
    comment = " ".join(f'{name}="{_plain(value)}"' for name, value in told.items())
    lines = [
        str(len(found.symbols)),
        f'Lattice="{lattice}" Properties=species:S:1:pos:R:3 pbc="T T T" {comment}',
    ]
    for symbol, place in zip(found.symbols, found.positions, strict=True):
        lines.append(f"{symbol:2} " + " ".join(f"{number:.10g}" for number in place))
    return "\n".join(lines) + "\n"


def name_files(structures: "Sequence[FoundStructure]") -> "Iterator[tuple[str, FoundStructure]]":
    """Yield a file name for each, safe on every system, no two alike."""
    taken: set[str] = set()
    for number, found in enumerate(structures, 1):
        stem = re.sub(r"[^A-Za-z0-9.-]+", "_", f"{found.provider}-{found.id}").strip("._")[:80] or "structure"
        name = stem if stem.lower() not in taken else f"{stem}-{number}"
        taken.add(name.lower())
        yield f"{name}.xyz", found


def _plain(text: str) -> str:
    return "".join(char for char in text if char not in '"\\' and char.isprintable())
