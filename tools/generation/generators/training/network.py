"""The transformer of `tools.generation.generators.transformer`, in PyTorch, to be trained.

Before each block the stream is divided by its root mean square; queries and keys too (Henry et al.,
arXiv 2010.04245); positions are rotations (Su et al., arXiv 2104.09864); the gate is a squared rectifier
(So et al., arXiv 2109.08668). No biases. Weight names and shapes are those of the checkpoint.

Its matrices are stepped by Muon: momentum whose singular values are all brought near one (Jordan et al.
2024), as published at kellerjordan.github.io/posts/muon, in float32: PyTorch's own works in bfloat16, which
takes three times as long on a processor without it.
"""

from collections.abc import Iterable
from typing import Any, Final

import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own name for it
from torch import Tensor, nn

from tools.generation.generators.card import TransformerShape
from tools.generation.generators.transformer import rotations


class TransformerBlock(nn.Module):
    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.mix = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.up = nn.Linear(width, 4 * width, bias=False)
        self.down = nn.Linear(4 * width, width, bias=False)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.down.weight)

    def forward(self, stream: Tensor, turn: tuple[Tensor, Tensor], keep: float) -> Tensor:
        stream = stream + thin(self.attend(norm(stream), turn), keep)
        gate = F.relu(self.up(norm(stream))).square()
        return stream + thin(self.down(gate), keep)

    def attend(self, stream: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
        batch, length, width = stream.shape
        mixed = self.mix(stream).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = (part.transpose(1, 2) for part in mixed.unbind(2))
        seen = F.scaled_dot_product_attention(
            rotate(norm(query), turn), rotate(norm(key), turn), value, is_causal=True
        )
        mixed_in: Tensor = self.out(seen.transpose(1, 2).reshape(batch, length, width))
        return mixed_in


class TransformerNetwork(nn.Module):
    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.shape = shape
        self.embed = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(TransformerBlock(shape) for _ in range(shape.layers))
        self.head = nn.Linear(shape.width, shape.vocabulary, bias=False)
        nn.init.normal_(self.embed.weight, std=0.5)
        nn.init.zeros_(self.head.weight)
        self.turns = [torch.from_numpy(part) for part in rotations(shape.length, shape.width // shape.heads)]

    def forward(self, tokens: Tensor, keep: float = 1.0) -> Tensor:
        """Logits, (batch, length, vocabulary), of tokens (batch, length); `keep` is 1 - dropout."""
        length = tokens.shape[1]
        turn = (self.turns[0][:length], self.turns[1][:length])
        stream = thin(norm(self.embed(tokens)), keep)
        for block in self.blocks:
            stream = block(stream, turn, keep)
        logits: Tensor = self.head(norm(stream))
        return logits


def norm(stream: Tensor) -> Tensor:
    return F.rms_norm(stream, (stream.shape[-1],), eps=1e-6)


def rotate(heads: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    first, second = heads.chunk(2, dim=-1)
    cosine, sine = turn
    return torch.cat((first * cosine - second * sine, first * sine + second * cosine), dim=-1)


def thin(stream: Tensor, keep: float) -> Tensor:
    """Dropout of whole channels of a sequence: drawing a mask for every token costs more than a layer."""
    if keep == 1.0:
        return stream
    mask = torch.rand(stream.shape[0], 1, stream.shape[2]) < keep
    return stream * (mask / keep)


def arrays(network: nn.Module) -> dict[str, Any]:
    """Weights by name, as float32 numpy arrays."""
    return {name: value.detach().numpy().copy() for name, value in network.state_dict().items()}


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
