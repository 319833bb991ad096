"""The papers that ship are facts, found by meaning and by concepts."""

import re

import numpy as np

from retrieval.papers import load_papers


def test_a_paper_is_nearest_to_its_own_vector() -> None:
    papers = load_papers()
    place = len(papers) // 2
    own = papers.vectors[place] / np.linalg.norm(papers.vectors[place])
    found = papers.nearest(own, 3)
    assert found[0].likeness > 0.95
    assert found[0].likeness >= found[1].likeness >= found[2].likeness
    assert found[0].url.endswith(found[0].arxiv)
    assert 1986 <= found[0].year <= papers.until


def test_shares_of_concepts_are_those_of_near_papers() -> None:
    papers = load_papers()
    vector = papers.vectors[0] / np.linalg.norm(papers.vectors[0])
    shares = papers.concepts_near(vector)
    assert shares
    assert set(papers.nearest(vector, 1)[0].concepts) <= shares.keys()


def test_papers_with_two_concepts_have_both_latest_first() -> None:
    papers = load_papers()
    one = next(p for p in papers.nearest(np.ones(384, dtype=np.float32), 50) if len(p.concepts) > 1)
    found = papers.with_concepts(one.concepts[:2], 5)
    assert found
    assert all(set(one.concepts[:2]) <= set(p.concepts) for p in found)
    assert [p.year for p in found] == sorted((p.year for p in found), reverse=True)
    assert papers.with_concepts(["urn:none", one.concepts[0]]) == []


def test_every_identifier_is_one_of_arxiv() -> None:
    known = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}")
    assert [one for one in load_papers().ids if not known.fullmatch(one)] == []
