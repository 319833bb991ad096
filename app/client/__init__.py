"""A client of the REST API: typed in, typed out. The page uses it, and any program may.

with Client("http://127.0.0.1:8000") as client:
    run = client.ask("Why do …?")
    for event in client.events(run.id):
        print(event)
    print(client.report(run.id).hypotheses[0].proposal.statement)
"""

from app.api.forks import NewFork
from app.api.long_tests import TestInfo
from app.api.long_tools import UseInfo
from app.api.mining_schema import MOST_PAIRS, Map, NewMining
from app.api.projects import Me, NewMemberKey
from app.api.queued import QueuedInfo
from app.api.schema import Card, ConceptPage, Readiness, RunInfo, Tree
from app.api.tests import InstrumentPage
from app.client.mining import ConceptMethods, MiningMethods
from app.client.projects import ProjectMethods
from app.client.runs import RunMethods
from app.client.tools import ToolMethods
from app.client.wire import ServiceError, ServiceProblem, read

__all__ = [  # the page and the MCP server are clients too, and take the types of answers from here
    "MOST_PAIRS", "Card", "Client", "ConceptPage", "InstrumentPage", "Map", "Me", "NewFork",
    "NewMemberKey", "NewMining", "QueuedInfo", "RunInfo",
    "ServiceError", "ServiceProblem", "TestInfo", "Tree", "UseInfo",
]  # fmt: skip

NOT_READY = 503


class Client(RunMethods, ProjectMethods, MiningMethods, ConceptMethods, ToolMethods):
    """Synchronous; a context manager. Its methods raise ServiceProblem or ServiceError."""

    def readiness(self) -> Readiness:
        """Return whether questions can be answered now, and what is still made ready."""
        answer = self._wire.send("GET", "/readyz", accepted=(NOT_READY,))
        return read(Readiness, answer)
