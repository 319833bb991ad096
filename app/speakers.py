"""Who would speak to a question, without a run."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.runtime import Observer
    from app.settings import Settings


class Speakers:
    """Plans perspectives for many questions with one router."""

    def __init__(self, settings: "Settings", observer: "Observer") -> None:
        from app.runtime import load_embedder, load_ontology, make_router

        self._ontology = load_ontology(settings)
        self._router = make_router(settings, self._ontology, load_embedder(settings, observer), observer)

    def answer(self, text: str, count: int, *, strict: bool) -> list[dict[str, Any]]:
        """Perspectives as JSON. A text without a word gives none, or raises RouteError if `strict`."""
        from agents import Pins
        from agents.perspectives.plan import Planner
        from physh import RouteError

        try:
            route = self._router.route(text)
        except RouteError:
            if strict:
                raise
            return []
        chosen = Planner(self._ontology, self._router, route, Pins()).perspectives(count)
        wanted = {"distance", "role", "broad", "narrow", "reason"}
        return [perspective.model_dump(mode="json", include=wanted) for perspective in chosen]
