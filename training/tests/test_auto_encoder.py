"""The graph-isomorphism encoder against loops over nodes, and the auto-encoder on a handful of graphs."""

import unittest

import numpy as np
import torch

from layercost_training.auto_encoder import (
    AutoEncoder,
    all_graphs,
    cell_embeddings,
    ordered_pairs,
    reconstruction,
    train_auto_encoder,
)
from layercost_training.baselines import chosen_kernel_ridge
from layercost_training.benchmark import AccuracyTable
from layercost_training.features import Cell, Export, Graph
from layercost_training.finetune import FineTuning, finetune
from layercost_training.graph_draws import draw_graphs, key_of_known, validity_and_uniqueness
from layercost_training.isomorphism import IsomorphismEncoder, IsomorphismShape
from layercost_training.network import NetworkShape, Predictor
from layercost_training.relations import pack_graphs
from layercost_training.space import Space, space_of

torch.set_num_threads(1)  # batches this small are slower on several

VOCABULARY = ("input", "output", "conv1x1", "conv3x3", "avgPool3x3")
CHAIN = Graph((0, 2, 1), ((0, 1), (1, 2)))
GRAPHS = (
    CHAIN,
    Graph((0, 3, 1), ((0, 1), (1, 2))),
    Graph((0, 2, 3, 1), ((0, 1), (1, 2), (2, 3))),
    Graph((0, 2, 3, 1), ((0, 1), (0, 2), (1, 3), (2, 3))),
    Graph((0, 4, 3, 1), ((0, 1), (0, 2), (2, 3))),
)


def small_space() -> Space:
    cells = tuple(Cell(str(row), graph, graph, graph, graph, str(row)) for row, graph in enumerate((*GRAPHS, CHAIN)))
    return space_of(Export(1, VOCABULARY, cells), "canonical")


def small_encoder(width: int = 16) -> IsomorphismEncoder:
    torch.manual_seed(1)
    return IsomorphismEncoder(IsomorphismShape(len(VOCABULARY), width, layers=2))


class Isomorphism(unittest.TestCase):
    def test_a_layer_sums_over_neighbours_both_ways(self) -> None:
        encoder = small_encoder().eval()
        with torch.no_grad():
            encoder.layers[0].epsilon.fill_(0.5)
            found = encoder.layers[0](
                torch.eye(5)[[0, 2, 1]][None], torch.tensor([[[0.0, 1, 0], [1, 0, 1], [0, 1, 0]]]), torch.ones(1, 3, dtype=torch.bool)
            )
            layer = encoder.layers[0]
            gathered = torch.tensor([[1.5, 0, 1, 0, 0], [1, 1, 1.5, 0, 0], [0, 1.5, 1, 0, 0]])
            middle = torch.relu(layer.first(gathered) / (1 + 1e-5) ** 0.5)
            torch.testing.assert_close(found[0], torch.relu(layer.second(middle) / (1 + 1e-5) ** 0.5))

    def test_padding_changes_nothing(self) -> None:
        encoder = small_encoder().eval()
        with torch.no_grad():
            torch.testing.assert_close(encoder.embed(pack_graphs([CHAIN])), encoder.embed(pack_graphs(GRAPHS))[:1])

    def test_padding_is_not_in_the_statistics_of_a_training_step(self) -> None:
        alone, padded = small_encoder(), small_encoder()
        alone.node_states(pack_graphs([CHAIN]))
        wide = pack_graphs(GRAPHS).rows(torch.tensor([0]))
        padded.node_states(wide)
        torch.testing.assert_close(alone.layers[1].second_norm.running_mean, padded.layers[1].second_norm.running_mean)


class AutoEncoding(unittest.TestCase):
    def test_pairs_are_those_that_can_be_edges(self) -> None:
        pairs = ordered_pairs(torch.tensor([[True, True, True, False]]))[0].nonzero().tolist()
        self.assertEqual(pairs, [[0, 1], [0, 2], [1, 2]])

    def test_reads_back_what_it_learned_and_draws_graphs_of_the_space(self) -> None:
        space = small_space()
        before = AutoEncoder(small_encoder(64), len(VOCABULARY)).eval()
        network = train_auto_encoder(small_encoder(64), [all_graphs(space)], seed=0, steps=500)
        self.assertLess(reconstruction(before, space.tensors).operations, 0.9)
        self.assertEqual(reconstruction(network, space.tensors).operations, 1.0)
        drawn = draw_graphs(network, space, 200, seed=0)
        self.assertEqual({len(graph.operations) for graph in drawn}, {3, 4})
        valid, unique = validity_and_uniqueness(drawn, key_of_known(space))
        self.assertGreater(valid, 0.1)
        self.assertLess(unique, 1.0)
        mean, places = cell_embeddings(network, space)
        self.assertEqual((mean.shape, places.shape), ((6, 16), (6, 64)))
        np.testing.assert_array_equal(places[0], places[5])
        self.assertEqual(np.abs(places[0, 48:]).max(), 0)  # a chain of three has no fourth place

    def test_validity_and_uniqueness(self) -> None:
        wrong = Graph((0, 1, 1), ((0, 1), (1, 2)))
        found = validity_and_uniqueness([CHAIN, CHAIN, wrong, GRAPHS[3]], key_of_known(small_space()))
        self.assertEqual(found, (0.75, 2 / 3))

    def test_learns_two_spaces_together_and_each_weighs_the_same(self) -> None:
        space = small_space()
        wide = Graph((0, 2, 2, 2, 4, 4, 1), tuple((node, node + 1) for node in range(6)))
        other = Space(space.export, "full", (wide,), np.arange(1), pack_graphs([wide]))
        network = train_auto_encoder(small_encoder(64), [all_graphs(space), all_graphs(other)], seed=0, steps=300)
        self.assertEqual(reconstruction(network, space.tensors).operations, 1.0)
        self.assertEqual(reconstruction(network, other.tensors).operations, 1.0)
        network.encode = lambda graphs: (torch.zeros(*graphs.operations.shape, 16),) * 2  # type: ignore[method-assign]
        network.decode = lambda latent: (torch.zeros(*latent.shape[:2], 5), torch.zeros(*latent.shape[:2], latent.shape[1]))
        half = np.log(2) * (1 + 5 / 7)  # every edge and operation by the toss of a coin
        self.assertAlmostEqual(float(network.loss([space.tensors])), half, places=5)
        self.assertAlmostEqual(float(network.loss([space.tensors, other.tensors])), half, places=5)

    def test_our_encoder_takes_its_place_and_both_are_fine_tuned(self) -> None:
        space = small_space()
        ours = Predictor(NetworkShape(vocabulary=len(VOCABULARY), width=16, layers=1))
        names = tuple(map(str, range(6)))
        table = AccuracyTable(names, names, np.arange(6), {"cifar10": np.array([1.0, 5, 3, 2, 4, 1])})
        settings = FineTuning(other_datasets=False, dropout=0.0, encoder_rate=1e-2, head_rate=1e-2)
        for encoder in (ours, small_encoder()):
            start = train_auto_encoder(encoder, [all_graphs(space)], seed=0, steps=3).encoder
            before = {name: value.clone() for name, value in start.state_dict().items()}
            scores = finetune(start, space, table, np.arange(5), settings, seed=0, steps=150)
            self.assertEqual(np.argsort(scores[:5]).tolist(), [0, 3, 2, 4, 1])
            self.assertEqual(scores[0], scores[5])
            for name, value in start.state_dict().items():
                torch.testing.assert_close(value, before[name])


class ChosenKernel(unittest.TestCase):
    def test_takes_the_features_that_predict_within_the_training_rows(self) -> None:
        random = np.random.default_rng(0)
        telling, noise = random.normal(size=(200, 2)), random.normal(size=(200, 2))
        target = np.sin(telling[:, 0]) + telling[:, 1]
        train = np.arange(100)
        predicted = chosen_kernel_ridge([noise, telling], train, target[train], seed=0)
        self.assertGreater(np.corrcoef(predicted[100:], target[100:])[0, 1], 0.95)


if __name__ == "__main__":
    unittest.main()
