"""Pre-training without labels: predict the statistics of untrained networks (zero_cost.py) from the graph alone.

python -m layercost_training.pretrain --features features.jsonl --zero-cost zero_cost.npz --out encoder.pt
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from scipy.stats import rankdata
from torch import Tensor
from torch.nn import functional as F

from .network import NetworkShape, Predictor
from .optimise import minimise, shuffled_batches
from .space import Space, load_space

STEPS = 3000
BATCH = 128
PEAK_RATE = 2e-3


def zero_cost_targets(path: Path, space: Space) -> Tensor:
    """[graphs, statistics]: ranks over all graphs, standardised, so that no outlier rules; constant columns dropped."""
    table = np.load(path)
    rows = {name: row for row, name in enumerate(table["graphs"].tolist())}
    values = table["values"][[rows[graph.name] for graph in space.graphs]]
    ranks = rankdata(values, axis=0)
    kept = ranks[:, ranks.std(axis=0) > 0]
    return torch.tensor((kept - kept.mean(axis=0)) / kept.std(axis=0), dtype=torch.float32)


def pretrain(space: Space, targets: Tensor, shape: NetworkShape, seed: int, steps: int = STEPS) -> Predictor:
    """`shape.targets` is replaced by the number of statistics."""
    torch.manual_seed(seed)
    network = Predictor(NetworkShape(**{**asdict(shape), "targets": targets.shape[1]}))
    batches = shuffled_batches(len(space.tensors), BATCH, seed)

    def loss() -> Tensor:
        rows = next(batches)
        return F.smooth_l1_loss(network(space.tensors.rows(rows)), targets[rows], beta=0.5)

    def report(step: int, value: float) -> None:
        print(f"pre-training step {step}: loss {value:.4f}", flush=True)

    minimise([network], [PEAK_RATE], steps, loss, weight_decay=0.01, average_decay=0.995, report=report)
    return network


def save_encoder(network: Predictor, path: Path) -> None:
    torch.save({"shape": asdict(network.shape), "weights": network.state_dict()}, path)


def load_encoder(path: Path) -> Predictor:
    stored = torch.load(path, weights_only=True)
    network = Predictor(NetworkShape(**stored["shape"]))
    network.load_state_dict(stored["weights"])
    return network


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--zero-cost", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--no-siblings", action="store_true")
    parser.add_argument("--no-reverse", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    space = load_space(arguments.features, "canonical")
    shape = NetworkShape(
        vocabulary=len(space.export.vocabulary),
        layers=3,
        hidden_factor=2,
        dropout=0.0,
        uses_reverse=not arguments.no_reverse,
        uses_siblings=not arguments.no_siblings,
    )
    network = pretrain(space, zero_cost_targets(arguments.zero_cost, space), shape, arguments.seed, arguments.steps)
    save_encoder(network, arguments.out)


if __name__ == "__main__":
    main()
