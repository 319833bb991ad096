"""Evidence in words: Markdown that holds no JSON, safe for BibTeX and for viewers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agents.schema import Evidence
from app.evidence import show
from app.exports import markdown
from app.exports.bibliography import escape_latex
from app.exports.evidence import write_evidence, write_lines
from tests.app.ui.samples import make_report, make_strings_report

INERT = {"ul", "li", "p", "strong", "em", "code", "table", "thead", "tbody", "tr", "th", "td"}
READER = MarkdownIt("commonmark", {"html": True}).enable("table")


def test_the_report_holds_no_json_of_tools() -> None:
    for report in (make_report(), make_strings_report()):
        text = markdown.render(report)
        assert '{"' not in text
        assert "std" not in text
        assert "0.0028" not in text


def test_quantities_sentences_and_tables_are_markdown() -> None:
    text = write_evidence(make_report().hypotheses[0].evidence[0])
    assert "  - formation energy per defect site: **2.636 ± 0.003 eV**\n" in text
    assert "  | defects | data set | likeness |\n  |---|---|---|\n" in text
    drawn = READER.render(text)
    assert drawn.count("<table>") == 2  # pairs of defects, and what is most alike in training
    assert drawn.count("<li>") == 10


def test_a_failure_says_why() -> None:
    text = write_evidence(make_report().hypotheses[0].evidence[1])
    assert "asked by Referee" in text
    assert "It failed: `S@128:` 8x8 cells of MoS2 have S sites 0 to 127" in text


def test_what_is_said_of_a_result_is_one_line_each_in_bibtex() -> None:
    for piece in make_report().hypotheses[0].evidence:
        shown = show(piece)
        for line in write_lines(shown.asked, shown.blocks).splitlines():
            assert escape_latex(line).count("\n") == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


@given(
    st.sampled_from(["defect_properties 0", "screen_strings 1", "calculator 1", "unknown 1", "plan"]),
    st.dictionaries(st.text(max_size=10), JSON, max_size=4),
    st.dictionaries(st.text(max_size=10), JSON, max_size=4),
)
def test_whatever_was_recorded_is_shown_and_stays_inert(
    source: str, inputs: dict[str, object], content: dict[str, object]
) -> None:
    """Of an older version, or of a tool that is not there any more."""
    text = write_evidence(Evidence(source=source, inputs=inputs, content=content))
    drawn = READER.render(text)
    assert set(re.findall(r"<([a-z0-9]+)", drawn)) <= INERT


@pytest.mark.parametrize(
    "foreign",
    ["<img src=x onerror=alert(1)>", "[a](http://evil)", "| a | b |", "# heading", "$x$", "x\n\n# y"],
)
def test_foreign_words_in_a_result_are_words(foreign: str) -> None:
    record = {"rows": [{"name": foreign}], "note": foreign, "gap": {"value": 1.0, "unit": foreign}}
    drawn = READER.render(write_evidence(Evidence(source="other 1", inputs={"q": foreign}, content=record)))
    for tag in ("<img", "<a ", "<h1"):
        assert tag not in drawn
    assert drawn.count("<tr>") == 2
