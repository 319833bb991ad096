"""Files that tell of one work, and numbers that are kept small."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.library.vectors import pack, unpack
from retrieval.library.works import merge_works
from retrieval.passage import Work


def work(name: str, **known: object) -> Work:
    return Work.model_validate({"source": "library", "id": name, "title": name} | known)


def merged(*works: Work) -> dict[str, Work]:
    return merge_works({one.id: one for one in works})


def test_a_bibliography_names_and_a_paper_fills() -> None:
    paper = work("a.pdf", doi="10.1/a", arxiv="2406.12345v2", authors=("From The File",))
    entry = work("b.bib#k", doi="10.1/a", authors=("Born, Max",), year=2020)
    found = merged(paper, entry)
    assert found["a.pdf"] == found["b.bib#k"]
    one = found["a.pdf"]
    assert (one.id, one.title, one.authors, one.year) == ("a.pdf", "b.bib#k", ("Born, Max",), 2020)
    assert (one.arxiv, one.also) == ("2406.12345v2", ("b.bib#k",))


def test_versions_of_a_preprint_are_one_work() -> None:
    found = merged(
        work("a", arxiv="2406.12345v1"), work("b", arxiv="2406.12345v3"), work("c", arxiv="2406.12346")
    )
    assert [one.id for one in found.values()] == ["a", "a", "c"]


def test_a_third_may_join_two() -> None:
    found = merged(
        work("a", doi="10.1/a"), work("b", arxiv="2406.12345"), work("c", doi="10.1/a", arxiv="2406.12345")
    )
    assert {one.id for one in found.values()} == {"a"}
    assert found["b"].also == ("b", "c")


NAMES = st.one_of(st.none(), st.sampled_from("pqr"))


@given(st.lists(st.tuples(NAMES, NAMES), max_size=8))
def test_every_document_has_a_work_whatever_the_order(names: list[tuple[str | None, str | None]]) -> None:
    works = [work(f"d{i}", doi=doi, arxiv=arxiv) for i, (doi, arxiv) in enumerate(names)]
    found = merged(*works)
    assert set(found) == {one.id for one in works}
    for one in works:
        for other in works:
            shared = (one.doi and one.doi == other.doi) or (one.arxiv and one.arxiv == other.arxiv)
            if shared:
                assert found[one.id] == found[other.id]
    backwards = merged(*works[::-1])
    assert len({one.id for one in found.values()}) == len({one.id for one in backwards.values()})


@given(st.integers(1, 5), st.integers(2, 400), st.integers(0, 2**32 - 1))
def test_packed_vectors_point_where_they_did(rows: int, dimension: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    again = unpack(pack(vectors))
    assert again.shape == vectors.shape
    assert (again * vectors).sum(axis=1).min() > 0.999
