"""Pre-training without labels after arch2vec: a variational auto-encoder of cells, and how well it encodes and draws them.

python -m layercost_training.auto_encoder --features features.jsonl --out auto_encoder.json
A node's state gives a distribution in 16 dimensions; operations are read back by a linear layer and an edge i -> j (i before j)
by σ(z_i · z_j). Source: arch2vec (Yan et al., NeurIPS 2020), section 3; settings as in its released code.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .features import Graph, read_export
from .isomorphism import IsomorphismEncoder, IsomorphismShape
from .network import Predictor
from .optimise import shuffled_batches
from .protocol import EVALUATION_SEEDS
from .relations import GraphTensors
from .space import GraphKind, Space, graph_batches, space_of

LATENT = 16
STEPS = 4_400
"""Ten passes over the 14,062 cells that training sees of NAS-Bench-201."""
BATCH = 32
RATE = 1e-3
KL_WEIGHT = 5e-3
KINDS = 7
"""Operations of a NAS-Bench-201 cell, input and output among them; the vocabulary's others say nothing here."""
CLIP = 5.0
DRAWS = 10_000
HELD_OUT_SHARE = 0.1


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

    def loss(self, graphs: GraphTensors) -> Tensor:
        """Cross-entropies of operations and edges, and a small divergence from the standard normal; one drawn latent a node."""
        mean, log_variance = self.encode(graphs)
        operations, edges = self.decode(mean + torch.randn_like(mean) * (0.5 * log_variance).exp())
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


def train_auto_encoder(
    encoder: IsomorphismEncoder | Predictor, space: Space, rows: Tensor, seed: int, steps: int = STEPS
) -> AutoEncoder:
    """On the graphs `rows`; no label is read. Left in evaluation mode."""
    torch.manual_seed(seed)
    network = AutoEncoder(encoder, len(space.export.vocabulary))
    optimiser = torch.optim.Adam(network.parameters(), RATE)
    network.train()
    batches = shuffled_batches(len(rows), BATCH, seed)
    for _ in range(steps):
        loss = network.loss(space.tensors.rows(rows[next(batches)]))
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


@torch.no_grad()
def draw_graphs(network: AutoEncoder, space: Space, number: int, seed: int) -> list[Graph]:
    """Decoded from normal latents with the mean and deviation that each place of a graph of that size has in the space.

    The number of nodes is drawn as it occurs in the space.
    """
    random = torch.Generator().manual_seed(seed)
    means, sizes = latent_means(network, space), space.tensors.present.sum(1)
    drawn = Counter(sizes[torch.randint(len(sizes), (number,), generator=random)].tolist())
    found: list[Graph] = []
    for size, count in sorted(drawn.items()):
        seen = means[sizes == size][:, :size]
        noise = torch.randn(count, size, LATENT, generator=random)
        operations, edges = network.decode(seen.mean(0) + noise * seen.std(0, correction=0))
        joined = (edges > 0).triu(1)
        for kinds, pairs in zip(operations.argmax(-1).tolist(), joined):
            found.append(Graph(tuple(kinds), tuple((source, target) for source, target in pairs.nonzero().tolist())))
    return found


def validity_and_uniqueness(drawn: list[Graph], space: Space) -> tuple[float, float]:
    """(share of draws that are a graph of the space, share of different ones among those)."""
    known = {Graph(graph.operations, tuple(sorted(graph.edges))) for graph in space.graphs}
    valid = [graph for graph in drawn if graph in known]
    return len(valid) / len(drawn), len(set(valid)) / max(1, len(valid))


def cell_embeddings(network: AutoEncoder, space: Space) -> list[np.ndarray]:
    """Two ways to make one vector of a cell's latents: their mean over nodes, and all places side by side. [cells, features]."""
    means = latent_means(network, space)
    mean = means.sum(1) / space.tensors.present.sum(1, keepdim=True)
    return [found.numpy()[space.graph_of_cell] for found in (mean, means.flatten(1))]


def assess(space: Space, seed: int) -> dict[str, float]:
    """One training on nine tenths of the graphs; reconstruction is of the others."""
    order = torch.randperm(len(space.tensors), generator=torch.Generator().manual_seed(seed))
    first = int(HELD_OUT_SHARE * len(order))
    torch.manual_seed(seed)
    encoder = IsomorphismEncoder(IsomorphismShape(len(space.export.vocabulary)))
    network = train_auto_encoder(encoder, space, order[first:], seed)
    found = reconstruction(network, space.tensors.rows(order[:first]))
    valid, unique = validity_and_uniqueness(draw_graphs(network, space, DRAWS, seed), space)
    return {**asdict(found), "valid": valid, "unique": unique}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    export = read_export(arguments.features)
    results: dict[str, list[dict[str, float]]] = {}
    kinds: tuple[GraphKind, ...] = ("full", "kept", "canonical")
    for kind in kinds:
        space = space_of(export, kind)
        results[kind] = []
        for seed in EVALUATION_SEEDS:
            results[kind].append(assess(space, seed))
            print(kind, seed, json.dumps(results[kind][-1]), flush=True)
            arguments.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
