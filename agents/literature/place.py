"""Where in a passage a quote stands that differs from it in looks only."""

import re
from itertools import product
from typing import NamedTuple

_TOKEN = re.compile(r"\w+|[^\w\s]")
LEAST_SLACK = 20  # characters by which an aligned stretch may miss the quote's ends


class QuoteSpan(NamedTuple):
    start: int
    end: int


def locate(quote: str, text: str) -> QuoteSpan:
    """The stretch of whole words that is likest the quote.

    rapidfuzz's partial alignment finds it roughly; of the ends near by, those with the best ratio are taken.
    """
    from rapidfuzz.fuzz import partial_ratio_alignment, ratio

    exact = text.find(quote)
    if exact >= 0:
        return QuoteSpan(exact, exact + len(quote))
    wanted, folded = _fold(quote), _fold(text)
    found = partial_ratio_alignment(wanted, folded)
    start, end = (found.dest_start, found.dest_end) if found else (0, len(text))
    slack = max(LEAST_SLACK, len(quote) // 4)
    tokens = [QuoteSpan(*token.span()) for token in _TOKEN.finditer(folded)]
    starts = [token.start for token in tokens if abs(token.start - start) <= slack]
    ends = [token.end for token in tokens if abs(token.end - end) <= slack]
    spans = [QuoteSpan(a, b) for a, b in product(starts, ends) if a < b]
    rough = QuoteSpan(start, end)
    return max(spans, key=lambda span: ratio(wanted, folded[span.start : span.end]), default=rough)


def _fold(text: str) -> str:
    """Character by character, so that places stay where they are."""
    return "".join(
        " " if char.isspace() else char.lower() if len(char.lower()) == 1 else char for char in text
    )
