"""Masks and arithmetic against loops over nodes that follow docs/predictor.md word by word."""

import math
import unittest

import numpy as np
import torch

from layercost_training.features import Graph
from layercost_training.network import NetworkShape, Predictor
from layercost_training.relations import joined_graphs, pack_graphs

# 0 -> 1, 2; 1 -> 3; 2 -> 3, 4; 3, 4 -> 5.
DIAMOND = Graph((0, 2, 3, 2, 4, 1), ((0, 1), (0, 2), (1, 3), (2, 3), (2, 4), (3, 5), (4, 5)))
CHAIN = Graph((0, 2, 1), ((0, 1), (1, 2)))


def seen(bias: torch.Tensor, head: int, node: int) -> list[int]:
    return torch.nonzero(bias[0, head, node] == 0).flatten().tolist()


class Joining(unittest.TestCase):
    def test_batches_of_two_widths_are_as_packed_together(self) -> None:
        joined, packed = joined_graphs([pack_graphs([CHAIN]), pack_graphs([DIAMOND])]), pack_graphs([CHAIN, DIAMOND])
        for name in ("operations", "adjacency", "present", "bias"):
            torch.testing.assert_close(getattr(joined, name), getattr(packed, name))


class Masks(unittest.TestCase):
    def test_siblings(self) -> None:
        bias = pack_graphs([DIAMOND]).bias
        self.assertEqual(seen(bias, 0, 2), [2, 3, 4])  # children
        self.assertEqual(seen(bias, 1, 3), [1, 2, 3])  # parents
        self.assertEqual(seen(bias, 2, 3), [3, 4])  # shares the parent 2
        self.assertEqual(seen(bias, 3, 1), [1, 2])  # shares the child 3
        self.assertEqual(seen(bias, 3, 3), [3, 4])  # shares the child 5

    def test_token_keeps_siblings_or_makes_them_dense(self) -> None:
        true = pack_graphs([DIAMOND], token=True).bias
        self.assertEqual(seen(true, 2, 4), [0, 4, 5])
        dense = pack_graphs([DIAMOND], token=True, masks="dense").bias
        self.assertEqual(seen(dense, 2, 4), [0, 1, 2, 3, 4, 5, 6])
        self.assertEqual(seen(dense, 3, 4), [0, 1, 2, 3, 4, 5, 6])


    def test_the_depth_token_is_global_and_tells_the_number_of_nodes(self) -> None:
        true = pack_graphs([DIAMOND, CHAIN], token=True, depth_operation=10)
        self.assertEqual(true.operations[:, :3].tolist(), [[0, 16, 0], [0, 13, 0]])
        self.assertEqual(seen(true.bias, 2, 5), [0, 1, 5, 6])
        self.assertEqual(seen(true.bias, 3, 1), list(range(8)))
        self.assertEqual(true.adjacency[0, :2].sum() + true.adjacency[0, :, :2].sum(), 0)
        dense = pack_graphs([DIAMOND], token=True, masks="dense", depth_operation=10)
        self.assertEqual(seen(dense.bias, 2, 5), list(range(8)))
        self.assertEqual(seen(dense.bias, 0, 5), [0, 1, 5, 7])  # children: the sum alone


class Arithmetic(unittest.TestCase):
    def network(self, **options: object) -> Predictor:
        torch.manual_seed(1)
        return Predictor(NetworkShape(vocabulary=6, width=16, layers=2, targets=2, **options)).eval()

    def test_equals_loops_over_nodes(self) -> None:
        network = self.network(readout="sum")
        with torch.no_grad():
            found = network(pack_graphs([CHAIN, DIAMOND]))[1].numpy()
        expected = by_loops({name: value.numpy() for name, value in network.state_dict().items()}, DIAMOND)
        np.testing.assert_allclose(found, expected, atol=1e-5)

    def test_padding_changes_nothing(self) -> None:
        for readout in ("mean", "sum", "token"):
            network = self.network(readout=readout)
            token = readout == "token"
            with torch.no_grad():
                alone = network(pack_graphs([CHAIN], token))
                together = network(pack_graphs([CHAIN, DIAMOND], token))[:1]
            torch.testing.assert_close(alone, together)

    def test_without_siblings_the_last_heads_see_the_node_itself(self) -> None:
        with_them, without = self.network(), self.network(uses_siblings=False)
        without.load_state_dict(with_them.state_dict())
        graphs = pack_graphs([DIAMOND])
        with torch.no_grad():
            self.assertFalse(torch.allclose(with_them(graphs), without(graphs)))
            closed = graphs.bias.clone()
            closed[:, 2:] = torch.full_like(closed[:, 2:], -1e9)
            closed[:, 2:, range(6), range(6)] = 0
            graphs.bias.copy_(closed)
            torch.testing.assert_close(with_them(graphs), without(graphs))


def by_loops(weights: dict[str, np.ndarray], graph: Graph) -> np.ndarray:
    """Two blocks of width 16 in plain numpy, float64."""
    count, width, heads = len(graph.operations), 16, 4
    adjacency = np.zeros((count, count))
    for source, target in graph.edges:
        adjacency[source, target] = 1

    def norm(name: str, hidden: np.ndarray) -> np.ndarray:
        centred = hidden - hidden.mean(1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-5)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def linear(name: str, hidden: np.ndarray) -> np.ndarray:
        return hidden @ weights[f"{name}.weight"].T + weights.get(f"{name}.bias", 0.0)

    relations = [adjacency, adjacency.T, adjacency.T @ adjacency, adjacency @ adjacency.T]
    hidden = weights["embedding.weight"][list(graph.operations)].astype(float)
    for block in range(2):
        query, key, value = np.split(linear(f"blocks.{block}.attention.qkv", norm(f"blocks.{block}.norm1", hidden)), 3, 1)
        gathered = np.zeros((count, width))
        for head in range(heads):
            part = slice(head * width // heads, (head + 1) * width // heads)
            for node in range(count):
                others = [other for other in range(count) if other == node or relations[head][node, other] > 0]
                scores = np.array([query[node, part] @ key[other, part] / math.sqrt(width / heads) for other in others])
                shares = np.exp(scores - scores.max())
                gathered[node, part] = (shares / shares.sum()) @ value[others, part]
        hidden = hidden + linear(f"blocks.{block}.attention.out", gathered)
        normed = norm(f"blocks.{block}.norm2", hidden)
        sent = linear(f"blocks.{block}.ffn.wg", normed)
        half = sent.shape[1] // 2
        received = np.hstack([adjacency @ sent[:, :half], adjacency.T @ sent[:, half:]])
        hidden = hidden + linear(f"blocks.{block}.ffn.w2", np.maximum(linear(f"blocks.{block}.ffn.w1", normed) + received, 0))
    return linear("head.0", norm("norm", hidden).sum(0, keepdims=True))[0]


if __name__ == "__main__":
    unittest.main()
