"""Graphs of a whole search space as dense tensors, and the relations that attention may follow.

Cells have at most eight nodes, so all 15,625 of NAS-Bench-201 fit in one padded tensor; a batch is a row selection and
nothing is computed twice. A[i, j] = 1 means an edge i -> j. AᵀA joins nodes that share a parent, AAᵀ nodes that share a child.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from .features import Graph

Masks = Literal["siblings", "dense"]


@dataclass(frozen=True)
class GraphTensors:
    """Padded graphs, with global tokens as first nodes where `pack_graphs` was asked for them.

    `operations` [graphs, nodes] int64 (padding and token: 0), `adjacency` [graphs, nodes, nodes] float32 (without the tokens'
    edges), `present` [graphs, nodes] bool, `bias` [graphs, 4, nodes, nodes] float32: 0 where head k may look, else -1e9.
    """

    operations: Tensor
    adjacency: Tensor
    present: Tensor
    bias: Tensor

    def rows(self, index: Tensor | slice) -> "GraphTensors":
        return GraphTensors(self.operations[index], self.adjacency[index], self.present[index], self.bias[index])

    def __len__(self) -> int:
        return self.operations.shape[0]


def joined_graphs(batches: Sequence[GraphTensors]) -> GraphTensors:
    """One batch of several, padded to the widest."""
    if len(batches) == 1:
        return batches[0]
    width = max(batch.operations.shape[1] for batch in batches)
    padded = [widened(batch, width - batch.operations.shape[1]) for batch in batches]
    return GraphTensors(
        torch.cat([batch.operations for batch in padded]),
        torch.cat([batch.adjacency for batch in padded]),
        torch.cat([batch.present for batch in padded]),
        torch.cat([batch.bias for batch in padded]),
    )


def widened(graphs: GraphTensors, more: int) -> GraphTensors:
    bias = F.pad(graphs.bias, (0, more, 0, more), value=-1e9)
    bias.diagonal(dim1=-2, dim2=-1).zero_()
    return GraphTensors(
        F.pad(graphs.operations, (0, more)),
        F.pad(graphs.adjacency, (0, more, 0, more)),
        F.pad(graphs.present, (0, more)),
        bias,
    )


def pack_graphs(
    graphs: Sequence[Graph], token: bool = False, masks: Masks = "siblings", depth_operation: int | None = None
) -> GraphTensors:
    """Pads to the largest graph and makes all masks once.

    `masks="dense"` repeats NN-Former's released code: the token's ones enter the adjacency before the products, so that
    every two nodes share it as parent and child, and heads 3 and 4 become plain global attention. `depth_operation` adds its
    depth token as node 1: global too, and as operation `depth_operation` + the graph's nodes.
    """
    shift = int(token) + int(depth_operation is not None)
    width = max(len(graph.operations) for graph in graphs) + shift
    operations = torch.zeros(len(graphs), width, dtype=torch.int64)
    present = torch.zeros(len(graphs), width, dtype=torch.bool)
    adjacency = torch.zeros(len(graphs), width, width)
    for row, graph in enumerate(graphs):
        count = len(graph.operations) + shift
        operations[row, shift:count] = torch.tensor(graph.operations)
        present[row, :count] = True
        if depth_operation is not None:
            operations[row, shift - 1] = depth_operation + len(graph.operations)
        for source, target in graph.edges:
            adjacency[row, source + shift, target + shift] = 1.0
    relations = token_relations(adjacency, present, masks, shift) if shift > 0 else sibling_relations(adjacency, present)
    return GraphTensors(operations, adjacency, present, torch.zeros(relations.shape).masked_fill_(~relations, -1e9))


def sibling_relations(adjacency: Tensor, present: Tensor) -> Tensor:
    """[graphs, 4, nodes, nodes] bool: A, Aᵀ, AᵀA, AAᵀ, each with the node itself.

    Source: NN-Former (CVPR 2025), adjacency-sibling multihead attention. Row i lists the nodes that node i attends to.
    Padding attends to itself only, so that no softmax is empty.
    """
    reverse = adjacency.transpose(-1, -2)
    stacked = torch.stack([adjacency, reverse, reverse @ adjacency, adjacency @ reverse], dim=1) > 0
    pairs = present[:, None, :, None] & present[:, None, None, :]
    return (stacked & pairs) | torch.eye(adjacency.shape[-1], dtype=torch.bool)


def token_relations(adjacency: Tensor, present: Tensor, masks: Masks, tokens: int = 1) -> Tensor:
    """With the first nodes as global tokens: they see and are seen by all, before the products (dense) or after (siblings)."""
    if masks == "dense":
        joined = adjacency.clone()
        joined[:, :tokens, :] = present[:, None, :].float()
        joined[:, :, :tokens] = present[:, :, None].float()
        return sibling_relations(joined, present)
    relations = sibling_relations(adjacency, present)
    relations[:, :, :tokens, :] = present[:, None, None, :]
    relations[:, :, :, :tokens] = present[:, None, :, None]
    return relations
