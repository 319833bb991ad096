"""The plan of a run: the question is routed, and who speaks and which tools are offered is settled."""

from collections.abc import Sequence

from agents.experiments.laboratory import Laboratory
from agents.model import can_rank
from agents.offers import Scene, offered
from agents.perspectives.choosing_voices import FAR, NEAR
from agents.perspectives.plan import Planner
from agents.run import Run, RunPlan
from agents.schema import AtlasRef, Distance, OntologyVersion, Perspective, RunSettings, ScoredConcept
from physh import Ontology as PhySH
from physh import Router
from physh.atlas import Atlas


def make_plan(run: Run, ontology: PhySH, router: Router, laboratory: Laboratory | None = None) -> RunPlan:
    """Route the question and choose who speaks; written to the run's folder before any call is paid for."""
    route = router.route(run.record.question)
    settings = run.record.settings
    concepts = [ScoredConcept(uri=s.uri, label=s.label, score=s.score) for s in route.concepts]
    scene = Scene(run.record.question, concepts, literature=searches(settings))
    planner = Planner(ontology, router, route, settings.pins)
    voices = planner.perspectives(settings.perspectives)
    drafting = settings.claims_first > 0
    menu = (
        laboratory.menu(run.record.question, concepts, drafting=drafting)
        if laboratory and settings.test_seconds
        else None
    )
    swept = _choose_swept(voices) if settings.from_data and menu and menu.sweep else None
    plan = RunPlan(
        ontology=OntologyVersion(
            release=ontology.release, concepts=len(ontology.concepts), sha256=ontology.sha256
        ),
        atlas=name_atlas(router.atlas),
        disciplines=[ScoredConcept(uri=s.uri, label=s.label, score=s.score) for s in route.disciplines],
        concepts=concepts,
        perspectives=voices,
        tools=offered(scene, small=not can_rank([settings.models["default"].name])),
        shortlist=planner.shortlist(settings.perspectives, NEAR, FAR) if settings.choose else [],
        reserve=planner.reserve(settings.perspectives, settings.children) if settings.children else [],
        measurable=menu.pairs if menu else [],
        quantities=menu.quantities if menu else [],
        near=menu.near if menu else None,
        swept={swept: menu.sweep} if swept and menu and menu.sweep else {},
    )
    run.set_plan(plan)
    return plan


def name_atlas(atlas: Atlas) -> AtlasRef:
    """Return what reports say of an atlas."""
    about = atlas.about
    return AtlasRef(
        name=about["name"], works=about["works"], since=about["from"], until=about["to"], sha256=atlas.sha256
    )


def _choose_swept(voices: Sequence[Perspective]) -> str | None:
    """The last near perspective but the first: who asks keeps what was pinned, and one model's own idea."""
    near = [voice.key for voice in voices[1:] if voice.distance is Distance.NEAR]
    return near[-1] if near else None


def searches(settings: RunSettings) -> bool:
    return settings.library or bool(settings.sources)
