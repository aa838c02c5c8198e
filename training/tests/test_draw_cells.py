"""Random cells of NAS-Bench-101 and DARTS, their keys, and which graphs are cells."""

import json
import unittest
from itertools import combinations, permutations, product
from random import Random

from layercost_training.darts import genotype_text, half_key, half_of_graph, random_half
from layercost_training.draw_cells import different, drawn_cells
from layercost_training.features import Graph
from layercost_training.graph_draws import key_of_darts, key_of_nas_bench_101, validity_and_uniqueness
from layercost_training.nas_bench_101 import OPERATIONS, LabelledGraph, cell_text, isomorphism_key, pruned_cell, random_cell

VOCABULARY = ("input", "output", "conv1x1", "conv3x3", "maxPool3x3", "inputBefore", "sum", "skip")
HALF = (
    (("conv", 0), ("pool", 1)),
    (("conv", 0), ("skip", 1)),
    (("conv", 2), ("pool", 3)),
    (("conv", 3), ("conv", 4)),
)


def graph_of_half(half) -> LabelledGraph:
    """As the features write it: a node an operation, then the sum of the state."""
    labels, edges, states = ["input", "inputBefore"], [], [0, 1]
    for pairs in half:
        total = len(labels) + 2
        for operation, source in pairs:
            edges += [(states[source], len(labels)), (len(labels), total)]
            labels.append(operation)
        labels.append("sum")
        states.append(total)
    edges += [(state, len(labels)) for state in states[2:]]
    return LabelledGraph((*labels, "output"), tuple(edges))


class NasBench101(unittest.TestCase):
    def test_prunes_and_refuses_as_the_benchmark(self) -> None:
        cell = pruned_cell(("input", "conv1x1", "conv3x3", "output"), ((0, 1), (0, 2), (2, 3)))
        self.assertEqual(cell, LabelledGraph(("input", "conv3x3", "output"), ((0, 1), (1, 2))))
        all_of_five = tuple(combinations(range(5), 2))
        inner = ("conv1x1",) * 3
        refused = [
            (("input", "conv1x1", "output"), ((0, 1),)),
            (("input", "skip", "output"), ((0, 1), (1, 2))),
            (("conv1x1", "input", "output"), ((0, 1), (1, 2))),
            (("input",) + ("conv1x1",) * 6 + ("output",), tuple((node, node + 1) for node in range(7))),
            (("input", *inner, "output"), all_of_five),
            (("input",), ()),
        ]
        for labels, edges in refused:
            with self.subTest(labels):
                self.assertIsNone(pruned_cell(labels, edges))
        self.assertIsNotNone(pruned_cell(("input", *inner, "output"), all_of_five[1:]))

    def test_all_cells_of_four_vertices_and_fewer(self) -> None:
        """1, 6 and 84 of two, three and four vertices; here by every renaming of the vertices as well."""
        keys, brute = set(), set()
        for size in (2, 3, 4):
            pairs = tuple(combinations(range(size), 2))
            for inner in product(OPERATIONS, repeat=size - 2):
                for chosen in product((False, True), repeat=len(pairs)):
                    edges = tuple(pair for pair, taken in zip(pairs, chosen) if taken)
                    cell = pruned_cell(("input", *inner, "output"), edges)
                    if cell is None or len(cell.labels) < size:
                        continue
                    keys.add(isomorphism_key(cell))
                    renamed = []
                    for order in permutations(range(1, size - 1)):
                        place = {0: 0, size - 1: size - 1} | {vertex: number for number, vertex in enumerate(order, 1)}
                        labels = tuple(cell.labels[vertex] for vertex in order)
                        renamed.append((labels, tuple(sorted((place[a], place[b]) for a, b in cell.edges))))
                    brute.add(min(renamed))
        self.assertEqual(len(keys), len(brute))
        self.assertEqual(len(keys), 91)

    def test_random_cells_are_well_formed_and_seeded(self) -> None:
        random = Random(3)
        cells = [random_cell(random) for _ in range(200)]
        for cell in cells:
            self.assertEqual(pruned_cell(cell.labels, cell.edges), cell)
            self.assertLessEqual(len(cell.labels), 7)
            self.assertLessEqual(len(cell.edges), 9)
        again = Random(3)
        self.assertEqual([random_cell(again) for _ in range(200)], cells)

    def test_text(self) -> None:
        text = json.loads(cell_text(LabelledGraph(("input", "maxPool3x3", "output"), ((0, 1), (0, 2), (1, 2)))))
        self.assertEqual(text["matrix"], [[0, 1, 1], [0, 0, 1], [0, 0, 0]])
        self.assertEqual(text["operations"], ["input", "maxpool3x3", "output"])


class Darts(unittest.TestCase):
    def test_the_order_of_states_means_nothing(self) -> None:
        swapped = (
            (("conv", 0), ("skip", 1)),
            (("conv", 0), ("pool", 1)),
            (("conv", 3), ("pool", 2)),
            (("conv", 2), ("conv", 4)),
        )
        self.assertEqual(half_key(HALF), half_key(swapped))
        other = (*HALF[:3], (("conv", 2), ("conv", 4)))
        self.assertNotEqual(half_key(HALF), half_key(other))

    def test_a_half_is_read_back_from_its_graph(self) -> None:
        random = Random(1)
        for _ in range(50):
            half = random_half(random)
            self.assertEqual(half_of_graph(graph_of_half(half)), half)

    def test_graphs_that_are_no_half(self) -> None:
        half = random_half(Random(2))
        graph = graph_of_half(half)
        last = len(graph.labels) - 1
        first_sum = graph.labels.index("sum")
        twice = ((half[0][0], (half[0][1][0], half[0][0][1])), *half[1:])
        wrong = {
            "an edge too many": LabelledGraph(graph.labels, (*graph.edges, (0, last))),
            "a sum of three": LabelledGraph(graph.labels, (*graph.edges, (0, first_sum))),
            "joined inputs": LabelledGraph(graph.labels, (*graph.edges, (0, 1))),
            "an operation read twice": LabelledGraph(graph.labels, (*graph.edges, (2, graph.labels.index("sum", 6)))),
            "a sum left out": LabelledGraph(graph.labels, tuple(edge for edge in graph.edges if edge != (first_sum, last))),
            "another operation": LabelledGraph((*graph.labels[:2], "conv1x1", *graph.labels[3:]), graph.edges),
            "no second input": LabelledGraph(("input", "skip", *graph.labels[2:]), graph.edges),
            "one state read twice": graph_of_half(twice),
        }
        for name, found in wrong.items():
            with self.subTest(name):
                self.assertIsNone(half_of_graph(found))

    def test_text(self) -> None:
        half = ((("skip", 0), ("maxPool3x3", 1)),) * 4
        pairs = ", ".join(["('skip_connect', 0), ('max_pool_3x3', 1)"] * 4)
        concat = "[2, 3, 4, 5]"
        wanted = f"Genotype(normal=[{pairs}], normal_concat={concat}, reduce=[{pairs}], reduce_concat={concat})"
        self.assertEqual(genotype_text(half, half), wanted)


class Drawing(unittest.TestCase):
    def test_no_two_are_equal(self) -> None:
        values = iter([1, 2, 1, 3])
        self.assertEqual(list(different(lambda: next(values), lambda value: value, 3)), [1, 2, 3])
        with self.assertRaisesRegex(ValueError, "1 different cells were found where 2"):
            list(different(lambda: 5, lambda value: value, 2))

    def test_cells_of_both_spaces_by_the_seed(self) -> None:
        lines = list(drawn_cells(30, 5, seed=1))
        self.assertEqual(len(set(lines)), 35)
        self.assertTrue(all(line.startswith('{"matrix"') for line in lines[:30]))
        self.assertTrue(all(line.startswith("Genotype(normal=") for line in lines[30:]))
        self.assertEqual(list(drawn_cells(30, 5, seed=1)), lines)
        self.assertNotEqual(list(drawn_cells(30, 5, seed=2)), lines)

    def test_keys_of_drawn_graphs(self) -> None:
        one = Graph((0, 2, 3, 1), ((0, 1), (0, 2), (1, 3), (2, 3)))
        renamed = Graph((0, 3, 2, 1), one.edges)
        with_dead_end = Graph((0, 2, 3, 4, 1), ((0, 1), (0, 2), (0, 3), (1, 4), (2, 4)))
        wrong = Graph((0, 2, 1), ((0, 1),))
        key = key_of_nas_bench_101(VOCABULARY)
        self.assertEqual(validity_and_uniqueness([one, renamed, with_dead_end, wrong], key), (0.75, 1 / 3))
        half = ((("skip", 0), ("maxPool3x3", 1)),) * 4
        labelled = graph_of_half(half)
        graph = Graph(tuple(VOCABULARY.index(label) for label in labelled.labels), labelled.edges)
        self.assertEqual(validity_and_uniqueness([graph, one], key_of_darts(VOCABULARY)), (0.5, 1.0))


if __name__ == "__main__":
    unittest.main()
