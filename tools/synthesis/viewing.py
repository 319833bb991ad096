"""What a person sees of scores: a table, the reasons, and where the candidates stand among the entries."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

import numpy as np

from tools.quantity import write
from tools.synthesis.schema import SynthesizabilityScore, SynthesizabilityScores
from tools.views import Block, Plot, Sentences, Series, Table

ROWS: Final = 20
REASONED: Final = 3  # candidates whose reasons are told


def view(found: SynthesizabilityScores) -> tuple[Block, ...]:
    """Return blocks. Raises nothing."""
    scores = found.scores
    blocks: list[Block] = [
        Table(
            (
                "compound",
                "score",
                "basis",
                "made entries as high",
                "others as high",
                "made as",
                "nearest made",
            ),
            tuple(_row(one) for one in islice(scores, ROWS)),
            left_out=max(0, len(scores) - ROWS),
        ),
        Sentences((f"{found.meaning[0].upper()}{found.meaning[1:]}.",)),
    ]
    blocks += [_reasons(one) for one in scores[:REASONED]]
    told = [f"{one.formula} is an extrapolation: {'; '.join(one.caveats)}." for one in scores if one.caveats]
    told += [f"{one.name}: {one.reason}." for one in found.refused]
    if told:
        blocks.append(Sentences(tuple(told[:ROWS])))
    return (*blocks, *_standing(scores))


def _row(one: SynthesizabilityScore) -> tuple[str, ...]:
    near = ", ".join(f"{alike.formula} ({alike.unlikeness:.2f})" for alike in one.alike)
    return (
        one.formula,
        write(one.score.value, one.score.std),
        one.basis,
        f"{one.among_made:.0%}",
        f"{one.among_others:.0%}",
        one.made_as or "",
        near,
    )


def _reasons(one: SynthesizabilityScore) -> Table:
    rows = tuple((reason.about, f"{reason.log_odds:+.2f}") for reason in one.reasons)
    return Table(("reason", "log-odds"), rows, title=f"What weighs for {one.formula}")


def _standing(scores: Sequence[SynthesizabilityScore]) -> tuple[Block, ...]:
    """Return the held-out entries above each score, for the basis of the first, and the candidates in it."""
    from tools.synthesis.basis import Basis
    from tools.synthesis.model import load_model

    if not scores:
        return ()
    basis = scores[0].basis
    part = load_model().parts[Basis(basis)]
    curves = []
    for name, margins in (("made entries", part.of_made), ("other entries", part.of_others)):
        share = np.linspace(1, 0, len(margins))
        x, y = part.probability(margins).tolist(), share.tolist()
        curves.append(Series(name, tuple(x), tuple(y), line=True))
    same = [one for one in scores if one.basis == basis][:ROWS]
    points = [Series(one.formula, (one.score.value,), (one.among_others,)) for one in islice(same, REASONED)]
    title = f"Held-out entries that score at least as high ({basis})"
    return (Plot(title, "score", "share of entries", (*curves, *points)),)
