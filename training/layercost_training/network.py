"""NN-Former's encoder on padded graphs: sibling attention and a bidirectional graph-isomorphism feed-forward.

GraphTensors -> Predictor -> [graphs, targets]. Parameters have the names and layouts of docs/predictor.md, so that a state
dictionary is the weights file. Source: NN-Former (CVPR 2025), section 3, and its released settings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .relations import GraphTensors

HEADS = 4
Readout = Literal["token", "mean", "sum"]


@dataclass(frozen=True)
class NetworkShape:
    """What decides the sizes of all weights, and which parts an ablation leaves out."""

    vocabulary: int
    width: int = 64
    layers: int = 4
    hidden_factor: int = 4
    dropout: float = 0.1
    readout: Readout = "mean"
    targets: int = 1
    uses_reverse: bool = True
    """Aᵀ in attention and feed-forward."""
    uses_siblings: bool = True
    """AᵀA and AAᵀ in attention."""

    def kept_heads(self) -> list[bool]:
        """Of the relations A, Aᵀ, AᵀA, AAᵀ; a head without its relation sees its own node only."""
        return [True, self.uses_reverse, self.uses_siblings, self.uses_siblings]


class SiblingAttention(nn.Module):
    """Head k attends within relation k (hard mask): softmax(q kᵀ / √d_h over M_k) v, then a projection."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.head_width = shape.width // HEADS
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.dropout = shape.dropout

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        graphs, nodes, width = hidden.shape
        query, key, value = self.qkv(hidden).view(graphs, nodes, 3, HEADS, self.head_width).permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-1, -2) * self.head_width**-0.5 + bias
        weights = F.dropout(scores.softmax(-1), self.dropout, self.training)
        return self.out((weights @ value).transpose(1, 2).reshape(graphs, nodes, width))


class GraphFeedForward(nn.Module):
    """W₂ ReLU(H W₁ + [A (H W_g)₁ ‖ Aᵀ (H W_g)₂]): one half gathers from successors, the other from predecessors."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        hidden = shape.hidden_factor * shape.width
        self.w1 = nn.Linear(shape.width, hidden, bias=False)
        self.wg = nn.Linear(shape.width, hidden, bias=False)
        self.w2 = nn.Linear(hidden, shape.width, bias=False)
        self.uses_reverse = shape.uses_reverse
        self.dropout = shape.dropout

    def forward(self, hidden: Tensor, adjacency: Tensor) -> Tensor:
        first, second = self.wg(hidden).chunk(2, dim=-1)
        below = adjacency.transpose(-1, -2) @ second if self.uses_reverse else torch.zeros_like(second)
        middle = F.relu(self.w1(hidden) + torch.cat([adjacency @ first, below], dim=-1))
        return self.w2(F.dropout(middle, self.dropout, self.training))


class Block(nn.Module):
    """Pre-norm: H += attention(LN H); H += feed-forward(LN H)."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(shape.width)
        self.attention = SiblingAttention(shape)
        self.norm2 = nn.LayerNorm(shape.width)
        self.ffn = GraphFeedForward(shape)

    def forward(self, hidden: Tensor, bias: Tensor, adjacency: Tensor) -> Tensor:
        hidden = hidden + self.attention(self.norm1(hidden), bias)
        return hidden + self.ffn(self.norm2(hidden), adjacency)


class Predictor(nn.Module):
    """Encoder, readout, and a head of one linear layer: [graphs, targets]."""

    def __init__(self, shape: NetworkShape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        nn.init.normal_(self.embedding.weight, std=0.5)
        if shape.readout == "token":
            self.token = nn.Parameter(torch.randn(shape.width) * 0.5)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(shape.width)
        self.head = nn.ModuleList([nn.Linear(shape.width, shape.targets)])
        self.register_buffer("closed", torch.tensor([not kept for kept in shape.kept_heads()]), persistent=False)

    @property
    def width(self) -> int:
        return self.shape.width

    def with_dropout(self, dropout: float) -> "Predictor":
        """A copy with the same weights."""
        copied = Predictor(replace(self.shape, dropout=dropout))
        copied.load_state_dict(self.state_dict())
        return copied

    def node_states(self, graphs: GraphTensors) -> Tensor:
        """[graphs, nodes, width]; states of padding mean nothing."""
        hidden = self.embedding(graphs.operations)
        if self.shape.readout == "token":
            hidden = torch.cat([self.token.expand(len(graphs), 1, -1), hidden[:, 1:]], dim=1)
        bias = graphs.bias
        if bool(self.closed.any()):
            others = ~torch.eye(bias.shape[-1], dtype=torch.bool)
            bias = bias.masked_fill(self.closed.view(1, HEADS, 1, 1) & others, -1e9)
        for block in self.blocks:
            hidden = block(hidden, bias, graphs.adjacency)
        return self.norm(hidden)

    def embed(self, graphs: GraphTensors) -> Tensor:
        """[graphs, width]: what the head reads, and the embedding kept for similarity."""
        hidden = self.node_states(graphs)
        if self.shape.readout == "token":
            return hidden[:, 0]
        total = (hidden * graphs.present[..., None]).sum(1)
        return total if self.shape.readout == "sum" else total / graphs.present.sum(1, keepdim=True)

    def forward(self, graphs: GraphTensors) -> Tensor:
        return self.head[0](self.embed(graphs))
