"""Statements become disciplines, facets and concepts; what is not PhySH is refused here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from graphlib import CycleError, TopologicalSorter

from physh import vocabulary as v
from physh.concept import Compiled, Concept, Discipline, Facet, Links, reachable
from physh.errors import OntologyError
from physh.turtle import Statements


def compile_statements(said: Statements, name: str) -> Compiled:
    """Return the compiled ontology. Raises OntologyError for what is missing, dangling or circular."""
    kinds = {kind: _of_kind(said, kind) for kind in (v.DISCIPLINE, v.FACET, v.CONCEPT)}
    _refuse_foreign(said, kinds, name)
    _refuse_dangling(said, name)
    disciplines, facets = kinds[v.DISCIPLINE], kinds[v.FACET]
    links = _links(said)
    uris = [uri for uri in kinds[v.CONCEPT] if uri not in set(facets)]
    _refuse_circles(uris, links["broader"], said, name)
    label = partial(_label, said, name)
    own = {
        "disciplines": _inherit(links["disciplines"], links["narrower"]),
        "facets": _inherit(links["facets"], links["narrower"]),
    }
    compiled = Compiled(
        next((value for uri in disciplines for value in said[uri].get(v.VERSION, ())), None),
        sum(len(values) for subject in said.values() for values in subject.values()),
        tuple(_discipline(uri, label(uri), said, links) for uri in disciplines),
        tuple(Facet(uri, label(uri), links["narrower"][uri], links["contains"][uri]) for uri in facets),
        tuple(_concept(uri, label(uri), said, {**links, **own}) for uri in uris),
    )
    _refuse_unwalkable(compiled, name)
    return compiled


def _refuse_unwalkable(compiled: Compiled, name: str) -> None:
    """A version for other programs may have all the classes and yet no way from discipline to concept."""
    kinds = {
        "concept": {concept.uri for concept in compiled.concepts},
        "discipline": {discipline.uri for discipline in compiled.disciplines},
        "facet": {facet.uri for facet in compiled.facets},
    }
    names = {
        "concept": [uri for c in compiled.concepts for uri in (*c.broader, *c.narrower, *c.related)],
        "discipline": [uri for c in compiled.concepts for uri in c.disciplines],
        "facet": [uri for c in compiled.concepts for uri in c.facets],
    }
    for kind, uris in names.items():
        stranger = next((uri for uri in uris if uri not in kinds[kind]), None)
        if stranger or (kind != "concept" and not uris):
            fault = (
                f"names {stranger} as a {kind}, which it is not"
                if stranger
                else f"puts no concept in a {kind}"
            )
            raise OntologyError(
                f"{name} {fault}: a version of PhySH for other programs (physh_skos_compat.ttl?). "
                "Give the official physh.ttl"
            )


def _of_kind(said: Statements, kind: str) -> list[str]:
    return sorted(uri for uri, what in said.items() if kind in what.get(v.TYPE, ()))


def _refuse_foreign(said: Statements, kinds: Mapping[str, list[str]], name: str) -> None:
    missing = [kind for kind, uris in kinds.items() if not uris]
    if missing:
        found = Counter(kind for what in said.values() for kind in what.get(v.TYPE, ()))
        seen = ", ".join(f"{n} × {kind}" for kind, n in found.most_common(3)) or "no typed resource"
        raise OntologyError(
            f"{name} is not a PhySH file: it has no {missing[0]}. Found: {seen} "
            f"in {len(said)} resources. Give the official physh.ttl"
        )


def _refuse_dangling(said: Statements, name: str) -> None:
    predicates = (v.BROADER, v.NARROWER, v.RELATED, v.HAS_CONCEPT, v.HAS_TOP, v.CONTAINS, v.USES_FACET)
    backwards = (v.IN_DISCIPLINE, v.IN_FACET, v.TOP_OF, v.USED_BY)
    for uri, what in said.items():
        for predicate in (*predicates, *backwards):
            for target in what.get(predicate, ()):
                if v.TYPE not in said.get(target, ()):
                    raise OntologyError(
                        f"{name}: {uri} names {target} as {predicate}, but the file does not describe it: "
                        "it is cut off or incomplete, get it again"
                    )


def _refuse_circles(uris: Iterable[str], broader: Links, said: Statements, name: str) -> None:
    try:
        TopologicalSorter({uri: broader[uri] for uri in uris}).prepare()
    except CycleError as error:
        path = " → ".join(_label(said, name, uri) for uri in error.args[1])
        raise OntologyError(f"{name}: broader goes in a circle, {path}. Get the file again") from error


def _links(said: Statements) -> dict[str, Links]:
    """Return each relation with its inverse read too, as a file may state only one of the two."""
    return {
        "broader": _relation(said, (v.BROADER,), (v.NARROWER,)),
        "narrower": _relation(said, (v.NARROWER,), (v.BROADER,)),
        "related": _relation(said, (v.RELATED,), (v.RELATED,)),
        "top": _relation(said, (v.HAS_CONCEPT, v.HAS_TOP), (v.IN_DISCIPLINE, v.TOP_OF)),
        "disciplines": _relation(said, (v.IN_DISCIPLINE, v.TOP_OF), (v.HAS_CONCEPT, v.HAS_TOP)),
        "uses": _relation(said, (v.USES_FACET,), (v.USED_BY,)),
        "contains": _relation(said, (v.CONTAINS,), (v.IN_FACET,)),
        "facets": _relation(said, (v.IN_FACET,), (v.CONTAINS,)),
    }


def _relation(said: Statements, forward: Iterable[str], backward: Iterable[str]) -> Links:
    found: dict[str, set[str]] = defaultdict(set)
    for uri, what in said.items():
        for predicate in forward:
            found[uri].update(what.get(predicate, ()))
        for predicate in backward:
            for source in what.get(predicate, ()):
                found[source].add(uri)
    return defaultdict(tuple, {uri: tuple(sorted(targets)) for uri, targets in found.items()})


def _inherit(own: Links, narrower: Links) -> Links:
    """Hand down to everything below them what hangs on top concepts only."""
    held: dict[str, set[str]] = defaultdict(set)
    for uri, values in own.items():
        for below in reachable([uri], narrower):
            held[below].update(values)
    return defaultdict(tuple, {uri: tuple(sorted(values)) for uri, values in held.items()})


def _label(said: Statements, name: str, uri: str) -> str:
    what = said[uri]
    labels = what.get(v.LABEL) or what.get(v.PLAIN_LABEL)
    if not labels:
        raise OntologyError(f"{name}: {uri} has no {v.LABEL} in English. Get the file again")
    return labels[0]


def _discipline(uri: str, label: str, said: Statements, links: Mapping[str, Links]) -> Discipline:
    what = said[uri]
    description = next(iter(what.get(v.DESCRIPTION, ())), "")
    return Discipline(uri, label, description, _deprecated(what), links["uses"][uri], links["top"][uri])


def _concept(uri: str, label: str, said: Statements, links: Mapping[str, Links]) -> Concept:
    what = said[uri]
    return Concept(
        uri,
        label,
        tuple(sorted(what.get(v.ALT_LABEL, ()))),
        tuple(sorted(what.get(v.HIDDEN_LABEL, ()))),
        " ".join(what.get(v.SCOPE_NOTE, ())) or None,
        _deprecated(what),
        *(links[name][uri] for name in ("broader", "narrower", "related", "disciplines", "facets")),
    )


def _deprecated(what: Mapping[str, list[str]]) -> bool:
    return "true" in what.get(v.DEPRECATED, ())
