"""Draws, intervals, the weights file, and transfer between devices, on made-up figures."""

import json
import struct
import unittest
import zlib

import numpy as np
import torch

from layercost_training.benchmark import AccuracyTable
from layercost_training.features import Cell, Export, Graph
from layercost_training.intervals import conformal_radius, covered_share
from layercost_training.protocol import rank_targets, split, tau
from layercost_training.transfer import adapt, choose_cells, learn_prior, needed_by_output, operation_counts
from layercost_training.weights_file import crc32_text, read_safetensors, safetensors_bytes
from layercost_training.zero_cost import Probe, measure_graph

VOCABULARY = ("input", "output", "conv1x1", "conv3x3", "avgPool3x3", "skip", "none")


class Draws(unittest.TestCase):
    def test_no_equal_cell_and_no_unlabelled_cell_is_tested(self) -> None:
        percent = np.arange(100.0)
        percent[90:] = np.nan
        names = tuple(map(str, range(100)))
        table = AccuracyTable(names, names, np.arange(100) // 3, {"cifar10": percent})
        part = split(table, seed=3, count=20)
        self.assertEqual(len(set(part.train.tolist())), 20)
        self.assertFalse(set(table.iso_class[part.train]) & set(table.iso_class[part.test]))
        self.assertFalse(np.isnan(percent[part.test]).any())
        self.assertEqual(split(table, 3, 20).train.tolist(), part.train.tolist())

    def test_ranks_and_tau(self) -> None:
        np.testing.assert_allclose(rank_targets(np.array([3.0, 1.0, 3.0, 9.0])), [0.5, 0.125, 0.5, 0.875])
        self.assertAlmostEqual(tau(np.array([1, 2, 3]), np.array([1, 3, 2])), 1 / 3)


class Intervals(unittest.TestCase):
    def test_radius(self) -> None:
        errors = np.append(np.arange(-9.0, 10.0), np.nan)
        self.assertEqual(conformal_radius(errors, np.arange(20), 0.5), 5.0)
        crowded = np.array([1.0] * 50 + [2.0, 3.0, 4.0])
        self.assertEqual(conformal_radius(crowded, np.array([0] * 50 + [1, 2, 3]), 0.6), 3.0)
        self.assertAlmostEqual(covered_share(errors, 5.0), 11 / 19)


class WeightsFile(unittest.TestCase):
    def test_round_trip(self) -> None:
        tensors = {"b": torch.tensor([[1.5, -2.0]]), "a": torch.tensor([3.0])}
        data = safetensors_bytes(tensors)
        (length,) = struct.unpack("<Q", data[:8])
        self.assertEqual(length % 8, 0)
        header = json.loads(data[8 : 8 + length])
        for name, tensor in tensors.items():
            start, end = header[name]["data_offsets"]
            values = np.frombuffer(data[8 + length :][start:end], dtype="<f4").reshape(header[name]["shape"])
            np.testing.assert_array_equal(values, tensor.numpy())
            np.testing.assert_array_equal(read_safetensors(data)[name].numpy(), tensor.numpy())
        self.assertEqual(int(crc32_text(data), 16), zlib.crc32(data))


class Transfer(unittest.TestCase):
    def test_needed_nodes(self) -> None:
        # 1 leads to none alone; 3 is fed by none alone and still needed.
        graph = Graph((0, 3, 6, 2, 1), ((0, 1), (1, 2), (2, 3), (3, 4)))
        self.assertEqual(needed_by_output(graph, 6), [False, False, False, True, True])

    def test_a_new_device_is_found_from_few_cells(self) -> None:
        random = np.random.default_rng(0)
        counts = np.hstack([np.ones((400, 1)), random.integers(0, 4, (400, 4))]).astype(float)
        devices = [counts @ random.uniform(1, 3, 5) * scale for scale in (1, 10, 100, 3, 30)]
        prior = learn_prior([counts] * 4, devices[:4])
        chosen = choose_cells(counts, prior, 8)
        self.assertEqual(len(set(chosen)), 8)
        predicted = counts @ adapt(counts[chosen], devices[4][chosen], prior)
        self.assertLess(np.abs(predicted / devices[4] - 1).max(), 0.05)

    def test_counts(self) -> None:
        graph = Graph((0, 3, 6, 1), ((0, 1), (0, 2), (1, 3), (2, 3)))
        export = Export(1, VOCABULARY, (Cell("a", graph, graph, graph, graph, ""),))
        self.assertEqual(operation_counts(export).tolist(), [[1, 0, 1, 0, 0, 0, 1, 0, 0]])


class ZeroCost(unittest.TestCase):
    def test_statistics_are_figures_and_repeat(self) -> None:
        probe = Probe(cells_per_stage=1, channels=4, pixels=8, seeds=1)
        for graph in (Graph((0, 3, 4, 1), ((0, 1), (1, 2), (0, 3), (2, 3))), Graph((0, 1), ())):
            first, second = (measure_graph(graph, VOCABULARY, probe) for _ in range(2))
            self.assertEqual(first, second)
            self.assertTrue(np.isfinite(list(first.values())).all())


if __name__ == "__main__":
    unittest.main()
