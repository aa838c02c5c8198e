"""Intervals of the shipped model, and the figures of its card, from cells that the network at hand did not learn.

accuracy_figures(targets, [(fold, predicted, distances), ...], forms) -> (model.json's outputs, lines of the card).
"""

from __future__ import annotations

import numpy as np
from scipy.stats import spearmanr

from .folds import Fold
from .intervals import COVERAGE, Spread, conformal_radius, covered_share, fit_spread
from .protocol import tau
from .targets import Targets

HeldOut = tuple[Fold, np.ndarray, np.ndarray]
"""A fold, what its network predicts for every cell [cells, outputs], and the distances from its training graphs [cells]."""
Figures = tuple[dict[str, object], list[str]]

LATENCY_HEAD = [
    "| output | cells | Kendall tau | Spearman | MAPE, % | covered | interval |",
    "|---|---|---|---|---|---|---|",
]
ACCURACY_HEAD = [
    "| output | Kendall tau | Spearman | MAE, points | covered | covered, by tenth | covered, seen | half width |",
    "|---|---|---|---|---|---|---|---|",
]


def accuracy_figures(targets: Targets, held_out: list[HeldOut], forms: np.ndarray) -> Figures:
    """The interval that ships is fitted to all folds; the figures are of each fold under an interval fitted to the others."""
    entries: dict[str, object] = {}
    count = sum(len(fold.unseen) for fold, _, _ in held_out)
    lines = [f"Accuracy: {len(held_out)} folds, {count} cells whose function was not trained on; aimed coverage {COVERAGE}.", ""]
    lines += ACCURACY_HEAD
    for column, name in enumerate(targets.names):
        checked = [
            check_fold(targets.values[:, column], held_out[number], column, spread_without(targets, held_out, forms, column, number))
            for number in range(len(held_out))
        ]
        means, deviations = np.mean(checked, axis=0), np.std(checked, axis=0)
        spread = spread_without(targets, held_out, forms, column, None)
        entries[name] = {
            "transform": "identity",
            "mean": float(targets.mean[column]),
            "scale": float(targets.scale[column]),
            "coverage": round(float(means[3]), 4),
            "radius": {"byValue": spread.by_value, "byDistance": spread.by_distance},
        }
        cells = [f"{mean:.3f} ± {deviation:.3f}" for mean, deviation in zip(means, deviations)]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return entries, lines


def spread_without(targets: Targets, held_out: list[HeldOut], forms: np.ndarray, column: int, left_out: int | None) -> Spread:
    """Fitted to the held-out cells of all folds but one."""
    rows, predicted, distances = [], [], []
    for number, (fold, values, far) in enumerate(held_out):
        if number != left_out:
            rows.append(fold.held_out)
            predicted.append(values[fold.held_out, column])
            distances.append(far[fold.held_out])
    cells, values = np.concatenate(rows), np.concatenate(predicted)
    return fit_spread(targets.values[cells, column] - values, values, np.concatenate(distances), forms[cells])


def check_fold(measured: np.ndarray, held_out: HeldOut, column: int, spread: Spread) -> list[float]:
    """Of unseen functions: tau, Spearman, mean error, coverage, least coverage of a tenth by predicted value; then of seen ones."""
    fold, predicted, distances = held_out
    values = predicted[:, column]
    radii = spread.radii(values, distances)
    errors = measured - values
    rows = fold.unseen
    tenths = np.array_split(rows[np.argsort(values[rows])], 10)
    return [
        tau(values[rows], measured[rows]),
        float(spearmanr(values[rows], measured[rows]).statistic),
        float(np.abs(errors[rows]).mean()),
        covered_share(errors[rows], radii[rows]),
        min(covered_share(errors[tenth], radii[tenth]) for tenth in tenths),
        covered_share(errors[fold.seen], radii[fold.seen]),
        float(np.median(radii[rows])),
    ]


def latency_figures(targets: Targets, held_out: list[tuple[Fold, np.ndarray]]) -> Figures:
    """One factor a device, value / factor to value * factor, fitted to the unseen functions of all folds, cell by cell, since equal
    functions are different programs; the figures are of each fold under a factor fitted to the others."""
    entries: dict[str, object] = {}
    lines = [f"Latency: {len(held_out)} folds, cells whose function was not trained on; aimed coverage {COVERAGE}.", "", *LATENCY_HEAD]
    for column, name in enumerate(targets.names):
        measured = targets.values[:, column]
        errors = [measured[fold.unseen] - predicted[fold.unseen, column] for fold, predicted in held_out]
        checked = []
        for number, (fold, predicted) in enumerate(held_out):
            others = np.concatenate([*errors[:number], *errors[number + 1 :]])
            radius = conformal_radius(others, np.arange(len(others)))
            checked.append(check_latency(measured[fold.unseen], predicted[fold.unseen, column], radius))
        means, deviations = np.mean(checked, axis=0), np.std(checked, axis=0)
        all_errors = np.concatenate(errors)
        radius = conformal_radius(all_errors, np.arange(len(all_errors)))
        entries[name] = {
            "transform": "exp",
            "mean": float(targets.mean[column]),
            "scale": float(targets.scale[column]),
            "coverage": round(float(means[3]), 4),
            "factor": float(np.exp(radius)),
            "datasets": ["cifar10"],
        }
        cells = [f"{mean:.{digits}f} ± {deviation:.{digits}f}" for mean, deviation, digits in zip(means, deviations, (3, 4, 2, 3))]
        count = int((~np.isnan(all_errors)).sum())
        lines.append(f"| {name} | {count} | " + " | ".join(cells) + f" | / × {np.exp(radius):.3f} |")
    return entries, lines


def check_latency(measured: np.ndarray, predicted: np.ndarray, radius: float) -> list[float]:
    """Logarithms of one fold's cells: tau, Spearman, mean error in per cent, coverage."""
    known = ~np.isnan(measured)
    errors = measured[known] - predicted[known]
    return [
        tau(predicted[known], measured[known]),
        float(spearmanr(predicted[known], measured[known]).statistic),
        100 * float(np.mean(np.abs(np.exp(-errors) - 1))),
        covered_share(errors, radius),
    ]
