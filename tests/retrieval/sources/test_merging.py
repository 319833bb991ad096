from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.passage import Work
from retrieval.sources import merge
from retrieval.sources.searching import normal_title

TITLE = "On the motion of skyrmions"


def work(**fields: object) -> Work:
    return Work.model_validate(
        {"source": "arxiv", "id": str(sorted(fields.items())), "title": TITLE, **fields}
    )


def test_a_link_joins_what_seemed_to_be_two() -> None:
    published = work(source="crossref", doi="10.1/x", title="A", year=2020)
    preprint = work(source="arxiv", arxiv="2001.00001v1", title="B", year=2019)
    link = work(source="openalex", doi="10.1/x", arxiv="2001.00001", title="C", retracted=True)
    for order in permutations([published, preprint, link]):
        (one,) = merge(order)
        assert (one.doi, one.arxiv, one.retracted) == ("10.1/x", "2001.00001v1", True)
        assert {one.source, *one.also} == {"crossref", "arxiv", "openalex"}
        assert one.source == order[0].source


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"doi": "10.1/x"}, {"doi": "10.1/y"}),
        ({"arxiv": "2001.00001"}, {"arxiv": "2001.00002"}),
        ({"year": 2001}, {"year": 2004}),
        ({"authors": ["Ann Li"]}, {"authors": ["Bo Ito"]}),
        (
            {"title": "Introduction", "year": 2020},
            {"title": "Introduction", "year": 2020, "source": "crossref"},
        ),
        ({"title": TITLE}, {"title": TITLE + " II"}),
    ],
)
def test_different_works_stay_apart(one: dict[str, object], other: dict[str, object]) -> None:
    assert len(merge([work(**one), work(**other)])) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"Spin waves in $\mathrm{Fe}_3$O$_4$ films", "Spin waves in Fe3O4 films"),
        ("Spin–orbit coupling: a primer", "Spin-Orbit Coupling: A Primer"),
        ("Moiré excitons — theory and experiment", "Moire Excitons: Theory and Experiment"),
        ("Magnetism in MoS₂ monolayers", "Magnetism in MoS2 monolayers"),
    ],
)
def test_titles_are_compared_without_their_looks(one: str, other: str) -> None:
    assert normal_title(one) == normal_title(other)
    assert len(merge([work(title=one, year=2020), work(title=other, year=2021, source="crossref")])) == 1


def test_the_highest_version_and_count_stay() -> None:
    accounts = [work(arxiv=f"2001.00001{v}", cited_by=n) for v, n in (("v2", 3), ("", None), ("v10", 1))]
    (one,) = merge(accounts)
    assert (one.arxiv, one.cited_by) == ("2001.00001v10", 3)


works = st.builds(
    Work,
    source=st.sampled_from(["arxiv", "crossref", "openalex"]),
    id=st.text("abc", min_size=1, max_size=2),
    title=st.sampled_from([TITLE, "Domain walls in permalloy films", "Erratum"]),
    authors=st.sampled_from([(), ("Ann Li",), ("Bo Ito", "Ann Li")]),
    year=st.sampled_from([None, 2019, 2020]),
    doi=st.sampled_from([None, "10.1/x", "10.1/y"]),
    arxiv=st.sampled_from([None, "2001.00001v1", "2001.00001v2", "2001.00002"]),
    retracted=st.sampled_from([None, False, True]),
)


@given(st.lists(works, max_size=8))
def test_nothing_is_lost_in_merging(accounts: list[Work]) -> None:
    merged = merge(accounts)
    assert len(merged) <= len(accounts)
    assert {one.doi for one in accounts} - {None} >= {one.doi for one in merged} - {None}
    assert {one.source for one in accounts} == {name for one in merged for name in (one.source, *one.also)}
    assert any(one.retracted for one in accounts) == any(one.retracted for one in merged)
    assert all(one.source not in one.also for one in merged)
