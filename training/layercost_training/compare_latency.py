"""The benchmark of unseen devices: Spearman on all other cells after 10 or 20 measurements, per device, beside baselines.

python -m layercost_training.compare_latency --features features.jsonl --data DIR --out latency.json
A seed draws the 900 cells that source devices were measured on and the 2,000 candidates to measure on the target.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np
from scipy.stats import spearmanr

from .baselines import ridge
from .benchmark import read_latency
from .features import read_export
from .protocol import EVALUATION_SEEDS
from .transfer import adapt, choose_cells, learn_prior, operation_counts

SOURCE_CELLS = 900
CANDIDATES = 2000


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

    def known(self, device: str) -> np.ndarray:
        return np.flatnonzero(~np.isnan(self.latency_ms[device]))


Predicted = tuple[np.ndarray, np.ndarray]
"""(rows measured, prediction for every cell)."""


def ours(bench: Bench, set_: DeviceSet, target: str, number: int, seed: int, chosen: bool = True) -> Predicted:
    rows = [source_rows(bench, source, seed) for source in set_.sources]
    prior = learn_prior(
        [bench.counts[part] for part in rows],
        [bench.latency_ms[source][part] for source, part in zip(set_.sources, rows)],
    )
    pool = candidates(bench, target, seed)
    measured = pool[choose_cells(bench.counts[pool], prior, number)] if chosen else pool[:number]
    return measured, bench.counts @ adapt(bench.counts[measured], bench.latency_ms[target][measured], prior)


def ours_random_cells(bench: Bench, set_: DeviceSet, target: str, number: int, seed: int) -> Predicted:
    return ours(bench, set_, target, number, seed, chosen=False)


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


METHODS: dict[str, Callable[[Bench, DeviceSet, str, int, int], Predicted]] = {
    "counts-only": counts_only,
    "source-latencies": source_latencies,
    "ours-random-cells": ours_random_cells,
    "ours": ours,
}


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
    arguments = parser.parse_args()
    counts = operation_counts(read_export(arguments.features))
    latency_ms: dict[str, np.ndarray] = {}
    for name in ("latency_oneproxy18.csv", "latency_help27.csv"):
        table = read_latency(arguments.data / name)
        rows = np.array([int(row) for row in table.ids])
        for device, values in table.latency_ms.items():
            latency_ms[device] = np.full(len(counts), np.nan)
            latency_ms[device][rows] = values
    bench = Bench(counts, latency_ms)
    results = []
    for name, set_ in SETS.items():
        for method, run in METHODS.items():
            for number in (10, 20):
                found = np.array(
                    [
                        [rank_correlation(bench, target, run(bench, set_, target, number, seed)) for target in set_.targets]
                        for seed in EVALUATION_SEEDS
                    ]
                )
                means = dict(zip(set_.targets, found.mean(axis=0).round(4).tolist()))
                results.append({"set": name, "method": method, "measurements": number, "spearman": means})
                spread = found.mean(axis=1).std()
                each = " ".join(f"{target} {value:.3f}" for target, value in means.items())
                print(f"{name} {method} {number}: {found.mean():.4f} ± {spread:.4f} ({each})", flush=True)
    arguments.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
