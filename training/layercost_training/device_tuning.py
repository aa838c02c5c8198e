"""All weights of the conditioned network fitted to a new device, from the few cells measured there, as NASFLAT does.

tuned_latency(network, space, rows, ms, facts, TUNING) -> ms of every cell. The network's scale is not learned: the loss looks at
differences of log latency alone, and the scale that fits the measured cells is put on at the end. `network` is left as it is.
Sources: fine-tuning on the target from the most correlated source's vector, with a hinge on pairs: NASFLAT (Akhauri & Abdelfattah, 2024).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from .device_network import DeviceNetwork, graph_vectors
from .optimise import minimise
from .space import Space

STEPS = 50
HOLD = 0.01
"""Weight of the device vector's squared way from its start."""
LEAST = 0.05
"""Of the mean latency: what the network may fall below is taken as this much, since logarithms are compared."""
MARGIN = 0.1


@dataclass(frozen=True)
class Tuning:
    """`compare_latency --develop` compares these on held-out source devices."""

    start: Literal["facts", "nearest source"] = "nearest source"
    rate: float = 3e-4
    vector_rate: float = 0.01
    hinge: float = 0.0
    """Weight of the hinge on pairs, beside the squared error of log latency."""


TUNING = Tuning()


class NewDevice(nn.Module):
    def __init__(self, vector: Tensor) -> None:
        super().__init__()
        self.vector = nn.Parameter(vector.clone())


def nearest_source(network: DeviceNetwork, vectors: Tensor, latency_ms: np.ndarray) -> Tensor:
    """The vector of the source device whose predicted latency of the measured cells (`vectors`) correlates best with `latency_ms`."""
    with torch.no_grad():
        known = network.source_vectors()
        expected = network.latency(vectors, known).T.double().numpy()
        return known[int(np.argmax(np.corrcoef(latency_ms, expected)[0, 1:]))]


def hinge_of_pairs(predicted: Tensor, target: Tensor) -> Tensor:
    """Mean over pairs of different targets: how much the difference in the right direction lacks of MARGIN."""
    order = (target[:, None] - target[None]).sign()
    lacking = (MARGIN - order * (predicted[:, None] - predicted[None])).relu()
    return lacking[order != 0].mean() if bool((order != 0).any()) else predicted.sum() * 0


def tuned_latency(
    network: DeviceNetwork,
    space: Space,
    measured: np.ndarray,
    latency_ms: np.ndarray,
    facts: np.ndarray,
    tuning: Tuning,
    steps: int = STEPS,
) -> np.ndarray:
    """ms of every cell, from `latency_ms` of the cells `measured`."""
    tuned = deepcopy(network)
    graphs = space.tensors.rows(torch.tensor(space.graph_of_cell[measured]))
    target = torch.tensor(latency_ms, dtype=torch.float32).log()
    if tuning.start == "facts":
        start = network.start_vector(torch.tensor(facts, dtype=torch.float32))
    else:
        start = nearest_source(network, network.encoder.embed(graphs), latency_ms)
    device = NewDevice(start)

    def log_latency(embedded: Tensor) -> Tensor:
        return tuned.latency(embedded, device.vector[None])[:, 0].clamp(min=LEAST).log()

    def loss() -> Tensor:
        predicted = log_latency(tuned.encoder.embed(graphs))
        squared = (predicted - target).var(correction=0)
        away = (device.vector - start).pow(2).mean()
        return squared + tuning.hinge * hinge_of_pairs(predicted, target) + HOLD * away

    minimise([tuned, device], [tuning.rate, tuning.vector_rate], steps, loss, weight_decay=0.0, average_decay=0.9)
    with torch.no_grad():
        predicted = log_latency(graph_vectors(tuned, space)).double().numpy()
    return np.exp(predicted + np.mean(np.log(latency_ms) - predicted[measured]))
