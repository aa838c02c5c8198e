"""Latency on a device that was never measured before, from 10 or 20 cells measured on it.

A cell's latency is a sum over its operations, whatever the device: t(x) = φ(x) · w. φ counts each kind of operation, among
all nodes that the network runs and among those that the output needs (some runtimes drop the rest). What a new device's w
may look like is learned from source devices: w ~ N(mean, covariance), after scaling each device to mean latency 1. The
cells to measure are chosen to be the most telling under that prior; then w is its posterior mean (ridge towards the prior).
Source of the estimator: Bayesian linear regression, e.g. Bishop, Pattern Recognition and Machine Learning (2006), 3.3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .features import Export, Graph

COUNTED = ("conv1x1", "conv3x3", "avgPool3x3", "skip")
NOISE = 0.05
"""Relative to the mean latency; of measurements and of the sum as a model."""
SHRINKAGE = 0.5
"""How far the sources' covariance is drawn to its diagonal: nine devices say little about correlations."""
VARIANCE_FLOOR = 1e-3


def needed_by_output(graph: Graph, blocking: int) -> list[bool]:
    """By node: a path leads from it to the output and through no `blocking` node. Not the input's side."""
    needed = [False] * len(graph.operations)
    needed[-1] = True
    for source, target in sorted(graph.edges, reverse=True):
        if graph.operations[source] != blocking and needed[target]:
            needed[source] = True
    return needed


def operation_counts(export: Export) -> np.ndarray:
    """[cells, 1 + 8]: one, counts over all nodes of the full graph, counts over those that the output needs."""
    kinds = [export.vocabulary.index(name) for name in COUNTED]
    blocking = export.vocabulary.index("none")
    rows = []
    for cell in export.cells:
        operations = cell.full.operations
        needed = needed_by_output(cell.full, blocking)
        kept = [operation for operation, is_needed in zip(operations, needed) if is_needed]
        rows.append([1, *(operations.count(kind) for kind in kinds), *(kept.count(kind) for kind in kinds)])
    return np.array(rows, dtype=float)


@dataclass(frozen=True)
class DevicePrior:
    """Of the coefficients of a device whose mean latency is scaled to 1."""

    mean: np.ndarray
    covariance: np.ndarray


def coefficients(counts: np.ndarray, latency_ms: np.ndarray, penalty: float = 1e-3) -> np.ndarray:
    """Least squares on a well measured device, scaled to mean latency 1."""
    scaled = latency_ms / latency_ms.mean()
    return np.linalg.solve(counts.T @ counts + penalty * np.eye(counts.shape[1]), counts.T @ scaled)


def learn_prior(counts: list[np.ndarray], latency_ms: list[np.ndarray]) -> DevicePrior:
    """From each source device's measured cells."""
    found = np.array([coefficients(rows, values) for rows, values in zip(counts, latency_ms)])
    sampled = np.cov(found.T)
    covariance = (1 - SHRINKAGE) * sampled + SHRINKAGE * np.diag(np.diag(sampled))
    return DevicePrior(found.mean(axis=0), covariance + VARIANCE_FLOOR * np.eye(len(covariance)))


def choose_cells(counts: np.ndarray, prior: DevicePrior, number: int) -> list[int]:
    """Rows to measure: each next one is the least certain under the prior and the rows before (greedy D-optimal)."""
    covariance = prior.covariance
    chosen: list[int] = []
    for _ in range(number):
        variances = ((counts @ covariance) * counts).sum(axis=1)
        variances[chosen] = -1.0
        chosen.append(int(np.argmax(variances)))
        direction = covariance @ counts[chosen[-1]]
        covariance = covariance - np.outer(direction, direction) / (NOISE**2 + counts[chosen[-1]] @ direction)
    return chosen


def adapt(counts: np.ndarray, latency_ms: np.ndarray, prior: DevicePrior) -> np.ndarray:
    """Coefficients in ms from a few measured cells: the prior's mean scaled to them, then the posterior's mean."""
    expected = counts @ prior.mean
    scale_ms = latency_ms @ expected / (expected @ expected)
    gram = counts @ prior.covariance @ counts.T + NOISE**2 * np.eye(len(counts))
    return scale_ms * (prior.mean + prior.covariance @ counts.T @ np.linalg.solve(gram, latency_ms / scale_ms - expected))
