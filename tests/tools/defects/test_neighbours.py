"""The nearest training structures, and how their fingerprints read."""

from tools.defects import fingerprint, parse_spec
from tools.defects.neighbours import FingerprintLibrary

PAIR = "MoS2 8x8x1: vacancy S@12; W on Mo@3"
MANY = "MoS2 8x8x1: vacancy S@0; vacancy S@9; vacancy S@20"


def test_a_fingerprint_reads_as_a_chain_of_defects() -> None:
    assert str(fingerprint(parse_spec("MoS2 8x8x1: vacancy S@12"))) == "MoS2: vacancy S"
    written = str(fingerprint(parse_spec(PAIR)))
    assert written.startswith("MoS2: W on Mo, ")
    assert written.endswith(" Å (Δz 1.6 Å) to vacancy S")


def test_each_neighbour_brings_its_own_fingerprint() -> None:
    known = [parse_spec(text) for text in (MANY, PAIR, "MoS2 8x8x1: vacancy S@12; W on Mo@9")]
    library = FingerprintLibrary.of(["many", "same", "other"], known)
    first, second = library.nearest([parse_spec(PAIR)], "a/b")[0]
    assert (first.id, first.fingerprint) == ("same", str(fingerprint(known[1])))
    assert (second.id, second.fingerprint) == ("other", str(fingerprint(known[2])))
    assert first.similarity > second.similarity
