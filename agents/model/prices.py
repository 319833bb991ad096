"""What tokens cost at an endpoint: as set, else as published, else unknown."""

from collections.abc import Callable

from agents.model.endpoint import Endpoint

Price = Callable[[int, int], float | None]
"""USD for input and output tokens; None where no price is known."""

_DIGITS = 10  # of a dollar: enough for a single token of the cheapest model


def price_of(endpoint: Endpoint) -> Price:
    if endpoint.input_price is not None and endpoint.output_price is not None:
        return _fixed(endpoint.input_price, endpoint.output_price)
    return _published(endpoint)


def _fixed(input_price: float, output_price: float) -> Price:
    def price(given: int, made: int) -> float:
        return round((given * input_price + made * output_price) / 1e6, _DIGITS)

    return price


def _published(endpoint: Endpoint) -> Price:
    from genai_prices import Usage, calc_price

    is_unknown = False  # looking up what is not there takes as long as all else that we do for a call

    def price(given: int, made: int) -> float | None:
        nonlocal is_unknown
        if is_unknown:
            return None
        usage = Usage(input_tokens=given, output_tokens=made)
        try:  # only for the provider at this address: a local model of the same name is another product
            found = calc_price(usage, endpoint.name, provider_api_url=endpoint.base_url)
        except LookupError:
            is_unknown = True
            return None
        return round(float(found.total_price), _DIGITS)

    return price
