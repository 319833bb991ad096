"""A proposal, a review, a perspective and a transfer that fit the schema, for tests to vary."""

from agents.mining import TransferFinding
from agents.schema import (
    Check,
    Claim,
    ConceptRef,
    Correspondence,
    Distance,
    Hypothesis,
    Mark,
    Marks,
    Perspective,
    Proposal,
    Reading,
    Relation,
    Representation,
    Review,
    Transfer,
    TransferMarks,
    TransferVerdict,
)
from agents.steps.score import make_score

PERSPECTIVE = Perspective(
    key="p01",
    discipline=ConceptRef(
        uri="https://doi.org/10.29172/d", label="Condensed Matter, Materials & Applied Physics"
    ),
    role="Computational Condensed Matter Physicist",
    broad=ConceptRef(uri="https://doi.org/10.29172/b", label="Numerical techniques"),
    narrow=ConceptRef(uri="https://doi.org/10.29172/n", label="Multiscale modeling"),
    distance=Distance.NEAR,
    reason="close to the question",
)
PROPOSAL = Proposal(
    claim=Claim(
        system="polydomain BiFeO3 film",
        cause="domain-wall density in 1/µm",
        response="residual resistivity in µΩ cm",
        relation=Relation.RISES,
    ),
    statement="Resistivity of a polydomain film grows with the density of domain walls.",
    mechanism="Each wall scatters carriers; a multiscale model passes the wall's transmission to a network.",
    prediction="Doubling the wall density raises the residual resistivity by 10 to 20 % at 4 K.",
    falsifier="The resistivity changes by less than 1 % while the wall density doubles.",
    representation=Representation(
        objects=["domain-wall network", "Bloch states"],
        formalism="Landauer transmission per wall joined by Kirchhoff's laws on the network",
        data_formats=["graph of walls with transmissions"],
        information_preserved="keeps connectivity, drops phase coherence beyond a domain",
        symmetries=["point group of the parent phase"],
        figure_of_merit="error of the sheet resistance in per cent",
    ),
    steps=[
        "Compute the transmission of one wall from first principles",
        "Image the domains and extract the graph",
        "Solve the network and compare with four-probe transport",
    ],
    summary="Domain walls act as resistors. Their network sets the film's resistance.",
)


def make_review(mark: int = 3) -> Review:
    one = Mark(reason="as the text says", mark=mark)
    return Review(
        strengths=["names a threshold"],
        weaknesses=["no tunnelling between walls"],
        missing_validation=["a single-domain control"],
        missing_tools=["conductive AFM"],
        marks=Marks(novelty=one, soundness=one, testability=one, feasibility=one, relevance=one),
    )


def make_hypothesis(key: str, score: float = 50.0, statement: str = PROPOSAL.statement) -> Hypothesis:
    """One whose score and words a test chooses."""
    reading = Reading(reviewer="Referee", model="m", review=make_review(), rubric=50.0)
    check = Check(name="own words", mark=0.5, how="half of it")
    return Hypothesis(
        perspective=PERSPECTIVE.model_copy(update={"key": key}),
        model="m",
        proposal=PROPOSAL.model_copy(update={"statement": statement}),
        evidence=[],
        readings=[reading],
        checks=[check],
        score=make_score([reading], [check]).model_copy(update={"value": score}),
    )


TRANSFER_MARK = Mark(reason="as it should be", mark=5)
TRANSFER = Transfer(
    method_does="counts",
    challenge="when a path spans the sample",
    mapping=Correspondence(variables="bonds", data="counts", symmetries="none", scale="large"),
    must_hold="bonds form at random",
    first_test="measure the exponent",
    marks=TransferMarks(structure=TRANSFER_MARK, soundness=TRANSFER_MARK, feasibility=TRANSFER_MARK),
    reason="the same structure",
    verdict=TransferVerdict.YES,
)
FINDING = TransferFinding(
    transfer=TRANSFER, mark=75, spread=None, verdicts=[TransferVerdict.YES], model="scripted", known_uses=None
)
