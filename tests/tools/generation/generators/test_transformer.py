"""The numpy transformer against the PyTorch one that is trained."""

import numpy as np
import pytest

from tools.generation.generators.card import TransformerShape
from tools.generation.generators.transformer import Transformer, weight_shapes

SHAPE = TransformerShape(vocabulary=11, width=24, layers=2, heads=3, length=9)


def weights(seed: int = 0) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    return {name: draw.normal(0, 0.2, size).astype(np.float32) for name, size in weight_shapes(SHAPE).items()}


def test_logits_are_those_of_pytorch() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch comes with the extra generation-train")
    from tools.generation.generators.training.network import TransformerNetwork

    network, found = TransformerNetwork(SHAPE), weights()
    network.load_state_dict({name: torch.from_numpy(matrix) for name, matrix in found.items()})
    tokens = np.random.default_rng(1).integers(0, SHAPE.vocabulary, (4, SHAPE.length))
    theirs = network(torch.from_numpy(tokens)).detach().numpy()
    model = Transformer(SHAPE, found)
    cache = model.cache(4)
    ours = np.stack([model.step(column, cache) for column in tokens.T], axis=1)
    assert np.abs(theirs).max() > 0.1
    np.testing.assert_allclose(ours, theirs, atol=2e-5)


def test_sequences_that_leave_do_not_change_those_that_stay() -> None:
    model = Transformer(SHAPE, weights())
    tokens = np.random.default_rng(2).integers(0, SHAPE.vocabulary, (5, 6))
    whole, some = model.cache(5), model.cache(5)
    for at in range(3):
        model.step(tokens[:, at], whole)
        model.step(tokens[:, at], some)
    stay = np.array([1, 4])
    some.keep(stay)
    np.testing.assert_allclose(
        model.step(tokens[stay, 3], some), model.step(tokens[:, 3], whole)[stay], atol=1e-5
    )
