"""Laws that are one product: powers of the variables times functions of dimensionless products.

In logarithms such a law is linear but for the constants inside the functions, and the powers of the variables
can be projected out. What is left of log y is then matched with functions from a table, one or two at a time.
"""

from typing import Final

import numpy as np

from tools.laws.completing import complete, vary_powers
from tools.laws.features import choose, exchange, tabulate
from tools.laws.fitting import FittedForm
from tools.laws.logarithms import take_logs
from tools.laws.problem import RegressionProblem

SWAPPED: Final = 3
"""The best pairs in which each function is exchanged once more, with the other one as it was fitted."""
VARIED: Final = 10
"""The best laws whose powers of 1 + c·P are varied."""


def power_laws(problem: RegressionProblem) -> list[FittedForm]:
    """Return the power law fitted to all rows of the problem, if there can be one: the gate of the search."""
    logs = take_logs(problem, None, products=())
    return [] if logs is None else complete(logs, [])


def search_products(problem: RegressionProblem, known: FittedForm | None = None) -> list[FittedForm]:
    """Return products fitted to all rows of the problem, shortest description first.

    `known` is what has been found before: it says which rows rise above the noise.
    """
    logs = take_logs(problem, known)
    if logs is None:
        return []
    found = complete(logs, [])
    left = logs.project(logs.target)
    total = float(np.linalg.norm(left))
    if total < 1e-9 * float(np.linalg.norm(logs.target) + 1):
        return found
    features, table = tabulate(logs)
    if not features:
        return found
    unit = (left / total).astype(np.float32)
    for chosen in choose(logs, features, table, unit):
        found += complete(logs, chosen)
    found.sort(key=lambda one: one.nats)
    for fitted in [one for one in found if one.form.inner > 1][:SWAPPED]:
        for chosen in exchange(logs, fitted, features, table, unit):
            found += complete(logs, chosen)
    found.sort(key=lambda one: one.nats)
    for fitted in found[:VARIED]:
        found += vary_powers(logs, fitted)
    return sorted(found, key=lambda one: one.nats)
