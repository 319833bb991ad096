"""The real client against every fault that the scripted server knows."""

import asyncio
import json
from typing import Any

import pytest

from agents.errors import EndpointError, ReplayMiss, StepFailed
from agents.model import Chat, Journal, endpoint_client
from agents.model.journal import call_key
from agents.scripted import CONTENT, TRANSPORT, InjectedFault, Request, chance, listed, recorded
from agents.scripted import server as server_module
from tests.agents.model.conftest import TalkFactory
from tests.agents.model.talk import Small, prompt
from tests.conftest import ServerFactory

pytestmark = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


async def test_an_answer_is_read_and_recorded(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    asking = talk(scripted(), stream=stream)
    answer = await asking.ask()
    (call,) = Journal(asking.path).calls
    assert answer.statement.startswith("Scripted")
    assert (call.model, call.finish_reason, call.retries) == ("scripted", "stop", 0)
    assert call.output_tokens == len(call.answer) // 4  # as the server counted, not as we guess
    assert asking.kinds[0] == "sent"
    assert asking.kinds[-1] == "answered"
    assert ("tokens" in asking.kinds) is stream


@pytest.mark.slow
@pytest.mark.parametrize("fault", [*TRANSPORT, InjectedFault.STALL])
async def test_a_passing_fault_is_tried_again(
    scripted: ServerFactory, talk: TalkFactory, stream: bool, fault: InjectedFault
) -> None:
    server = scripted(faults=listed(fault, fault))
    asking = talk(server, stream=stream)
    asking.change(timeout_s=1.5 if fault is InjectedFault.STALL else 20)
    await asking.ask()
    (call,) = Journal(asking.path).calls
    assert call.retries == asking.kinds.count("retry") == 2
    assert server.requests.total() == 3
    assert server.delivered.total() == 1


@pytest.mark.parametrize("fault", [*CONTENT, InjectedFault.HUGE])
async def test_an_unreadable_answer_is_recorded_and_asked_again(
    scripted: ServerFactory, talk: TalkFactory, stream: bool, fault: InjectedFault
) -> None:
    asking = talk(scripted(faults=listed(fault)), stream=stream)
    answer = await asking.ask()
    bad, good = Journal(asking.path).calls
    assert answer == Small.model_validate_json(good.answer)
    assert bad.key != good.key
    assert asking.kinds.count("unreadable") == 1
    assert asking.path.stat().st_size < 20_000  # of a huge answer only the beginning is kept


async def test_the_fault_is_shown_to_the_model(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    asked: list[Request] = []

    def answer(request: Request) -> str:
        asked.append(request)
        return '{"statement": "x", "mark": 9}' if len(asked) == 1 else '{"statement": "x", "mark": 5}'

    await talk(scripted(answer), stream=stream).ask()
    assert "mark: Input should be less than or equal to 5" in asked[1].text
    assert asked[0].seed != asked[1].seed


async def test_bounded_attempts_end_in_step_failed(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    server = scripted(faults=listed(*[InjectedFault.WRONG_SCHEMA] * 9))
    with pytest.raises(StepFailed, match=r"no readable answer in 3 attempts.*statement: Field required"):
        await talk(server, stream=stream).ask()
    assert server.requests.total() == 3


async def test_bounded_tries_end_in_step_failed_once_the_endpoint_has_answered(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    server = scripted(faults=listed(None, *[InjectedFault.SERVER_ERROR] * 99))
    asking = talk(server, stream=stream)
    async with asking.chat() as chat:
        await chat.ask("propose", prompt("first"), Small, who="p01", max_tokens=300)
        with pytest.raises(StepFailed, match=r"kept failing.*500"):
            await chat.ask("propose", prompt("second"), Small, who="p02", max_tokens=300)
    assert server.requests.total() == 1 + endpoint_client.TRIES


async def test_an_endpoint_that_never_answers_is_the_operators(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    server = scripted(faults=listed(*[InjectedFault.HTML] * 99))
    asking = talk(server, stream=stream)
    async with asking.chat() as chat:
        for _ in range(2):  # the second ask is refused without another try
            with pytest.raises(EndpointError, match=r"no answer in 8 tries.*not of the chat API.*base_url"):
                await chat.ask("propose", prompt(), Small, who="p01", max_tokens=300)
    assert server.requests.total() == endpoint_client.TRIES


async def test_retry_after_is_honoured(scripted: ServerFactory, talk: TalkFactory, stream: bool) -> None:
    server = scripted(faults=listed(InjectedFault.RATE_LIMIT), retry_after_s=0.3)
    start = asyncio.get_running_loop().time()
    await talk(server, stream=stream).ask()
    assert asyncio.get_running_loop().time() - start >= 0.3


async def test_a_wrong_key_says_which_setting_and_never_the_key(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    asking = talk(scripted(api_key="right"), stream=stream)
    asking.change(key="sk-secret-canary")
    with pytest.raises(EndpointError, match="401: the key that is set is not accepted") as caught:
        await asking.ask()
    assert "canary" not in repr(caught.value) + repr(asking.endpoint)
    assert not asking.path.exists()


async def test_a_missing_key_is_said_to_be_missing(
    scripted: ServerFactory, talk: TalkFactory, stream: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "right")  # belongs to OpenAI, and must not go elsewhere
    with pytest.raises(EndpointError, match="wants a key and none is set"):
        await talk(scripted(api_key="right"), stream=stream).ask()


async def test_an_unknown_model_lists_the_known_ones(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    with pytest.raises(EndpointError, match=r"404.*'asked-for'.*It offers: small, large"):
        await talk(scripted(models=["small", "large"]), stream=stream).ask()


async def test_a_wrong_path_points_at_the_base_url(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    asking = talk(scripted(), stream=stream)
    asking.change(base_url=asking.endpoint.base_url[:-3])
    with pytest.raises(EndpointError, match=r"404.*often ends in /v1"):
        await asking.ask()


async def test_a_refused_request_fails_alone(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    server = scripted(faults=listed(InjectedFault.REFUSED))
    async with talk(server, stream=stream).chat() as chat:
        with pytest.raises(StepFailed, match=r"refuses this request \(400\): .*content policy"):
            await chat.ask("propose", prompt("first"), Small, who="p01", max_tokens=300)
        await chat.ask("propose", prompt("second"), Small, who="p02", max_tokens=300)
    assert server.requests.total() == 2


@pytest.mark.parametrize("models", [None, [], [{}], [{"id": None}, 3]])
async def test_a_list_of_models_that_names_none_is_no_list(
    scripted: ServerFactory, talk: TalkFactory, stream: bool, monkeypatch: pytest.MonkeyPatch, models: object
) -> None:
    body = json.dumps({"object": "list", "data": models}).encode()
    handler = server_module._Handler  # noqa: SLF001 - the only door to what it says of models
    monkeypatch.setattr(handler, "do_GET", lambda got: got._send(200, body))  # noqa: SLF001 - as above
    with pytest.raises(EndpointError, match="lists no models either: check base_url"):
        await talk(scripted(models=["small"]), stream=stream).ask()


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/v1", "http://no-such-host.invalid/v1"])
async def test_an_unreachable_endpoint_is_given_up_at_once(
    scripted: ServerFactory, talk: TalkFactory, stream: bool, address: str
) -> None:
    asking = talk(scripted(), stream=stream)
    asking.change(base_url=address, timeout_s=5)
    with pytest.raises(EndpointError, match=f"{address} cannot be reached .*base_url"):
        await asking.ask()
    assert "retry" not in asking.kinds


async def test_twins_at_once_are_paid_once(scripted: ServerFactory, talk: TalkFactory, stream: bool) -> None:
    server = scripted(delay_s=0.05)
    async with talk(server, stream=stream).chat() as chat:
        asks = [chat.ask("propose", prompt(), Small, who=f"p{n}", max_tokens=300) for n in range(5)]
        answers = await asyncio.gather(*asks)
    assert len({answer.value.statement for answer in answers}) == 1
    assert server.requests.total() == 1


@pytest.mark.slow
@pytest.mark.parametrize(("at_once", "most"), [(None, 3), (2, 2), (5, 3)])
async def test_calls_in_flight_are_bounded(
    scripted: ServerFactory, talk: TalkFactory, stream: bool, at_once: int | None, most: int
) -> None:
    server = scripted(delay_s=0.3)  # long enough to meet on a busy machine
    asking = talk(server, stream=stream)
    asking.change(at_once=at_once)
    async with asking.chat(concurrency=3) as chat:
        asks = [chat.ask("propose", prompt(f"{n}?"), Small, who=f"p{n}", max_tokens=300) for n in range(9)]
        await asyncio.gather(*asks)
    assert server.most_at_once == most


async def test_resume_pays_only_for_what_is_missing(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    server = scripted(faults=listed(InjectedFault.BROKEN_JSON, None, None))
    asking = talk(server, stream=stream)
    first = await asking.ask("one")
    again = [await asking.ask("one"), await asking.ask("two")]
    assert first == again[0]
    assert server.requests.total() == 3  # the broken one, its repair, and "two"
    assert max(server.delivered.values()) == 1


async def test_replay_asks_nobody(scripted: ServerFactory, talk: TalkFactory, stream: bool) -> None:
    server = scripted(faults=listed(InjectedFault.LENGTH))
    asking = talk(server, stream=stream)
    first = await asking.ask("one")
    asking.change(base_url="http://127.0.0.1:9/v1")
    before = asking.path.read_bytes()
    assert await asking.ask("one", replay=True) == first
    with pytest.raises(ReplayMiss, match="does not hold call"):
        await asking.ask("two", replay=True)
    assert asking.path.read_bytes() == before


async def test_a_recorded_server_gives_the_journals_answers(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    asking = talk(scripted(), stream=stream)
    first = await asking.ask("one")
    answers = recorded(asking.path)
    asking.path = asking.path.with_name("again.jsonl")
    asking.change(base_url=scripted(answers).base_url)
    assert await asking.ask("one") == first
    with pytest.raises(EndpointError, match="holds no call"):
        await asking.ask("two")


async def test_under_many_faults_every_ask_ends_with_an_object_paid_once(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    server = scripted(faults=chance(0.3, seed=7, kinds=TRANSPORT))
    asking = talk(server, stream=stream)
    async with asking.chat() as chat:
        asks = [chat.ask("propose", prompt(f"{n}?"), Small, who=f"p{n}", max_tokens=300) for n in range(30)]
        answers = await asyncio.gather(*asks)
    assert len(answers) == 30
    assert server.injected.total() >= 5
    assert max(server.delivered.values()) == 1


async def test_each_step_has_its_endpoint(scripted: ServerFactory, talk: TalkFactory, stream: bool) -> None:
    one, other = scripted(), scripted()
    asking = talk(one, stream=stream)
    endpoints = {
        "default": asking.endpoint,
        "review": asking.endpoint.model_copy(update={"base_url": other.base_url}),
    }
    async with Chat(endpoints, Journal(asking.path)) as chat:
        await chat.ask("propose", prompt("a"), Small, who="p01", max_tokens=300)
        await chat.ask("review", prompt("b"), Small, who="p01", max_tokens=300)
    assert (one.requests.total(), other.requests.total()) == (1, 1)


async def test_a_cancelled_ask_leaves_a_sound_journal(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    server = scripted(delay_s=0.2)
    asking = talk(server, stream=stream)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await asking.ask("one")
    assert Journal(asking.path).calls == ()
    await asking.ask("one")
    assert len(Journal(asking.path).calls) == 1


async def test_hostile_characters_do_not_reach_the_journal(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    said = json.dumps({"statement": "a\x00b\x1b[31m\ud83dc", "mark": 3})
    asking = talk(scripted(lambda _request: said), stream=stream)
    answer = await asking.ask()
    assert answer.statement == "ab[31m\N{REPLACEMENT CHARACTER}c"
    asking.path.read_bytes().decode()


async def test_the_key_is_what_the_server_computes_from_the_wire(
    scripted: ServerFactory, talk: TalkFactory, stream: bool
) -> None:
    asked: list[Request] = []

    def answer(request: Request) -> str:
        asked.append(request)
        return '{"statement": "x", "mark": 3}'

    asking = talk(scripted(answer), stream=stream)
    await asking.ask()
    assert [call.key for call in Journal(asking.path).calls] == [asked[0].key]


@pytest.mark.parametrize("changed", ["model", "messages", "schema", "max_tokens", "temperature", "seed"])
def test_everything_that_decides_an_answer_is_in_the_key(stream: bool, changed: str) -> None:
    asked: dict[str, Any] = {
        "model": "m",
        "messages": [{"role": "user", "content": "?"}],
        "schema": {"type": "object"},
        "max_tokens": 5,
        "temperature": 0.5,
        "seed": 1,
    }
    assert call_key(**asked) != call_key(**{**asked, changed: None if changed != "messages" else []})
