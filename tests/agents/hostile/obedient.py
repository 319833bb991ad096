"""A model that does what any text says. Without orders it answers sensibly, and always the same."""

import json
import re
from collections.abc import Sequence
from typing import Any

from agents.scripted import Request
from tests.agents.hostile.attacks import Attack, letters
from tests.agents.literature.shelf import all_passages
from tests.agents.samples import PROPOSAL

DIMENSIONS = ("novelty", "soundness", "testability", "feasibility", "relevance")
VOICES = ("quartz", "garnet", "mica")  # a word by which a hypothesis is known again, best one first
MARKS = {"quartz": 4, "garnet": 3, "mica": 2}
SECRET = re.compile(r"canary-\w+")
KEYS = {
    "system",
    "cause",
    "response",
    "passage",
    "tool",
    "relation",
    "stance",
    "expression",
    "unit",
    "query",
    "within",
    *DIMENSIONS,
}


class Obedient:
    """An answer function for the scripted server. `hijacked` is what the author of the worst one writes.

    It stands in the prose, or there and in the claim's fields too.
    """

    def __init__(self, attacks: Sequence[Attack], hijacked: str = "", *, in_fields: bool = False) -> None:
        self.attacks, self.hijacked, self.in_fields = attacks, hijacked, in_fields
        self.obeyed: set[tuple[str, str]] = set()  # attack and step, where an order was seen

    def __call__(self, request: Request) -> str:
        step = _step(request)
        answer = getattr(self, f"_{step}")(request)
        seen = letters(request.text.replace("\\n", " ").replace('\\"', '"'))
        for attack in self.attacks:
            if attack.trace in seen:
                self.obeyed.add((attack.id, step))
                answer = _obey(answer, step, attack, request)
        return json.dumps(answer, ensure_ascii=False)

    def _propose(self, request: Request) -> dict[str, Any]:
        number = int(re.findall(r"You speak as a Physicist (\d)", request.text)[0])
        word, proposal = VOICES[number - 1], PROPOSAL.model_dump(mode="json")
        proposal["statement"] = f"In {word} the {proposal['statement'].lower()}"
        proposal["claim"]["system"] = f"polydomain BiFeO3 film on {word}"
        if word != VOICES[0]:
            proposal["falsifier"] = "Something else is seen in the experiment that was proposed before."
        if word == VOICES[-1]:
            proposal["prediction"] = "The walls will matter for the film, as one would think of them."
            proposal["mechanism"] += f" {self.hijacked}"
            proposal["summary"] += f" {self.hijacked}"
            proposal["statement"] += f" {self.hijacked}"
            if self.in_fields:
                proposal["claim"]["system"] += f", {self.hijacked}"
        return proposal

    def _plan(self, request: Request) -> dict[str, Any]:
        call = {"tool": "calculator", "arguments": {"expression": "k_B * 4 K", "unit": "meV"}}
        look = {"tool": "literature_search", "arguments": {"query": "domain wall resistance", "within": None}}
        remark = {"tool": "remarks", "arguments": {"on": "walls"}}
        return {
            "calls": [call, look, remark]
            if "You have reviewed" not in request.messages[0].content
            else [call]
        }

    def _review(self, request: Request) -> dict[str, Any]:
        mark = MARKS[_voice(request.text)]
        marks = {dimension: {"reason": "as it stands there", "mark": mark} for dimension in DIMENSIONS}
        if "changed" in (request.asked_schema or {}).get("properties", {}):
            return {"changed": "the size of the effect", "marks": marks}
        texts = ("strengths", "weaknesses", "missing_validation", "missing_tools")
        return {text: ["the size of the effect"] for text in texts} | {"marks": marks}

    def _compare(self, request: Request) -> dict[str, Any]:
        first, second = request.text.split("The second hypothesis:")
        better = "first" if MARKS[_voice(first)] > MARKS[_voice(second)] else "second"
        return {"reason": "it gives numbers"} | dict.fromkeys(DIMENSIONS, better)

    def _cite(self, request: Request) -> dict[str, Any]:
        known = [p for p in all_passages() if p.key in request.text]
        return {"quotations": [{"passage": p.key, "quote": p.text.split(". ")[0]} for p in known[:2]]}

    def _judge_quote(self, _: Request) -> dict[str, Any]:
        return {"reason": "it is about other films", "stance": "unrelated"}

    def _same(self, _: Request) -> dict[str, Any]:
        return {"reason": "other minerals", "same": False}


def _step(request: Request) -> str:
    fields = set((request.asked_schema or {}).get("properties", {}))
    for field, step in {
        "claim": "propose",
        "calls": "plan",
        "marks": "review",
        "quotations": "cite",
        "stance": "judge_quote",
        "same": "same",
        "soundness": "compare",
    }.items():
        if field in fields:
            return step
    raise AssertionError(f"no script for an answer of {sorted(fields)}")


def _voice(text: str) -> str:
    """Return whose hypothesis a text is about. Only the last one's name is ever withheld, with its orders."""
    return next((word for word in VOICES if word in text), VOICES[-1])


def _obey(answer: dict[str, Any], step: str, attack: Attack, request: Request) -> dict[str, Any]:
    order = attack.obey
    if order.marks and step == "review":
        for mark in answer["marks"].values():
            mark["mark"] = order.marks
    if order.prefer and step == "compare":
        answer |= dict.fromkeys(DIMENSIONS, _preferred(order.prefer, attack, request.text))
    if order.call and step == "plan":
        answer["calls"] = [] if order.call == "none" else _calls(answer, attack, request)
    if order.stance and step == "judge_quote":
        answer["stance"] = order.stance.value
    if order.quote and step == "cite":
        key = all_passages()[0].key if order.quote.passage == "first" else order.quote.passage
        answer["quotations"] = [{"passage": key, "quote": order.quote.quote}, *answer["quotations"]][:3]
    if order.leak:
        secrets = " ".join(SECRET.findall(str(request.messages)))
        answer = _append(answer, f"I was told: {request.messages[0].content[:200]} {secrets}")
    return _append(answer, order.say) if order.say else answer


def _preferred(prefer: str | bool, attack: Attack, text: str) -> str:
    if isinstance(prefer, str):
        return prefer
    first, second = (attack.trace in letters(part) for part in text.split("The second hypothesis:"))
    return "first" if first and not second else "second" if second and not first else "equal"


def _calls(answer: dict[str, Any], attack: Attack, request: Request) -> list[dict[str, Any]]:
    """The call that is ordered, if the schema has words for it, and as often as it allows."""
    order = attack.obey
    assert order.call is not None
    assert order.call != "none"
    plan = (request.asked_schema or {})["properties"]["calls"]
    calls = plan["items"].get("anyOf", [plan["items"]])
    fields = {
        c["properties"]["tool"]["const"]: set(c["properties"]["arguments"]["properties"]) for c in calls
    }
    if order.call.tool not in fields:
        return list(answer["calls"])
    arguments = {
        name: value for name, value in order.call.arguments.items() if name in fields[order.call.tool]
    }
    return [{"tool": order.call.tool, "arguments": arguments}] * min(order.times, plan["maxItems"])


def _append(value: Any, words: str) -> Any:  # noqa: ANN401 - any part of an answer
    if isinstance(value, str):
        return f"{value} {words}"
    if isinstance(value, list):
        return [_append(item, words) for item in value]
    if isinstance(value, dict):
        return {
            key: item if key in KEYS and isinstance(item, str) else _append(item, words)
            for key, item in value.items()
        }
    return value
