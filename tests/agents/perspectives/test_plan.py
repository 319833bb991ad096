"""Perspectives cover the question's fields, look beyond them, differ, and obey the user."""

from itertools import pairwise
from pathlib import Path

import pytest

import physh
from agents.data_files import operations, roles
from agents.perspectives.choosing_voices import FAR, NEAR
from agents.perspectives.plan import Planner
from agents.schema import Distance, Perspective, Pins
from physh import Ontology, PhyshError, Router
from retrieval.embeddings import load_embedder

QUESTIONS = (
    "Why does the resistance of a film with many magnetic domains depend on its history?",
    "swimming bacteria stir a liquid as thick as honey",
    "Can rumours be stopped by vaccinating hubs?",
    "Why does a tokamak lose heat faster than collisions explain?",
    "x",
)


@pytest.fixture(scope="module")
def ontology(cache: Path) -> Ontology:
    return physh.load(cache=cache)


@pytest.fixture(scope="module")
def router(ontology: Ontology, cache: Path) -> Router:
    return Router(ontology, load_embedder(cache), cache)


def planner(ontology: Ontology, router: Router, question: str, **pins: tuple[str, ...]) -> Planner:
    return Planner(ontology, router, router.route(question), Pins(**pins))


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("k", [1, 2, 3, 7, 20])
def test_any_number_of_different_perspectives(
    ontology: Ontology, router: Router, question: str, k: int
) -> None:
    made = planner(ontology, router, question).perspectives(k)
    assert [p.key for p in made] == [f"p{n:02}" for n in range(1, k + 1)]
    assert len({p.narrow.uri for p in made}) == k
    assert made == planner(ontology, router, question).perspectives(k), "the same question, the same plan"
    assert sum(p.distance is Distance.FAR for p in made) >= round(k / 3)


@pytest.mark.parametrize("question", QUESTIONS)
def test_near_speaks_for_the_questions_fields_and_far_comes_from_outside(
    ontology: Ontology, router: Router, question: str
) -> None:
    plan = planner(ontology, router, question)
    own = {discipline.uri for discipline in plan.own}
    for perspective in plan.perspectives(9):
        fields = set(ontology.concept(perspective.narrow.uri).disciplines)
        if perspective.distance is Distance.NEAR:
            assert perspective.discipline.uri in own
        else:
            assert perspective.discipline.uri in fields - own
            assert plan.own[0].uri not in fields


@pytest.mark.parametrize("question", QUESTIONS)
def test_far_ones_come_from_different_fields(ontology: Ontology, router: Router, question: str) -> None:
    made = planner(ontology, router, question).perspectives(9)
    far = [p.discipline.uri for p in made if p.distance is Distance.FAR]
    assert len(set(far)) == len(far)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_near_one_is_above_another(ontology: Ontology, router: Router, question: str) -> None:
    made = planner(ontology, router, question).perspectives(6)
    near = {p.narrow.uri for p in made if p.distance is Distance.NEAR}
    for uri in near:
        assert near.isdisjoint(concept.uri for concept in ontology.ancestors(uri))


def test_a_far_one_is_not_in_use_on_the_question(ontology: Ontology, router: Router) -> None:
    route = router.route(QUESTIONS[2])
    for p in Planner(ontology, router, route, Pins()).perspectives(9):
        if p.distance is Distance.FAR:
            assert router.atlas.pair(p.narrow.uri, route.concepts[0].uri).strength < 0.3


def test_a_framework_is_a_concept_below_something_wider(ontology: Ontology, router: Router) -> None:
    for perspective in planner(ontology, router, QUESTIONS[0]).perspectives(20):
        narrow = ontology.concept(perspective.narrow.uri)
        wider = {*narrow.broader, *narrow.facets, *narrow.disciplines}
        assert perspective.broad.uri in wider
        assert not narrow.deprecated
        assert perspective.framework == f"{perspective.broad.label} :: {perspective.narrow.label}"


def test_far_says_what_is_needed_and_what_takes_whose_place(ontology: Ontology, router: Router) -> None:
    far = [p for p in planner(ontology, router, QUESTIONS[0]).perspectives(9) if p.distance is Distance.FAR]
    assert far
    for perspective in far:
        named = [one for problem, _ in router.problems(QUESTIONS[0], 10_000) for one in problem.far]
        rows = [row for o in operations().values() if o.needs in perspective.reason for row in o.rows]
        home = f"in {perspective.discipline.label}, {perspective.narrow.label} "
        assert perspective.reason.startswith(home)
        assert any(perspective.reason.startswith(home + one.says) for one in named) or any(
            perspective.reason.startswith(f"{home}serves to {row.does} ({row.objects}); here ")
            and " would take their place, as the question needs to " in perspective.reason
            for row in rows
        )


def test_a_known_problem_names_its_far_methods(ontology: Ontology, router: Router) -> None:
    question = "Which questions show whether students understand energy conservation?"
    problem, _ = router.problems(question, 1)[0]
    far = [p for p in planner(ontology, router, question).perspectives(4) if p.distance is Distance.FAR]
    assert {p.narrow.label for p in far} <= {one.label for one in problem.far}
    assert len(far) == 1


def test_every_need_of_a_known_problem_has_methods_of_several_disciplines(router: Router) -> None:
    table = operations()
    for problem, _ in router.problems(QUESTIONS[0], 10_000):
        for need in problem.needs:
            assert len({row.discipline for row in table[need].rows}) > 1


def test_pins_are_obeyed(ontology: Ontology, router: Router) -> None:
    made = planner(
        ontology,
        router,
        QUESTIONS[0],
        roles=("Computational Physicist",),
        frameworks=("Computational Physics :: Multiscale modeling", "Percolation theory"),
        disciplines=("Networks",),
    ).perspectives(5)
    assert made[0].role == "Computational Physicist"
    assert [p.narrow.label for p in made[:2]] == ["Multiscale modeling", "Percolation theory"]
    assert [p.distance for p in made[:2]] == [Distance.PINNED, Distance.PINNED]
    assert _disciplines(made, Distance.NEAR) == {"Networks"}
    assert "Networks" not in _disciplines(made, Distance.FAR)


@pytest.mark.parametrize("pins", [{"disciplines": ("Alchemy",)}, {"frameworks": ("Phlogiston theory",)}])
def test_an_unknown_pin_names_the_nearest(
    ontology: Ontology, router: Router, pins: dict[str, tuple[str, ...]]
) -> None:
    with pytest.raises(PhyshError, match="Nearest"):
        planner(ontology, router, QUESTIONS[0], **pins).perspectives(3)


def test_every_discipline_has_a_role(ontology: Ontology) -> None:
    assert {d.label for d in ontology.disciplines} <= set(roles().disciplines)
    assert set(roles().facets) <= {facet.label for facet in ontology.facets}


def test_keys_are_in_order_of_distance(ontology: Ontology, router: Router) -> None:
    made = planner(ontology, router, QUESTIONS[0], frameworks=("Percolation theory",)).perspectives(6)
    rank = [Distance.PINNED, Distance.NEAR, Distance.FAR]
    assert all(rank.index(a.distance) <= rank.index(b.distance) for a, b in pairwise(made))


def _disciplines(made: list[Perspective], distance: Distance) -> set[str]:
    return {p.discipline.label for p in made if p.distance is distance}


def test_a_pinned_framework_keeps_both_halves(ontology: Ontology, router: Router) -> None:
    pins = (
        "Experimental Techniques :: Magnetic techniques",
        "Networks :: Percolation theory",
        "Numerical techniques :: Multiscale modeling",
    )
    made = planner(ontology, router, QUESTIONS[0], frameworks=pins).perspectives(4)
    assert tuple(p.framework for p in made[:3]) == pins
    assert made[0].broad.uri == ontology.facet("Experimental Techniques").uri
    assert made[1].broad.uri == made[1].discipline.uri == ontology.discipline("Networks").uri
    assert made[2].broad.uri == ontology.concept("Numerical techniques").uri


def test_a_broad_half_that_physh_does_not_have_is_the_users_own(ontology: Ontology, router: Router) -> None:
    pins = ("Computational Physics :: Multiscale modeling",)
    made = planner(ontology, router, QUESTIONS[0], frameworks=pins).perspectives(1)[0]
    assert made.framework == pins[0]
    assert made.broad.uri == ontology.concept("Numerical techniques").uri
    assert "'Computational Physics' are the user's own words" in made.reason


def test_every_pinned_discipline_speaks(ontology: Ontology, router: Router) -> None:
    fields = ("Networks", "Fluid Dynamics", "Quantum Information, Science & Technology")
    made = planner(ontology, router, QUESTIONS[0], disciplines=fields).perspectives(3)
    assert {p.discipline.label for p in made} == set(fields)


@pytest.mark.parametrize("question", QUESTIONS[:3])
def test_a_shortlist_holds_the_rules_choice_and_more_each_once(
    ontology: Ontology, router: Router, question: str
) -> None:
    plan = planner(ontology, router, question)
    listed = plan.shortlist(4, NEAR, FAR)
    kinds = [one.distance for one in listed]
    assert (kinds.count(Distance.NEAR), kinds.count(Distance.FAR)) == (NEAR, FAR)
    assert len({one.narrow.uri for one in listed}) == NEAR + FAR
    assert {one.narrow.uri for one in plan.perspectives(4)} <= {one.narrow.uri for one in listed}


def test_what_is_pinned_is_on_no_shortlist(ontology: Ontology, router: Router) -> None:
    plan = planner(ontology, router, QUESTIONS[2], frameworks=("Epidemic",))
    assert "Epidemic" not in {one.narrow.label for one in plan.shortlist(4, NEAR, FAR)}


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("ARPES", "Angle-resolved photoemission spectroscopy"),
        ("renormalisation group", "Renormalization group"),
        ("path integral Monte Carlo", "Path-integral Monte Carlo"),
        ("39 ≤ A ≤ 58", "39 ≤ A ≤ 58"),
    ],
)
def test_a_concept_that_somebody_names_is_found(
    ontology: Ontology, router: Router, name: str, label: str
) -> None:
    found = planner(ontology, router, QUESTIONS[0]).named(name)
    assert found
    assert (found.narrow.label, found.distance) == (label, Distance.NEAR)
    assert "abstracts until" in found.reason


@pytest.mark.parametrize(
    "name", ["banana", "Noether's theorem", "survival analysis", "…", "\x00", "<b>" * 20]
)
def test_what_physh_does_not_have_is_not_found(ontology: Ontology, router: Router, name: str) -> None:
    assert planner(ontology, router, QUESTIONS[0]).named(name) is None


def test_a_pin_without_a_discipline_speaks_for_the_questions_own(ontology: Ontology, router: Router) -> None:
    plan = planner(ontology, router, QUESTIONS[0], frameworks=("Monte Carlo methods",))
    own = {discipline.uri for discipline in plan.own}
    concept = ontology.concept("Monte Carlo methods")
    assert own & set(concept.disciplines)
    assert min(concept.disciplines) not in own, "else the first would do as well"
    assert plan.perspectives(1)[0].discipline.uri in own


def test_what_lies_above_is_of_the_same_discipline_where_it_can_be(
    ontology: Ontology, router: Router
) -> None:
    plan = planner(ontology, router, QUESTIONS[0])
    seen = 0
    for concept in ontology.concepts.values():
        parents = [ontology.concept(uri) for uri in concept.broader]
        if concept.deprecated or len(parents) < 2 or not (found := plan.named(concept.label)):
            continue
        inside = {parent.uri for parent in parents if found.discipline.uri in parent.disciplines}
        if 0 < len(inside) < len(parents):
            assert found.broad.uri in inside
            seen += 1
    assert seen > 3


def test_what_is_named_keeps_to_pinned_disciplines(ontology: Ontology, router: Router) -> None:
    plan = planner(ontology, router, QUESTIONS[0], disciplines=("Fluid Dynamics",))
    for name in ("Quantum chromodynamics", "Graphene", "Optical tweezers"):
        assert "Fluid Dynamics" not in {
            ontology.discipline(u).label for u in ontology.concept(name).disciplines
        }
        assert plan.named(name) is None
    found = plan.named("Granular flows")
    assert found
    assert found.discipline.label == "Fluid Dynamics"
