"""Graphs drawn from an auto-encoder's latents, and which of them are cells.

draw_graphs(network, space, 10_000, seed=0) -> graphs; validity_and_uniqueness(them, key_of_nas_bench_101(vocabulary)) -> two shares.
A key is the same for equal cells and None for what is no cell.
"""

from __future__ import annotations

from collections import Counter
from typing import Callable, Hashable

import torch

from .auto_encoder import LATENT, AutoEncoder, latent_means
from .darts import half_key, half_of_graph
from .features import Graph
from .nas_bench_101 import LabelledGraph, isomorphism_key, pruned_cell
from .space import Space

Key = Callable[[Graph], Hashable | None]


@torch.no_grad()
def draw_graphs(network: AutoEncoder, space: Space, number: int, seed: int) -> list[Graph]:
    """Decoded from normal latents with the mean and deviation that each place of a graph of that size has in the space.

    The number of nodes is drawn as it occurs in the space.
    """
    random = torch.Generator().manual_seed(seed)
    means, sizes = latent_means(network, space), space.tensors.present.sum(1)
    drawn = Counter(sizes[torch.randint(len(sizes), (number,), generator=random)].tolist())
    found: list[Graph] = []
    for size, count in sorted(drawn.items()):
        seen = means[sizes == size][:, :size]
        noise = torch.randn(count, size, LATENT, generator=random)
        operations, edges = network.decode(seen.mean(0) + noise * seen.std(0, correction=0))
        joined = (edges > 0).triu(1)
        for kinds, pairs in zip(operations.argmax(-1).tolist(), joined):
            found.append(Graph(tuple(kinds), tuple((source, target) for source, target in pairs.nonzero().tolist())))
    return found


def key_of_known(space: Space) -> Key:
    """For a space that is known as a whole."""
    known = {sorted_edges(graph) for graph in space.graphs}
    return lambda graph: sorted_edges(graph) if sorted_edges(graph) in known else None


def sorted_edges(graph: Graph) -> Graph:
    return Graph(graph.operations, tuple(sorted(graph.edges)))


def key_of_nas_bench_101(vocabulary: tuple[str, ...]) -> Key:
    """What the benchmark takes: it prunes first, and counts vertices before and edges after that."""

    def key(graph: Graph) -> Hashable | None:
        cell = pruned_cell([vocabulary[operation] for operation in graph.operations], graph.edges)
        return None if cell is None else isomorphism_key(cell)

    return key


def key_of_darts(vocabulary: tuple[str, ...]) -> Key:
    def key(graph: Graph) -> Hashable | None:
        labels = tuple(vocabulary[operation] for operation in graph.operations)
        half = half_of_graph(LabelledGraph(labels, graph.edges))
        return None if half is None else half_key(half)

    return key


def validity_and_uniqueness(drawn: list[Graph], key: Key) -> tuple[float, float]:
    """(share of draws that are a cell, share of different ones among those)."""
    valid = [found for found in map(key, drawn) if found is not None]
    return len(valid) / len(drawn), len(set(valid)) / max(1, len(valid))
