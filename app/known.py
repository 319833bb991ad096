"""What the atlas and the shipped papers know of a concept, and of two."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from physh import Ontology
    from physh.atlas import Atlas

TITLES = 3  # papers named for each link
RECENT = 10  # years shown


def describe_concept(atlas: "Atlas", ontology: "Ontology", name: str) -> dict[str, Any]:
    """Works by year and the strongest neighbours. Raises UnknownConcept."""
    concept = ontology.concept(name)
    by_year = atlas.concept(concept.uri)
    near = [
        {"label": ontology.concepts[uri].label, "works": works, "strength": strength}
        for uri, works, strength in atlas.neighbours(concept.uri)
        if uri in ontology.concepts
    ]
    return {
        "concept": concept.label,
        "uri": concept.uri,
        "works": sum(by_year.values()),
        "first year": min(by_year, default=None),
        "by year": dict(list(by_year.items())[-RECENT:]),
        "neighbours": near,
        "atlas": atlas.about["name"],
    }


def describe_pair(atlas: "Atlas", ontology: "Ontology", first: str, second: str) -> dict[str, Any]:
    """Together in how many works, since when, rising or falling, what lies between, with titles."""
    from retrieval.papers import load_papers

    one, other = ontology.concept(first), ontology.concept(second)
    pair = atlas.pair(one.uri, other.uri)
    papers = load_papers()
    return {
        "concepts": [one.label, other.label],
        "together": f"{pair.together:,} of {atlas.total:,} abstracts until {atlas.years[-1]}",
        "first year": pair.first_year,
        "by year": dict(list(pair.by_year.items())[-RECENT:]),
        "direction": pair.direction,
        "strength": pair.strength,
        "between": [
            ontology.concepts[uri].label
            for chain in atlas.between(one.uri, other.uri)
            for uri in chain
            if uri in ontology.concepts
        ],
        "papers": [
            f"{p.title} ({p.year}, {p.url})" for p in papers.with_concepts([one.uri, other.uri], TITLES)
        ],
        "atlas": atlas.about["name"],
    }
