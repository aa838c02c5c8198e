"""Trainings that are stopped go on as if they had not been."""

import tempfile
import unittest
from pathlib import Path

import torch
from torch import nn

from layercost_training.optimise import Checkpoint, minimise, shuffled_batches


class Stopped(Exception):
    pass


class Checkpoints(unittest.TestCase):
    def train(self, path: Path | None, stop_after: int | None = None) -> list[torch.Tensor]:
        torch.manual_seed(0)
        inputs, network = torch.randn(40, 3), nn.Linear(3, 1)
        batches = shuffled_batches(40, 8, seed=0)
        done = 0

        def loss() -> torch.Tensor:
            nonlocal done
            if done == stop_after:
                raise Stopped
            done += 1
            rows = next(batches)
            noisy = inputs[rows] + 0.1 * torch.randn(8, 3)
            return (network(noisy)[:, 0] - inputs[rows].sum(1)).pow(2).mean()

        def skip(number: int) -> None:
            for _ in range(number):
                next(batches)

        checkpoint = None if path is None else Checkpoint(path, skip, every=10)
        minimise([network], [1e-2], 50, loss, weight_decay=0.01, average_decay=0.9, checkpoint=checkpoint)
        return list(network.state_dict().values())

    def test_a_stopped_training_ends_with_the_same_weights(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "weights.checkpoint"
            with self.assertRaises(Stopped):
                self.train(path, stop_after=34)
            self.assertTrue(path.exists())
            with self.assertRaises(Stopped):
                self.train(path, stop_after=15)  # goes on at step 30, stops at 45
            for found, expected in zip(self.train(path), self.train(None)):
                torch.testing.assert_close(found, expected)
            self.assertEqual(list(Path(folder).iterdir()), [])


if __name__ == "__main__":
    unittest.main()
