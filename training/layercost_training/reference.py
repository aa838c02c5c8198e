"""How far a graph is from all that a network was trained on: distances between embeddings, on the main axes of the training graphs.

reference_of(network, space, graphs) -> Reference; reference.distances(embeddings) -> one number a graph, 0 for a training graph.
The unit is the median distance of two training graphs. Source: principal components (Pearson, 1901).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from .space import Encoder, Space, embeddings

AXES = 16


@dataclass(frozen=True)
class Reference:
    """`graphs` numbers of training graphs; `points` [graphs, axes] = (embedding - mean) projectionᵀ, in float16 as it ships."""

    graphs: np.ndarray
    mean: np.ndarray
    projection: np.ndarray
    points: np.ndarray

    def placed(self, vectors: np.ndarray) -> np.ndarray:
        return (vectors - self.mean) @ self.projection.T

    def distances(self, vectors: np.ndarray) -> np.ndarray:
        """To the nearest point."""
        placed = torch.tensor(self.placed(vectors))
        exact = "donot_use_mm_for_euclid_dist"  # by products, small distances would be rounding errors
        return torch.cdist(placed, torch.tensor(self.points), compute_mode=exact).min(dim=1).values.numpy()


def reference_of(network: Encoder, space: Space, graphs: np.ndarray) -> Reference:
    vectors = embeddings(network, space).numpy()[graphs]
    mean = vectors.mean(axis=0)
    axes = np.linalg.svd(vectors - mean, full_matrices=False)[2][:AXES]
    placed = (vectors - mean) @ axes.T
    unit = float(torch.pdist(torch.tensor(placed)).median())
    return Reference(graphs, mean, axes / unit, (placed / unit).astype(np.float16).astype(np.float32))
