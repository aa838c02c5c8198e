"""Split conformal intervals: a radius from cells that training did not see, and its coverage on others again.

Source: Vovk et al., Algorithmic Learning in a Random World (2005); Lei et al. (2018), split conformal prediction.
"""

from __future__ import annotations

import math

import numpy as np

COVERAGE = 0.9


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


def covered_share(errors: np.ndarray, radius: float) -> float:
    known = np.abs(errors[~np.isnan(errors)])
    return float((known <= radius).mean())
