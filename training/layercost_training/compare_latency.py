"""The benchmark of unseen devices: Spearman on all other cells after 10 or 20 measurements, per device, beside baselines.

python -m layercost_training.compare_latency --features features.jsonl --data DIR --out latency.json
A seed draws the 900 cells that source devices were measured on and the 2,000 candidates to measure on the target.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Callable

import numpy as np
import torch
from scipy.stats import spearmanr

from .baselines import ridge
from .benchmark import read_latency
from .device_facts import fact_vector
from .device_network import (
    DeviceNetwork,
    SourceMeasurements,
    adapted_latency,
    graph_vectors,
    train_device_network,
)
from .device_tuning import TUNING, Tuning, tuned_latency
from .features import read_export
from .protocol import DEVELOPMENT_SEEDS, EVALUATION_SEEDS
from .space import Space, space_of
from .transfer import DevicePrior, adapt, choose_cells, learn_prior, operation_counts

SOURCE_CELLS = 900
CANDIDATES = 2000
HOLD = 1e-2


@dataclass(frozen=True)
class DeviceSet:
    sources: tuple[str, ...]
    targets: tuple[str, ...]


def devices(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SETS = {
    "six": DeviceSet(
        devices("1080ti_1 1080ti_32 1080ti_256 silver_4114 silver_4210r samsung_a50 pixel3 essential_ph_1 samsung_s7"),
        devices("titan_rtx_256 gold_6226 fpga pixel2 raspi4 eyeriss"),
    ),
    "N1": DeviceSet(
        devices("eagle_tpu eyeriss eagle_gpu_855 true_630 pixel3"),
        devices("1080ti_1 titan_rtx_32 titanxp_1 2080ti_32 titan_rtx_1"),
    ),
    "N2": DeviceSet(
        devices("1080ti_1 1080ti_32 titanx_32 titanxp_1 titanxp_32"),
        devices("eagle_jetson_16 eagle_tpu eagle_dsp_855 rice_edgetpu pixel3"),
    ),
    "N3": DeviceSet(
        devices("1080ti_1 eagle_jetson_16 eyeriss eagle_dsp_855 eagle_gpu_855"),
        devices("2080ti_1 titanxp_1 titanxp_32 titan_rtx_1 titan_rtx_32"),
    ),
    "N4": DeviceSet(
        devices(
            "eagle_cpu_855 eagle_dsp_855 eagle_tpu eyeriss fpga pixel3 raspi4 samsung_a50 samsung_s7 silver_4210r"
        ),
        devices("1080ti_1 2080ti_1 titan_rtx_1"),
    ),
}
"""`six` are HELP's; N1-N4 follow NASFLAT's sets with the devices nearest to them that both public tables hold."""


@dataclass(frozen=True)
class Bench:
    counts: np.ndarray
    latency_ms: dict[str, np.ndarray]
    full: Space
    networks: dict[tuple[DeviceSet, int], tuple[DeviceNetwork, torch.Tensor]] = field(default_factory=dict)
    """What was trained already: by source devices and seed, with the graph vectors of all cells."""

    def network(self, set_: DeviceSet, seed: int) -> tuple[DeviceNetwork, torch.Tensor]:
        key = (replace(set_, targets=()), seed)
        if key not in self.networks:
            network = train_device_network(self.full, source_measurements(self, set_, seed), seed)
            self.networks[key] = network, graph_vectors(network, self.full)
        return self.networks[key]

    def known(self, device: str) -> np.ndarray:
        return np.flatnonzero(~np.isnan(self.latency_ms[device]))


Predicted = tuple[np.ndarray, np.ndarray]
"""(rows measured, prediction for every cell)."""
Chosen = tuple[DevicePrior, np.ndarray]


def measured_cells(bench: Bench, features: np.ndarray, set_: DeviceSet, target: str, number: int, seed: int) -> Chosen:
    """The prior that the sources give, and the cells that it finds most telling."""
    rows = [source_rows(bench, source, seed) for source in set_.sources]
    prior = learn_prior(
        [features[part] for part in rows],
        [bench.latency_ms[source][part] for source, part in zip(set_.sources, rows)],
    )
    pool = candidates(bench, target, seed)
    return prior, pool[choose_cells(features[pool], prior, number)]


def ours(bench: Bench, set_: DeviceSet, target: str, number: int, seed: int) -> Predicted:
    prior, measured = measured_cells(bench, bench.counts, set_, target, number, seed)
    return measured, bench.counts @ adapt(bench.counts[measured], bench.latency_ms[target][measured], prior)


def ours_random_cells(bench: Bench, set_: DeviceSet, target: str, number: int, seed: int) -> Predicted:
    prior, _ = measured_cells(bench, bench.counts, set_, target, number, seed)
    measured = candidates(bench, target, seed)[:number]
    return measured, bench.counts @ adapt(bench.counts[measured], bench.latency_ms[target][measured], prior)


def device_network(
    bench: Bench, set_: DeviceSet, target: str, number: int, seed: int, hold: float = HOLD, chosen: bool = True
) -> Predicted:
    """The conditioned network, on the cells that ours measures or on random ones."""
    measured = (ours if chosen else ours_random_cells)(bench, set_, target, number, seed)[0]
    network, vectors = bench.network(set_, seed)
    latency_ms = bench.latency_ms[target][measured]
    return measured, adapted_latency(network, vectors, measured, latency_ms, fact_vector(target), hold)


def tuned_network(
    bench: Bench, set_: DeviceSet, target: str, number: int, seed: int, tuning: Tuning = TUNING, chosen: bool = True
) -> Predicted:
    """The same, but all of its weights are fitted to the measured cells."""
    measured = (ours if chosen else ours_random_cells)(bench, set_, target, number, seed)[0]
    network, _ = bench.network(set_, seed)
    latency_ms = bench.latency_ms[target][measured]
    return measured, tuned_latency(network, bench.full, measured, latency_ms, fact_vector(target), tuning)


def counts_only(bench: Bench, set_: DeviceSet, target: str, number: int, seed: int) -> Predicted:
    """Ridge on the same counts from random cells, no source device."""
    measured = candidates(bench, target, seed)[:number]
    return measured, ridge(bench.counts, measured, bench.latency_ms[target][measured], penalty=0.1)


def source_latencies(bench: Bench, set_: DeviceSet, target: str, number: int, seed: int) -> Predicted:
    """Ridge on what the source devices are predicted to need, from random cells."""
    columns = []
    for source in set_.sources:
        rows = source_rows(bench, source, seed)
        predicted = ridge(bench.counts, rows, bench.latency_ms[source][rows])
        columns.append(predicted / predicted.mean())
    measured = candidates(bench, target, seed)[:number]
    values = bench.latency_ms[target][measured]
    return measured, ridge(np.stack(columns, axis=1), measured, values / values.mean(), penalty=0.01)


Method = Callable[[Bench, DeviceSet, str, int, int], Predicted]
METHODS: dict[str, Method] = {
    "counts-only": counts_only,
    "source-latencies": source_latencies,
    "ours-random-cells": ours_random_cells,
    "ours": ours,
    "device-network-random-cells": partial(device_network, chosen=False),
    "device-network": device_network,
    "tuned-network-random-cells": partial(tuned_network, chosen=False),
    "tuned-network": tuned_network,
}

TUNINGS = {
    "chosen": TUNING,
    "from-facts": replace(TUNING, start="facts"),
    "rate-1e-4": replace(TUNING, rate=1e-4),
    "rate-1e-4-hinge": replace(TUNING, rate=1e-4, hinge=0.3),
    "rate-1e-4-vector-0.05": replace(TUNING, rate=1e-4, vector_rate=0.05),
}
DEVELOPMENT: dict[str, Method] = {
    "ours": ours,
    "ours-random-cells": ours_random_cells,
    **{f"device-network-hold-{hold}": partial(device_network, hold=hold) for hold in (0.0, 1e-3, 1e-2, 1e-1)},
    **{
        f"tuned-network-{name}{cells}": partial(tuned_network, tuning=tuning, chosen=not cells)
        for name, tuning in TUNINGS.items()
        for cells in ("", "-random-cells")
    },
}
"""Tried on source devices, each held out of the others: where HOLD and TUNING come from. No target of the six is read."""


def leave_one_out(set_: DeviceSet) -> dict[str, DeviceSet]:
    return {
        f"without {held}": DeviceSet(tuple(source for source in set_.sources if source != held), (held,))
        for held in set_.sources
    }


def source_measurements(bench: Bench, set_: DeviceSet, seed: int) -> SourceMeasurements:
    rows = [source_rows(bench, source, seed) for source in set_.sources]
    scaled = np.full((len(bench.counts), len(rows)), np.nan)
    for column, (source, part) in enumerate(zip(set_.sources, rows)):
        scaled[part, column] = bench.latency_ms[source][part] / bench.latency_ms[source][part].mean()
    facts = np.stack([fact_vector(source) for source in set_.sources])
    return SourceMeasurements(np.unique(np.concatenate(rows)), scaled, facts)


def source_rows(bench: Bench, source: str, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(bench.known(source))[:SOURCE_CELLS]


def candidates(bench: Bench, target: str, seed: int) -> np.ndarray:
    return np.random.default_rng(1000 + seed).permutation(bench.known(target))[:CANDIDATES]


def rank_correlation(bench: Bench, target: str, result: Predicted) -> float:
    measured, predicted = result
    rest = np.setdiff1d(bench.known(target), measured)
    return float(spearmanr(predicted[rest], bench.latency_ms[target][rest]).statistic)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with latency_*.csv")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--develop", action="store_true", help="compare settings on held-out source devices instead")
    parser.add_argument("--methods", default="", help="names parted by commas; all when left out")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    bench = read_bench(arguments.features, arguments.data)
    methods = DEVELOPMENT if arguments.develop else METHODS
    names = arguments.methods.split(",") if arguments.methods else list(methods)
    results = []
    for set_name, set_ in (leave_one_out(SETS["six"]) if arguments.develop else SETS).items():
        for name in names:
            for number in (10, 20):
                found = np.array(
                    [
                        [
                            rank_correlation(bench, target, methods[name](bench, set_, target, number, seed))
                            for target in set_.targets
                        ]
                        for seed in (DEVELOPMENT_SEEDS if arguments.develop else EVALUATION_SEEDS)
                    ]
                )
                means = dict(zip(set_.targets, found.mean(axis=0).round(4).tolist()))
                results.append({"set": set_name, "method": name, "measurements": number, "spearman": means})
                spread = found.mean(axis=1).std()
                each = " ".join(f"{target} {value:.3f}" for target, value in means.items())
                print(f"{set_name} {name} {number}: {found.mean():.4f} ± {spread:.4f} ({each})", flush=True)
                arguments.out.write_text(json.dumps(results, indent=1) + "\n")


def read_bench(features: Path, data: Path) -> Bench:
    export = read_export(features)
    latency_ms: dict[str, np.ndarray] = {}
    for name in ("latency_oneproxy18.csv", "latency_help27.csv"):
        table = read_latency(data / name)
        rows = np.array([int(row) for row in table.ids])
        for device, values in table.latency_ms.items():
            latency_ms[device] = np.full(len(export.cells), np.nan)
            latency_ms[device][rows] = values
    return Bench(operation_counts(export), latency_ms, space_of(export, "full"))


if __name__ == "__main__":
    main()
