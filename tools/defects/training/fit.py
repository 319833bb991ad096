"""Fits the covariance's strengths and reaches by maximum marginal likelihood, with torch."""

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from tools.defects.kernel import PER_KIND, SCALARS, Features, Layout, Parameters, covariance, noise

STEPS: Final = 55
RATE: Final = 0.1
LAST: Final = 0.6  # of the steps at full rate, then a third of it
SPREAD: Final = 0.2  # of the logarithms of the starting values, between seeds
BOUNDS: Final = (-6.0, 5.0)  # of the logarithms
JITTER: Final = 1e-6


@dataclass(frozen=True)
class Fit:
    parameters: Parameters
    evidence: float
    """Negative log marginal likelihood, lower is better."""


def fit_parameters(
    trained: Features,
    defects: NDArray[np.float32],
    target: NDArray[np.float64],
    layout: Layout,
    *,
    seed: int,
    start: Parameters,
) -> Fit:
    """`start` overrides where the search begins; `target` in eV."""
    torch.manual_seed(seed)
    torch.set_flush_denormal(True)
    logs = _start(trained.shares.shape[1], start)
    given, where = _tensors(trained), _tensors(layout)
    number, wanted = torch.tensor(defects), torch.tensor(target - target.mean())
    optimiser = torch.optim.Adam(list(logs.values()), lr=RATE)
    loss = torch.tensor(0.0)
    for step in range(STEPS):
        optimiser.param_groups[0]["lr"] = RATE if step < LAST * STEPS else RATE / 3
        optimiser.zero_grad()
        loss = _evidence(given, number, wanted, where, {name: log.exp() for name, log in logs.items()})
        loss = loss + sum((logs[name] ** 2).sum() for name in PER_KIND) / 2
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimiser.step()
        for log in logs.values():
            log.data.clamp_(*BOUNDS)
    return Fit({name: log.detach().exp().numpy() for name, log in logs.items()}, float(loss))


def solve(
    trained: Features,
    defects: NDArray[np.float32],
    target: NDArray[np.float64],
    layout: Layout,
    p: Parameters,
    *,
    extra: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The dual weights of the training structures; `extra` is their noise beside the usual, eV."""
    from scipy.linalg import cho_factor, cho_solve

    own = covariance(trained, trained, layout, p, np).astype(np.float64)
    own[np.diag_indices_from(own)] += noise(defects, p) + extra**2 + JITTER
    return np.asarray(cho_solve(cho_factor(own, overwrite_a=True), target))


def _start(kinds: int, start: Parameters) -> dict[str, torch.Tensor]:
    values: Parameters = {name: np.float32(value) for name, value in SCALARS.items()}
    values |= {name: np.ones(kinds, np.float32) for name in PER_KIND} | start
    logs = {name: torch.log(torch.tensor(value, dtype=torch.float32)) for name, value in values.items()}
    return {name: (log + SPREAD * torch.randn_like(log)).requires_grad_() for name, log in logs.items()}


def _tensors(arrays: Any) -> Any:  # noqa: ANN401 Features or Layout, and the same back
    return type(arrays)(**{field.name: _tensor(getattr(arrays, field.name)) for field in fields(arrays)})


def _tensor(array: Any) -> torch.Tensor:  # noqa: ANN401 dense or sparse
    return torch.tensor(array.toarray() if hasattr(array, "toarray") else array)


def _evidence(
    given: Features, number: torch.Tensor, wanted: torch.Tensor, where: Layout, p: Parameters
) -> torch.Tensor:
    own = covariance(given, given, where, p, torch).double()
    own = own + torch.diag(noise(number, p).double() + JITTER)
    factor = torch.linalg.cholesky(own)
    weights = torch.cholesky_solve(wanted[:, None], factor)[:, 0]
    loss: torch.Tensor = wanted @ weights / 2 + factor.diagonal().log().sum()
    return loss
