"""The names that a PhySH file is written with."""

PHYSH = "https://doi.org/10.29172/"
CORE = "https://physh.org/rdf/2018/01/01/core#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

PREFIXES = {"physh": PHYSH, "physh_rdf": CORE, "skos": SKOS, "dcterms": DCTERMS, "rdf": RDF}

TYPE = RDF + "type"
CONCEPT, DISCIPLINE, FACET = SKOS + "Concept", CORE + "Discipline", CORE + "Facet"
LABEL, PLAIN_LABEL = CORE + "prefLabel", SKOS + "prefLabel"
ALT_LABEL, HIDDEN_LABEL, SCOPE_NOTE = SKOS + "altLabel", SKOS + "hiddenLabel", SKOS + "scopeNote"
BROADER, NARROWER, RELATED = SKOS + "broader", SKOS + "narrower", SKOS + "related"
HAS_CONCEPT, IN_DISCIPLINE = CORE + "hasConcept", CORE + "inDiscipline"
HAS_TOP, TOP_OF = SKOS + "hasTopConcept", SKOS + "topConceptOf"
CONTAINS, IN_FACET = CORE + "contains", CORE + "inFacet"
USES_FACET, USED_BY = CORE + "usesFacet", CORE + "usedByDiscipline"
DEPRECATED = CORE + "deprecated"
DESCRIPTION, TITLE, VERSION = DCTERMS + "description", DCTERMS + "title", DCTERMS + "hasVersion"
