"""Children are made of the best in three ways, and inherit no rating."""

from agents.schema import Distance, Way
from agents.steps.evolve import breed
from tests.agents.samples import PERSPECTIVE, make_hypothesis, make_review

BEST = [make_hypothesis(key) for key in ("p02", "p01", "p03")]
FAR = [PERSPECTIVE.model_copy(update={"key": f"f0{n}", "distance": Distance.FAR}) for n in (1, 2)]


def made(children: int, best: int = 3, far: int = 2) -> list[tuple[Way, list[str]]]:
    return [(brood.way, brood.origin.parents) for brood in breed(BEST[:best], FAR[:far], children)]


def test_the_three_ways_take_turns_and_go_down_the_ranking() -> None:
    assert made(5) == [
        (Way.REFINED, ["p02"]),
        (Way.COMBINED, ["p02", "p01"]),
        (Way.MOVED, ["p02"]),
        (Way.REFINED, ["p01"]),
        (Way.COMBINED, ["p01", "p03"]),
    ]


def test_a_way_that_is_not_possible_is_left_out() -> None:
    assert made(3, best=1, far=0) == [(Way.REFINED, ["p02"])]
    assert made(3, best=2, far=1)[-1] == (Way.MOVED, ["p02"])
    assert made(0) == []
    assert breed([], FAR, 3) == []


def test_each_child_has_a_key_of_its_own_and_says_where_it_comes_from() -> None:
    broods = breed(BEST, FAR, 3)
    assert [brood.perspective.key for brood in broods] == ["e01", "e02", "e03"]
    assert broods[1].perspective.reason == "combined: from p02 and p01"
    assert broods[2].perspective.distance is Distance.FAR


def test_the_author_sees_the_criticism_and_nothing_that_ranks() -> None:
    [told] = breed(BEST, FAR, 1)[0].texts
    assert make_review().weaknesses[0] in told
    for hidden in ("score", "mark", "rating", "p02", PERSPECTIVE.role):
        assert hidden not in told


def test_every_way_says_what_to_do() -> None:
    tasks = {brood.task for brood in breed(BEST, FAR, 3)}
    assert len(tasks) == 3
