"""The embedded release with an embedder that needs no files, and jobs planned on it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import physh
from agents.data_files import structures
from agents.mining import MiningStore, Selection, Spec
from physh.source import EMBEDDED
from tests.physh.conftest import HashingEmbedder

Planner = Callable[..., Selection]
Adder = Callable[..., MiningStore]


@pytest.fixture(scope="session")
def ontology(tmp_path_factory: pytest.TempPathFactory) -> physh.Ontology:
    return physh.load(EMBEDDED, cache=tmp_path_factory.mktemp("physh"))


@pytest.fixture(scope="session")
def features(ontology: physh.Ontology, tmp_path_factory: pytest.TempPathFactory) -> physh.PairFeatures:
    router = physh.Router(ontology, HashingEmbedder(), tmp_path_factory.mktemp("vectors"))
    return physh.PairFeatures(ontology, router, structures())


@pytest.fixture
def select(ontology: physh.Ontology, features: physh.PairFeatures) -> Planner:
    def make(**chosen: Any) -> Selection:  # noqa: ANN401 - of Spec
        return Selection(ontology, features, Spec.model_validate({"name": "job", "pairs": 20} | chosen))

    return make


@pytest.fixture
def planned(select: Planner, ontology: physh.Ontology, tmp_path: Path) -> Adder:
    """A store with a job; the same store again for the same folder."""

    def make(folder: str = "store", **chosen: Any) -> MiningStore:  # noqa: ANN401 - of Spec
        selection, store = select(**chosen), MiningStore(tmp_path / folder)
        store.add_job(selection.spec, ontology.release, selection.pairs(), lambda: selection.cells)
        return store

    return make
