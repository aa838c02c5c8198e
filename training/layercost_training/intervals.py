"""Conformal intervals: radii from cells that training did not see, and how often they cover others again.

Source: Vovk et al., Algorithmic Learning in a Random World (2005); Lei et al. (2018), split conformal prediction, section 5.2 for
radii that follow the local size of errors. fit_spread(...) -> Spread; spread.radii(values, distances) -> half widths.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

COVERAGE = 0.9
VALUE_KNOTS = 6
DISTANCE_KNOTS = 4
LOCAL_SHARE = 0.8
"""The local size of errors is this quantile of their absolute values."""


def conformal_radius(errors: np.ndarray, groups: np.ndarray, coverage: float = COVERAGE) -> float:
    """The larger of two quantiles of absolute errors of n calibration cells: by cells, and with one vote a group.

    Cells of one group (canonical form) have nearly equal errors; some groups have a hundred cells and would otherwise
    decide alone. By cells it is the ⌈(n + 1) · coverage⌉-th smallest.
    """
    known = ~np.isnan(errors)
    sizes = np.abs(errors[known])
    order = np.argsort(sizes)
    place = min(len(order), math.ceil((len(order) + 1) * coverage)) - 1
    _, group, count = np.unique(groups[known], return_inverse=True, return_counts=True)
    votes = np.cumsum((1 / count[group])[order])
    by_group = min(len(order) - 1, int(np.searchsorted(votes, coverage * (len(count) + 1))))
    return float(sizes[order[max(place, by_group)]])


def covered_share(errors: np.ndarray, radius: float | np.ndarray) -> float:
    """`radius`: one for all, or one a cell."""
    known = ~np.isnan(errors)
    return float((np.abs(errors) <= radius)[known].mean())


Knots = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Spread:
    """radius = by_value(predicted value) · by_distance(distance from the training graphs); linear between knots, else constant."""

    by_value: Knots
    by_distance: Knots

    def radii(self, values: np.ndarray, distances: np.ndarray) -> np.ndarray:
        return interpolate(self.by_value, values) * interpolate(self.by_distance, distances)


def interpolate(knots: Knots, places: np.ndarray) -> np.ndarray:
    return np.interp(places, [place for place, _ in knots], [size for _, size in knots])


def fit_spread(errors: np.ndarray, values: np.ndarray, distances: np.ndarray, groups: np.ndarray) -> Spread:
    """Of calibration cells: local sizes by value, what is left of them by distance, and the conformal factor over both.

    Distance 0 (a cell that computes what a training cell computes) has a knot and a conformal factor of its own.
    """
    votes = group_votes(groups)
    sizes = np.abs(errors)
    by_value = local_sizes(values, sizes, votes, VALUE_KNOTS)
    relative = sizes / interpolate(by_value, values)
    far = distances > 0
    by_distance = local_sizes(distances[far], relative[far], votes[far], DISTANCE_KNOTS)
    scaled = relative[far] / interpolate(by_distance, distances[far])
    factor = conformal_radius(scaled, groups[far])
    knots = [(place, size * factor) for place, size in by_distance]
    if (~far).any():
        knots.insert(0, (0.0, conformal_radius(relative[~far], groups[~far])))
    return Spread(rounded(by_value), rounded(knots))


def group_votes(groups: np.ndarray) -> np.ndarray:
    """[cells]: each group has one vote in all."""
    _, group, count = np.unique(groups, return_inverse=True, return_counts=True)
    return 1 / count[group]


def local_sizes(places: np.ndarray, sizes: np.ndarray, votes: np.ndarray, count: int) -> Knots:
    """Quantiles of `sizes` in `count` bins of equal votes along `places`, each at the mean place of its bin."""
    order = np.argsort(places, kind="stable")
    places, sizes, votes = places[order], sizes[order], votes[order]
    bins = np.minimum((np.cumsum(votes) / votes.sum() * count - 1e-9).astype(int), count - 1)
    knots = []
    for number in range(count):
        here = bins == number
        if here.any():
            knots.append((float(np.average(places[here], weights=votes[here])), quantile(sizes[here], votes[here], LOCAL_SHARE)))
    return tuple(knots)


def quantile(sizes: np.ndarray, votes: np.ndarray, share: float) -> float:
    order = np.argsort(sizes)
    place = int(np.searchsorted(np.cumsum(votes[order]), share * votes.sum()))
    return max(float(sizes[order[min(place, len(order) - 1)]]), 1e-6)


def rounded(knots: Knots | list[tuple[float, float]]) -> Knots:
    return tuple((float(f"{place:.5g}"), float(f"{size:.5g}")) for place, size in knots)
