"""Split conformal intervals: a radius from cells that training did not see, and its coverage on others again.

Source: Vovk et al., Algorithmic Learning in a Random World (2005); Lei et al. (2018), split conformal prediction.
"""

from __future__ import annotations

import math

import numpy as np

COVERAGE = 0.9


def conformal_radius(errors: np.ndarray, coverage: float = COVERAGE) -> float:
    """The ⌈(n + 1) · coverage⌉-th smallest absolute error of n calibration cells."""
    known = np.sort(np.abs(errors[~np.isnan(errors)]))
    place = min(len(known), math.ceil((len(known) + 1) * coverage))
    return float(known[place - 1])


def covered_share(errors: np.ndarray, radius: float) -> float:
    known = np.abs(errors[~np.isnan(errors)])
    return float((known <= radius).mean())
