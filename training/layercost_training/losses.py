"""The losses of NN-Former (CVPR 2025, released code) and of ours: squared error and differences of pairs."""

from __future__ import annotations

import torch
from torch import Tensor


def pairwise_difference(predicted: Tensor, target: Tensor) -> Tensor:
    """L1 of the differences against one random permutation, by element: teaches order and distance of pairs."""
    other = torch.randperm(len(predicted))
    return ((predicted - predicted[other]) - (target - target[other])).abs()


def regression_and_pairs(predicted: Tensor, target: Tensor, column_weights: Tensor, pair_weight: float) -> Tensor:
    """Squared error + pair_weight · pairwise differences; columns are targets with a weight each."""
    squared = (predicted - target).pow(2) * column_weights
    return squared.mean() + pair_weight * (pairwise_difference(predicted, target) * column_weights).mean()


def consistency(first: Tensor, second: Tensor) -> Tensor:
    """L1 between two dropout passes of the same graphs."""
    return (first - second).abs().mean()
