"""The baselines' networks: two outputs a graph, energy and gap, in units of their spread.

sparse-megnet  matgl's MEGNet blocks on the graph of defects
megnet         matgl's MEGNet on all atoms
m3gnet         matgl's M3GNet on all atoms: angles between bonds, the nearest to GemNet that a
               maintained library gives for periodic structures
schnet         PyTorch Geometric's SchNet on all atoms, given the periodic pairs
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final

import torch
from matgl.layers import (  # type: ignore[attr-defined]  # exported without __all__
    MLP,
    BondExpansion,
    MEGNetBlock,
)
from matgl.models import M3GNet, MEGNet
from torch import Tensor, nn
from torch_geometric.nn.models import SchNet  # type: ignore[import-untyped]  # it ships none

from bench.defects.graphs import ELEMENTS, Graph, atom_graph, sparse_graph
from tools.defects.configuration import KINDS, Configuration
from tools.defects.graph import ELEMENT_NUMBERS

OUTPUTS: Final = 2
CUTOFF: Final = 4.0  # Å, matgl's default for MEGNet
NUMBERS: Final = sorted({ELEMENT_NUMBERS[b] * 100 + ELEMENT_NUMBERS[a] for _, b, a in KINDS})


class FullMEGNet(nn.Module):
    """On all atoms."""

    def __init__(self) -> None:
        super().__init__()
        self.net = MEGNet(element_types=ELEMENTS, dim_state_embedding=len(ELEMENTS), cutoff=CUTOFF)
        last: Any = MLP([5 * 32, 32, 16, OUTPUTS], nn.Softplus(), activate_last=False)
        self.net.output_proj = last

    def forward(self, graph: SimpleNamespace) -> Tensor:
        predicted: Tensor = self.net(graph, graph.state).view(-1, OUTPUTS)
        return predicted


class SparseMEGNet(nn.Module):
    """The same blocks on the graph of defects: kinds as nodes, distance and |Δz| as edges."""

    def __init__(self, width: int = 32, blocks: int = 3) -> None:
        super().__init__()
        act = nn.Softplus()
        self.kinds = nn.Embedding(len(NUMBERS), width)
        self.distance = BondExpansion(rbf_type="Gaussian", initial=0.0, final=15.0, num_centers=60, width=0.5)
        self.edge = MLP([61, 64, width], act, activate_last=True)
        self.state = MLP([len(ELEMENTS), 64, width], act, activate_last=True)
        sizes = [[width], *[[width, 64, width]] * (blocks - 1)]
        self.blocks = nn.ModuleList(MEGNetBlock(dims=s, conv_hiddens=[64, 64, width], act=act) for s in sizes)
        self.out = MLP([2 * width, 32, 16, OUTPUTS], act, activate_last=False)

    def forward(self, graph: SimpleNamespace) -> Tensor:
        edges, batch, many = graph.edge_index, graph.batch, graph.num_graphs
        node = self.kinds(torch.searchsorted(torch.tensor(NUMBERS), graph.node_type))
        distance = graph.pbc_offshift[:, 0]
        edge = self.edge(torch.cat([self.distance(distance), graph.extra], -1))
        state, of_edge = self.state(graph.state), batch[edges[0]]
        for block in self.blocks:
            edge, node, state = block(edges, edge, node, state, batch, of_edge, len(batch), many)
            state = state.view(many, -1)
        count = torch.bincount(batch, minlength=many).clamp(min=1)[:, None]
        mean = torch.zeros(many, node.shape[1]).index_add(0, batch, node) / count
        predicted: Tensor = self.out(torch.cat([mean, state], -1))
        return predicted


class FullM3GNet(nn.Module):
    """Smaller than matgl's default: cutoff 4 Å (three bodies 3.5 Å), 32 units, two blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.net = M3GNet(
            element_types=ELEMENTS, dim_node_embedding=32, dim_edge_embedding=32, units=32, nblocks=2,
            cutoff=CUTOFF, threebody_cutoff=3.5, ntargets=OUTPUTS,
        )  # fmt: skip

    def forward(self, graph: SimpleNamespace) -> Tensor:
        predicted: Tensor = self.net(graph).view(-1, OUTPUTS)
        return predicted


class FullSchNet(nn.Module):
    """64 channels, three interactions, cutoff 4 Å."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: tuple[Tensor, Tensor] = (torch.empty(0), torch.empty(0))
        self.net = SchNet(
            hidden_channels=64, num_filters=64, num_interactions=3, cutoff=CUTOFF, readout="mean",
            interaction_graph=lambda *_: self.pairs,
        )  # fmt: skip
        self.net.lin2 = nn.Linear(32, OUTPUTS)

    def forward(self, graph: SimpleNamespace) -> Tensor:
        first, second = graph.edge_index
        apart = graph.pos[second] + graph.pbc_offshift - graph.pos[first]
        self.pairs = (graph.edge_index, apart.norm(dim=-1))
        predicted: Tensor = self.net(graph.node_type, graph.pos, graph.batch)
        return predicted


def full_graph(configuration: Configuration) -> Graph:
    return atom_graph(configuration, CUTOFF)


NETWORKS: Final[dict[str, tuple[type[Any], Callable[[Configuration], Graph]]]] = {
    "sparse-megnet": (SparseMEGNet, sparse_graph),
    "megnet": (FullMEGNet, full_graph),
    "m3gnet": (FullM3GNet, full_graph),
    "schnet": (FullSchNet, full_graph),
}
