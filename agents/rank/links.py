"""Which hypotheses have met, how often, and whether a chain of matches joins them all."""

from collections.abc import Iterable, Sequence

from agents.rank.counting import counted, pair_of
from agents.rank.rules import Rules
from agents.schema import Match


def count_matches(keys: Sequence[str], matches: Iterable[Match], rules: Rules) -> dict[str, int]:
    """That count, by hypothesis."""
    counts = dict.fromkeys(keys, 0)
    for match in counted(matches, rules):
        for key in counts.keys() & {match.first, match.second}:
            counts[key] += 1
    return counts


def group(keys: Sequence[str], matches: Iterable[Match], rules: Rules) -> dict[str, str]:
    """Hypotheses that a chain of matches joins have the same value."""
    groups = {key: key for key in keys}
    for match in counted(matches, rules):
        if {match.first, match.second} <= groups.keys():
            join(groups, pair_of(match))
    return groups


def join(groups: dict[str, str], pair: tuple[str, str]) -> None:
    kept, gone = groups[pair[0]], groups[pair[1]]
    for key, name in groups.items():
        if name == gone:
            groups[key] = kept


def has_enough(keys: Sequence[str], matches: Sequence[Match], rules: Rules) -> bool:
    """Whether everybody has enough matches, and no two stand on islands that no match joins."""
    counts = count_matches(keys, matches, rules)
    return (
        min(counts.values()) >= rules.fewest_matches and len(set(group(keys, matches, rules).values())) == 1
    )
