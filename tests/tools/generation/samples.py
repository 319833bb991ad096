"""Small real structures that the tests share."""

from tools.generation.crystals.crystal import Crystal
from tools.generation.crystals.text import parse_text

SMILES = (
    "CC(C)(C)c1ccc2occ(CC(=O)Nc3ccccc3F)c2c1",
    "C[C@@H]1CC(Nc2cncc(-c3nncn3C)c2)C[C@@H](C)C1",
    "N#Cc1ccc(-c2ccc(O[C@@H](C(=O)N3CCCC3)c3ccccc3)cc2)cc1",
    "CCOC(=O)[C@@H]1CCCN(C(=O)c2nc(-c3ccc(C)cc3)n3c2CCCCC3)C1",
    "CCO",
    "CC(=O)Oc1ccccc1C(=O)O",
    "Cn1cnc2c1c(=O)n(C)c(=O)n2C",
    "c1ccccc1",
    "OCC",
)


def perovskite(a: str, b: str, x: str = "O", length: float = 4.0) -> str:
    """A cubic perovskite as compact text."""
    sites = (f"{a} 0 0 0", f"{b} .5 .5 .5", f"{x} .5 .5 0", f"{x} .5 0 .5", f"{x} 0 .5 .5")
    return "\n".join((f"{length} {length} {length} 90 90 90", *sites))


def rock_salt(cation: str, anion: str, length: float = 5.6) -> str:
    """The cubic cell with 8 atoms."""
    faces = ("0 0 0", ".5 .5 0", ".5 0 .5", "0 .5 .5")
    holes = (".5 .5 .5", "0 0 .5", "0 .5 0", ".5 0 0")
    return "\n".join(
        (
            f"{length} {length} {length} 90 90 90",
            *(f"{cation} {p}" for p in faces),
            *(f"{anion} {p}" for p in holes),
        )
    )


def rock_salt_primitive(cation: str, anion: str, length: float = 5.6) -> str:
    """The same crystal with 2 atoms."""
    edge = length / 2**0.5
    return f"{edge} {edge} {edge} 60 60 60\n{cation} 0.1 0.2 0.3\n{anion} 0.6 0.7 0.8"


TEXTS = (
    perovskite("Ba", "Ti"),
    perovskite("Sr", "Ti", length=3.9),
    perovskite("La", "Al", length=3.8),
    perovskite("Ba", "Ti", "F"),
    rock_salt("Na", "Cl"),
    rock_salt_primitive("Na", "Cl"),
    rock_salt("Mg", "O", 4.2),
    "2.87 2.87 2.87 90 90 90\nFe 0 0 0\nFe .5 .5 .5",
    "3.0 3.0 3.0 90 90 90\nCu 0 0 0\nZn .5 .5 .5",
)


def crystals() -> list[Crystal]:
    return [parse_text(text) for text in TEXTS]
