"""Files with a SMILES or SELFIES a line, in the dialects that programs write."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.generation.samples import SMILES
from tools.generation import read_samples

NAMES = {
    "bare": "{0}",
    "named": "{0} molecule{1}",
    "two names": "{0} ethyl alcohol",
    "columns": "{0}\tsome name\t46.07",
    "numbered": "{1} {0}",
}
HEADINGS = ["", "SMILES Name", "smiles", "# made by hand", "# made by hand\nSMILES\tName"]


def read(name: str, content: bytes) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        return [sample.text for sample in read_samples(path)]


@given(
    st.lists(st.sampled_from([s for s in SMILES if len(s) > 2]), min_size=1, max_size=6),
    st.sampled_from(list(NAMES)),
    st.sampled_from(HEADINGS),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(max_examples=80, deadline=None)
def test_every_dialect_gives_every_molecule(
    molecules: list[str], form: str, heading: str, newline: str, encoding: str
) -> None:
    lines = heading.split("\n") if heading else []
    lines += [NAMES[form].format(smiles, k) for k, smiles in enumerate(molecules)]
    assert read("a.smi", (newline.join(lines) + newline).encode(encoding)) == molecules


@pytest.mark.parametrize("sentence", ["I am sorry", "I cannot help with that", "Here are some molecules:"])
def test_a_sentence_stays_one(sentence: str) -> None:
    assert read("a.smi", f"CCO\n{sentence}\n".encode()) == ["CCO", sentence]


def test_symbols_of_selfies_may_stand_apart() -> None:
    assert read("a.selfies", b"[C] [C] [O]\n[C][C] ethane\n") == ["[C][C][O]", "[C][C]"]


@pytest.mark.parametrize(("name", "between"), [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t")])
def test_tables_part_columns_as_their_heading_does(name: str, between: str) -> None:
    rows = [["id", "canonical_smiles"], ["1", "CCO"], ["2", "CC"]]
    assert read(name, "\r".join(between.join(row) for row in rows).encode("utf-8-sig")) == ["CCO", "CC"]


def test_a_block_of_remarks_is_no_crystal_and_a_cut_one_is() -> None:
    cell = "data_a\n_cell_length_a 4\nloop_\n_atom_site_fract_x\n0\n"
    remarks = "data_global\n_journal_name_full 'x'\n"
    assert len(read("a.cif", (remarks + cell + cell).encode())) == 2
    assert len(read("a.cif", (cell + "data_b\n_cell_length_a 4\n" + "data_c\n").encode())) == 3
    assert len(read("a.cif", remarks.encode())) == 1
