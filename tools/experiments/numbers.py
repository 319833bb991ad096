"""Numbers as a reader wants them: rounded to their uncertainty."""

import math

from tools.experiments.schema import Effect


def show(value: float, uncertainty: float) -> str:
    """Write the value with two digits of its uncertainty, in five digits where there is none."""
    if not math.isfinite(uncertainty) or uncertainty <= 0 or value == 0:
        return f"{value:.5g}"
    digits = math.floor(math.log10(abs(value))) - math.floor(math.log10(uncertainty)) + 2
    return f"{value:.{min(max(digits, 1), 6)}g}"


def show_between(effect: Effect) -> str:
    """Write an effect with its interval and unit."""
    width = effect.high - effect.low
    unit = "" if effect.unit == "1" else f" {effect.unit}"
    if width <= 1e-9 * abs(effect.value):
        return f"{show(effect.value, 0)}{unit}"
    shown = (show(number, width) for number in (effect.value, effect.low, effect.high))
    return "{} ({} to {}){}".format(*shown, unit)
