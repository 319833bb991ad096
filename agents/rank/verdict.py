"""What a reader may conclude from a tournament, in one sentence."""

from collections.abc import Sequence

from agents.rank.counting import WINS, is_hopeless, judged, readable, turned_by_prose
from agents.rank.rules import Rules
from agents.schema import Match, MatchOutcome, Rating, View


def conclude(matches: Sequence[Match], ratings: Sequence[Rating], odds: float, rules: Rules) -> str:
    """`odds` are those against a coin in place of the judge."""
    if not matches:
        return "No match was judged, so nothing is ranked."
    if not readable(matches):
        return "No match could be read, so nothing is ranked."
    if not ratings or is_hopeless(judged(matches), rules):
        return f"The judge cannot rank these: {_decisions(matches)}."
    if odds < rules.coin_odds:
        return f"Nothing is ranked: {_decisions(matches)}, and {_better(odds, rules)}."
    ranked = [rating for rating in ratings if rating.ranked]
    if not ranked:
        return f"Nothing is ranked yet: no hypothesis has {rules.fewest_matches} matches."
    return f"{_lead(ranked[0], ranked, rules)}{_prose(matches)}"


def _prose(matches: Sequence[Match]) -> str:
    """What would change if the prose were dropped: nothing, as it is dropped where it would."""
    shown = [match for match in readable(matches) if match.view is View.WHOLE]
    if not shown:
        return ""
    turned = len(turned_by_prose(matches))
    return (
        f" Of {len(shown)} readings with the authors' prose {turned} contradicted what the fields alone had "
        "decided, and do not count."
    )


def _decisions(matches: Sequence[Match]) -> str:
    matches = readable(matches)
    decided = sum(match.outcome in WINS for match in matches)
    split = sum(match.split for match in matches)
    equal = sum(match.outcome is MatchOutcome.TIE for match in matches) - split
    return (
        f"of {len(matches)} readable matches {decided} had the same winner in both orders, "
        f"{split} changed with the order shown, {equal} were called equal"
    )


def _lead(top: Rating, ranked: Sequence[Rating], rules: Rules) -> str:
    rivals = [rating.hypothesis for rating in ranked[1:] if rating.high > top.low]
    chance = f"{top.hypothesis} is the strongest with a chance of {_percent(top.best)}"
    if top.best >= rules.settled:
        return f"{chance}, relative to this run's hypotheses and to these judges."
    if not rivals:
        return f"{chance}; no other interval reaches its own."
    return f"{chance}; the matches do not separate it from {', '.join(rivals)}."


def _better(odds: float, rules: Rules) -> str:
    if odds < 1:
        return f"a coin in place of the judge explains its winners {1 / odds:.1f} times as well as any order"
    return (
        f"an order explains its winners only {odds:.1f} times as well as a coin in place of the judge "
        f"({rules.coin_odds:.0f} times are asked for)"
    )


def _percent(chance: float) -> str:
    """Of some hundred resamples: none of them is certainty."""
    return f"{100 * chance:.0f} %" if chance < 0.99 else "more than 99 %"  # noqa: PLR2004 - as it says
