"""Trains the model folder models/nas-bench-201 from scratch: pre-training, accuracy, latency, intervals, card, test vectors.

python -m layercost_training.ship --features features.jsonl --data DIR --zero-cost zero_cost.npz --out models/nas-bench-201 \
    --vectors test/predictor/fixtures/nasBench201Vectors.json
Cells are parted by canonical form: 80 % train, 10 % give the radius of accuracy's intervals, 10 % tell the figures of the
card. For latency the held-out fifth is dealt by cells, half and half.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from scipy.stats import spearmanr
from torch import Tensor
from torch.nn import functional as F

from .benchmark import ACCURACY_COLUMNS, AccuracyTable, LatencyTable, read_accuracy, read_latency
from .compare import OURS
from .features import Export, read_export
from .intervals import COVERAGE, conformal_radius, covered_share
from .losses import pairwise_difference
from .network import HEADS, NetworkShape, Predictor
from .optimise import minimise, shuffled_batches
from .pretrain import load_encoder, pretrain, save_encoder, zero_cost_targets
from .protocol import tau
from .space import GraphKind, Space, head_answers, space_of
from .weights_file import crc32_text, read_safetensors, safetensors_bytes

ACCURACY_MEMBERS = 2
STEPS = 4000
BATCH = 128
DROPPED_DEVICES = {"eagle_i7", "rice_eyeriss", "rice_fpga", "rice_pixel3", "rice_raspi4"}
"""eagle_i7 repeats eagle_gtx, and four of HW-NAS-Bench stand in HELP's table already."""


@dataclass(frozen=True)
class Parts:
    """Rows of cells, no canonical form in two parts."""

    train: np.ndarray
    calibration: np.ndarray
    test: np.ndarray


def halves_by_cell(parts: Parts, seed: int = 0) -> Parts:
    """The held-out cells dealt anew. For latency: equal functions are different programs, so cells are exchangeable."""
    held_out = np.random.default_rng(seed).permutation(np.concatenate([parts.calibration, parts.test]))
    return Parts(parts.train, held_out[: len(held_out) // 2], held_out[len(held_out) // 2 :])


@dataclass(frozen=True)
class Targets:
    """`values` [cells, outputs], NaN where unknown; latency as a logarithm. Standardised: (values - mean) / scale."""

    names: tuple[str, ...]
    values: np.ndarray
    mean: np.ndarray
    scale: np.ndarray


def part_by_form(export: Export, labelled: np.ndarray, seed: int = 0) -> Parts:
    forms = np.array([cell.form for cell in export.cells])
    order = np.random.default_rng(seed).permutation(np.unique(forms[labelled]))
    first, second = int(0.8 * len(order)), int(0.9 * len(order))
    pick = lambda chosen: labelled[np.isin(forms[labelled], chosen)]  # noqa: E731
    return Parts(pick(order[:first]), pick(order[first:second]), pick(order[second:]))


def standardise(names: tuple[str, ...], values: np.ndarray, train: np.ndarray) -> Targets:
    return Targets(names, values, np.nanmean(values[train], axis=0), np.nanstd(values[train], axis=0))


def accuracy_targets(table: AccuracyTable, train: np.ndarray) -> Targets:
    names = tuple(f"accuracy/{dataset}" for dataset in ACCURACY_COLUMNS)
    return standardise(names, np.stack([table.percent[dataset] for dataset in ACCURACY_COLUMNS], axis=1), train)


def latency_targets(cells: int, tables: list[LatencyTable], train: np.ndarray) -> Targets:
    """Logarithm of milliseconds; column `idx` of the tables is the row of the cell."""
    columns: dict[str, np.ndarray] = {}
    for table in tables:
        rows = np.array([int(name) for name in table.ids])
        for device, latency_ms in table.latency_ms.items():
            if device not in DROPPED_DEVICES:
                columns[device] = np.full(cells, np.nan)
                columns[device][rows] = np.log(latency_ms)
    names = tuple(f"latencyMs/{device}" for device in columns)
    return standardise(names, np.stack(list(columns.values()), axis=1), train)


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


def predict(networks: list[Predictor], space: Space, targets: Targets) -> np.ndarray:
    """[cells, outputs] in the units of `targets.values`."""
    answers = np.mean([head_answers(network, space).numpy() for network in networks], axis=0)
    return targets.mean + targets.scale * answers[space.graph_of_cell]


def output_entries(targets: Targets, predicted: np.ndarray, parts: Parts, forms: np.ndarray) -> tuple[dict[str, object], list[str]]:
    """model.json's `outputs`, and the card's table rows measured on the test part."""
    entries: dict[str, object] = {}
    rows: list[str] = []
    errors = targets.values - predicted
    for column, name in enumerate(targets.names):
        radius = conformal_radius(errors[parts.calibration, column], forms[parts.calibration])
        share = covered_share(errors[parts.test, column], radius)
        is_latency = name.startswith("latencyMs/")
        width = {"factor": float(np.exp(radius)), "datasets": ["cifar10"]} if is_latency else {"radius": radius}
        entries[name] = {
            "transform": "exp" if is_latency else "identity",
            "mean": float(targets.mean[column]),
            "scale": float(targets.scale[column]),
            "coverage": round(share, 4),
            **width,
        }
        known = parts.test[~np.isnan(targets.values[parts.test, column])]
        measured, guessed = targets.values[known, column], predicted[known, column]
        if is_latency:
            middle = f"MAPE {100 * np.mean(np.abs(np.exp(guessed - measured) - 1)):.2f} %"
            half = f"/ × {np.exp(radius):.3f}"
        else:
            middle, half = f"MAE {np.mean(np.abs(guessed - measured)):.3f} points", f"± {radius:.2f} points"
        rows.append(
            f"| {name} | {len(known)} | {tau(guessed, measured):.3f} | {spearmanr(guessed, measured).statistic:.4f} "
            f"| {middle} | {half} | {share:.3f} |"
        )
    return entries, rows


def network_entry(network: Predictor, file: str, data: bytes, graph: GraphKind, names: tuple[str, ...]) -> dict[str, object]:
    shape = network.shape
    return {
        "file": file,
        "crc32": crc32_text(data),
        "graph": graph,
        "width": shape.width,
        "hidden": shape.hidden_factor * shape.width,
        "layers": shape.layers,
        "heads": ["A", "AT", "ATA", "AAT"][:HEADS],
        "activation": "relu",
        "normEpsilon": 1e-5,
        "readout": shape.readout,
        "outputs": list(names),
    }


def test_vectors(export: Export, networks: list[tuple[str, Predictor, Space]], count: int = 200) -> dict[str, object]:
    """Raw outputs y of each network (before mean and scale) for cells drawn at random, the empty cell among them."""
    rows = np.random.default_rng(7).choice(len(export.cells), count, replace=False)
    rows[0] = min(range(len(export.cells)), key=lambda row: len(export.cells[row].kept.operations))
    answers = {file: head_answers(network, space).numpy() for file, network, space in networks}
    return {
        "featureVersion": export.version,
        "vectors": [
            {
                "cell": export.cells[row].id,
                "outputs": {
                    file: [round(float(y), 7) for y in answers[file][space.graph_of_cell[row]]]
                    for file, _, space in networks
                },
            }
            for row in rows
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with accuracy.csv and latency_*.csv")
    parser.add_argument("--zero-cost", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--encoders", type=Path, required=True, help="folder for pre-trained encoders, used if there")
    parser.add_argument("--trained", action="store_true", help="take the networks in --out; make all else again")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    started = time.monotonic()
    export, table = read_export(arguments.features), read_accuracy(arguments.data / "accuracy.csv")
    if tuple(cell.id for cell in export.cells) != table.strings:
        parser.error("--features does not hold the cells of accuracy.csv, in its order")
    parts = part_by_form(export, table.labelled())
    canonical, full = space_of(export, "canonical"), space_of(export, "full")
    accuracy = accuracy_targets(table, parts.train)
    tables = [read_latency(arguments.data / name) for name in ("latency_help27.csv", "latency_oneproxy18.csv")]
    latency = latency_targets(len(export.cells), tables, parts.train)
    shape = replace(OURS, vocabulary=len(export.vocabulary))

    forms = np.array([cell.form for cell in export.cells])

    if arguments.trained:
        accuracy_shape = replace(shape, targets=len(accuracy.names))
        latency_shape = replace(shape, readout="sum", targets=len(latency.names))
        members = [
            read_network(arguments.out / f"accuracy-{seed}.safetensors", accuracy_shape)
            for seed in range(ACCURACY_MEMBERS)
        ]
        timing = read_network(arguments.out / "latency.safetensors", latency_shape)
    else:
        members = [
            train_network(encoder(arguments, canonical, shape, seed), canonical, accuracy, parts.train, 0.5, seed)
            for seed in range(ACCURACY_MEMBERS)
        ]
        torch.manual_seed(0)
        timing = train_network(Predictor(replace(shape, readout="sum")), full, latency, parts.train, 0.0, 0)

    accuracy_outputs, accuracy_rows = output_entries(accuracy, predict(members, canonical, accuracy), parts, forms)
    dealt = halves_by_cell(parts)
    latency_outputs, latency_rows = output_entries(
        latency, predict([timing], full, latency), dealt, np.arange(len(forms))
    )
    named: list[tuple[str, Predictor, Space]] = [
        *((f"accuracy-{seed}.safetensors", member, canonical) for seed, member in enumerate(members)),
        ("latency.safetensors", timing, full),
    ]
    arguments.out.mkdir(parents=True, exist_ok=True)
    entries = []
    for file, network, space in named:
        data = safetensors_bytes(network.state_dict())
        (arguments.out / file).write_bytes(data)
        kind: GraphKind = "full" if space is full else "canonical"
        entries.append(network_entry(network, file, data, kind, latency.names if space is full else accuracy.names))
    model = {
        "format": "layercost-model",
        "version": 1,
        "name": "nas-bench-201",
        "space": "nas-bench-201",
        "featureVersion": export.version,
        "networks": entries,
        "outputs": {**accuracy_outputs, **latency_outputs},
    }
    (arguments.out / "model.json").write_text(json.dumps(model, indent=2) + "\n")
    arguments.vectors.parent.mkdir(parents=True, exist_ok=True)
    arguments.vectors.write_text(json.dumps(test_vectors(export, named), separators=(",", ":")) + "\n")
    head = [
        "| output | test cells | Kendall tau | Spearman | error | interval | covered |",
        "|---|---|---|---|---|---|---|",
    ]
    sizes = f"{len(parts.train)} training, {len(parts.calibration)} calibration, {len(parts.test)} test cells"
    write_figures(
        arguments.out / "CARD.md",
        [f"{sizes}; aimed coverage {COVERAGE}.", "", *head, *accuracy_rows, *latency_rows],
    )
    print(f"{sizes}; {time.monotonic() - started:.0f} s; {json.dumps(asdict(shape))}")


def read_network(path: Path, shape: NetworkShape) -> Predictor:
    network = Predictor(shape)
    network.load_state_dict(read_safetensors(path.read_bytes()))
    return network.eval()


def write_figures(card: Path, lines: list[str]) -> None:
    """Replaces what stands below the card's last heading; people write what stands above it."""
    heading = "## Figures"
    above = card.read_text().split(heading)[0] if card.exists() else "# nas-bench-201\n\n"
    card.write_text("\n".join([above + heading, "", *lines]) + "\n")


def encoder(arguments: argparse.Namespace, space: Space, shape: NetworkShape, seed: int) -> Predictor:
    """Pre-trained now, or by an earlier run."""
    path = arguments.encoders / f"full-{seed}.pt"
    if not path.exists():
        save_encoder(pretrain(space, zero_cost_targets(arguments.zero_cost, space), shape, seed), path)
    return load_encoder(path)


if __name__ == "__main__":
    main()
