"""A mining job as a graph: transfers between PhySH concepts, with marks and who gave them.

One block of triples a transfer, so that a map of any size is written without holding it. The vocabulary is
described in docs/mining.md.
"""

from collections.abc import Iterable, Iterator

from rdflib import DCTERMS, PROV, SKOS, Graph, Literal, URIRef

from agents.mining import Mined
from agents.mining.meetings import Compared
from agents.schema import ConceptRef
from app.exports.triples import HF, Facts, Triples

BEST_FIRST = """
prefix hf: <https://w3id.org/hypothesis-finder/ns#>
prefix skos: <http://www.w3.org/2004/02/skos/core#>
select ?method ?methodLabel ?target ?targetLabel ?verdict ?mark ?transfer where {{
  ?transfer a hf:Transfer ; hf:home <{home}> ; hf:field <{field}> ; hf:method ?method ;
    hf:target ?target ; hf:verdict ?verdict ; hf:mark ?mark .
  optional {{ ?transfer hf:strength ?strength }}
  ?method skos:prefLabel ?methodLabel . ?target skos:prefLabel ?targetLabel .
  filter (?verdict != "no")
}} order by desc(bound(?strength)) desc(?strength) desc(?verdict) desc(?mark) ?transfer
"""
"""Methods of discipline `home` judged to transfer to discipline `field`, best first.

What their tournament ranked comes first, by strength, then "yes" before "maybe".
"""


def write_ntriples(
    job: str, release: str, mined: Iterable[Mined], compared: Iterable[Compared]
) -> Iterator[str]:
    """N-Triples, which are Turtle too, a transfer at a time."""
    yield _serialise(_JobGraph(job).about_job(release))
    for number, two in enumerate(compared):
        yield _serialise(_JobGraph(job).about_two(number, two))
    for one in mined:
        yield _serialise(_JobGraph(job).about(one))


def build_graph(job: str, release: str, mined: Iterable[Mined]) -> Graph:
    """All of it, to be queried."""
    graph = _JobGraph(job)
    graph.about_job(release)
    for one in mined:
        graph.about(one)
    return graph.graph


class _JobGraph(Triples):
    def __init__(self, job: str) -> None:
        super().__init__(f"mining-{job}")

    def about_job(self, release: str) -> Graph:
        facts: Facts = {HF.physhRelease: release}
        self.describe("job", [HF.MiningJob, PROV.Activity], facts)
        return self.graph

    def about_two(self, number: int, compared: Compared) -> Graph:
        said = compared.contrast
        facts: Facts = {
            DCTERMS.title: f"{compared.first} and {compared.second}",
            HF.shared: [f"{one.challenge}: {one.in_first}; {one.in_second}" for one in said.shared],
            HF.onlyFirst: said.only_first,
            HF.onlySecond: said.only_second,
            HF.sameThing: [f"{term.first} = {term.second}: {term.meaning}" for term in said.glossary],
            PROV.wasGeneratedBy: self.here.job,
            PROV.wasAttributedTo: self.agent(compared.model),
        }
        self.describe(f"comparison-{number}", [HF.Comparison, PROV.Entity], facts)
        return self.graph

    def about(self, mined: Mined) -> Graph:
        pair, finding = mined.pair, mined.finding
        facts: Facts = {
            HF.method: self._concept(pair.method),
            HF.home: self._concept(pair.home),
            HF.target: self._concept(pair.target),
            HF.field: self._concept(pair.field),
            HF.fit: pair.fit,
            HF.physhSteps: pair.distance,
            DCTERMS.identifier: pair.id,
            PROV.wasGeneratedBy: self.here.job,
            HF.strength: mined.rating,
            HF.low: mined.rating_low,
            HF.high: mined.rating_high,
        }
        if finding:
            said = finding.transfer
            facts = {
                **facts,
                PROV.wasAttributedTo: self.agent(finding.model),
                HF.verdict: said.verdict.value,
                HF.mark: finding.mark,
                HF.markSpread: finding.spread,
                HF.methodDoes: said.method_does,
                HF.challenge: said.challenge,
                HF.mapping: [f"{name}: {text}" for name, text in said.mapping],
                HF.mustHold: said.must_hold,
                HF.firstTest: said.first_test,
                HF.reason: said.reason,
                HF.knownUse: [f"{use.title} {use.source}".strip() for use in finding.known_uses or []],
                HF.searched: finding.known_uses is not None,
            }
        self.describe(f"transfer-{pair.id}", [HF.Transfer, PROV.Entity], facts)
        return self.graph

    def _concept(self, ref: ConceptRef) -> URIRef:
        return self.describe(URIRef(ref.uri), [SKOS.Concept], {SKOS.prefLabel: Literal(ref.label, lang="en")})


def _serialise(graph: Graph) -> str:
    return "".join(sorted(graph.serialize(format="nt").splitlines(keepends=True)))
