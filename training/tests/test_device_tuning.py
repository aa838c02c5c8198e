"""All weights of the conditioned network fitted to a made-up device that counts one operation unlike every source."""

import unittest
from dataclasses import replace

import numpy as np
import torch

from layercost_training.device_network import DeviceNetwork, SourceMeasurements, graph_vectors, train_device_network
from layercost_training.device_tuning import MARGIN, TUNING, hinge_of_pairs, nearest_source, tuned_latency
from layercost_training.transfer import operation_counts

from .test_device_network import random_space

FACTS = np.zeros(5)


class Tuning(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.space = random_space(400)
        cls.counts = operation_counts(cls.space.export)[:, 1:5]
        random = np.random.default_rng(1)
        cls.weights = random.uniform(0.2, 1, (5, 4)) * np.array([1, 5, 2, 0.1])
        latency = 1 + cls.counts @ cls.weights.T
        sources = SourceMeasurements(np.arange(0, 400, 2), latency / latency.mean(axis=0), np.eye(5))
        cls.network: DeviceNetwork = train_device_network(cls.space, sources, seed=0, steps=300)
        cls.vectors = graph_vectors(cls.network, cls.space)
        cls.latency = latency

    def test_the_nearest_source_is_the_one_that_the_cells_were_measured_on(self) -> None:
        measured = np.arange(1, 40, 2)
        for source in range(5):
            with torch.no_grad():
                made = self.network.latency(self.vectors[measured], self.network.source_vectors())[:, source]
            found = nearest_source(self.network, self.vectors[measured], made.double().numpy() * 37)
            self.assertTrue(torch.equal(found, self.network.source_vectors()[source]))

    def test_more_steps_fit_the_other_cells_better_and_the_network_stays(self) -> None:
        new = (1 + self.counts @ np.array([3.0, 1.0, 0.2, 2.0])) * 37
        measured = np.arange(1, 40, 2)
        rest = np.setdiff1d(np.arange(400), measured)
        before = {name: value.clone() for name, value in self.network.state_dict().items()}

        def error(steps: int) -> float:
            tuning = replace(TUNING, rate=1e-3, vector_rate=0.05)
            found = tuned_latency(self.network, self.space, measured, new[measured], FACTS, tuning, steps)
            return float(np.abs(np.log(found / new))[rest].mean())

        self.assertLess(error(200), 0.7 * error(1))
        for name, value in self.network.state_dict().items():
            self.assertTrue(torch.equal(value, before[name]), name)

    def test_the_scale_is_that_of_the_measured_cells(self) -> None:
        measured = np.arange(1, 20, 2)
        new = self.latency[measured, 0]
        both = [tuned_latency(self.network, self.space, measured, new * unit, FACTS, TUNING) for unit in (1.0, 1000.0)]
        np.testing.assert_allclose(both[1], both[0] * 1000, rtol=1e-3)
        self.assertAlmostEqual(float(np.log(both[0][measured] / new).mean()), 0.0, places=6)


class Hinge(unittest.TestCase):
    def test_by_hand(self) -> None:
        target = torch.tensor([1.0, 2.0, 2.0])
        right, wrong = torch.tensor([0.0, 1.0, 5.0]), torch.tensor([1.0, 0.0, 2.0])
        self.assertEqual(float(hinge_of_pairs(right, target)), 0.0)  # the equal pair does not count
        self.assertAlmostEqual(float(hinge_of_pairs(wrong, target)), (1 + MARGIN) / 2, places=6)
        self.assertEqual(float(hinge_of_pairs(wrong, torch.ones(3))), 0.0)


if __name__ == "__main__":
    unittest.main()
