"""The registry that ships is whole, and one that is wrong is named in a line."""

from pathlib import Path

import pytest

from agents.problem_cards.datasets import dimension
from physh import load
from retrieval.datasets import load_providers, load_registry, read_registry
from retrieval.datasets.search import digest, load_vectors
from retrieval.embeddings import MiniLM
from retrieval.errors import RegistryFault


def test_it_holds_the_talks_list_and_more() -> None:
    registry = load_registry()
    assert len(registry) >= 100
    for name in (
        "materials-project",
        "oqmd",
        "aflow",
        "nomad",
        "cod",
        "perovskite-database",
        "sciglass",
        "matnavi",
    ):
        assert registry.find(name)


def test_units_can_be_read_and_concepts_are_physhs(cache: Path) -> None:
    labels = {concept.label: uri for uri, concept in load(cache=cache).concepts.items()}
    for entry in load_registry().datasets:
        for name, unit in entry.quantities.items():
            assert unit is None or dimension(unit) is not None, (entry.id, name, unit)
        for label, uri in entry.concepts.items():
            assert labels[label] == uri, (entry.id, label)


def test_every_provider_that_an_entry_names_is_there() -> None:
    named = {name for entry in load_registry().datasets for name in entry.optimade}
    assert named <= set(load_providers())
    assert sum(provider.site is not None for provider in load_providers().values()) >= 20


def test_the_vectors_are_of_these_texts() -> None:
    """Made by `python -m bench.datasets --vectors`."""
    registry, shipped = load_registry(), load_vectors()
    assert shipped.digest == digest(MiniLM.name, registry.texts)
    assert len(shipped.rows) == len(registry)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {id: a", "is no YAML"),
        ("- {id: ab}", "0.title: Field required"),
        ("just words", "0: Input should be"),
        ("- {id: ab, title: A, url: 'javascript:x', holds: x, origin: both, systems: [x]}", "0.url"),
        ("- &a [*a]", "Input should be"),
        ("[" * 5_000, "is no YAML"),
    ],
)
def test_a_wrong_one_is_named_in_a_line(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "datasets.yaml"
    file.write_text(text)
    with pytest.raises(RegistryFault) as refused:
        read_registry(file)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_ids_stand_once_and_files_have_an_end(tmp_path: Path) -> None:
    file = tmp_path / "datasets.yaml"
    line = "- {id: ab, title: A, url: 'https://a.org', holds: x, origin: both, systems: [x]}\n"
    file.write_text(line * 2)
    with pytest.raises(RegistryFault, match="given twice"):
        read_registry(file)
    file.write_text("#" * (5 << 20))
    with pytest.raises(RegistryFault, match="may have"):
        read_registry(file)
    with pytest.raises(RegistryFault, match="cannot be read"):
        read_registry(tmp_path / "none.yaml")
