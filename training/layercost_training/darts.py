"""Cells of DARTS: random ones as genotypes, and reading one back from a graph of the features.

A half (normal or reduction cell) has four states; each adds two operations on different earlier states; 0 and 1 are the two
cells before. Source: Liu et al. (2019), sections 2.1 and 3.1: the seven operations of its search.
"""

from __future__ import annotations

from itertools import permutations
from random import Random

from .nas_bench_101 import LabelledGraph

OPERATIONS = {
    "maxPool3x3": "max_pool_3x3",
    "avgPool3x3": "avg_pool_3x3",
    "skip": "skip_connect",
    "sepConv3x3": "sep_conv_3x3",
    "sepConv5x5": "sep_conv_5x5",
    "dilConv3x3": "dil_conv_3x3",
    "dilConv5x5": "dil_conv_5x5",
}
"""By their names in the features' vocabulary: those of genotypes."""
INPUTS = 2
STATES = 4

Half = tuple[tuple[tuple[str, int], ...], ...]
"""For each state its two (operation, state that it reads), sorted: their order means nothing."""


def random_half(random: Random) -> Half:
    return tuple(
        tuple(sorted((random.choice(tuple(OPERATIONS)), source) for source in random.sample(range(INPUTS + state), 2)))
        for state in range(STATES)
    )


def half_key(half: Half) -> Half:
    """Equal exactly for halves that differ in the order of their states alone: the least of all orders that can be run."""
    return min(filter(runs, (reordered(half, order) for order in permutations(range(STATES)))))


def reordered(half: Half, order: tuple[int, ...]) -> Half:
    """State i of the result is state order[i] of `half`."""
    place = {0: 0, 1: 1} | {INPUTS + state: INPUTS + number for number, state in enumerate(order)}
    return tuple(tuple(sorted((operation, place[source]) for operation, source in half[state])) for state in order)


def runs(half: Half) -> bool:
    return all(source < INPUTS + state for state, pairs in enumerate(half) for _, source in pairs)


def genotype_text(normal: Half, reduction: Half) -> str:
    """As `layercost` reads it: Genotype(normal=[('skip_connect', 0), ...], normal_concat=[2, 3, 4, 5], reduce=[...], ...)."""

    def pairs(half: Half) -> str:
        return repr([(OPERATIONS[operation], source) for state in half for operation, source in state])

    concat = list(range(INPUTS, INPUTS + STATES))
    return f"Genotype(normal={pairs(normal)}, normal_concat={concat}, reduce={pairs(reduction)}, reduce_concat={concat})"


def half_of_graph(graph: LabelledGraph) -> Half | None:
    """The half that this graph is, as the features write it (docs/predictor.md); None where it is none."""
    labels, last = graph.labels, len(graph.labels) - 1
    sums = [node for node in range(last) if labels[node] == "sum"]
    into = [[source for source, target in graph.edges if target == node] for node in range(last + 1)]
    out = [[target for source, target in graph.edges if source == node] for node in range(last + 1)]
    if labels[:INPUTS] != ("input", "inputBefore") or labels[last] != "output":
        return None
    if len(sums) != STATES or sorted(into[last]) != sums:
        return None
    state_of = {0: 0, 1: 1} | {node: INPUTS + number for number, node in enumerate(sums)}
    operations = [node for node in range(INPUTS, last) if labels[node] in OPERATIONS]
    if INPUTS + len(operations) + STATES != last or into[0] or into[1]:
        return None
    if any(len(into[node]) != 1 or into[node][0] not in state_of or len(out[node]) != 1 for node in operations):
        return None
    if any(len(into[total]) != 2 or not set(into[total]) <= set(operations) for total in sums):
        return None
    half = tuple(tuple(sorted((labels[node], state_of[into[node][0]]) for node in into[total])) for total in sums)
    return half if all(first[1] != second[1] for first, second in half) else None
