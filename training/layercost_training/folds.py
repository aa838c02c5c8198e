"""Cells held out of a training, in folds: every labelled cell of NAS-Bench-201 is once a cell whose function was not seen.

form_folds(forms, labelled) -> five Folds; fold.unseen computes what no cell of fold.train computes, fold.seen was held out by
chance among the rest, so most of it computes what a training cell computes too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FOLDS = 5
SEEN_SHARE = 0.1


@dataclass(frozen=True)
class Fold:
    """Rows of cells; the three have no row in common."""

    train: np.ndarray
    unseen: np.ndarray
    seen: np.ndarray

    @property
    def held_out(self) -> np.ndarray:
        return np.concatenate([self.unseen, self.seen])


def form_folds(forms: np.ndarray, labelled: np.ndarray, count: int = FOLDS, seed: int = 0) -> list[Fold]:
    """`forms[row]` is the canonical form: cells of one form compute the same. Forms, not cells, are dealt to the folds."""
    random = np.random.default_rng(seed)
    dealt = np.array_split(random.permutation(np.unique(forms[labelled])), count)
    return [fold_without(forms, labelled, part, random) for part in dealt]


def fold_without(forms: np.ndarray, labelled: np.ndarray, hidden: np.ndarray, random: np.random.Generator) -> Fold:
    is_hidden = np.isin(forms[labelled], hidden)
    others = random.permutation(labelled[~is_hidden])
    cut = int(SEEN_SHARE * len(others))
    return Fold(np.sort(others[cut:]), labelled[is_hidden], np.sort(others[:cut]))
