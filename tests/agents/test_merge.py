"""Near-duplicates are one only if meaning and judge agree, and none is lost."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.merge import ALIKE, Merged, merge
from agents.model import Chat, Endpoint, Journal
from agents.schema import Hypothesis
from agents.scripted import Request, ScriptedServer
from tests.agents.samples import make_hypothesis


@contextmanager
def asked(folder: Path, answer: Callable[[Request], str]) -> Iterator[tuple[Chat, ScriptedServer]]:
    with ScriptedServer(answer) as server:
        endpoint = Endpoint(name="scripted", base_url=server.base_url)
        yield Chat({"default": endpoint}, Journal(folder / "calls.jsonl")), server


def says(*, same: bool) -> Callable[[Request], str]:
    return lambda _request: json.dumps({"reason": "they share the claim", "same": same})


def cosines(size: int, *alike: tuple[int, int]) -> NDArray[np.float64]:
    matrix = np.eye(size)
    for i, j in alike:
        matrix[i, j] = matrix[j, i] = ALIKE
    return matrix


def keys(hypotheses: list[Hypothesis]) -> list[str]:
    return [hypothesis.key for hypothesis in hypotheses]


async def merged(folder: Path, answer: Callable[[Request], str], *alike: tuple[int, int]) -> Merged:
    hypotheses = [make_hypothesis("p01", 40), make_hypothesis("p02", 60), make_hypothesis("p03", 50)]
    with asked(folder, answer) as (chat, _server):
        async with chat:
            return await merge(chat, hypotheses, cosines(3, *alike))


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
