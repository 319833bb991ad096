"""A PhySH of one discipline, one facet and three concepts, to break in many ways."""

HEAD = """@prefix p: <https://doi.org/10.29172/> .
@prefix c: <https://physh.org/rdf/2018/01/01/core#> .
@prefix s: <http://www.w3.org/2004/02/skos/core#> .
"""
SMALL = (
    HEAD
    + """
p:d a c:Discipline , s:ConceptScheme ; c:prefLabel "Flows"@en ; c:hasConcept p:a ; c:usesFacet p:f .
p:f a c:Facet , s:Concept ; c:prefLabel "Areas"@en ; c:contains p:a .
p:a a s:Concept ; c:prefLabel "Waves"@en ; s:altLabel "Ripples"@en , "Wellen"@de ; s:narrower p:b .
p:b a s:Concept ; s:prefLabel "Sea waves"@en ; s:broader p:a ; s:narrower p:e .
p:e a s:Concept ; s:prefLabel "Old waves"@en ; c:deprecated true .
"""
)
