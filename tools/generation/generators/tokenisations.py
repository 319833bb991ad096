"""Which tokenisation belongs to a form and a name."""

from typing import Final

from tools.generation.generators.characters import Characters
from tools.generation.generators.crystal_tokens import CrystalAtoms
from tools.generation.generators.selfies_tokens import SelfiesSymbols
from tools.generation.generators.smiles_tokens import SmilesAtoms
from tools.generation.generators.tokenisation import Tokenisation
from tools.generation.generators.xyz_tokens import XyzAtoms
from tools.generation.schema import Form

ATOMS: Final[dict[Form, Tokenisation]] = {
    Form.TEXT: CrystalAtoms(sort=True),
    Form.SMILES: SmilesAtoms(),
    Form.SELFIES: SelfiesSymbols(),
    Form.XYZ: XyzAtoms(),
}


def tokenisation(form: Form, name: str) -> Tokenisation:
    """`name` is "atoms" or "characters"."""
    return ATOMS[form] if name == "atoms" else Characters(form)
