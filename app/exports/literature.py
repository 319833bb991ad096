"""What the literature says of a hypothesis, in Markdown: what is most like it first, and nothing else."""

from collections.abc import Sequence
from typing import Final

from agents.literature.works import address
from agents.schema import AtlasLink, Citation, Literature, Nearest, Stance
from app.exports.escape import Safe, inert, link
from app.exports.tables import write_columns
from retrieval.passage import Search, Work

RELATED: Final = 0.4
"""Likeness from which a work may be about the same: one in a hundred pairs of shipped papers is so alike."""
STANCES: Final = (Stance.SUPPORTS, Stance.CONTRADICTS, None, Stance.UNRELATED)


def cite(work: Work) -> Safe:
    """Say who, what, when and where: only addresses that we make of a DOI or an arXiv number are live."""
    who = f"{work.authors[0]} et al." if len(work.authors) > 1 else "".join(work.authors)
    told = ", ".join(part for part in (who, work.title, str(work.year or ""), work.source) if part)
    where = address(work)
    live = f" {link(where)}" if where else ""
    return Safe(f"{'**RETRACTED** ' if work.retracted else ''}{inert(told)}{live}")


def read_as(joined: AtlasLink) -> str:
    """Return the concepts that two phrases were read as, or why nothing could be looked up."""
    if joined.first is None or joined.second is None:
        read = zip(joined.phrases, (joined.first, joined.second), strict=True)
        unread = " nor in ".join(f"“{said}”" for said, concept in read if concept is None)
        return f"PhySH names no concept in {unread}"
    if joined.first == joined.second:
        return f"both {joined.first.label}"
    refs = zip((joined.first, joined.second), joined.phrases, strict=True)
    return "; ".join(ref.label if ref.label == said else f"{ref.label} (“{said}”)" for ref, said in refs)


def looked_up(joined: Sequence[AtlasLink]) -> list[AtlasLink]:
    """Return what could be looked up in the atlas, what is joined most often first."""
    return sorted((one for one in joined if one.is_looked_up), key=lambda one: -one.together)


def not_looked_up(joined: Sequence[AtlasLink]) -> list[str]:
    """Say of the others why not."""
    return [f"{one.of}: {read_as(one)}" for one in joined if not one.is_looked_up]


def by_stance(citations: Sequence[Citation]) -> list[Citation]:
    """Return quotes that bear on the hypothesis before those that do not."""
    return sorted(citations, key=lambda one: STANCES.index(one.stance))


def related(nearest: Sequence[Nearest]) -> list[Nearest]:
    """Return the works that may be about the same, likest first."""
    return sorted((one for one in nearest if one.likeness >= RELATED), key=lambda one: -one.likeness)


def unrelated(literature: Literature) -> str | None:
    """Say how many works are left out because they are about something else.

    None where none is, or where no source could be searched: then nothing is known.
    """
    if all(one.error for one in literature.searches):
        return None
    kept, found = related(literature.nearest), literature.nearest
    if not kept and not literature.citations:
        likest = max((one.likeness for one in found), default=None)
        told = "" if likest is None else f": the likest work has a likeness of {likest:.3g}, below {RELATED}"
        return f"Nothing relevant was found{told}."
    left_out = len(found) - len(kept)
    return f"Works that are less like it than {RELATED}, left out: {left_out}." if left_out else None


def write_joined(joined: Sequence[AtlasLink]) -> Safe:
    rows = looked_up(joined)
    return write_columns(
        {
            "Of": [one.of for one in rows],
            "Read as": [read_as(one) for one in rows],
            "Together in": [str(one.together) for one in rows],
            "Since": [str(one.first_year or "") for one in rows],
            "Trend": [one.direction if one.together else "" for one in rows],
            "Between": ["; ".join(concept.label for concept in one.between) for one in rows],
            "Papers": [Safe("; ".join(map(cite, one.works))) for one in rows],
        },
        right=("Together in",),
    )


def write_searches(searches: Sequence[Search]) -> Safe:
    return write_columns(
        {
            "Source": [one.source for one in searches],
            "Query": [one.query for one in searches],
            "Found": [one.error or str(one.found) for one in searches],
            "On": [f"{one.at:%Y-%m-%d}" for one in searches],
        },
        right=("Found",),
    )
