r"""Answers as models write them: LaTeX in JSON, reasoning and talk around it, wrappers, nearly JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.model.reading import CUT, ONLY_REASONING, RULES, Declined, Unreadable, read_answer
from tests.agents.model.talk import Small

GOOD = '{"statement": "x", "mark": 3}'
THOUGHT = 'The user wants an object such as {"draft": true}, with \\frac{a}{b} or {statement, mark}.'
TAGS = [
    ("<think>", "</think>"),
    ("", "</think>"),
    ("<Think>", "</Think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<seed:think>", "</seed:think>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    ("analysis", "assistantfinal"),
    ("<think>", "\n"),
    ("Of course.\n<think>", "</think>"),
]
COMMANDS = [
    *(
        "tau",
        "theta",
        "times",
        "text{Mo}",
        "to",
        "top",
        "tilde{x}",
        "nu",
        "nabla",
        "neq",
        "ne",
        "not",
        "beta",
    ),
    *(
        "bar{x}",
        "bf",
        "frac{a}{b}",
        "forall",
        "rho",
        "rightarrow",
        "right)",
        "rm",
        "propto",
        "sqrt{T}",
        "Delta",
    ),
    *(
        "alpha",
        "xi",
        "underline{x}",
        "uparrow",
        "nablaT",
        "begin{x}",
        "boldsymbol{k}",
        "flat",
        "eta",
    ),
]


def read(text: str, finish_reason: str = "stop", rules: int = RULES) -> Small:
    return read_answer(text, finish_reason, Small, rules)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("slashes", ["\\", "\\\\"])
def test_latex_is_kept_however_often_it_is_escaped(command: str, slashes: str) -> None:
    text = f'{{"statement": "the time {slashes}{command} rises", "mark": 3}}'
    assert read(text).statement == f"the time \\{command} rises"


@pytest.mark.parametrize(
    ("escaped", "meant"),
    [
        (r"a\nThe end", "a\nThe end"),
        (r"a\nand b", "a\nand b"),
        (r"a\nnumber", "a\nnumber"),
        (r"a\tText", "a\tText"),
        (r"a\t1.5", "a\t1.5"),
        (r"a\r\nb", "a\r\nb"),
        (r"data_x\nloop_\n_atom_site_label\nNa 0 0 0", "data_x\nloop_\n_atom_site_label\nNa 0 0 0"),
        (r"say \"no\" to 1\/2", 'say "no" to 1/2'),
        (r"ta\u00df 20 \u00b5m", "taß 20 µm"),
        (r"C/C=C\\C", r"C/C=C\C"),
        (r"C/C=C\C", r"C/C=C\C"),
    ],
)
def test_what_json_escapes_is_what_was_meant(escaped: str, meant: str) -> None:
    assert read(f'{{"statement": "{escaped}", "mark": 3}}').statement == meant


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_correct_json_is_read_as_json_reads_it(statement: str) -> None:
    """Only an escape before the rest of a command is read otherwise, and these texts need none."""
    assert read(json.dumps({"statement": statement, "mark": 3}, ensure_ascii=False)).statement == statement


@pytest.mark.parametrize(("opening", "closing"), TAGS)
def test_reasoning_is_no_answer(opening: str, closing: str) -> None:
    assert read(f"{opening}{THOUGHT}{closing}{GOOD}") == read(GOOD)
    draft = '{"statement": "a draft", "mark": 1}'
    assert read(f"{opening}I may say {draft} or so.{closing}{GOOD}") == read(GOOD)


@pytest.mark.parametrize(
    "text",
    [
        "I fill in {statement, mark}:\n{answer}",
        "{answer}\n\nNote: the set {A, B} and {} were chosen.",
        "With $\\rho_{xx}$:\n```json\n{answer}\n```\nDone.",
        '{"statement": "an earlier one", "mark": 1}\n{answer}',
        '{"note": "draft"}\n\n{answer}',
        "[{answer}]",
        '{"Small": {answer}}',
        '{"type": "object", "properties": {answer}}',
        '<tool_call>\n{"name": "Small", "arguments": {answer}}\n</tool_call>',
        "{answer}<|im_end|>",
        "<|begin_of_box|>{answer}<|end_of_box|>",
        "\ufeff\u00a0{answer}",
    ],
)
def test_the_last_whole_object_that_fits_is_found(text: str) -> None:
    assert read(text.replace("{answer}", GOOD)) == read(GOOD)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(GOOD),
        json.dumps({"arguments": GOOD}),
        GOOD[:-1] + ",}",
        "{'statement': 'x', 'mark': 3}",
        '{ // the object\n"statement": "x", "mark": 3}',
        "{“statement”: “x”, “mark”: 3}",
        '{"statement": "x",\n\n "mark": 3.0}',
    ],
)
def test_what_is_nearly_json_is_read(text: str) -> None:
    assert read(text) == read(GOOD)


def test_a_tag_inside_a_value_is_part_of_it() -> None:
    statement = "as (<think>aside</think>) said"
    assert read(json.dumps({"statement": statement, "mark": 3})).statement == statement


@pytest.mark.parametrize(
    ("text", "finish_reason", "why"),
    [
        (f"<think>{THOUGHT}</think>", "stop", "statement: Field required"),
        ("<think>So far no object.</think>", "stop", ONLY_REASONING),
        (
            "I'm sorry, but I can't assist.",
            "stop",
            "the model declines: I'm sorry, but I can't assist.",
        ),
        (f"<think>{GOOD}</think>" + '{"statement": "y', "stop", "no end"),
        (f"<think>{GOOD}", "MAX_TOKENS", ""),
        ('{"statement": "x"', "max_tokens", CUT),
        (GOOD, "SAFETY", "filter"),
    ],
)
def test_what_is_missing_is_said(text: str, finish_reason: str, why: str) -> None:
    if not why:
        assert read(text, finish_reason) == read(GOOD)
        return
    with pytest.raises(Unreadable, match=why.replace("(", "\\(")):
        read(text, finish_reason)


def test_a_whole_object_counts_though_the_limit_was_reached() -> None:
    assert read(GOOD, "length") == read(GOOD)


def test_a_refusal_is_told_in_the_models_words() -> None:
    with pytest.raises(Declined, match="the model declines: I can't help with that"):
        read("I can't help with that.", "refusal")


def test_an_old_answer_is_read_as_it_was() -> None:
    text = '{"statement": "the time \\tau", "mark": 3}'
    assert read(text, rules=1).statement == "the time \tau"
    with pytest.raises(Unreadable, match=CUT):
        read(GOOD, "length", rules=1)
    with pytest.raises(Unreadable, match="broken"):
        read(f"{GOOD} {GOOD}", rules=1)
    for text, finish_reason in (("I'm sorry, but I can't assist.", "stop"), (GOOD, "content_filter")):
        with pytest.raises(Unreadable) as caught:
            read(text, finish_reason, rules=2)
        assert not isinstance(caught.value, Declined)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":' * 200_000,
        '{"' * 300_000,
        '{"a": "' + '\\"' * 400_000,
        '"{\\"' * 150_000,
        ("{" + " " * 50) * 15_000,
        "{'" * 45_000 + "}",
        '{"k": [' + "1," * 400_000,
        ("{" + '"k": 1, ') * 120_000 + "}",
        "\\" * 900_000,
    ],
)
def test_a_hostile_megabyte_ends_as_a_fault(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


@given(
    st.dictionaries(st.sampled_from(["a", "b"]), st.text(max_size=30), max_size=2),
    st.sampled_from(TAGS),
    st.text(st.sampled_from('ab {}[]"\\\n$_'), max_size=60),
    st.sampled_from(["stop", "length"]),
)
def test_whatever_stands_before_the_answer(
    draft: dict[str, str], tag: tuple[str, str], talk: str, finish_reason: str
) -> None:
    """Talk may hold braces and quotation marks of any kind: an answer after it is the answer."""
    text = f"{tag[0]}{json.dumps(draft)} {talk}{tag[1]}\n{GOOD}"
    assert read(text, finish_reason) == read(GOOD)
