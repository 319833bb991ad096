"""Makes the embedded core from a full release: python -m physh.core physh.ttl

All disciplines, facets and top concepts in use, with what is broader than these; then the disciplines take
turns, each adding the concept of its own that matters most, until there are SIZE. A concept matters by how
much it joins, shared among its disciplines: 1, and 1 for each concept below it, 2 for each other name and 2
for each related concept. It is taken only after all of its broader ones, so that all hang together. Editors'
notes are left out.
"""

import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from physh import turtle
from physh import vocabulary as v
from physh.concept import Concept
from physh.errors import PhyshError
from physh.links import reachable
from physh.ontology import Ontology
from physh.source import EMBEDDED, load

if TYPE_CHECKING:
    from pyoxigraph import Triple

SIZE = 900


def choose(full: Ontology) -> set[str]:
    """Return the URIs of the core's concepts."""
    broader = {uri: concept.broader for uri, concept in full.concepts.items()}
    tops = [top for d in full.disciplines for top in d.top if not full.concepts[top].deprecated]
    chosen = set(reachable(tops, broader))
    narrower = {uri: concept.narrower for uri, concept in full.concepts.items()}
    queues = [
        sorted(full.members(d.uri), key=lambda c: (-_weight(c, narrower), c.label)) for d in full.disciplines
    ]
    for queue in cycle(queues):
        if len(chosen) >= SIZE:
            return chosen
        chosen.update(next(([c.uri] for c in queue if _can_join(c, chosen)), ()))
    return chosen


def _weight(concept: Concept, narrower: dict[str, tuple[str, ...]]) -> float:
    joined = len(reachable([concept.uri], narrower)) + 2 * len(concept.alt_labels) + 2 * len(concept.related)
    return joined / len(concept.disciplines)


def _can_join(concept: Concept, chosen: set[str]) -> bool:
    return concept.uri not in chosen and bool(concept.broader) and chosen.issuperset(concept.broader)


def write(path: Path) -> Ontology:
    """Write the core of the release in `path` to where `load` finds it."""
    full = load(path)
    EMBEDDED.write_bytes(_header(full).encode() + _serialise(turtle.read(path), full))
    return load(EMBEDDED)


def _header(full: Ontology) -> str:
    rule = (__doc__ or "").partition("\n\n")[2].strip().replace("\n", "\n# ")
    made = f"Made by `python -m physh.core` from PhySH {full.release} (American Physical Society, CC0-1.0)."
    return f"# The embedded core of PhySH. {made}\n# SIZE = {SIZE}.\n# {rule}\n\n"


def _serialise(content: bytes, full: Ontology) -> bytes:
    import pyoxigraph

    root = next(d.uri for d in full.schemes if full.is_root(d))
    version = (pyoxigraph.NamedNode(root), pyoxigraph.NamedNode(v.VERSION))
    extra = pyoxigraph.Triple(*version, pyoxigraph.Literal(f"{full.release} core"))
    chosen = sorted([*_chosen(content, full), extra], key=str)
    return pyoxigraph.serialize(chosen, format=pyoxigraph.RdfFormat.TURTLE, prefixes=v.PREFIXES) or b""


def _chosen(content: bytes, full: Ontology) -> Iterator["Triple"]:
    import pyoxigraph

    dropped = set(full.concepts) - choose(full)
    for quad in pyoxigraph.parse(content, format=pyoxigraph.RdfFormat.TURTLE):
        ends = {quad.subject.value, getattr(quad.object, "value", "")}
        if dropped.isdisjoint(ends) and quad.predicate.value != v.SCOPE_NOTE:
            yield quad.triple


def main() -> None:
    try:
        core = write(Path(sys.argv[1]))
    except (IndexError, PhyshError) as error:
        sys.exit(f"usage: python -m physh.core FULL.ttl ({error})")
    sys.stdout.write(f"{EMBEDDED}: {len(core.concepts)} concepts, {core.triples} triples\n")


if __name__ == "__main__":
    main()
