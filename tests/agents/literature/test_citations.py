"""Of 500 citations by an author that invents, swaps and misquotes, none that is false is shown."""

import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from agents.literature.quotes import MOST_QUOTES
from agents.schema import Citation
from agents.scripted import Request
from retrieval.passage import Passage
from tests.agents.literature.shelf import Shelf, all_passages, make_context
from tests.agents.literature.talk import answering, chatting, consult
from tests.conftest import ServerFactory

LIES = 500
Lie = Callable[[random.Random, Passage, Passage], tuple[str, str]]


def sentences(passage: Passage) -> list[str]:
    return [f"{part.strip(' .')}." for part in passage.text.split(". ")]


def invent_key(draw: random.Random, passage: Passage, _: Passage) -> tuple[str, str]:
    return f"c{draw.getrandbits(40):010x}", draw.choice(sentences(passage))


def invent_words(draw: random.Random, passage: Passage, _: Passage) -> tuple[str, str]:
    size = draw.randint(2, 90)
    return passage.key, f"The resistance of the walls rises by {size} % when the density of walls is doubled."


def swap(draw: random.Random, passage: Passage, other: Passage) -> tuple[str, str]:
    return passage.key, draw.choice(sentences(other))


def change_number(draw: random.Random, passage: Passage, _: Passage) -> tuple[str, str]:
    sentence = next(s for s in sentences(passage) if any(c.isdigit() for c in s))
    digits = [place for place, char in enumerate(sentence) if char.isdigit()]
    place = draw.choice(digits)
    other = draw.choice([d for d in "123456789" if d != sentence[place]])
    return passage.key, sentence[:place] + other + sentence[place + 1 :]


def turn_round(draw: random.Random, passage: Passage, _: Passage) -> tuple[str, str]:
    turns = {
        " not ": " ", "No ": "A ", "falls": "rises", "better": "worse", "grows": "shrinks", "keep": "lose",
        "contradicts": "confirms", "within": "beyond", "below": "above", "reflect": "transmit",
        "follows": "departs", "adds": "removes", "mΩ": "MΩ",
    }  # fmt: skip
    able = [(s, was, now) for s in sentences(passage) for was, now in turns.items() if was in s]
    sentence, was, now = draw.choice(able)
    return passage.key, sentence.replace(was, now, 1)


def join(draw: random.Random, passage: Passage, other: Passage) -> tuple[str, str]:
    first, second = draw.choice(sentences(passage)), draw.choice(sentences(other))
    half = first.split()[: len(first.split()) // 2]
    return passage.key, " ".join([*half, *second.split()[len(second.split()) // 2 :]])


ALL: tuple[Lie, ...] = (invent_key, invent_words, swap, change_number, turn_round, join)


async def test_no_fabricated_citation_of_500_is_shown(tmp_path: Path, scripted: ServerFactory) -> None:
    draw, passages = random.Random(0), all_passages()  # noqa: S311 - variety, not secrecy
    told: Counter[str] = Counter()

    def lie(_: Request) -> list[dict[str, str]]:
        quotes = []
        for _number in range(MOST_QUOTES):
            kind = ALL[told.total() % len(ALL)]
            passage, other = draw.sample(passages, 2)
            key, quote = kind(draw, passage, other)
            told[kind.__name__] += 1
            quotes.append({"passage": key, "quote": quote})
        return quotes

    shown: list[Citation] = []
    removed = 0
    async with chatting(tmp_path, scripted(answering(lie))) as chat:
        while told.total() < LIES:
            statement = f"Hypothesis {told.total()}: walls resist."
            literature = await consult(chat, tmp_path, make_context(Shelf(passages)), statement=statement)
            shown += literature.citations
            removed += len(literature.removed)
    assert not shown
    assert removed == told.total() >= LIES
    assert min(told.values()) > LIES / len(ALL) - 10


async def test_true_quotes_are_all_shown(tmp_path: Path, scripted: ServerFactory) -> None:
    passages = all_passages()
    truths = [(passage.key, sentence) for passage in passages for sentence in sentences(passage)]
    assert len(truths) > MOST_QUOTES

    def quote(request: Request) -> list[dict[str, str]]:
        start = int(re.findall(r"Hypothesis (\d+)", request.text)[0])
        return [{"passage": key, "quote": text} for key, text in truths[start : start + MOST_QUOTES]]

    shown = []
    async with chatting(tmp_path, scripted(answering(quote))) as chat:
        for start in range(0, len(truths), MOST_QUOTES):
            statement = f"Hypothesis {start}: walls resist."
            literature = await consult(chat, tmp_path, make_context(Shelf(passages)), statement=statement)
            assert not literature.removed
            shown += [(citation.passage, citation.quote) for citation in literature.citations]
    assert shown == truths
