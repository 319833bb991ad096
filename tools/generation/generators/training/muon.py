"""Muon: momentum whose singular values are all brought near one (Jordan et al. 2024).

As published at kellerjordan.github.io/posts/muon, in float32: PyTorch's own works in bfloat16, which
takes three times as long on a processor without it.
"""

from collections.abc import Iterable
from typing import Any, Final

import torch
from torch import Tensor

STEPS: Final = 5
FIRST, THIRD, FIFTH = 3.4445, -4.775, 2.0315


class Muon(torch.optim.Optimizer):
    def __init__(self, matrices: Iterable[Tensor], rate: float, momentum: float, decay: float) -> None:
        super().__init__(matrices, {"lr": rate, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:  # noqa: ANN401, ARG002 - the base class's signature
        for group in self.param_groups:
            for matrix in group["params"]:
                carried = self.state[matrix].setdefault("carried", torch.zeros_like(matrix))
                carried.lerp_(matrix.grad, 1 - group["momentum"])
                ahead = matrix.grad.lerp(carried, group["momentum"])
                taller = max(1.0, matrix.shape[0] / matrix.shape[1]) ** 0.5
                matrix.mul_(1 - group["lr"] * group["decay"])
                matrix.add_(orthogonal(ahead), alpha=-group["lr"] * taller)


def orthogonal(matrix: Tensor) -> Any:  # noqa: ANN401 - a tensor; PyTorch types its transpose loosely
    """The nearest matrix of orthonormal rows or columns, roughly: five steps of Newton and Schulz."""
    tall = matrix.shape[0] > matrix.shape[1]
    found = matrix.mT if tall else matrix
    found = found / (found.norm() + 1e-7)
    for _ in range(STEPS):
        square = found @ found.mT
        found = FIRST * found + (THIRD * square + FIFTH * square @ square) @ found
    return found.mT if tall else found
