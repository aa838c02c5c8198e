"""Folds by function, distances from training graphs, and intervals that follow the local size of errors, on made-up figures."""

from __future__ import annotations

import unittest

import numpy as np

from layercost_training.features import Cell, Export, Graph
from layercost_training.figures import latency_figures
from layercost_training.folds import form_folds
from layercost_training.intervals import covered_share, fit_spread
from layercost_training.network import NetworkShape, Predictor
from layercost_training.reference import reference_of
from layercost_training.space import embeddings, space_of
from layercost_training.targets import Targets


class FoldsTest(unittest.TestCase):
    forms = np.array([f"form {number // 3}" for number in range(300)])
    labelled = np.arange(0, 300, 2)

    def test_every_labelled_cell_is_unseen_once(self) -> None:
        folds = form_folds(self.forms, self.labelled)
        self.assertEqual(sorted(np.concatenate([fold.unseen for fold in folds])), list(self.labelled))

    def test_no_unseen_function_is_trained_on(self) -> None:
        for fold in form_folds(self.forms, self.labelled):
            self.assertFalse(set(self.forms[fold.unseen]) & set(self.forms[fold.train]))
            rows = np.concatenate([fold.train, fold.unseen, fold.seen])
            self.assertEqual(sorted(rows), list(self.labelled))
            self.assertGreater(len(fold.seen), 0)


class ReferenceTest(unittest.TestCase):
    def test_training_graphs_are_at_distance_zero_and_others_are_not(self) -> None:
        chains = [Graph((0, *operations, 1), tuple((n, n + 1) for n in range(len(operations) + 1))) for operations in CHAINS]
        cells = tuple(Cell(str(row), chain, chain, chain, chain, str(row)) for row, chain in enumerate(chains))
        space = space_of(Export(1, tuple("abcdef"), cells), "canonical")
        network = Predictor(NetworkShape(vocabulary=6, width=64, layers=2)).eval()
        reference = reference_of(network, space, np.arange(20))
        distances = reference.distances(embeddings(network, space).numpy())
        self.assertLess(distances[:20].max(), 0.01)
        self.assertGreater(distances[20:].min(), 0.01)
        again = reference.placed(embeddings(network, space).numpy()[:20])
        pairs = np.linalg.norm(again[:, None] - again[None], axis=-1)[np.triu_indices(20, 1)]
        self.assertAlmostEqual(float(np.median(pairs)), 1.0, places=1)


CHAINS = [(a, b, c) for a in (2, 3, 4) for b in (2, 3, 4) for c in (3, 4, 5)]


class SpreadTest(unittest.TestCase):
    def test_radii_grow_with_the_errors_and_cover_others(self) -> None:
        random = np.random.default_rng(0)
        values, distances = random.uniform(80, 94, 4000), np.maximum(random.uniform(-0.1, 0.5, 4000), 0)
        errors = random.normal(size=4000) * (94.5 - values) * (0.2 + distances)
        groups = np.arange(4000) // 2
        spread = fit_spread(errors[:2000], values[:2000], distances[:2000], groups[:2000])
        radii = spread.radii(values[2000:], distances[2000:])
        self.assertAlmostEqual(covered_share(errors[2000:], radii), 0.9, delta=0.03)
        for part in (values[2000:] < 84, values[2000:] > 90, distances[2000:] == 0, distances[2000:] > 0.3):
            self.assertAlmostEqual(covered_share(errors[2000:][part], radii[part]), 0.9, delta=0.07)
        low, high = spread.radii(np.array([82.0, 93.0]), np.array([0.2, 0.2]))
        self.assertGreater(low, 3 * high)

    def test_is_one_radius_for_equal_errors(self) -> None:
        spread = fit_spread(np.full(60, 0.5), np.linspace(90, 94, 60), np.linspace(0.1, 0.5, 60), np.arange(60))
        self.assertEqual(spread.radii(np.array([0.0, 92.0]), np.array([0.0, 9.0])).tolist(), [0.5, 0.5])


class LatencyFiguresTest(unittest.TestCase):
    def test_each_device_has_a_factor_that_covers_folds_it_was_not_fitted_to(self) -> None:
        random = np.random.default_rng(0)
        folds = form_folds(np.array([f"form {number // 4}" for number in range(2000)]), np.arange(2000))
        values = random.uniform(0, 3, (2000, 2))
        values[::3, 1] = np.nan
        errors = random.normal(size=(2000, 2)) * (0.1, 0.02)
        targets = Targets(("latencyMs/slow", "latencyMs/exact"), values, np.zeros(2), np.ones(2))
        predicted = np.nan_to_num(values) + errors
        entries, lines = latency_figures(targets, [(fold, predicted) for fold in folds])
        for name, scale in (("latencyMs/slow", 0.1), ("latencyMs/exact", 0.02)):
            entry = entries[name]
            assert isinstance(entry, dict)
            self.assertAlmostEqual(np.log(entry["factor"]) / scale, 1.645, delta=0.15)  # the normal distribution's 90 %
            self.assertAlmostEqual(entry["coverage"], 0.9, delta=0.02)
        self.assertIn("| latencyMs/exact | 1333 |", lines[-1])


if __name__ == "__main__":
    unittest.main()
