"""Databases that could hold what a hypothesis needs, and structures of those that speak OPTIMADE."""

from retrieval.datasets.optimade import (
    FoundStructures,
    StructureSearch,
    find_provider,
    find_structures,
    make_sites,
    stream_structures,
)
from retrieval.datasets.providers import Provider, Providers, add_own, load_providers
from retrieval.datasets.query import StructureQuery, make_query
from retrieval.datasets.registry import Dataset, Registry, load_registry, read_registry
from retrieval.datasets.search import DatabaseMatch, DataNeed, ListedQuantity, NeededQuantity, search_registry
from retrieval.datasets.structure import FoundStructure

__all__ = [
    "DataNeed", "DatabaseMatch", "Dataset", "FoundStructure", "FoundStructures", "ListedQuantity",
    "NeededQuantity", "Provider", "Providers", "Registry", "StructureQuery", "StructureSearch", "add_own",
    "find_provider", "find_structures", "load_providers", "load_registry", "make_query", "make_sites",
    "read_registry", "search_registry", "stream_structures",
]  # fmt: skip
