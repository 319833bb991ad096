"""How soon the ontology is ready, and how fast it answers, beside plain rdflib on the same file.

python -m bench.ontology RELEASE.ttl [--json]

Every start is a process of its own, timed inside it from its first line, so the interpreter's own start is
not in it. Median of REPEATS, with the fastest and the slowest. "ready": every concept can be walked. "all
triples": the graph is parsed too, and a first SPARQL query is answered.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

REPEATS = 9
PREFIXES = """
PREFIX physh_rdf: <https://physh.org/rdf/2018/01/01/core#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
BY_FACET = """
SELECT ?facet (COUNT(DISTINCT ?concept) AS ?n) WHERE {
  ?discipline physh_rdf:prefLabel "Fluid Dynamics"@en ; physh_rdf:hasConcept ?top .
  ?top physh_rdf:inFacet ?facet . ?top skos:narrower* ?concept .
} GROUP BY ?facet
"""
OURS = """
import time
start = time.perf_counter()
import pathlib, sys, physh
ontology = physh.load(pathlib.Path(sys.argv[1]), cache=pathlib.Path(sys.argv[2]))
ready = time.perf_counter()
rows = ontology.query(sys.argv[3])
triples = time.perf_counter()
ontology.query(sys.argv[3])
done = time.perf_counter()
print(ready - start, triples - start, done - triples, len(rows), ontology.triples)
"""
RDFLIB = """
import time
start = time.perf_counter()
import sys, rdflib
graph = rdflib.Graph().parse(sys.argv[1], format="turtle")
ready = time.perf_counter()
rows = list(graph.query(sys.argv[3]))
triples = time.perf_counter()
list(graph.query(sys.argv[3]))
done = time.perf_counter()
print(ready - start, triples - start, done - triples, len(rows), len(graph))
"""
NAMES = ("ready", "all triples and a first query", "a second query")


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as kept:
        first = _starts(OURS, options.release, None)
        _run(OURS, options.release, kept)
        second = _starts(OURS, options.release, kept)
    peer = _starts(RDFLIB, options.release, None)
    figures = {
        "ours, first start": first,
        "ours, second start": second,
        "rdflib": peer,
        "rdflib takes, times": {
            name: round(peer[name]["median ms"] / second[name]["median ms"], 1) for name in NAMES
        },
    }
    print(json.dumps(figures, indent=None if options.json else 2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("release", type=Path, help="full PhySH in Turtle")
    parser.add_argument("--json", action="store_true", help="one line")
    return parser.parse_args()


def _starts(script: str, release: Path, cache: str | None) -> dict[str, dict[str, float]]:
    """Figures of REPEATS fresh processes; without a cache folder, each has an empty one."""
    rows = []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as empty:
            rows.append(_run(script, release, cache or empty))
    return {name: _summary([row[i] for row in rows]) for i, name in enumerate(NAMES)}


def _run(script: str, release: Path, cache: str) -> list[float]:
    command = [sys.executable, "-c", script, str(release), cache, PREFIXES + BY_FACET]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own text
    *times, rows, triples = map(float, ran.stdout.split())
    assert (rows, triples) == (7, 23590), "both must see the same file and give the same answer"
    return times


def _summary(seconds: list[float]) -> dict[str, float]:
    summary = {"median ms": statistics.median(seconds), "fastest": min(seconds), "slowest": max(seconds)}
    return {name: round(value * 1e3, 1) for name, value in summary.items()}


if __name__ == "__main__":
    main()
