"""Cells of NAS-Bench-101: random ones, pruned as the benchmark prunes, and a key that is equal for cells equal but for numbering.

random_cell(Random(0)) -> LabelledGraph(labels=("input", "conv3x3", "output"), edges=((0, 1), (1, 2))), say. Source: Ying et al.
(2019), section 2.1: at most 7 vertices and 9 edges, three operations, input first, output last.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import combinations, permutations, product
from random import Random
from typing import Sequence

MAX_VERTICES = 7
MAX_EDGES = 9
OPERATIONS = {"conv1x1": "conv1x1-bn-relu", "conv3x3": "conv3x3-bn-relu", "maxPool3x3": "maxpool3x3"}
"""By their names in the features' vocabulary: the benchmark's."""
EDGE_CHANCE = 0.5

Edges = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class LabelledGraph:
    """What each node is, in topological order, and edges as (source, target)."""

    labels: tuple[str, ...]
    edges: Edges


def random_cell(random: Random) -> LabelledGraph:
    """Seven vertices, each edge by the toss of a coin, pruned; drawn again until the benchmark would take it."""
    while True:
        labels = ("input", *random.choices(tuple(OPERATIONS), k=MAX_VERTICES - 2), "output")
        edges = tuple(pair for pair in combinations(range(MAX_VERTICES), 2) if random.random() < EDGE_CHANCE)
        cell = pruned_cell(labels, edges)
        if cell is not None:
            return cell


def pruned_cell(labels: Sequence[str], edges: Edges) -> LabelledGraph | None:
    """The cell without vertices off every path from input to output; None for what the benchmark refuses."""
    last = len(labels) - 1
    if not 1 <= last < MAX_VERTICES or labels[0] != "input" or labels[last] != "output":
        return None
    if any(label not in OPERATIONS for label in labels[1:last]):
        return None
    kept = sorted(reached(0, edges) & reached(last, tuple((target, source) for source, target in edges)))
    if not kept:
        return None
    place = {vertex: number for number, vertex in enumerate(kept)}
    left = tuple(sorted((place[source], place[target]) for source, target in edges if source in place and target in place))
    return LabelledGraph(tuple(labels[vertex] for vertex in kept), left) if 0 < len(left) <= MAX_EDGES else None


def reached(start: int, edges: Edges) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        vertex = waiting.pop()
        fresh = {target for source, target in edges if source == vertex} - found
        found |= fresh
        waiting.extend(fresh)
    return found


def isomorphism_key(cell: LabelledGraph) -> tuple[tuple[str, ...], Edges]:
    """Equal exactly for cells that differ in the order of their vertices alone.

    The least of all orders that sort the inner vertices by operation and number of edges in and out.
    """
    last = len(cell.labels) - 1
    groups: dict[tuple[str, int, int], list[int]] = {}
    for vertex in range(1, last):
        into = sum(target == vertex for _, target in cell.edges)
        out = sum(source == vertex for source, _ in cell.edges)
        groups.setdefault((cell.labels[vertex], into, out), []).append(vertex)
    sorted_groups = [groups[group] for group in sorted(groups)]

    def edges_in(orders: tuple[tuple[int, ...], ...]) -> Edges:
        inner = [vertex for order in orders for vertex in order]
        place = {vertex: number for number, vertex in enumerate([0, *inner, last])}
        return tuple(sorted((place[source], place[target]) for source, target in cell.edges))

    labels = tuple(cell.labels[vertex] for group in sorted_groups for vertex in group)
    return labels, min(edges_in(orders) for orders in product(*(tuple(permutations(group)) for group in sorted_groups)))


def cell_text(cell: LabelledGraph) -> str:
    """As `layercost` reads it: {"matrix": [[0, 1], [0, 0]], "operations": ["input", "output"]}."""
    size = len(cell.labels)
    matrix = [[int((source, target) in cell.edges) for target in range(size)] for source in range(size)]
    return json.dumps({"matrix": matrix, "operations": [OPERATIONS.get(label, label) for label in cell.labels]})
