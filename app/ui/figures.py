"""Figures as a reader meets them: with unit and uncertainty, or said to be unknown."""

from agents.schema import Rating, Score


def scored(score: Score) -> str:
    spread = "" if score.spread is None else f" ± {score.spread:.1f}"
    return f"{score.value:.1f}{spread}"


def interval(rating: Rating) -> str:
    """Return the interval of a rating in log-odds, 5th to 95th percentile."""
    return f"{signed(rating.low)} to {signed(rating.high)}"


def places(rating: Rating) -> str:
    if rating.places is None:
        return ""
    first, last = rating.places
    return str(first) if first == last else f"{first}–{last}"


def signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")


def cost(usd: float | None) -> str:
    return "not known" if usd is None else f"{usd:.4f} USD"


def share(part: float | None) -> str:
    return "not known" if part is None else f"{100 * part:.0f} %"
