"""Baselines without a network: ridge on pairs of edge operations, and a Gaussian kernel ridge on operation paths.

Both predict the rank of the accuracy. A network that does not clearly beat the kernel has learned nothing.
"""

from __future__ import annotations

import numpy as np

from .features import Export
from .paths import one_hots, path_matrix, standardised

RIDGE_PENALTY = 1.0
KERNEL_WIDTH = 0.5
"""γ of exp(-γ · mean over features of the squared difference)."""
KERNEL_PENALTY = 0.05


def edge_operations(export: Export) -> list[tuple[int, ...]]:
    """The six operations of each cell, from the graph that leaves nothing out: all nodes but input and output."""
    return [cell.full.operations[1:-1] for cell in export.cells]


def pair_matrix(export: Export) -> np.ndarray:
    """[cells, features]: one-hot operations, and products of those of every two edges."""
    single = one_hots(edge_operations(export), len(export.vocabulary))
    single = single[:, single.any(axis=0)]
    products = [
        single[:, first] * single[:, second]
        for first in range(single.shape[1])
        for second in range(first + 1, single.shape[1])
    ]
    both = np.stack(products, axis=1)
    return np.hstack([single, both[:, both.any(axis=0)]])


def path_features(export: Export) -> np.ndarray:
    return standardised(path_matrix(export))


def ridge(features: np.ndarray, train: np.ndarray, target: np.ndarray, penalty: float = RIDGE_PENALTY) -> np.ndarray:
    """Predictions for all rows, in the dual form (few training rows, many features)."""
    centred = features - features[train].mean(axis=0)
    mean = target.mean()
    gram = centred[train] @ centred[train].T + penalty * np.eye(len(train))
    return mean + centred @ (centred[train].T @ np.linalg.solve(gram, target - mean))


def kernel_ridge(
    features: np.ndarray,
    train: np.ndarray,
    target: np.ndarray,
    width: float = KERNEL_WIDTH,
    penalty: float = KERNEL_PENALTY,
) -> np.ndarray:
    """Predictions for all rows."""
    lengths = (features**2).sum(axis=1)
    distances = lengths[:, None] + lengths[train][None] - 2 * features @ features[train].T
    kernel = np.exp(-width / features.shape[1] * distances)
    mean = target.mean()
    return mean + kernel @ np.linalg.solve(kernel[train] + penalty * np.eye(len(train)), target - mean)


CHOICES = [(width, penalty) for width in (0.02, 0.1, 0.5, 2.0) for penalty in (0.005, 0.02, 0.1, 0.4)]
FOLDS = 5


def chosen_kernel_ridge(candidates: list[np.ndarray], train: np.ndarray, target: np.ndarray, seed: int) -> np.ndarray:
    """Kernel ridge on one of several feature matrices; matrix, width and penalty by five folds within the training rows."""
    fold = np.random.default_rng(seed).permutation(len(train)) % FOLDS

    def error(features: np.ndarray, width: float, penalty: float) -> float:
        inner = features[train]
        total = 0.0
        for part in range(FOLDS):
            seen = np.flatnonzero(fold != part)
            predicted = kernel_ridge(inner, seen, target[seen], width, penalty)
            total += float(((predicted - target)[fold == part] ** 2).sum())
        return total

    best = min(
        ((features, *choice) for features in candidates for choice in CHOICES),
        key=lambda setting: error(*setting),
    )
    return kernel_ridge(best[0], train, target, best[1], best[2])
