"""Counts by year come out as they went in, and an atlas that cannot be read is told in a line."""

import json
from pathlib import Path

import pytest

import physh
from physh.atlas import Atlas, build, load
from physh.atlas.rdf import triples
from physh.errors import AtlasError

TEXTS = {  # year → abstracts
    2001: ["Turbulence and Monte Carlo simulations", "Turbulence alone", "Superconductivity"],
    2002: ["Turbulence with Monte Carlo methods", "Monte Carlo"],
    2003: ["Superconductivity in cuprates and Monte Carlo methods"],
}


@pytest.fixture(scope="module")
def ontology(cache: Path) -> physh.Ontology:
    return physh.load(cache=cache)


@pytest.fixture(scope="module")
def atlas(ontology: physh.Ontology, tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    folder = tmp_path_factory.mktemp("atlas")
    records = [
        {"id": f"{year}-{i}", "title": "A title", "abstract": text, "year": year}
        for year, texts in TEXTS.items()
        for i, text in enumerate(texts)
    ]
    source = folder / "works.jsonl"
    twice = [*records, records[0]]
    source.write_text("".join(json.dumps(r) + "\n" for r in twice), encoding="utf-8")
    about = build([source], ontology, folder / "atlas.npz", "six works")
    assert about["refused"] == {"duplicate": 1}
    return load(folder / "atlas.npz")


def test_concepts_and_pairs_are_counted_by_year(ontology: physh.Ontology, atlas: Atlas) -> None:
    turbulence, sampling = (ontology.concept(n).uri for n in ("Turbulence", "Monte Carlo methods"))
    assert atlas.total == 6
    assert atlas.concept(turbulence) == {2001: 2, 2002: 1}
    pair = atlas.pair(sampling, turbulence)
    assert (pair.together, pair.first_year, pair.by_year) == (2, 2001, {2001: 1, 2002: 1})
    assert pair == atlas.pair(turbulence, sampling)
    assert [uri for uri, _, _ in atlas.neighbours(turbulence)] == [sampling]


def test_what_lies_between_two_that_never_met(ontology: physh.Ontology, atlas: Atlas) -> None:
    turbulence, other = (ontology.concept(n).uri for n in ("Turbulence", "Superconductivity"))
    assert atlas.pair(turbulence, other).together == 0
    assert atlas.pair(turbulence, other).first_year is None
    assert atlas.pair("urn:none", other).together == 0


def test_words_evoke_the_concepts_that_they_stand_with(ontology: physh.Ontology) -> None:
    shipped = load()
    evoked = shipped.evoked("fireflies that blink in step")
    assert evoked.shape == (len(shipped.uris),)
    assert shipped.evoked("").max() == 0
    assert shipped.evoked("wakefield plasma electrons GeV").max() > 0


def test_the_shipped_atlas_says_what_it_is_made_of() -> None:
    about = load().about
    assert about["works"] == 151_927
    assert about["command"].startswith("hypofind atlas build")
    assert len(about["files"]) == 3


def test_pairs_are_observations_with_provenance(atlas: Atlas) -> None:
    import rdflib

    graph = rdflib.Graph().parse(data="".join(triples(atlas, 2)), format="nt")
    rows = graph.query("""
        PREFIX qb: <http://purl.org/linked-data/cube#> PREFIX prov: <http://www.w3.org/ns/prov#>
        SELECT ?n WHERE { ?o a qb:Observation ; qb:dataSet ?d ; <urn:hypofind:atlas:together> ?n .
                          ?d prov:wasDerivedFrom ?file }""")
    assert [str(row[0]) for row in rows] == ["2"]  # type: ignore[index]  # rows of a SELECT


def test_no_usable_record_is_told_with_reasons(ontology: physh.Ontology, tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text("{}\nnothing\n", encoding="utf-8")
    with pytest.raises(AtlasError, match=r"no usable record.*no JSON: 1"):
        build([source], ontology, tmp_path / "x.npz", "x")
    assert not (tmp_path / "x.npz").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"no atlas"])
def test_what_is_no_atlas_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    with pytest.raises(AtlasError, match="hypofind atlas build"):
        load(path)
