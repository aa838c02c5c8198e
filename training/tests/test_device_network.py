"""The latency network conditioned on devices, on made-up devices whose latency is a sum over operations."""

import unittest

import numpy as np
import torch

from layercost_training.compare_latency import METHODS, SETS, Bench, DeviceSet, leave_one_out, rank_correlation
from layercost_training.device_facts import FACTS, KINDS, fact_vector
from layercost_training.device_network import SourceMeasurements, adapted_latency, graph_vectors, train_device_network
from layercost_training.features import Cell, Export, Graph
from layercost_training.space import Space, space_of
from layercost_training.transfer import operation_counts

VOCABULARY = ("input", "output", "conv1x1", "conv3x3", "avgPool3x3", "skip", "none")


def random_space(cells: int) -> Space:
    random = np.random.default_rng(0)
    graphs = [Graph((0, *random.integers(2, 7, 3).tolist(), 1), ((0, 1), (1, 2), (2, 3), (3, 4))) for _ in range(cells)]
    return space_of(Export(1, VOCABULARY, tuple(Cell(str(row), *[graph] * 4, "") for row, graph in enumerate(graphs))), "full")


class Facts(unittest.TestCase):
    def test_every_device_of_the_sets_has_facts(self) -> None:
        for set_ in SETS.values():
            for device in (*set_.sources, *set_.targets):
                self.assertEqual(len(fact_vector(device)), len(KINDS) + 5)

    def test_vector(self) -> None:
        self.assertEqual({facts.kind for facts in FACTS.values()}, set(KINDS))
        known = fact_vector("1080ti_32")
        self.assertEqual((known[0], known[len(KINDS)], known[-1]), (1.0, 1.25, 1.0))
        self.assertEqual(fact_vector("pixel2")[-4:].tolist(), [0, 0, 0, 0])  # no published peak that we could tell for sure


class Network(unittest.TestCase):
    def setUp(self) -> None:
        self.space = random_space(400)
        self.counts = operation_counts(self.space.export)[:, 1:5]
        random = np.random.default_rng(1)
        self.weights = random.uniform(0.2, 1, (6, 4)) * np.array([1, 5, 2, 0.1])
        self.latency = 1 + self.counts @ self.weights.T

    def test_a_new_device_is_found_from_ten_cells(self) -> None:
        rows, kinds = np.arange(0, 400, 2), np.eye(5)
        scaled = self.latency[:, :5] / self.latency[:, :5].mean(axis=0)
        scaled[rows[:20], 2] = np.nan  # not measured there
        network = train_device_network(self.space, SourceMeasurements(rows, scaled, kinds), seed=0, steps=300)
        vectors = graph_vectors(network, self.space)
        new = self.latency[:, 5] * 37
        measured = np.arange(1, 20, 2)
        found = adapted_latency(network, vectors, measured, new[measured], np.zeros(5), hold=0.01)
        start = network.latency(vectors, network.start_vector(torch.zeros(5))[None])[:, 0].detach().numpy()
        rest = np.setdiff1d(np.arange(400), measured)
        error = np.abs(found / new - 1)[rest].mean()
        self.assertLess(error, 0.1)
        self.assertLess(error, np.abs(start * new.mean() / new - 1)[rest].mean())

    def test_every_method_of_the_benchmark_runs(self) -> None:
        names = ("1080ti_1", "silver_4114", "pixel3", "samsung_s7", "eyeriss", "raspi4")
        latency_ms = {name: self.latency[:, column].copy() for column, name in enumerate(names)}
        latency_ms["pixel3"][::7] = np.nan
        bench = Bench(operation_counts(self.space.export), latency_ms, self.space)
        set_ = DeviceSet(names[:5], names[5:])
        for name, method in METHODS.items():
            measured, predicted = method(bench, set_, "raspi4", 10, 0)
            self.assertEqual((len(set(measured.tolist())), predicted.shape), (10, (400,)), name)
            self.assertGreater(rank_correlation(bench, "raspi4", (measured, predicted)), 0.8, name)
        self.assertEqual(len(bench.networks), 1)  # trained once, whatever the target and the cells

    def test_no_held_out_source_is_learned_from(self) -> None:
        for set_ in leave_one_out(SETS["six"]).values():
            self.assertEqual(len(set_.sources), 8)
            self.assertFalse(set(set_.targets) & set(set_.sources))
            self.assertFalse(set(SETS["six"].targets) & {*set_.sources, *set_.targets})


if __name__ == "__main__":
    unittest.main()
