"""Mining jobs over the REST API, PhySH, and the atlas of its concepts."""

from collections.abc import Iterator, Sequence
from typing import Literal

from agents.mining import MiningProgress
from app.api.mining_schema import Map, MiningList, NewMining, TransferPage
from app.api.schema import Card, ConceptPage, Text, Tree
from app.atlas_map import AtlasMap, ConceptNeighbourhood, Exchange
from app.client.wire import ServiceMethods, segment
from app.jobs.events import RunEvent
from app.jobs.messages import Routed

EXPORTS_S = 130.0


class MiningMethods(ServiceMethods):
    """Mining jobs: plan, steer, read, export."""

    def mining_jobs(self) -> Sequence[MiningProgress]:
        """Return mining jobs, newest first."""
        return self._wire.get(MiningList, "/v1/mining").items

    def plan_mining(self, chosen: NewMining) -> MiningProgress:
        return self._wire.post(MiningProgress, "/v1/mining", chosen)

    def steer_mining(self, job: str, action: Literal["start", "pause", "cancel"]) -> MiningProgress:
        return self._wire.post(MiningProgress, f"{_mining(job)}/{action}")

    def mining_job(self, job: str) -> MiningProgress:
        return self._wire.get(MiningProgress, _mining(job))

    def mining_events(self, job: str, *, after: int = 0) -> Iterator[RunEvent]:
        """Yield what happens, also of a job that is planned and that somebody starts later."""
        return self._wire.follow(_mining(job), after)

    def mining_map(self, job: str) -> Map:
        return self._wire.get(Map, f"{_mining(job)}/map")

    def export_mining(self, job: str, media_type: str = "application/zip") -> bytes:
        """The job as application/zip, application/n-triples, text/csv or image/png."""
        headers = {"Accept": media_type}
        return self._wire.send("GET", f"{_mining(job)}/export", headers=headers, timeout=EXPORTS_S).content

    def transfers(
        self,
        job: str,
        *,
        home: str | None = None,
        field: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> TransferPage:
        """Return transfers, best first; `home` and `field` are disciplines, by label or URI."""
        wanted = {"home": home, "field": field, "limit": limit, "cursor": cursor}
        return self._wire.get(TransferPage, f"{_mining(job)}/transfers", **wanted)

    def mining_crate(self, job: str, licence: str, authors: Sequence[str]) -> bytes:
        """Return a mining job as a zipped RO-Crate."""
        return self._crate(_mining(job), licence, authors)


class ConceptMethods(ServiceMethods):
    """Concepts of PhySH, and what the literature writes about together."""

    def search_concepts(self, text: str, limit: int = 20) -> ConceptPage:
        return self._wire.get(ConceptPage, "/v1/concepts", text=text, limit=limit)

    def concept(self, name: str) -> Card:
        """Return a concept of PhySH, by URI or label."""
        return self._wire.get(Card, "/v1/concepts/card", name=name)

    def tree(self, name: str | None = None) -> Tree:
        """Return all disciplines with their facets, or what lies below one discipline or concept."""
        return self._wire.get(Tree, "/v1/concepts/tree", name=name)

    def route(self, text: str) -> Routed:
        return self._wire.post(Routed, "/v1/concepts/route", Text(text=text))

    def atlas(self) -> AtlasMap:
        """Which atlas the service has, and between which disciplines the literature transfers methods."""
        return self._wire.get(AtlasMap, "/v1/atlas")

    def exchange(self, home: str, field: str, *, limit: int = 50) -> Exchange:
        """Methods of one discipline on problems of another, as abstracts join them."""
        return self._wire.get(Exchange, "/v1/atlas/transfers", home=home, field=field, limit=limit)

    def neighbourhood(self, name: str) -> ConceptNeighbourhood:
        """What the literature writes about with a concept, by label or URI."""
        return self._wire.get(ConceptNeighbourhood, "/v1/atlas/concept", name=name)


def _mining(job: str) -> str:
    return f"/v1/mining/{segment(job)}"
