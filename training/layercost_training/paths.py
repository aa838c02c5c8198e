"""Operation paths of a cell, counted on the exported graph: a model's own computation, like a convolution's sum.

in -> conv3x3 -> skip -> conv1x1 -> out gives the path (conv1x1, conv3x3): skips contracted, operations sorted. Two cells with
the same counts are nearly the same function.
"""

from __future__ import annotations

from collections import Counter
from typing import Sequence

import numpy as np

from .features import Export, Graph

OperationPath = tuple[int, ...]


def path_counts(graph: Graph, contracted: frozenset[int]) -> Counter[OperationPath]:
    """Paths from the first to the last node; `contracted` operations leave no trace."""
    successors: list[list[int]] = [[] for _ in graph.operations]
    for source, target in graph.edges:
        successors[source].append(target)
    last = len(graph.operations) - 1
    found: Counter[OperationPath] = Counter()
    waiting: list[tuple[int, OperationPath]] = [(0, ())]
    while waiting:
        node, path = waiting.pop()
        for target in successors[node]:
            operation = graph.operations[target]
            if target == last:
                found[tuple(sorted(path))] += 1
            else:
                waiting.append((target, path if operation in contracted else (*path, operation)))
    return found


def path_matrix(export: Export) -> np.ndarray:
    """[cells, features]: counts and presence of each path that any cell has, and one-hots of operations by position."""
    contracted = frozenset({export.vocabulary.index("skip")})
    counts = [path_counts(cell.kept, contracted) for cell in export.cells]
    columns = {path: place for place, path in enumerate(sorted({path for count in counts for path in count}))}
    matrix = np.zeros((len(counts), len(columns)))
    for row, count in enumerate(counts):
        for path, times in count.items():
            matrix[row, columns[path]] = times
    positions = one_hots([cell.full.operations for cell in export.cells], len(export.vocabulary))
    return np.hstack([matrix, matrix > 0, positions])


def one_hots(operations: Sequence[Sequence[int]], vocabulary_size: int) -> np.ndarray:
    """[cells, positions * vocabulary]; all cells have the same positions."""
    return np.eye(vocabulary_size)[np.array(operations)].reshape(len(operations), -1)


def standardised(matrix: np.ndarray) -> np.ndarray:
    """Columns with mean 0 and deviation 1; constant columns are dropped."""
    kept = matrix[:, matrix.std(axis=0) > 1e-9]
    return (kept - kept.mean(axis=0)) / kept.std(axis=0)
