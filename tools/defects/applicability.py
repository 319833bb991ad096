"""Whether the model has seen the like: what it was trained on, host by host, in data/envelope.json."""

from functools import cache

import numpy as np
from pydantic import TypeAdapter

from tools.defects.catalogue import shipped
from tools.defects.configuration import Configuration, describe, known_kinds
from tools.defects.graph import COLUMNS, pairs
from tools.strict import Strict

CROWDED_WITHIN = 6.0  # Å


class Envelope(Strict):
    """Extremes over a host's training structures, over all its data sets."""

    fewest: int
    """Defects in one structure."""
    densest: float
    """Defects a site."""
    crowded: int
    """Most other defects within CROWDED_WITHIN of one."""


@cache
def envelopes() -> dict[str, Envelope]:
    return TypeAdapter(dict[str, Envelope]).validate_json(shipped("envelope.json"))


def refusal(configuration: Configuration) -> str | None:
    """Why the model does not apply; None where it does."""
    host, number = configuration.host, len(configuration.defects)
    if number == 0:
        return f"no defect: this is pristine {host.label}, for which there is nothing to predict"
    unknown = sorted(set(configuration.kinds) - set(known_kinds(host.name)))
    if unknown:
        seen = ", ".join(describe(kind) for kind in known_kinds(host.name))
        return f"unknown kind of defect: {describe(unknown[0])}; in {host.label} the model has seen {seen}"
    return _too_small(configuration) or _too_dense(configuration) or _too_dilute(configuration)


def crowding(configuration: Configuration) -> int:
    near = pairs(configuration)[..., COLUMNS.index("distance")] <= CROWDED_WITHIN
    return int(near.sum(1).max()) - 1


def _too_small(configuration: Configuration) -> str | None:
    n, m = configuration.host.supercell
    if configuration.n >= n and configuration.m >= m:
        return None
    return (
        f"a {configuration.n}×{configuration.m} supercell is smaller than the {n}×{m} of the training data: "
        "its defects feel their own images; repeat the cell"
    )


def _too_dense(configuration: Configuration) -> str | None:
    seen = envelopes()[configuration.host.name]
    if configuration.concentration > seen.densest * (1 + 1e-9):
        share = f"{configuration.concentration:.1%} of the sites"
        return f"denser than trained: {share}, seen up to {seen.densest:.1%}"
    if len(configuration.defects) > seen.crowded + 1 and crowding(configuration) > seen.crowded:
        return (
            f"denser than trained: {crowding(configuration)} defects within {CROWDED_WITHIN:.0f} Å of one, "
            f"seen up to {seen.crowded}"
        )
    return None


def _too_dilute(configuration: Configuration) -> str | None:
    host, seen = configuration.host, envelopes()[configuration.host.name]
    trained = host.supercell[0] * host.supercell[1] * len(host.sites)
    if seen.fewest > 1 and configuration.concentration < seen.fewest / trained * (1 - 1e-9):
        return (
            f"isolated: {len(configuration.defects)} defects on {configuration.size} sites; {host.label} "
            f"was trained on {seen.fewest} and more on {trained}"
        )
    return None


def widest(configurations: list[Configuration]) -> Envelope:
    """The envelope of training structures of one host."""
    return Envelope(
        fewest=min(len(c.defects) for c in configurations),
        densest=float(np.max([c.concentration for c in configurations])),
        crowded=max(crowding(c) for c in configurations),
    )
