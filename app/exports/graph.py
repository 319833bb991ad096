"""The report as a graph: a small vocabulary of ours, PROV-O for who made what, SKOS for PhySH, DCTERMS.

Every node has an IRI of its own and none is blank, so the same report gives the same Turtle.
"""

from datetime import timedelta
from urllib.parse import quote

from rdflib import DCTERMS, PROV, SKOS, Graph, Literal, URIRef

from agents.problem_cards.representation import carried_representation
from agents.schema import AtlasRef, CallRef, ConceptRef, Hypothesis, Perspective, Reading, Report, Way
from app.exports.findings_graph import add_literature, add_overview, add_tournament
from app.exports.tests_graph import add_test
from app.exports.triples import HF, Facts, Triples


def build_graph(report: Report) -> Graph:
    return _ReportGraph(report).build()


class _ReportGraph(Triples):
    def __init__(self, report: Report) -> None:
        super().__init__(report.run)
        self.report = report

    def build(self) -> Graph:
        self.add_report()
        for position, call in enumerate(self.report.calls, start=1):
            self.add_call(position, call)
        for rank, hypothesis in enumerate(self.report.hypotheses, start=1):
            self.add_hypothesis(rank, hypothesis)
        for hypothesis in self.report.merged:
            self.add_hypothesis(None, hypothesis)
        if self.report.tournament:
            add_tournament(self, self.report.tournament)
        if self.report.overview:
            add_overview(self, self.report.overview, self.call_of("overview", "overview"))
        for failure in self.report.failures:
            facts: Facts = {
                HF.perspective: self.perspective(failure.perspective),
                HF.failedStep: failure.step,
                HF.reason: failure.reason,
            }
            self.describe(f"failure-{failure.perspective.key}", [HF.Failure], facts)
        return self.graph

    # ---- the run and its question

    def add_report(self) -> None:
        report = self.report
        question: Facts = {
            HF.text: report.question,
            HF.routedTo: [
                self.add_routed(kind, found.uri, found.score, self.concept(found))
                for kind, scored in (("discipline", report.disciplines), ("concept", report.concepts))
                for found in scored
            ],
        }
        facts: Facts = {
            DCTERMS.identifier: report.run,
            DCTERMS.created: report.created,
            HF.question: self.describe("question", [HF.Question, PROV.Entity], question),
            HF.status: report.status.value,
            HF.note: report.notes,
            HF.physhRelease: report.ontology.release,
            HF.physhSha256: report.ontology.sha256,
            HF.atlas: self.add_atlas(report.atlas) if report.atlas else None,
        }
        self.describe("report", [HF.Report, PROV.Entity], facts)

    def add_atlas(self, atlas: AtlasRef) -> URIRef:
        facts: Facts = {
            DCTERMS.title: atlas.name,
            DCTERMS.identifier: f"sha256:{atlas.sha256}",
            HF.works: atlas.works,
            HF.firstYear: atlas.since,
            HF.lastYear: atlas.until,
        }
        return self.describe("atlas", [HF.Atlas, PROV.Entity], facts)

    def add_routed(self, kind: str, uri: str, score: float, concept: URIRef) -> URIRef:
        facts: Facts = {HF.concept: concept, HF.kind: kind, HF.score: score}
        return self.describe(f"routed-{kind}-{quote(uri, safe='')}", [HF.RoutedConcept], facts)

    def concept(self, ref: ConceptRef) -> URIRef:
        label = Literal(ref.label, lang="en")
        return self.describe(URIRef(ref.uri), [SKOS.Concept], {SKOS.prefLabel: label})

    def perspective(self, perspective: Perspective) -> URIRef:
        facts: Facts = {
            HF.discipline: self.concept(perspective.discipline),
            HF.role: perspective.role,
            HF.broad: self.concept(perspective.broad),
            HF.narrow: self.concept(perspective.narrow),
            HF.distance: perspective.distance.value,
            HF.reason: perspective.reason,
        }
        return self.describe(f"perspective-{perspective.key}", [HF.Perspective], facts)

    # ---- provenance

    def add_call(self, position: int, call: CallRef) -> None:
        facts: Facts = {
            PROV.wasAssociatedWith: self.agent(call.model),
            PROV.used: self.here.question,
            PROV.startedAtTime: call.at,
            PROV.endedAtTime: call.at + timedelta(seconds=call.seconds),
            HF.step: call.step,
            HF.prompt: call.prompt,
            HF.promptSha256: call.prompt_sha256,
            HF.seconds: call.seconds,
            HF.inputTokens: call.input_tokens,
            HF.outputTokens: call.output_tokens,
            HF.costUsd: call.cost_usd,
        }
        self.describe(_call_name(position), [HF.ModelCall, PROV.Activity], facts)

    def call_of(self, step: str, who: str) -> URIRef | None:
        """The last call of a step for somebody: the one whose answer was taken."""
        calls = enumerate(self.report.calls, start=1)
        found = [position for position, call in calls if (call.step, call.who) == (step, who)]
        return self.here[_call_name(found[-1])] if found else None

    # ---- hypotheses

    def add_hypothesis(self, rank: int | None, hypothesis: Hypothesis) -> None:
        key, proposal, score = hypothesis.perspective.key, hypothesis.proposal, hypothesis.score
        refuted, found = hypothesis.refuted_form, hypothesis.found_in_data
        facts: Facts = {
            DCTERMS.isPartOf: self.here.report,
            HF.perspective: self.perspective(hypothesis.perspective),
            PROV.wasDerivedFrom: [self.here.question, *map(self.hypothesis, hypothesis.origin.parents)],
            PROV.wasAttributedTo: self.agent(hypothesis.model),
            PROV.wasGeneratedBy: self.call_of(_author_step(hypothesis), key),
            HF.origin: hypothesis.origin.way.value,
            HF.standsFor: [*map(self.hypothesis, hypothesis.origin.merged)],
            DCTERMS.abstract: proposal.summary,
            HF.statement: proposal.statement,
            HF.system: proposal.claim.system,
            HF.cause: proposal.claim.cause,
            HF.response: proposal.claim.response,
            HF.relation: proposal.claim.relation.value,
            HF.mechanism: proposal.mechanism,
            HF.prediction: proposal.prediction,
            HF.falsifier: proposal.falsifier,
            HF.representation: self.representation(hypothesis),
            HF.rank: rank,
            HF.score: score.value,
            HF.rubricScore: score.rubric,
            HF.computedScore: score.computed,
            HF.computedShare: score.computed_share,
            HF.scoreSpread: score.spread,
            HF.tested: score.tested,
            HF.refutedForm: refuted.statement if refuted else None,
            HF.foundInData: found.instrument if found else None,
        }
        node = self.describe(f"hypothesis-{key}", [HF.Hypothesis, PROV.Entity], facts)
        self.add_steps(node, key, proposal.steps)
        for position, reading in enumerate(hypothesis.readings, start=1):
            self.add_review(node, f"{key}/r{position}", reading)
        self.add_findings(node, hypothesis)

    def representation(self, hypothesis: Hypothesis) -> URIRef:
        form = hypothesis.proposal.representation
        carried = carried_representation(hypothesis.proposal)
        facts: Facts = {
            HF.specification: carried.text,
            HF.fault: carried.faults,
            HF.object: form.objects,
            HF.formalism: form.formalism,
            HF.dataFormat: form.data_formats,
            HF.informationPreserved: form.information_preserved,
            HF.symmetry: form.symmetries,
            HF.figureOfMerit: form.figure_of_merit,
        }
        return self.describe(f"representation-{hypothesis.perspective.key}", [HF.Representation], facts)

    def add_steps(self, owner: URIRef, key: str, steps: list[str]) -> None:
        for position, text in enumerate(steps, start=1):
            facts: Facts = {HF.position: position, HF.text: text}
            self.graph.add(
                (owner, HF.procedureStep, self.describe(f"step-{key}-{position}", [HF.Step], facts))
            )

    def add_review(self, owner: URIRef, who: str, reading: Reading) -> None:
        name, review = who.replace("/", "-"), reading.review
        marks = [
            self.describe(
                f"mark-{name}-{dimension}",
                [HF.Mark],
                {HF.dimension: dimension, HF.value: mark.mark, HF.reason: mark.reason},
            )
            for dimension, mark in review.marks
        ]
        facts: Facts = {
            HF.reviews: owner,
            PROV.wasAttributedTo: self.agent(reading.model),
            PROV.wasGeneratedBy: self.call_of("review", who),
            HF.reviewer: reading.reviewer,
            HF.strength: review.strengths,
            HF.weakness: review.weaknesses,
            HF.missingValidation: review.missing_validation,
            HF.missingTool: review.missing_tools,
            HF.rubricScore: reading.rubric,
            HF.mark: marks,
        }
        self.describe(f"review-{name}", [HF.Review, PROV.Entity], facts)

    def add_findings(self, owner: URIRef, hypothesis: Hypothesis) -> None:
        key = hypothesis.perspective.key
        for position, check in enumerate(hypothesis.checks, start=1):
            facts: Facts = {HF.name: check.name, HF.value: check.mark, HF.how: check.how, HF.checks: owner}
            self.describe(f"check-{key}-{position}", [HF.Check], facts)
        for position, piece in enumerate(hypothesis.evidence, start=1):
            found: Facts = {
                HF.about: owner,
                DCTERMS.source: piece.source,
                HF.record: piece.model_dump_json(),
                HF.answered: piece.answered,
            }
            self.describe(f"evidence-{key}-{position}", [HF.Evidence, PROV.Entity], found)
        for test in hypothesis.attempts:
            add_test(self, owner, test)
        if hypothesis.literature:
            add_literature(self, owner, hypothesis.literature)


def _author_step(hypothesis: Hypothesis) -> str:
    if hypothesis.drafts:
        return "write"
    return "propose" if hypothesis.origin.way is Way.PROPOSED else "evolve"


def _call_name(position: int) -> str:
    return f"call-{position:04d}"
