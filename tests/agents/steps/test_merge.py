"""Near-duplicates are one only if meaning and judge agree, and none is lost."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.model import Chat, Endpoint, Journal
from agents.schema import Claim, Hypothesis, Relation
from agents.scripted import Request, ScriptedServer
from agents.steps.merge import ALIKE, Merged, likeness, merge
from tests.agents.samples import make_hypothesis


@contextmanager
def asked(folder: Path, answer: Callable[[Request], str]) -> Iterator[tuple[Chat, ScriptedServer]]:
    with ScriptedServer(answer) as server:
        endpoint = Endpoint(name="scripted", base_url=server.base_url)
        yield Chat({"default": endpoint}, Journal(folder / "calls.jsonl")), server


def says(*, same: bool) -> Callable[[Request], str]:
    return lambda _request: json.dumps({"reason": "they share the claim", "same": same})


def cosines(size: int, *alike: tuple[int, int], by: float = ALIKE) -> NDArray[np.float64]:
    matrix = np.eye(size)
    for i, j in alike:
        matrix[i, j] = matrix[j, i] = by
    return matrix


def claiming(key: str, **claim: object) -> Hypothesis:
    hypothesis = make_hypothesis(key)
    changed = Claim.model_validate(dict(hypothesis.proposal.claim) | claim)
    return hypothesis.model_copy(
        update={"proposal": hypothesis.proposal.model_copy(update={"claim": changed})}
    )


def keys(hypotheses: list[Hypothesis]) -> list[str]:
    return [hypothesis.key for hypothesis in hypotheses]


async def merged(folder: Path, answer: Callable[[Request], str], *alike: tuple[int, int]) -> Merged:
    hypotheses = [make_hypothesis("p01", 40), make_hypothesis("p02", 60), make_hypothesis("p03", 50)]
    with asked(folder, answer) as (chat, _server):
        async with chat:
            return await merge(chat, hypotheses, cosines(3, *alike), by_claims=False)


async def test_the_best_of_a_group_stands_for_it(tmp_path: Path) -> None:
    kept, gone = await merged(tmp_path, says(same=True), (0, 1), (0, 2))
    assert keys(kept) == ["p02"]
    assert kept[0].origin.merged == ["p01", "p03"]
    assert keys(gone) == ["p01", "p03"]


async def test_what_is_not_alike_is_not_asked_about(tmp_path: Path) -> None:
    hypotheses = [make_hypothesis("p01"), make_hypothesis("p02")]
    with asked(tmp_path, says(same=True)) as (chat, server):
        async with chat:
            kept, gone = await merge(chat, hypotheses, cosines(2))
        assert (keys(kept), gone, server.most_at_once) == (["p01", "p02"], [], 0)


async def test_the_judge_must_say_so_in_both_orders(tmp_path: Path) -> None:
    def only_once(request: Request) -> str:
        first = (
            request.text.index("One hypothesis")
            < request.text.index("film 1")
            < request.text.index("Another")
        )
        return json.dumps({"reason": "they share the claim", "same": first})

    pair = [make_hypothesis("p01", statement="film 1"), make_hypothesis("p02", statement="film 2")]
    with asked(tmp_path, only_once) as (chat, _server):
        async with chat:
            assert keys((await merge(chat, pair, cosines(2, (0, 1)))).kept) == ["p01", "p02"]


@pytest.mark.parametrize("answer", ["no idea", '{"same": "perhaps"}'])
async def test_an_answer_that_cannot_be_read_joins_nothing(tmp_path: Path, answer: str) -> None:
    kept, gone = await merged(tmp_path, lambda _request: answer, (0, 1))
    assert (keys(kept), gone) == (["p01", "p02", "p03"], [])


async def test_without_likeness_nothing_is_merged(tmp_path: Path) -> None:
    with asked(tmp_path, says(same=True)) as (chat, _server):
        async with chat:
            assert keys((await merge(chat, [make_hypothesis("p01")], None)).kept) == ["p01"]


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"system": "a thin film of BFO with many domains"}, None),
        ({"cause": "domain wall density in 1/nm"}, True),
        ({"cause": "temperature in K"}, False),
        ({"cause": "annealing time"}, None),
        ({"response": "domain-wall width in nm"}, False),
        ({"relation": Relation.FALLS}, False),
        ({"exponent": 2.0}, True),
    ],
)
def test_claims_say_by_relation_units_and_names_whether_they_are_one(
    changed: dict[str, object], same: bool | None
) -> None:
    assert likeness(claiming("p01"), claiming("p02", **changed)) is same


def test_two_exponents_or_places_are_two_claims() -> None:
    powers = [claiming(f"p0{n}", relation=Relation.SCALES, exponent=float(n)) for n in (2, 3)]
    assert likeness(*powers) is False
    places = [
        claiming(f"p0{n}", relation=Relation.PEAKS, position={"low": n, "high": n + 0.5, "unit": "1/um"})
        for n in (1, 4)
    ]
    assert likeness(*places) is False


async def test_what_claims_decide_is_asked_of_nobody(tmp_path: Path) -> None:
    four = [claiming("p01"), claiming("p02"), claiming("p03", relation=Relation.FALLS), claiming("p04")]
    alike = cosines(4, (0, 1), (0, 2), (1, 2), by=0.95)
    with asked(tmp_path, says(same=True)) as (chat, server):
        async with chat:
            kept, gone = await merge(chat, four, alike)
        assert (keys(kept), keys(gone)) == (["p01", "p03", "p04"], ["p02"])
        assert not server.requests


async def test_one_claim_with_a_mechanism_that_may_be_another_is_asked_about(tmp_path: Path) -> None:
    with asked(tmp_path, says(same=False)) as (chat, server):
        async with chat:
            await merge(chat, [claiming("p01"), claiming("p02")], cosines(2, (0, 1), by=0.85))
        assert len(server.requests) == 1


async def test_at_most_one_question_a_hypothesis_is_asked_and_all_in_runs_of_the_first_rules(
    tmp_path: Path,
) -> None:
    names = ("annealing time", "strain rate", "tip bias", "etch depth", "film age", "substrate miscut")
    six = [
        claiming(f"p0{n}", cause=name).model_copy(
            update={"proposal": claiming("x", cause=name).proposal.model_copy(update={"statement": name})}
        )
        for n, name in enumerate(names, start=1)
    ]
    everybody = cosines(6, *((i, j) for i in range(6) for j in range(i)))
    for by_claims, most in ((True, 6), (False, 30)):
        folder = tmp_path / str(by_claims)
        folder.mkdir()
        with asked(folder, says(same=True)) as (chat, server):
            async with chat:
                await merge(chat, six, everybody, by_claims=by_claims)
            assert len(server.requests) == most
