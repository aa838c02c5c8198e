"""What the shipped networks learn: labels by output name, standardised; latency as a logarithm.

accuracy_targets(table, train) -> Targets(("accuracy/cifar10", ...), values [cells, outputs] with NaN where unknown, ...).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .benchmark import ACCURACY_COLUMNS, AccuracyTable, LatencyTable

DROPPED_DEVICES = {"eagle_i7", "rice_eyeriss", "rice_fpga", "rice_pixel3", "rice_raspi4"}
"""eagle_i7 repeats eagle_gtx, and four of HW-NAS-Bench stand in HELP's table already."""


@dataclass(frozen=True)
class Targets:
    """`values` [cells, outputs], NaN where unknown. Standardised: (values - mean) / scale."""

    names: tuple[str, ...]
    values: np.ndarray
    mean: np.ndarray
    scale: np.ndarray


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
