"""Tries representations on one target: errors by cross-validation, with intervals; and which is enough."""

from collections.abc import Callable, Sequence
from time import monotonic, process_time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.descriptors.choosing.learners import LEARNERS, Learner, pick
from tools.descriptors.choosing.representations import REPRESENTATIONS, FeatureRepresentation
from tools.descriptors.choosing.schema import RepresentationChoice, RepresentationTrial, SkippedRepresentation
from tools.descriptors.choosing.table import Data
from tools.descriptors.contract import Floats
from tools.descriptors.errors import DescriptorError
from tools.errors import ToolError

FOLDS: Final = 5
FEWEST: Final = 20  # rows
DRAWS: Final = 400  # of the resampled rows
SOME: Final = 8  # rows that foretell how long all take
INSIDE: Final = {"E(3)": {"SE(3)", "O(3)", "SO(3)", "T(3)"}, "SE(3)": {"SO(3)", "T(3)"}, "O(3)": {"SO(3)"}}
"""Groups, and those that they contain."""

NEEDED: Final = """transform needed
  in   r : position[N,3] angstrom
       Z : species[N]
       a : lattice[3,3] angstrom
  out  x : scalar
  invariant under {}
"""

Folds = Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]]
"""Rows that train and rows that test."""
Losses = Callable[[Floats, Floats], float]


def choose(
    data: Data,
    invariances: Sequence[str] = (),
    *,
    folds: Folds | None = None,
    seed: int = 0,
    watch: Callable[[str], None] | None = None,
    among: Sequence[str] | None = None,
    seconds: float | None = None,
) -> RepresentationChoice:
    """Return the trials, best first; those that `seconds` leave no time for are left out.

    Raises DescriptorError where nothing can be tried.
    """
    if len(data.target) < FEWEST:
        raise DescriptorError(f"{len(data.target)} rows: at least {FEWEST} are needed to tell errors apart")
    parts = folds or split(len(data.target), seed)
    invariances = [read_group(text) for text in invariances]
    fitting, left_out = _fitting(data, invariances, among)
    measure = roc_loss if data.is_binary else mean_error
    trials: list[RepresentationTrial] = []
    guesses: list[Floats] = []
    end, rates = None if seconds is None else monotonic() + seconds, [0.0]
    for one in fitting:
        if watch:
            watch(one.title)
        try:
            if end is not None:
                _refuse_slow(one, data, end, float(np.median(rates)))
            start = monotonic()
            trial, guess = _try(one, data, parts, seed, measure)
        except ToolError as error:
            left_out.append(SkippedRepresentation(representation=one.name, reason=str(error)))
        else:
            trials.append(trial)
            guesses.append(guess)
            rates.append((monotonic() - start) / trial.numbers)
    if not trials:
        told = "; ".join(f"{one.representation}: {one.reason}" for one in left_out)
        raise DescriptorError(f"no representation could be tried: {told}")
    tested = np.concatenate([test for _, test in parts])
    enough = _enough(guesses, data.target, tested, measure, seed)
    judged = [trial.model_copy(update={"enough": good}) for trial, good in zip(trials, enough, strict=True)]
    judged.sort(key=lambda trial: trial.error)
    return RepresentationChoice(
        target=data.name,
        unit="" if data.is_binary else data.unit,
        measure="1 − ROC-AUC" if data.is_binary else "mean absolute error",
        rows=len(data.target),
        floor=_floor(data, parts, measure),
        invariances=list(invariances),
        trials=judged,
        left_out=left_out,
        enough=min((t for t in judged if t.enough), key=lambda t: (t.numbers, t.error)).representation,
        notes=data.notes,
    )


def split(rows: int, seed: int) -> Folds:
    """Return five folds of shuffled rows."""
    order = np.random.default_rng(seed).permutation(rows)
    parts = np.array_split(order, FOLDS)
    return [(np.concatenate([p for j, p in enumerate(parts) if j != k]), parts[k]) for k in range(FOLDS)]


def mean_error(guess: Floats, truth: Floats) -> float:
    return float(np.abs(guess - truth).mean())


def roc_loss(guess: Floats, truth: Floats) -> float:
    """Return 1 − ROC-AUC, ties counted half; a half where all are alike."""
    from scipy.stats import rankdata

    good = truth > truth.mean()
    count, others = int(good.sum()), int((~good).sum())
    if not count or not others:
        return 0.5
    area = (rankdata(guess)[good].sum() - count * (count + 1) / 2) / (count * others)
    return float(1 - area)


def read_group(text: str) -> str:
    """Return a symmetry as the language writes it. Raises DescriptorError."""
    from tools.representation.errors import BadSpec
    from tools.representation.reading import read_text

    try:
        given = read_text(NEEDED.format(" ".join(text.split())[:60]))
    except BadSpec as error:
        raise DescriptorError(str(error).partition(": ")[2]) from None
    return given.transform.symmetries[0].text


def keeps(one: FeatureRepresentation, group: str) -> bool:
    """Return whether a representation is invariant under a group, or under one that contains it."""
    held = {s.text for s in one.transform.symmetries if s.relation == "invariant"}
    return group in held or any(group in INSIDE.get(text, ()) for text in held) or _is_moot(one, group)


def _is_moot(one: FeatureRepresentation, group: str) -> bool:
    """A composition is the same wherever the atoms stand."""
    return not one.of_structures and not group.startswith(("permutation", "scaling", "dimensions"))


def _fitting(
    data: Data, invariances: Sequence[str], among: Sequence[str] | None
) -> tuple[list[FeatureRepresentation], list[SkippedRepresentation]]:
    fitting, left_out = [], []
    for one in REPRESENTATIONS:
        missing = [group for group in invariances if not keeps(one, group)]
        if among is not None and one.name not in among:
            continue
        if one.of_structures and data.things.structures is None:
            continue
        if one.of_structures and not (one.of_crystals if data.things.periodic else one.of_molecules):
            kind = "crystals" if data.things.periodic else "molecules"
            left_out.append(SkippedRepresentation(representation=one.name, reason=f"is not for {kind}"))
        elif missing:
            left_out.append(
                SkippedRepresentation(
                    representation=one.name, reason=f"is not invariant under {', '.join(missing)}"
                )
            )
        else:
            fitting.append(one)
    return fitting, left_out


def _refuse_slow(one: FeatureRepresentation, data: Data, end: float, rate: float) -> None:
    """Raise DescriptorError where time runs out, by the time that a few rows take.

    `rate` is what a number took so far, in seconds.
    """
    one.describe(data.things.take([0]))  # tables are read at the first use
    some = data.things.take(range(0, len(data.target), max(1, len(data.target) // SOME)))
    start = monotonic()
    numbers = one.describe(some).shape[1]
    needed = (monotonic() - start) / len(some.compositions) * len(data.target) + rate * numbers
    left = max(0.0, end - monotonic())
    if needed > left:
        raise DescriptorError(f"needs about {needed:.0f} s where {left:.0f} s are left")


def _try(
    one: FeatureRepresentation, data: Data, folds: Folds, seed: int, measure: Losses
) -> tuple[RepresentationTrial, Floats]:
    start = process_time()
    rows = np.nan_to_num(np.asarray(one.describe(data.things), dtype=np.float64))  # what nobody measured
    described = process_time()
    guess, names = np.full(len(data.target), np.nan), []
    for train, test in folds:
        learner: Learner = pick(LEARNERS, rows[train], data.target[train], seed, measure)
        guess[test] = learner.fit(rows[train], data.target[train], seed)(rows[test])
        names.append(learner.name)
    learned = process_time()
    tested = np.concatenate([test for _, test in folds])
    low, high = _interval(guess[tested], data.target[tested], measure, seed)
    return RepresentationTrial(
        representation=one.name,
        title=one.title,
        learner=max(set(names), key=names.count),
        numbers=rows.shape[1],
        error=float(np.mean([measure(guess[test], data.target[test]) for _, test in folds])),
        low=low,
        high=high,
        folds=[measure(guess[test], data.target[test]) for _, test in folds],
        describing=1000 * (described - start) / len(rows),
        learning=learned - described,
        loses=one.loses,
        source=one.source,
        enough=False,
    ), guess


def _interval(guess: Floats, truth: Floats, measure: Losses, seed: int) -> tuple[float, float]:
    generator = np.random.default_rng(seed)
    drawn = (generator.integers(len(truth), size=len(truth)) for _ in range(DRAWS))
    low, high = np.quantile([measure(guess[rows], truth[rows]) for rows in drawn], [0.025, 0.975])
    return float(low), float(high)


def _enough(
    guesses: Sequence[Floats], truth: Floats, tested: NDArray[np.int64], measure: Losses, seed: int
) -> list[bool]:
    """Return for each whether the best is ahead of it in less than 97.5 % of the resampled rows."""
    whole = [measure(guess[tested], truth[tested]) for guess in guesses]
    best = guesses[int(np.argmin(whole))]
    generator = np.random.default_rng(seed)
    ahead = np.zeros((DRAWS, len(guesses)))
    for draw in range(DRAWS):
        rows = tested[generator.integers(len(tested), size=len(tested))]
        ahead[draw] = [
            measure(guess[rows], truth[rows]) - measure(best[rows], truth[rows]) for guess in guesses
        ]
    return [bool(low <= 0) for low in np.quantile(ahead, 0.025, axis=0)]


def _floor(data: Data, folds: Folds, measure: Losses) -> float:
    losses = [
        measure(np.full(len(test), np.median(data.target[train])), data.target[test]) for train, test in folds
    ]
    return float(np.mean(losses))
