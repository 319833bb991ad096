"""What a judge that prefers the longer text is taken for."""

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from statistics import fmean

import numpy as np
import yaml

from agents.blinding import BlindedHypothesis, fields, prose, restate, view_of
from agents.rank import summarise
from agents.schema import Claim, Match, MatchOutcome, Stop
from agents.steps.judge import side_by_side
from bench.ranking.judges import KEYS
from tests.agents.samples import PROPOSAL


def length(repeats: int) -> None:
    """What a judge that prefers the longer text as shown is taken for, of three hypotheses and 18 matches."""
    decided, believed, before = list[bool](), list[bool](), list[bool]()
    for repeat in range(repeats):
        random = np.random.default_rng([77, repeat])
        shown = [made_up(key, random) for key in KEYS[:3]]
        matches = [
            by_length(one, other, reading) for reading in range(1, 7) for one, other in combinations(shown, 2)
        ]
        decided += [match.outcome is not MatchOutcome.TIE for match in matches]
        believed.append(summarise(matches, Stop.SPENT).can_rank)
        fixed = [match.model_copy(update={"outcome": longer_of(match, shown)}) for match in matches]
        before.append(summarise(fixed, Stop.SPENT).can_rank)
    print(
        "\nA judge that prefers the longer text, three hypotheses of claims in bench/data/claims, 18 matches"
    )
    print(
        f"matches decided {fmean(decided):.1%}; believed {fmean(believed):.1%} of {repeats} runs; "
        f"were lengths not swapped with the order {fmean(before):.1%}"
    )


def made_up(key: str, random: np.random.Generator) -> BlindedHypothesis:
    """A hypothesis of any length: a planted claim, sentences of others as its prose, a verdict or none."""
    claims = all_claims()
    own, *others = (claims[int(at)] for at in random.choice(len(claims), 12, replace=False))
    sentences = [str(claim["statement"]) for claim in others]
    names = {name: str(own[name]) for name in ("system", "cause", "response", "relation")}
    proposal = PROPOSAL.model_copy(
        update={
            "claim": Claim.model_validate(names),
            "statement": str(own["statement"]),
            "mechanism": " ".join(sentences[: random.integers(1, 6)]),
            "steps": sentences[6 : 9 + random.integers(0, 3)],
        }
    )
    verdict = f"Test of “{own['statement']}”: survived. By {own['source']}."
    return BlindedHypothesis(
        key,
        verdicts=[verdict] * int(random.integers(0, 2)),
        fields=fields(proposal),
        restated=restate(proposal),
        prose=prose(proposal),
    )


@cache
def all_claims() -> list[dict[str, object]]:
    folder = Path(__file__).parents[1] / "data" / "claims"
    files = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml")))
    wanted = {"system", "cause", "response", "relation", "statement", "source"}
    return [claim for file in files for claim in file if wanted <= claim.keys()]


def by_length(one: BlindedHypothesis, other: BlindedHypothesis, reading: int) -> Match:
    """Of both orders, as they are shown."""
    ahead, behind = side_by_side(one, other, reading)
    straight = ahead.length > behind.length
    ahead, behind = side_by_side(other, one, reading)
    swapped = behind.length > ahead.length
    split = straight != swapped
    outcome = MatchOutcome.TIE if split else MatchOutcome.FIRST if straight else MatchOutcome.SECOND
    view = view_of(reading)
    return Match(
        first=one.key, second=other.key, judge="m", outcome=outcome, split=split, reading=reading, view=view
    )


def longer_of(match: Match, shown: Sequence[BlindedHypothesis]) -> MatchOutcome:
    size = {one.key: sum(map(len, (*one.fields, *one.verdicts, *one.prose))) for one in shown}
    return MatchOutcome.FIRST if size[match.first] > size[match.second] else MatchOutcome.SECOND
