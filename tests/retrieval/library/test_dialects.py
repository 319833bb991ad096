"""Bibliographies and papers as programs write them: percent signs, old DOIs, odd names, broken fonts."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.identifiers import read_doi
from retrieval.library.document import FileReading
from retrieval.library.readers import find_reader
from retrieval.library.readers.markup import plain_html, plain_identifier, plain_latex
from retrieval.library.readers.pdf import clean_pages, read_authors, read_title
from retrieval.library.readers.pdf_child import whole
from retrieval.library.works import merge_works
from retrieval.sentences import split_sentences
from tests.handed import find_cases

CASES = find_cases()
Read = Callable[[str, str | bytes], FileReading]
ENTRY = "@article{{{key}, title = {{{title}}}, author = {{Doe, Jane}}, year = 2001, {more}}}"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def put(name: str, content: str | bytes) -> FileReading:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        reader = find_reader(path)
        assert reader
        return reader.read(path, name)

    return put


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("by 4% at 5 K", "by 4% at 5 K"),
        (r"by 4\% at 5\,K", "by 4% at 5 K"),
        (r"M{\"u}ller and {\O}rsted", "Müller and Ørsted"),
        (r"At $T<5$\,K raise $\rho_{xx}$ by 5\%", r"At $T<5$ K raise $\rho_{xx}$ by 5%"),
        (r"MoS$_2$ in the $\alpha$ phase", "MoS$_2$ in the α phase"),
        (r"\ce{Fe3O4} is \emph{strongly} bound \cite{x}", "Fe3O4 is strongly bound"),
        (r"Costs $5 and 10% more than \$3", "Costs $5 and 10% more than $3"),
        ("<jats:p>Fe<jats:sub>3</jats:sub>O &amp; <i>noise</i> &lt; 5 K</jats:p>", "Fe3O & noise < 5 K"),
        ("T < 3 and p > 1", "T < 3 and p > 1"),
        ("a --- b ``very'' so", "a — b “very” so"),
        ("{Walls in {P}ermalloy}", "Walls in Permalloy"),
    ],
)
def test_text_is_made_plain(written: str, plain: str) -> None:
    assert plain_latex(written) == plain


@pytest.mark.parametrize(
    "written",
    [
        r"10.1175/1520-0493(1987)115{\textless}1606:GARSPP{\textgreater}2.0.CO;2",
        r"10.1175/1520-0493(1987)115\ensuremath{<}1606:GARSPP\ensuremath{>}2.0.CO;2",
        "10.1175/1520-0493(1987)115&lt;1606:GARSPP&gt;2.0.CO;2",
        "https://doi.org/10.1175/1520-0493(1987)115%3C1606:GARSPP%3E2.0.CO;2",
        r"10.1175/1520-0493(1987)115\%3C1606:GARSPP\%3E2.0.CO;2",
    ],
)
def test_a_doi_of_old_form_is_read_to_its_end(written: str) -> None:
    assert read_doi(plain_identifier(written)) == "10.1175/1520-0493(1987)115<1606:garspp>2.0.co;2"


def test_works_with_long_dois_stay_apart(read: Read) -> None:
    doi = r"doi = {{10.1175/1520-0493(1987)115{{\textless}}{page}:A{{\textgreater}}2.0.CO;2}}"
    entries = [
        ENTRY.format(key=page, title=f"On {page}", more=doi.format(page=page)) for page in ("1606", "0001")
    ]
    first, second = read("a.bib", "\n".join(entries)).documents
    assert first.work.doi != second.work.doi


def test_one_doi_copied_to_another_paper_makes_no_work_of_two(read: Read) -> None:
    one = r"@article{a, title={Thin stratocumulus decks}, author={Doe, Jane}, doi={10.1000/x}}"
    other = r"@article{b, title={Hail in supercells}, author={Roe, Richard}, doi={10.1000/x}}"
    again = r"@article{c, title={Thin stratocumulus decks}, author={Doe, J.}, doi={10.1000/X}}"
    works = {d.work.id: d.work for d in read("a.bib", f"{one}\n{other}\n{again}").documents}
    merged = merge_works(works)
    assert merged["a.bib#a"] == merged["a.bib#c"]
    assert merged["a.bib#b"].title == "Hail in supercells"


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ('@string{aps = physrev # " B"}', []),
        ("@string{broken}", ["line 1: syntax error: '=' expected; this @string is left out"]),
        ("@string{broken = {x}", ["line 1: syntax error: premature end of file; this @string is left out"]),
    ],
)
def test_a_bad_string_costs_only_itself(read: Read, head: str, told: list[str]) -> None:
    reading = read(
        "a.bib",
        f"{head}\n@string{{prb = {{Phys. Rev. B}}}}\n"
        + ENTRY.format(key="k", title="T", more="journal = PRB, abstract={x}"),
    )
    assert [document.work.venue for document in reading.documents] == ["Phys. Rev. B"]
    assert list(reading.problems) == told


def test_where_bibtex_warns_the_work_stays(read: Read) -> None:
    more = "month = sept, journal = IEEE_J_MTT, note = {a}, note = {b}, abstract = {They pin.}"
    reading = read("a.bib", ENTRY.format(key="k", title="T", more=more))
    (document,) = reading.documents
    assert (document.work.year, document.work.venue, document.work.abstract) == (2001, None, "They pin.")
    assert reading.problems == ("line 1: no @string defines ieee_j_mtt, which is left empty",)


@pytest.mark.parametrize(("written", "year"), [("2020a", 2020), ("in press", None), ("c. 1998--9", 1998)])
def test_a_year_may_carry_a_letter(read: Read, written: str, year: int | None) -> None:
    entry = ENTRY.format(key="k", title="T", more="abstract = {They pin.}").replace("2001", f"{{{written}}}")
    (document,) = read("a.bib", entry).documents
    assert document.work.year == year


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("A, B and family=Oord, given=Cas, prefix=van der, useprefix=true", ("A, B", "van der Oord, Cas")),
        ("family=Musil, given=F{\\'e}lix", ("Musil, Félix",)),
        ("Abbott, B. P. and others", ("Abbott, B. P.",)),
        ("A, B, C, D, E", ("A, B, C, D, E",)),
        ("{The LIGO Collaboration} and Jane Doe", ("The LIGO Collaboration", "Doe, Jane")),
    ],
)
def test_names_of_every_form(read: Read, written: str, people: tuple[str, ...]) -> None:
    (document,) = read("a.bib", f"@article{{k, title={{T}}, author={{{written}}}}}").documents
    assert document.work.authors == people


def test_an_at_sign_in_an_abstract_begins_no_entry(read: Read) -> None:
    text = ENTRY.format(
        key="k", title="T", more="abstract={Ask\n@home{at} and\n @article{fake, title={no}} end}"
    )
    (document,) = read("a.bib", text).documents
    assert document.work.id == "a.bib#k"
    assert (document.work.abstract or "").endswith("end")


@pytest.mark.parametrize("tag", ["{}  - {}", "{} - {}", "{}  -  {}", "{}  -{}", "{}\t- {}", "  {}  - {}"])
def test_ris_in_every_spacing(read: Read, tag: str) -> None:
    values = [
        ("TY", "JOUR"),
        ("TI", "Walls"),
        ("AU", "Doe, J.; Roe, R."),
        ("JF", "Phys. Rev. B"),
        ("DO", "10.1000/x"),
        ("AB", "One."),
        ("AB", "Two - three."),
        ("ER", ""),
    ]
    reading = read("a.ris", "\n".join(tag.format(name, value) for name, value in values))
    (document,) = reading.documents
    work = document.work
    assert (work.title, work.authors, work.venue) == ("Walls", ("Doe, J.", "Roe, R."), "Phys. Rev. B")
    assert (work.doi, work.abstract) == ("10.1000/x", "One. Two - three.")


@pytest.mark.parametrize(
    ("head", "named"), [("PMID- 1\n", "PubMed"), ("FN Clarivate\nPT J\n", "Web of Science")]
)
def test_another_programs_format_is_named(read: Read, head: str, named: str) -> None:
    with pytest.raises(ValueError, match=f"{named}'s own format: export it as RIS"):
        read("a.ris", head)


def test_arxivs_own_doi_gives_the_identifier(read: Read) -> None:
    (document,) = read(
        "a.bib", ENTRY.format(key="k", title="T", more="doi={10.48550/arXiv.2406.12345}")
    ).documents
    assert (document.work.doi, document.work.arxiv) == (None, "2406.12345")


def test_one_foreign_byte_costs_one_line(read: Read) -> None:
    text = "Müller\n".encode() + "Jörg\n".encode("cp1252")
    reading = read("a.txt", text)
    assert reading.documents[0].text == "Müller\nJörg\n"
    assert "not UTF-8 and read as Western European: 1 lines" in reading.problems[0]
    assert read("a.txt", "Walls raise it.".encode("utf-16-le")).documents[0].text == "Walls raise it."


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("ex-\nplains", "explains"),
        ("ex\u2010\nplains", "explains"),
        ("ex\xad\nplains", "explains"),
        ("a well-\nknown", "a well-known"),
        ("X-\nray of MoS2-\nbased, Fermi-\nDirac", "X-ray of MoS2-based, Fermi-Dirac"),
        ("spin-orbit … spin-\norbit", "spin-orbit … spin-orbit"),
    ],
)
def test_words_across_lines_are_whole(page: str, text: str) -> None:
    assert clean_pages([page]) == [text]


def test_titles_of_dense_scripts_are_short() -> None:
    assert read_title("畴壁的电阻率") == "畴壁的电阻率"
    assert read_title("untitled") is None


@given(st.text(st.characters(exclude_categories=[])))
def test_half_a_character_becomes_a_placeholder(text: str) -> None:
    whole(text).encode()
    assert whole("a\ud835b") == "a\N{REPLACEMENT CHARACTER}b"
    assert whole("\ud835\udc00") == "\U0001d400"


@given(st.text(st.sampled_from("ab%$\\{}<>&; \n\"'~-_^"), max_size=80))
def test_plain_text_is_one_line_whatever_it_was(text: str) -> None:
    assert "\n" not in plain_latex(text)
    plain_html(text)
    plain_identifier(text)


@pytest.mark.parametrize(
    "work",
    [
        lambda: read_authors(" " * 40_000 + ";" + " " * 40_000),
        lambda: clean_pages(["\t" * 200_000, "\n" * 200_000, "a-\n" * 50_000, "-a" * 100_000]),
        lambda: split_sentences("Phys. Rev. Lett. " * 20_000),
        lambda: split_sentences("." * 200_000 + " \n" * 100_000),
        lambda: plain_latex("\\" * 100_000 + "$" * 100_000),
        lambda: plain_html("<" * 100_000 + "&" * 100_000),
    ],
)
def test_hostile_text_is_read_in_linear_time(work: Callable[[], object]) -> None:
    """Quadratic readers take minutes for these: the bound is far from both."""
    start = time.process_time()
    work()
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    "text", ["@a{" * 130_000, "@string{a = {b}}\n" * 600 + "@article{k, title = {T}}\n" * 600]
)
def test_a_hostile_bibliography_ends(read: Read, text: str) -> None:
    start = time.process_time()
    read("a.bib", text)
    assert time.process_time() - start < 20


@pytest.mark.skipif(not CASES.is_dir(), reason="the handed cases are not beside the checkout")
class TestHandedCases:
    """Files that were reported, with what is right of each."""

    @pytest.fixture
    def works(self) -> Callable[[str], FileReading]:
        def find(name: str) -> FileReading:
            path = CASES / name
            reader = find_reader(path)
            assert reader
            return reader.read(path, path.name)

        return find

    @pytest.mark.parametrize(
        ("name", "count"),
        [
            ("percent.bib", 1),
            ("ams_dois.bib", 2),
            ("mendeley_doi.bib", 6),
            ("bad_string.bib", 2),
            ("strings.bib", 6),
            ("undefined_macro.bib", 3),
            ("biblatex_extended_names.bib", 2),
            ("at_at_line_start.bib", 1),
            ("jabref.bib", 1),
            ("decomposed.bib", 1),
            ("mixed_enc.bib", 2),
            ("no_blank_after.ris", 1),
            ("one_blank.ris", 1),
            ("tabs.ris", 1),
            ("leading_blanks.ris", 1),
            ("lower_tags.ris", 1),
            ("ct_bt.ris", 2),
            ("t1_a1_y1.ris", 1),
            ("abstracts.bib", 3),
            ("inspire.bib", 1),
            ("latin1.bib", 1),
            ("syntax.bib", 8),
            ("utf16.bib", 1),
            ("author_semicolon.ris", 1),
            ("cochrane.ris", 2),
            ("continuation.ris", 1),
            ("cr.ris", 1),
            ("crlf.ris", 1),
            ("duplicate_tags.ris", 1),
            ("er_no_blank.ris", 1),
            ("latin1.ris", 1),
            ("no_er.ris", 1),
            ("ok.ris", 1),
            ("ovid.ris", 2),
            ("same_twice.ris", 1),
            ("springer.ris", 1),
            ("three_blanks.ris", 1),
            ("utf16.ris", 1),
            ("note_latin1.txt", 1),
            ("note_md.md", 1),
            ("note_md_toml.md", 1),
            ("note_utf16le_nobom.txt", 1),
        ],
    )
    def test_every_work_is_read(self, works: Callable[[str], FileReading], name: str, count: int) -> None:
        documents = works(f"library/{name}").documents
        assert len(documents) == count
        assert not any("�" in document.text or "Ã" in str(document.work.authors) for document in documents)

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("library/duplicates.bib", "'same' stands here a second time"),
            ("library/syntax.bib", "syntax error: '}' expected; skipped"),
            ("library/no_er.ris", "the record has no end"),
            ("library/same_twice.ris", "stands here a second time"),
            ("library/inspire.bib", "1 of 1 references have no abstract"),
            ("library/macroman.bib", "read as Western European"),
            ("library/note_cjk_gbk.txt", "read as Western European"),
            ("library/note_cyr1251.txt", "read as Western European"),
        ],
    )
    def test_what_may_be_wrong_is_told(
        self, works: Callable[[str], FileReading], name: str, told: str
    ) -> None:
        assert any(told in problem for problem in works(name).problems)

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("library/empty.ris", "no RIS record"),
            ("library/pubmed.ris", "PubMed's own format: export it as RIS"),
            ("library/wos.ris", "Web of Science's own format: export it as RIS"),
            ("pdf/empty_text.pdf", r"no text on its 2 pages \(a scan\?\)"),
            ("pdf/encrypted_password.pdf", "encrypted and needs a password"),
            ("pdf/truncated.pdf", "it is broken"),
        ],
    )
    def test_what_cannot_be_read_says_why(
        self, works: Callable[[str], FileReading], name: str, told: str
    ) -> None:
        with pytest.raises(ValueError, match=told):
            works(name)

    @pytest.mark.parametrize(
        "name",
        ["csl.json", "endnote.enw", "lib.xml", "notes.docx", "page.html", "paper.tex", "refworks.nbib"],
    )
    def test_other_forms_have_no_reader(self, name: str) -> None:
        assert find_reader(CASES / "library" / name) is None

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("bad_startxref.pdf", "raise the resistivity of thin films by four percent"),
            ("chinese_title.pdf", "raise the resistivity of thin films by four percent"),
            ("hyphenation.pdf", "scatter electrons and raise the resistivity of thin films"),
            ("latin_superscripts.pdf", "density is 3.2×10^19 cm−3 in MoS2 at 300 K"),
            ("null_glyph.pdf", "where the wall width is"),
            ("rotated.pdf", "raise the resistivity of thin films by four percent"),
            ("upper.PDF", "raise the resistivity of thin films by four percent"),
            ("wide_spacing.pdf", "Domain walls raise the resistivity of films"),
        ],
    )
    def test_the_text_of_a_pdf(self, works: Callable[[str], FileReading], name: str, words: str) -> None:
        assert words in " ".join(works(f"pdf/{name}").documents[0].text.split())

    @pytest.mark.parametrize("name", ["lone_low_surrogate.pdf", "lone_high_surrogate.pdf"])
    def test_a_broken_font_costs_a_character(self, works: Callable[[str], FileReading], name: str) -> None:
        reading = works(f"pdf/{name}")
        assert "the wall width is \N{REPLACEMENT CHARACTER} nm" in reading.documents[0].text
        assert reading.problems == ()

    def test_a_scanned_page_among_text_is_told(self, works: Callable[[str], FileReading]) -> None:
        assert "no text on page 2" in works("pdf/one_scan_among_text.pdf").problems[0]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("the mean <a> grows", "the mean <a> grows"),
        ("<i>in situ</i> and <b>bold</b>", "in situ and bold"),
        ("<p>First.<p>Second <i>x</i> with <b>", " First. Second x with <b>"),
        ('see <a href="x">there</a>', "see there"),
        ("<jats:italic>T</jats:italic> and <I>T</I>", "T and T"),
        ('see <a href="https://doi.org/10.1/x">here', "see here"),
        ('<a name="top"/>Abstract, <i/>x', "Abstract, x"),
        ("<b>x</b > and T<b\n>c</b\n>", "x and Tc"),
    ],
)
def test_a_letter_in_brackets_is_a_tag_only_where_it_is_closed(text: str, plain: str) -> None:
    assert plain_html(text) == plain
