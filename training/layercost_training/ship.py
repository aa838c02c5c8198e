"""Trains the model folder models/nas-bench-201 from scratch: pre-training, accuracy, latency, intervals, card, test vectors.

python -m layercost_training.ship --features features.jsonl --data DIR --zero-cost zero_cost.npz --work WORK \
    --out models/nas-bench-201 --vectors test/predictor/fixtures/nasBench201Vectors.json
Every network is kept in WORK and not trained again; `--only accuracy-fold-0,latency` trains these and stops, so that two processes can
share the work. Five networks for accuracy and five for latency each leave a fifth of the functions out: their errors there make
the intervals and the card's figures. Those that ship learn all labelled cells.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .benchmark import AccuracyTable, read_accuracy, read_latency
from .methods import OURS
from .features import Export, read_export
from .figures import accuracy_figures, latency_figures
from .folds import Fold, form_folds
from .losses import pairwise_difference
from .model_folder import Member, write_model_folder, write_vectors
from .network import NetworkShape, Predictor
from .optimise import minimise, shuffled_batches
from .pretrain import load_encoder, pretrain, save_encoder, zero_cost_targets
from .reference import reference_of
from .space import Space, embeddings, head_answers, space_of
from .targets import Targets, accuracy_targets, latency_targets
from .weights_file import read_safetensors, safetensors_bytes

MEMBERS = 2
STEPS = 4000
BATCH = 128
ACCURACY_PAIRS = 0.5
LATENCY_TABLES = ("latency_help27.csv", "latency_oneproxy18.csv")


@dataclass
class Shipment:
    """Inputs, and the networks, each trained once."""

    export: Export
    table: AccuracyTable
    data: Path
    zero_cost: Path
    work: Path

    @cached_property
    def canonical(self) -> Space:
        return space_of(self.export, "canonical")

    @cached_property
    def full(self) -> Space:
        return space_of(self.export, "full")

    @cached_property
    def forms(self) -> np.ndarray:
        return np.array([cell.form for cell in self.export.cells])

    @cached_property
    def labelled(self) -> np.ndarray:
        return self.table.labelled()

    @cached_property
    def folds(self) -> list[Fold]:
        return form_folds(self.forms, self.labelled)

    @property
    def shape(self) -> NetworkShape:
        return replace(OURS, vocabulary=len(self.export.vocabulary))

    def names(self) -> list[str]:
        members = [f"accuracy-{member}" for member in range(MEMBERS)]
        folds = [f"{kind}-{number}" for kind in ("accuracy-fold", "latency-fold") for number in range(len(self.folds))]
        return [*members, "latency", *folds]

    def train_rows(self, name: str) -> np.ndarray:
        """`accuracy-fold-K` and `latency-fold-K` see the training cells of fold K, the others all labelled cells."""
        kind, _, number = name.rpartition("-")
        return self.folds[int(number)].train if kind.endswith("fold") else self.labelled

    def accuracy(self, name: str) -> tuple[Predictor, Targets]:
        """`accuracy-K` or `accuracy-fold-K`."""
        kind, _, number = name.rpartition("-")
        train = self.train_rows(name)
        targets = accuracy_targets(self.table, train)
        path = self.work / f"{name}.safetensors"
        if not path.exists():
            seed = int(number) if kind == "accuracy" else 0
            trained = train_network(self.encoder(seed), self.canonical, targets, train, ACCURACY_PAIRS, int(number))
            path.write_bytes(safetensors_bytes(trained.state_dict()))
        return read_network(path, replace(self.shape, targets=len(targets.names))), targets

    def latency(self, name: str = "latency") -> tuple[Predictor, Targets]:
        """`latency` or `latency-fold-K`."""
        train = self.train_rows(name)
        tables = [read_latency(self.data / file) for file in LATENCY_TABLES]
        targets = latency_targets(len(self.export.cells), tables, train)
        shape = replace(self.shape, readout="sum")
        path = self.work / f"{name}.safetensors"
        if not path.exists():
            torch.manual_seed(0)
            trained = train_network(Predictor(shape), self.full, targets, train, 0.0, 0)
            path.write_bytes(safetensors_bytes(trained.state_dict()))
        return read_network(path, replace(shape, targets=len(targets.names))), targets

    def encoder(self, seed: int) -> Predictor:
        """Pre-trained now, or by an earlier run."""
        path = self.work / f"full-{seed}.pt"
        if not path.exists():
            targets = zero_cost_targets(self.zero_cost, self.canonical)
            save_encoder(pretrain(self.canonical, targets, self.shape, seed), path)
        return load_encoder(path)


def train_network(start: Predictor, space: Space, targets: Targets, train: np.ndarray, pairs: float, seed: int) -> Predictor:
    """Smooth L1 and differences of pairs on known labels; a new head for the outputs."""
    torch.manual_seed(seed)
    network = Predictor(replace(start.shape, targets=len(targets.names), dropout=0.02))
    body = {name: value for name, value in start.state_dict().items() if not name.startswith("head.")}
    network.load_state_dict(body, strict=False)
    scaled = torch.tensor((targets.values - targets.mean) / targets.scale, dtype=torch.float32)
    known = ~torch.isnan(scaled)
    scaled = torch.nan_to_num(scaled)
    cells, graphs = torch.tensor(train), torch.tensor(space.graph_of_cell)
    batches = shuffled_batches(len(train), BATCH, seed)

    def loss() -> Tensor:
        rows = cells[next(batches)]
        predicted = network(space.tensors.rows(graphs[rows]))
        weight = known[rows].float()
        direct = F.smooth_l1_loss(predicted, scaled[rows], beta=0.1, reduction="none") * weight
        total = direct.sum() / weight.sum()
        if pairs > 0:
            total = total + pairs * pairwise_difference(predicted, scaled[rows]).mean()
        return total

    def report(step: int, value: float) -> None:
        print(f"step {step}: loss {value:.4f}", flush=True)

    minimise([network], [1.5e-3], STEPS, loss, weight_decay=0.01, average_decay=0.998, report=report)
    return network


def read_network(path: Path, shape: NetworkShape) -> Predictor:
    network = Predictor(shape)
    network.load_state_dict(read_safetensors(path.read_bytes()))
    return network.eval()


def predict(network: Predictor, space: Space, targets: Targets) -> np.ndarray:
    """[cells, outputs] in the units of `targets.values`."""
    return targets.mean + targets.scale * head_answers(network, space).numpy()[space.graph_of_cell]


def distances_from(network: Predictor, space: Space, train: np.ndarray) -> np.ndarray:
    """[cells] from the graphs of the training cells; 0 exactly where the graph is one of them."""
    graphs = np.unique(space.graph_of_cell[train])
    far = reference_of(network, space, graphs).distances(embeddings(network, space).numpy())
    far[graphs] = 0.0
    return far[space.graph_of_cell]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with accuracy.csv and latency_*.csv")
    parser.add_argument("--zero-cost", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder for encoders and networks, used if there")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--only", default="", help="names of networks to train, by commas; nothing is written to --out")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    started = time.monotonic()
    export, table = read_export(arguments.features), read_accuracy(arguments.data / "accuracy.csv")
    if tuple(cell.id for cell in export.cells) != table.strings:
        parser.error("--features does not hold the cells of accuracy.csv, in its order")
    shipment = Shipment(export, table, arguments.data, arguments.zero_cost, arguments.work)
    for name in filter(None, arguments.only.split(",")):
        if name not in shipment.names():
            parser.error(f"--only knows {', '.join(shipment.names())}, not {name}")
        shipment.latency(name) if name.startswith("latency") else shipment.accuracy(name)
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    if not arguments.only:
        write(shipment, arguments.out, arguments.vectors)


def write(shipment: Shipment, out: Path, vectors: Path) -> None:
    """Intervals and figures from held-out cells, then the folder and the test vectors."""
    export, canonical, full = shipment.export, shipment.canonical, shipment.full
    held_out, timed = [], []
    for number, fold in enumerate(shipment.folds):
        network, targets = shipment.accuracy(f"accuracy-fold-{number}")
        distances = distances_from(network, canonical, fold.train)
        held_out.append((fold, predict(network, canonical, targets), distances))
        timing, latency = shipment.latency(f"latency-fold-{number}")
        timed.append((fold, predict(timing, full, latency)))
    accuracy_outputs, accuracy_rows = accuracy_figures(shipment.accuracy("accuracy-0")[1], held_out, shipment.forms)
    timing, latency = shipment.latency()
    latency_outputs, latency_rows = latency_figures(latency, timed)

    members = []
    for number in range(MEMBERS):
        network, targets = shipment.accuracy(f"accuracy-{number}")
        members.append(Member(f"accuracy-{number}.safetensors", network, canonical, targets.names))
    graphs = np.unique(canonical.graph_of_cell[shipment.labelled])
    reference = reference_of(members[0].network, canonical, graphs)
    members.append(Member("latency.safetensors", timing, full, latency.names))
    write_model_folder(
        out, export, members, reference, {**accuracy_outputs, **latency_outputs}, [*accuracy_rows, "", *latency_rows]
    )
    write_vectors(vectors, export, members, reference)


if __name__ == "__main__":
    main()
