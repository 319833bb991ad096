"""Whatever the file and the cache folder hold: an ontology, or one line that says what is wrong."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import physh
from physh import cache, source
from tests.physh.small import HEAD, SMALL


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "some.ttl"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def complaint(path: Path, folder: Path) -> str:
    with pytest.raises(physh.OntologyError) as caught:
        physh.load(path, cache=folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_small_file_is_read(tmp_path: Path) -> None:
    ontology = physh.load(write(tmp_path, SMALL), cache=tmp_path)
    assert [d.label for d in ontology.disciplines] == ["Flows"]
    assert [c.label for c in ontology.members("flows", "areas")] == ["Waves", "Sea waves"]
    assert ontology.concept("RIPPLES").alt_labels == ("Ripples",), "other languages are left out"
    assert ontology.release.startswith("unknown ("), "no release number is made up"


def test_broken_turtle_names_its_line(tmp_path: Path) -> None:
    assert "some.ttl, line 6:" in complaint(
        write(tmp_path, SMALL.replace("c:Facet ,", "c:Facet ,,")), tmp_path
    )


def test_bytes_that_are_no_text_name_their_line(tmp_path: Path) -> None:
    assert "line 3" in complaint(write(tmp_path, HEAD.encode()[:-3] + b"\xff\xfe"), tmp_path)


@pytest.mark.parametrize("kind", ["c:Discipline ,", "c:Facet ,"])
def test_a_missing_class_is_named_with_what_was_found(tmp_path: Path, kind: str) -> None:
    said = complaint(write(tmp_path, SMALL.replace(kind, "")), tmp_path)
    assert f"has no https://physh.org/rdf/2018/01/01/core#{kind[2:-2]}" in said
    assert "skos/core#Concept" in said


def test_another_vocabulary_is_refused(tmp_path: Path) -> None:
    said = complaint(write(tmp_path, '<http://a/b> a <http://a/Thing> ; <http://a/name> "x" .'), tmp_path)
    assert "is not a PhySH file" in said
    assert "1 × http://a/Thing" in said


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "no typed resource in 0 resources" in complaint(write(tmp_path, ""), tmp_path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "No such file" in complaint(tmp_path / "none.ttl", tmp_path)
    assert "Is a directory" in complaint(tmp_path, tmp_path)


def test_a_circle_is_named_by_its_labels(tmp_path: Path) -> None:
    said = complaint(write(tmp_path, SMALL + "p:a s:broader p:e ."), tmp_path)
    assert "circle" in said
    assert "Sea waves" in said


def test_a_file_cut_between_statements_is_refused(tmp_path: Path) -> None:
    assert "cut off" in complaint(write(tmp_path, SMALL.rpartition("p:e a")[0]), tmp_path)


def test_a_concept_without_a_label_is_refused(tmp_path: Path) -> None:
    said = complaint(write(tmp_path, SMALL.replace('"Sea waves"@en', '"Wellen"@de')), tmp_path)
    assert "10.29172/b has no" in said


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(SMALL)))
def test_any_truncation_gives_an_ontology_or_one_line(tmp_path: Path, cut: int) -> None:
    refuses_or_reads(write(tmp_path, SMALL[:cut]), tmp_path)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_garbling_gives_an_ontology_or_one_line(tmp_path: Path, data: st.DataObject) -> None:
    garbled = bytearray(SMALL.encode())
    for place in data.draw(st.lists(st.integers(0, len(garbled) - 1), min_size=1, max_size=8)):
        garbled[place] = data.draw(st.integers(0, 255))
    refuses_or_reads(write(tmp_path, bytes(garbled)), tmp_path)


@settings(max_examples=8, deadline=None)
@given(share=st.floats(0, 0.999))
def test_the_core_cut_anywhere_is_refused(tmp_path_factory: pytest.TempPathFactory, share: float) -> None:
    folder = tmp_path_factory.mktemp("cut")
    content = source.EMBEDDED.read_bytes()
    complaint(write(folder, content[: int(share * len(content))]), folder)


def refuses_or_reads(path: Path, folder: Path) -> None:
    try:
        ontology = physh.load(path, cache=folder)
        ontology.query("SELECT ?s { ?s ?p ?o } LIMIT 1")
    except physh.PhyshError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right, and both are checked


# ---- the cache


def kept_files(folder: Path) -> list[Path]:
    return list((folder / "physh").glob("compiled-*"))


def test_the_second_start_reads_what_the_first_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = physh.load(cache=tmp_path)
    monkeypatch.setattr(source, "compile_release", None)  # a second compilation would fail
    second = physh.load(cache=tmp_path)
    assert second.concepts == first.concepts
    assert second.disciplines == first.disciplines
    assert (second.sha256, second.triples) == (first.sha256, first.triples)


@pytest.mark.slow
@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:0],
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"Turbulence", b"Torbulence", 1),
        lambda content: b"\n" + content,
    ],
)
def test_a_damaged_cache_is_made_again(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    expected = physh.load(cache=tmp_path).concepts
    (path,) = kept_files(tmp_path)
    sound = path.read_bytes()
    path.write_bytes(damage(sound))
    assert physh.load(cache=tmp_path).concepts == expected
    assert path.read_bytes() == sound


def test_a_cache_folder_that_cannot_be_made_only_costs_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert physh.load(cache=blocked).release == "2.7"


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_cache_folder_only_costs_time(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert physh.load(cache=tmp_path).release == "2.7"


def test_what_is_sealed_is_unsealed_and_nothing_else(tmp_path: Path) -> None:
    cache.seal(tmp_path / "a", b"one\ntwo")
    assert cache.unseal(tmp_path / "a") == b"one\ntwo"
    assert cache.unseal(tmp_path / "b") is None


# ---- the release


def test_an_installed_release_is_taken_by_default(tmp_path: Path) -> None:
    assert physh.load(cache=tmp_path).release == "2.7"
    physh.install_release(write(tmp_path, SMALL), tmp_path)
    assert len(physh.load(cache=tmp_path).concepts) == 3


def test_a_broken_release_is_not_installed(tmp_path: Path) -> None:
    with pytest.raises(physh.OntologyError):
        physh.install_release(write(tmp_path, "no turtle"), tmp_path)
    assert physh.load(cache=tmp_path).release == "2.7"


def test_a_release_that_cannot_be_kept_is_an_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(physh.OntologyError, match="cannot be written"):
        physh.install_release(write(tmp_path, SMALL), blocked)


COMPAT = """
p:d a c:Discipline , s:ConceptScheme ; c:prefLabel "Flows"@en .
p:f a c:Facet , s:Concept ; c:prefLabel "Areas"@en .
p:a a s:Concept ; c:prefLabel "Waves"@en ; s:broader p:f ; s:topConceptOf p:d .
"""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (HEAD + COMPAT, "names https://doi.org/10.29172/f as a concept, which it is not"),
        (HEAD + COMPAT.replace("; s:broader p:f ", ""), "puts no concept in a facet"),
        (SMALL.replace("; c:hasConcept p:a", ""), "puts no concept in a discipline"),
        (SMALL.replace("s:narrower p:b", "s:related p:d"), "as a concept, which it is not"),
        (
            SMALL.replace("c:hasConcept p:a", "c:hasConcept p:a . p:f c:hasConcept p:a"),
            "as a discipline, which it",
        ),
    ],
)
def test_a_version_for_other_programs_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    path = write(tmp_path, text)
    assert fault in complaint(path, tmp_path)
    with pytest.raises(physh.OntologyError):
        physh.install_release(path, tmp_path)
    assert physh.load(cache=tmp_path).release == "2.7", "nothing was installed"


def test_an_installed_file_that_breaks_the_program_says_how_to_go_back(tmp_path: Path) -> None:
    installed = physh.installed_file(tmp_path)
    installed.parent.mkdir(parents=True)
    installed.write_text(HEAD + COMPAT, encoding="utf-8")
    with pytest.raises(physh.OntologyError, match=f"go back to the embedded release, delete {installed}$"):
        physh.load(cache=tmp_path)


def test_a_file_of_another_form_is_read_as_well(tmp_path: Path) -> None:
    triples = [quad.triple for quad in pyoxigraph.parse(SMALL, format=pyoxigraph.RdfFormat.TURTLE)]
    forms = {
        "x.rdf": pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.RDF_XML),
        "x.nt": pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES),
        "x.json": pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.JSON_LD),
        "bom.ttl": b"\xef\xbb\xbf" + SMALL.encode(),
        "x.ttl.gz": gzip.compress(SMALL.encode()),
    }
    for name, content in forms.items():
        path = tmp_path / name
        path.write_bytes(content or b"")
        ontology = physh.install_release(path, tmp_path / "cache")
        assert [c.label for c in ontology.members("flows", "areas")] == ["Waves", "Sea waves"], name
        assert physh.load(cache=tmp_path / "cache").query("SELECT ?s WHERE { ?s a skos:Concept }")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\x1f\x8bnothing", "is a broken gzip file"),
        (b'{"a": 1}', "JSON-LD"),
        (b"<html><body>Not found</body></html>", "no RDF/XML of PhySH"),
    ],
)
def test_what_is_no_physh_in_another_form_is_told(tmp_path: Path, content: bytes, fault: str) -> None:
    assert fault in complaint(write(tmp_path, content), tmp_path)
