"""The report as one HTML file: safe, whole, and with pictures of what tools said."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exports import FORMATS, html
from app.exports.svg import draw_plot, draw_structure
from tests.app.ui.samples import make_report, make_strings_report
from tools.views import ChangedSite, Plot, Series, Structure


def test_a_real_structure_is_drawn_with_its_defects() -> None:
    page = html.render(make_report())
    assert page.count("<figure>") == 1
    assert "two S vacancies, 3.2 Å apart, same plane" in page
    assert "<strong>2.636 ± 0.003 eV</strong>" in page
    picture = page[page.index("<svg") : page.index("</svg>")]
    assert len(re.findall(r'stroke-width="0.5"', picture)) == 190  # atoms
    assert picture.count("<title>vacancy S</title>") == 2


def test_crystals_and_molecules_are_drawn() -> None:
    pytest.importorskip("rdkit", reason="the extra [generation] is not installed")
    page = html.render(make_strings_report())
    assert page.count("<figure>") == 2
    assert "BaTiO3, as it was written" in page


def test_it_loads_nothing_and_holds_no_script() -> None:
    page = html.render(make_report())
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.search(r"<(?:link|iframe|object|embed)\b|\bon\w+=", page)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert html.render(make_strings_report()) == html.render(make_strings_report())


def test_a_hostile_question_stays_text() -> None:
    page = html.render(make_report(question="</title><script>alert(1)</script> {body} why?"))
    assert "<script" not in page
    assert "<title>&lt;/title&gt;&lt;script&gt;" in page


@given(st.text(max_size=40), st.text(max_size=40))
def test_labels_of_tools_stay_text_in_pictures(title: str, label: str) -> None:
    drawn = draw_structure(
        Structure(
            title, ("C",), ((0.0, 0.0, 0.0),), marks=(ChangedSite((1.0, 0.0, 0.0), f"<b>{label}", None),)
        )
    )
    assert "<b>" not in drawn


def test_plots_are_drawn_with_deviations_and_labels_that_are_no_formulas() -> None:
    series = Series("a $b_{", (1.0, 2.0), (3.0, 4.0), std=(0.1, 0.2), line=True)
    plot = Plot("t", "x, $K", "y", (series,))
    assert draw_plot(plot) == draw_plot(plot)
    assert draw_plot(plot).startswith("<svg")


def test_names_and_media_types_of_formats_differ() -> None:
    for of in ("name", "title", "suffix", "media_type"):
        assert len({getattr(one, of) for one in FORMATS}) == len(FORMATS)
