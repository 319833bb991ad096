"""What a model writes stays words: never HTML, a link, an image, a heading, a list or a table cell."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from agents.schema import Report
from app.exports import markdown
from app.exports.escape import inert, link
from tests.app.reports import PHYSH, make_report, poison
from tests.app.tested import make_tested_report

OURS = (PHYSH, "https://doi.org/10.1000/", "https://arxiv.org/abs/")
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/a.png)",
    "[click](javascript:alert(1))",
    "https://evil.example and www.evil.example, @somebody",
    "a | b | c\n|---|---|\n| d | e |",
    "# Heading\n\n---\n> quote\n- item",
    "```python\nimport os\n```",
    "\u202e - item",
    "--- ",
    "1. item",
    "***",
    "&lt;b&gt; \\<b>",
    "$\\href{https://evil.example}{x}$",
    "trailing backslash \\",
    "\x00\x1b[31mred",
)
foreign = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(alphabet="#<>[]()!|`*_~-+=.1\\&;:$@/ \n\tawh\u202e", min_size=1),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
).filter(str.strip)


def flatten(tokens: list[Token]) -> list[Token]:
    return [part for token in tokens for part in (token, *flatten(token.children or []))]


def parse(text: str) -> list[Token]:
    return flatten(PARSER.parse(text))


def shape(text: str) -> list[str]:
    """Everything that the page is built of, but for the words and the code spans among them."""
    return [token.type for token in parse(text) if token.type not in {"text", "code_inline", "text_special"}]


@given(st.lists(foreign, min_size=1, max_size=8))
def test_foreign_text_changes_words_and_nothing_else(texts: list[str]) -> None:
    report = make_report()
    assert shape(markdown.render(poison(report, texts))) == shape(markdown.render(report))


@given(st.lists(foreign, min_size=1, max_size=8))
def test_only_our_own_links_are_live(texts: list[str]) -> None:
    tokens = parse(markdown.render(poison(make_report(), texts)))
    assert not {"html_block", "html_inline", "image"} & {token.type for token in tokens}
    links = [str(token.attrGet("href")) for token in tokens if token.type == "link_open"]
    assert links
    assert all(address.startswith(OURS) for address in links)


@given(foreign)
def test_what_github_would_link_stands_in_code(text: str) -> None:
    words = [token.content for token in parse(inert(text)) if token.type == "text"]
    assert not [word for word in words if re.search(r"://|www\.|@", word, re.IGNORECASE)]


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1).filter(str.strip))
def test_a_reader_sees_what_was_written(text: str) -> None:
    seen = "".join(token.content for token in parse(inert(text)) if token.type in {"text", "code_inline"})
    assert seen == " ".join(text.split())


def test_ordinary_numbers_are_not_littered_with_backslashes() -> None:
    text = "-5.2 K, 1.5 eV + 3 meV; T-c = 40 K (e.g. 2H-MoS2)."
    assert inert(text) == text


@pytest.mark.parametrize("uri", ["javascript:alert(1)", "https://a b", "https://a>b", "<x>"])
def test_only_a_plain_web_address_becomes_a_link(uri: str) -> None:
    assert not [token for token in parse(link(uri)) if token.type == "link_open"]


def test_headings_are_as_the_specified_example() -> None:
    text = markdown.render(make_report())
    assert "\n## 1. Computational Physicist / Computational Physics :: Multiscale modeling / 70.0\n" in text


def test_a_scripted_answer_says_so() -> None:
    text = markdown.render(make_report())
    assert text.count("scripted (no model)") >= 4


def test_remarks_come_before_the_ranking_and_the_hypotheses() -> None:
    text = markdown.render(make_report())
    assert text.index("cannot rank") < text.index("## Ranking") < text.index("## 1.")


def test_a_report_without_hypotheses_has_no_empty_table() -> None:
    report = Report.model_validate(make_report().model_dump() | {"hypotheses": [], "status": "failed"})
    text = markdown.render(report)
    assert "Ranking" not in text
    assert "Status: **failed**" in text


def test_the_atlas_is_named_and_what_it_joins_is_shown() -> None:
    text = markdown.render(make_report())
    assert f"154,054 abstracts of 1986–2016, SHA-256 {'cd' * 32}" in text
    assert "Magnetic domains (“density of walls”); Resistivity measurements" in text


def test_a_report_of_before_names_no_atlas() -> None:
    data = make_report().model_dump(mode="json")
    del data["atlas"]
    old = Report.model_validate(data)
    assert "atlas" not in old.model_dump(mode="json")
    assert "SHA-256 cdcd" not in markdown.render(old)


def test_a_long_table_of_a_test_is_thinned_and_says_so() -> None:
    """84 rows of a formula, twice, once buried what was found."""
    report = make_tested_report()
    text = markdown.render(report)
    points = report.hypotheses[0].tests[0].result.points
    assert f"{markdown.MOST_ROWS} of {len(points)} values" in text
    table = text.partition("|--:|--:|--:|--:|\n")[2].partition("\n\n")[0].splitlines()
    assert len(table) == markdown.MOST_ROWS
    assert table[-1].split("|")[1].strip() == f"{points[-1].cause:.4g}"
