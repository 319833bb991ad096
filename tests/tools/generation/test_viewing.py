"""A view is made where everybody is served: what would take long is told and not drawn."""

from tools.generation.tool_schema import Appraisal, Judged
from tools.generation.viewing import view_appraisal
from tools.views import Molecule

LONG = "C=C" * 1600


def test_a_molecule_of_thousands_of_atoms_is_told_and_not_drawn() -> None:
    texts = (LONG, "CCO")
    judged = [
        Judged(number=number, name=None, text=text, passed="unique", lost=None)
        for number, text in enumerate(texts)
    ]
    found = Appraisal(
        kind="molecule",
        form="smiles",
        rules="seed_table",
        funnel={"parsed": len(texts)},
        judged=judged,
        versions={},
        note="novelty is not judged",
    )
    drawn = [block for block in view_appraisal(found) if isinstance(block, Molecule)]
    assert [block.smiles for block in drawn] == ["CCO"]
