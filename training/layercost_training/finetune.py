"""Accuracy from few labels: all weights of an encoder learn the ranks of N training cells, by value and by pairs.

CIFAR-100 and ImageNet16-120 ranks of the same training cells are learned beside CIFAR-10's, with a smaller weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from .benchmark import AccuracyTable
from .losses import consistency, regression_and_pairs
from .optimise import Checkpoint, minimise, shuffled_batches
from .protocol import rank_targets
from .relations import GraphTensors
from .space import Encoder, Space, embeddings


@dataclass(frozen=True)
class FineTuning:
    """Chosen on protocol.DEVELOPMENT_SEEDS."""

    batch: int = 64
    encoder_rate: float = 5e-4
    head_rate: float = 2.5e-3
    dropout: float = 0.1
    pair_weight: float = 1.0
    weight_decay: float = 0.05
    average_decay: float = 0.99
    consistency_weight: float = 0.0
    other_datasets: bool = True
    half_products: bool = False
    """Matrix products in bfloat16, weights and sums in float32."""

    def steps(self, count: int) -> int:
        """More labels, more steps: 300 up to 156 cells, 1,100 for 1,563."""
        return int(300 * max(1.0, count / 156) ** 0.57)


def rank_columns(table: AccuracyTable, rows: np.ndarray, other_datasets: bool) -> Tensor:
    """[rows, 1 or 3] standardised ranks within the training cells; CIFAR-10 first."""
    names = ["cifar10", "cifar100", "imagenet16-120"] if other_datasets else ["cifar10"]
    columns = [rank_targets(table.percent[name][rows]) for name in names]
    return torch.tensor(np.stack(columns, axis=1) - 0.5, dtype=torch.float32) * 12**0.5


def finetune(
    start: Encoder,
    space: Space,
    table: AccuracyTable,
    train: np.ndarray,
    settings: FineTuning,
    seed: int,
    steps: int | None = None,
    checkpoint: Path | None = None,
) -> np.ndarray:
    """A score for every cell of the space (higher is better). `start` is left as it is.

    With a `checkpoint`, a training that was stopped goes on from there; the file is gone at the end.
    """
    torch.manual_seed(seed)
    network = start.with_dropout(settings.dropout)
    targets = rank_columns(table, train, settings.other_datasets)
    head = nn.Linear(network.width, targets.shape[1])
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    weights = torch.tensor([1.0, 0.3, 0.3])[: targets.shape[1]]
    graph_rows = torch.tensor(space.graph_of_cell[train])
    batches = shuffled_batches(len(train), settings.batch, seed)

    def predict(graphs: GraphTensors) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16, enabled=settings.half_products):
            return head(network.embed(graphs)).float()

    def loss() -> Tensor:
        rows = next(batches)
        graphs = space.tensors.rows(graph_rows[rows])
        predicted = predict(graphs)
        total = regression_and_pairs(predicted, targets[rows], weights, settings.pair_weight)
        if settings.consistency_weight > 0:
            total = total + settings.consistency_weight * consistency(predicted, predict(graphs))
        return total

    def skip_batches(number: int) -> None:
        for _ in range(number):
            next(batches)

    minimise(
        [network, head],
        [settings.encoder_rate, settings.head_rate],
        settings.steps(len(train)) if steps is None else steps,
        loss,
        settings.weight_decay,
        settings.average_decay,
        checkpoint=None if checkpoint is None else Checkpoint(checkpoint, skip_batches),
    )
    with torch.no_grad():
        scores = head(embeddings(network, space))[:, 0].numpy()
    return scores[space.graph_of_cell]
