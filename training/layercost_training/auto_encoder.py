"""Pre-training without labels after arch2vec: a variational auto-encoder of cells of one space or several, and what it reads back.

train_auto_encoder(encoder, [all_graphs(space)], seed=0) -> AutoEncoder; graph_draws.py draws from it.
A node's state gives a distribution in 16 dimensions; operations are read back by a linear layer and an edge i -> j (i before j)
by σ(z_i · z_j). Source: arch2vec (Yan et al., NeurIPS 2020), section 3; settings as in its released code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .isomorphism import IsomorphismEncoder
from .network import Predictor
from .optimise import shuffled_batches
from .relations import GraphTensors, joined_graphs
from .space import Space, graph_batches

LATENT = 16
STEPS = 4_400
"""Ten passes over the 14,062 cells that training sees of NAS-Bench-201."""
BATCH = 32
RATE = 1e-3
KL_WEIGHT = 5e-3
KINDS = 7
"""Operations of a NAS-Bench-201 cell, input and output among them; the vocabulary's others say nothing there."""
CLIP = 5.0


class AutoEncoder(nn.Module):
    """`encoder` is a GIN, or our Predictor without its head."""

    def __init__(self, encoder: IsomorphismEncoder | Predictor, vocabulary: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.mean = nn.Linear(encoder.width, LATENT)
        self.log_variance = nn.Linear(encoder.width, LATENT)
        self.operations = nn.Linear(LATENT, vocabulary)

    def encode(self, graphs: GraphTensors) -> tuple[Tensor, Tensor]:
        """(mean, logarithm of the variance), each [graphs, nodes, LATENT]."""
        hidden = self.encoder.node_states(graphs)
        return self.mean(hidden), self.log_variance(hidden)

    def decode(self, latent: Tensor) -> tuple[Tensor, Tensor]:
        """(logits of operations [graphs, nodes, vocabulary], logits of edges [graphs, nodes, nodes])."""
        return self.operations(latent), latent @ latent.transpose(-1, -2)

    def loss(self, batches: Sequence[GraphTensors]) -> Tensor:
        """Mean over batches, each of one space, which are encoded as one; one latent is drawn a node."""
        graphs = joined_graphs(batches)
        mean, log_variance = self.encode(graphs)
        operations, edges = self.decode(mean + torch.randn_like(mean) * (0.5 * log_variance).exp())
        losses, first = [], 0
        for batch in batches:
            own = slice(first, first + len(batch))
            read = graphs.rows(own)
            losses.append(self.loss_of_reading(read, mean[own], log_variance[own], operations[own], edges[own]))
            first += len(batch)
        return torch.stack(losses).mean()

    def loss_of_reading(
        self, graphs: GraphTensors, mean: Tensor, log_variance: Tensor, operations: Tensor, edges: Tensor
    ) -> Tensor:
        """Cross-entropies of operations and edges, and a small divergence from the standard normal."""
        there, pairs = graphs.present, ordered_pairs(graphs.present)
        wanted = F.one_hot(graphs.operations[there], operations.shape[-1]).float()
        divergence = (mean.pow(2) + log_variance.exp() - 1 - log_variance).sum(-1)[there].mean() / 2
        return (
            F.binary_cross_entropy_with_logits(operations[there], wanted, reduction="sum") / (KINDS * int(there.sum()))
            + F.binary_cross_entropy_with_logits(edges[pairs], graphs.adjacency[pairs])
            + KL_WEIGHT * divergence
        )


def ordered_pairs(present: Tensor) -> Tensor:
    """[graphs, nodes, nodes] bool: i before j, both there. Nodes stand in topological order, so no other edge can be."""
    nodes = present.shape[1]
    before = torch.ones(nodes, nodes, dtype=torch.bool).triu(1)
    return present[:, :, None] & present[:, None, :] & before


Sample = tuple[Space, Tensor]
"""Rows of the graphs of a space."""


def all_graphs(space: Space) -> Sample:
    return space, torch.arange(len(space.tensors))


def train_auto_encoder(
    encoder: IsomorphismEncoder | Predictor, samples: Sequence[Sample], seed: int, steps: int = STEPS
) -> AutoEncoder:
    """On these graphs, in each step as many of each space; no label is read. Left in evaluation mode."""
    torch.manual_seed(seed)
    network = AutoEncoder(encoder, len(samples[0][0].export.vocabulary))
    optimiser = torch.optim.Adam(network.parameters(), RATE)
    network.train()
    batches = [shuffled_batches(len(rows), BATCH, seed) for _, rows in samples]
    for _ in range(steps):
        loss = network.loss([space.tensors.rows(rows[next(own)]) for (space, rows), own in zip(samples, batches)])
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), CLIP)
        optimiser.step()
    return network.eval()


@torch.no_grad()
def latent_means(network: AutoEncoder, space: Space) -> Tensor:
    """[graphs, nodes, LATENT] of all graphs; zeros for padding."""
    network.eval()
    return torch.cat([network.encode(graphs)[0] * graphs.present[..., None] for graphs in graph_batches(space)])


@dataclass(frozen=True)
class Reconstruction:
    """Shares of what is read back right from the mean latent."""

    operations: float
    edges: float
    whole_graphs: float


@torch.no_grad()
def reconstruction(network: AutoEncoder, graphs: GraphTensors) -> Reconstruction:
    operations, edges = network.decode(network.encode(graphs)[0])
    there, pairs = graphs.present, ordered_pairs(graphs.present)
    right = operations.argmax(-1) == graphs.operations
    joined = (edges > 0) == (graphs.adjacency > 0)
    whole = (right | ~there).all(1) & (joined | ~pairs).flatten(1).all(1)
    return Reconstruction(*(float(part.float().mean()) for part in (right[there], joined[pairs], whole)))


def cell_embeddings(network: AutoEncoder, space: Space) -> list[np.ndarray]:
    """Two ways to make one vector of a cell's latents: their mean over nodes, and all places side by side. [cells, features]."""
    means = latent_means(network, space)
    mean = means.sum(1) / space.tensors.present.sum(1, keepdim=True)
    return [found.numpy()[space.graph_of_cell] for found in (mean, means.flatten(1))]
