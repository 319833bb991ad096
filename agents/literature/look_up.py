"""The literature for one hypothesis, from queries to a bounded word on novelty.

Passages are read by two steps only: the one that quotes and the one that judges the quote. Neither gives a
mark, plans a call or writes a hypothesis, so nothing that a paper says can change a rank.
"""

from collections.abc import Sequence

from agents.errors import StepFailed
from agents.literature.joining import LinkQuery
from agents.literature.novelty import bound_novelty
from agents.literature.quotes import Cited, cite, judge_stances
from agents.literature.survey import LinksQuery, PairsQuery, Survey, Surveyor, SurveyQuery
from agents.model import Chat
from agents.model.reading import clean
from agents.schema import ConceptRef, Literature, Proposal
from agents.schema.proposal import BareClaim
from agents.steps.review import Submission
from agents.toolbox import Toolbox
from retrieval.passage import Passage

SECONDS = 150.0  # for a hypothesis's searches: arXiv alone allows one request in 3 s, and all share that
MOST_QUERIES = 5
LONGEST_QUERY = 300  # characters


async def look_up(
    chat: Chat,
    submission: Submission,
    toolbox: Toolbox,
    surveyor: Surveyor,
    key: str,
    *,
    framework: ConceptRef | None = None,
) -> Literature:
    """What library and sources say. Queries that the author planned are read off its evidence.

    Raises BudgetSpent, EndpointError or ReplayMiss, or RunError if a result cannot be recorded.
    """
    proposal = submission.proposal
    wanted = SurveyQuery(queries=make_queries(submission), statement=proposal.statement)
    if surveyor.joins:
        wanted = LinksQuery(**wanted.model_dump(), links=_links(proposal.claim, framework))
    elif surveyor.asks_atlas:
        claim = proposal.claim
        pairs = [(claim.cause, claim.response), (claim.system, claim.cause)]
        wanted = PairsQuery(**wanted.model_dump(), pairs=pairs)
    found = await toolbox.use_own(surveyor, wanted, seconds=SECONDS)
    if found.error:
        return _nothing(found.error)
    survey = Survey.model_validate(found.content)
    cited, gap = await _cite(chat, proposal, survey.passages, key)
    return Literature(
        searches=survey.searches,
        passages=survey.passages,
        citations=await judge_stances(chat, proposal, cited.kept, survey.passages, key),
        removed=cited.removed,
        nearest=survey.nearest,
        novelty=bound_novelty(survey),
        gap=gap,
        joined=survey.joined,
    )


def _links(claim: BareClaim, framework: ConceptRef | None) -> list[LinkQuery]:
    links = [
        LinkQuery(of="cause and response", first=claim.cause, second=claim.response),
        LinkQuery(of="system and cause", first=claim.system, second=claim.cause),
    ]
    if framework:
        links.insert(1, LinkQuery(of="framework and system", first=framework.uri, second=claim.system))
    return links


def make_queries(submission: Submission) -> list[str]:
    """The question, the claim, and what the author searched for: each once, whatever its case."""
    claim = submission.proposal.claim
    planned = (str(item.inputs["query"]) for item in submission.evidence if "query" in item.inputs)
    queries = [submission.question, f"{claim.system} {claim.cause} {claim.response}", *planned]
    short = (" ".join(query.split())[:LONGEST_QUERY] for query in queries)
    return list({query.casefold(): query for query in short}.values())[:MOST_QUERIES]


async def _cite(
    chat: Chat, proposal: Proposal, passages: Sequence[Passage], key: str
) -> tuple[Cited, str | None]:
    passages = [passage for passage in passages if passage.text != clean(passage.work.title)]
    if not passages:  # titles alone are nothing to quote
        return Cited([], []), None
    try:
        return await cite(chat, proposal, passages, key), None
    except StepFailed as error:
        return Cited([], []), f"no quotations: {error.reason}"


def _nothing(error: str) -> Literature:
    return Literature(
        searches=[],
        passages=[],
        citations=[],
        removed=[],
        nearest=[],
        novelty="The literature was not searched: nothing can be said of novelty.",
        gap=error,
    )
