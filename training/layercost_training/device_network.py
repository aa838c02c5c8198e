"""A latency network conditioned on a device: pre-trained on source devices, adapted to a new one from a few measurements.

t(x, d) = head(g(x), v(d)): g is our encoder's vector of the graph, v(d) = F · facts(d) + e(d) the device's, with e(d) learned. A new
device starts at v = F · facts(d) + the sources' mean e; v alone is then fitted to its measured cells and held near the start.
Sources: conditioning on a learned device vector as in NASFLAT (Akhauri & Abdelfattah, 2024) and HELP (Lee et al., 2021).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .network import NetworkShape, Predictor
from .optimise import minimise, shuffled_batches
from .space import Space, embeddings

DEVICE_WIDTH = 16
HIDDEN = 64
STEPS = 1500
BATCH = 64
RATE = 3e-3
EMBEDDING_WEIGHT = 1e-3
"""Of |e|²: keeps what the facts can say out of the embedding."""
ADAPTING_STEPS = 150
ADAPTING_RATE = 0.05


class DeviceNetwork(nn.Module):
    def __init__(self, shape: NetworkShape, facts: Tensor) -> None:
        """`facts` [source devices, facts]."""
        super().__init__()
        self.encoder = Predictor(shape)
        self.of_facts = nn.Linear(facts.shape[1], DEVICE_WIDTH, bias=False)
        self.embedding = nn.Parameter(torch.randn(len(facts), DEVICE_WIDTH) * 0.3)
        self.of_graph = nn.Linear(shape.width, HIDDEN)
        self.of_device = nn.Linear(DEVICE_WIDTH, 2 * HIDDEN)
        self.out = nn.Linear(HIDDEN, 1)
        self.register_buffer("facts", facts)

    def source_vectors(self) -> Tensor:
        """[source devices, DEVICE_WIDTH]."""
        return self.of_facts(self.facts) + self.embedding

    def start_vector(self, facts: Tensor) -> Tensor:
        """Of a device that no cell was measured on yet."""
        return (self.of_facts(facts) + self.embedding.mean(0)).detach()

    def latency(self, graph_vectors: Tensor, device_vectors: Tensor) -> Tensor:
        """[graphs, devices], in units of the device's mean latency."""
        scale, shift = self.of_device(device_vectors).chunk(2, dim=-1)
        hidden = self.of_graph(graph_vectors)[:, None] * (1 + scale) + shift
        return self.out(F.gelu(hidden))[..., 0]


@dataclass(frozen=True)
class SourceMeasurements:
    """`scaled` [cells, source devices]: latency over the device's mean, NaN where not measured; `rows`: cells that any has."""

    rows: np.ndarray
    scaled: np.ndarray
    facts: np.ndarray


def train_device_network(space: Space, sources: SourceMeasurements, seed: int, steps: int = STEPS) -> DeviceNetwork:
    """Every source device counts the same: errors are divided by the spread of its latencies."""
    torch.manual_seed(seed)
    shape = NetworkShape(len(space.export.vocabulary), width=32, layers=2, hidden_factor=2, dropout=0.0, readout="mean")
    network = DeviceNetwork(shape, torch.tensor(sources.facts, dtype=torch.float32))
    measured = torch.tensor(sources.scaled[sources.rows], dtype=torch.float32)
    spread = torch.tensor(np.nanstd(sources.scaled[sources.rows], axis=0), dtype=torch.float32)
    graph_rows = torch.tensor(space.graph_of_cell[sources.rows])
    batches = shuffled_batches(len(sources.rows), BATCH, seed)

    def loss() -> Tensor:
        rows = next(batches)
        predicted = network.latency(network.encoder.embed(space.tensors.rows(graph_rows[rows])), network.source_vectors())
        known = ~measured[rows].isnan()
        errors = ((predicted - measured[rows].nan_to_num()) / spread)[known]
        return F.smooth_l1_loss(errors, torch.zeros_like(errors), beta=0.3) + EMBEDDING_WEIGHT * network.embedding.pow(2).mean()

    minimise([network], [RATE], steps, loss, weight_decay=0.01, average_decay=0.99)
    return network


def graph_vectors(network: DeviceNetwork, space: Space) -> Tensor:
    """[cells, width]."""
    return embeddings(network.encoder, space)[torch.tensor(space.graph_of_cell)]


def adapted_latency(
    network: DeviceNetwork, vectors: Tensor, measured: np.ndarray, latency_ms: np.ndarray, facts: np.ndarray, hold: float
) -> np.ndarray:
    """ms of every cell, from `latency_ms` of the cells `measured`. `hold` is the weight of the squared way from the start."""
    start = network.start_vector(torch.tensor(facts, dtype=torch.float32))
    device = start.clone().requires_grad_(True)
    seen, values = vectors[torch.tensor(measured)], torch.tensor(latency_ms, dtype=torch.float32)
    with torch.no_grad():
        expected = network.latency(seen, start[None])[:, 0]
        scale_ms = float((values @ expected) / (expected @ expected))
    log_scale = torch.zeros((), requires_grad=True)
    optimiser = torch.optim.Adam([device, log_scale], ADAPTING_RATE)
    for _ in range(ADAPTING_STEPS):
        predicted = network.latency(seen, device[None])[:, 0] * log_scale.exp()
        loss = (predicted - values / scale_ms).pow(2).mean() + hold * (device - start).pow(2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        return (network.latency(vectors, device[None])[:, 0] * log_scale.exp() * scale_ms).double().numpy()
