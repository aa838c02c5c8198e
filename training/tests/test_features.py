"""The reader of exports: what it takes, and what it says of lines that do not fit."""

import json
import tempfile
import unittest
from pathlib import Path

from layercost_training.features import ExportError, Graph, parse_export, parse_unlabelled
from layercost_training.paths import path_counts
from layercost_training.space import unlabelled_spaces

HEADER = {"format": "layercost-features", "version": 1, "vocabulary": ["input", "output", "conv1x1", "skip", "none"]}
GRAPH = {"operations": [0, 2, 3, 1], "edges": [[0, 1], [0, 2], [1, 3], [2, 3]]}
CELL = {"id": "a", **GRAPH, "full": GRAPH, "canonical": {"form": "0+conv1x1(0)", **GRAPH}, "tree": GRAPH}


def export(*lines: object):
    return parse_export([json.dumps(line) + "\n" for line in lines])


class Reading(unittest.TestCase):
    def test_a_cell(self) -> None:
        cell = export(HEADER, CELL).cells[0]
        self.assertEqual((cell.id, cell.form), ("a", "0+conv1x1(0)"))
        self.assertEqual(cell.full.edges, ((0, 1), (0, 2), (1, 3), (2, 3)))
        self.assertEqual(cell.full.name, "0,2,3,1:0-1,0-2,1-3,2-3")

    def test_bad_input_names_the_line(self) -> None:
        bad = [
            ([], "empty"),
            ([{**HEADER, "version": 2}], "version 2"),
            ([HEADER, {**CELL, "operations": [0, 9, 3, 1]}], "line 2: operations"),
            ([HEADER, CELL, {**CELL, "full": {**GRAPH, "edges": [[1, 0]]}}], "line 3: edges"),
            ([HEADER, {"id": "x", "problem": [{"code": "cell-syntax"}]}], "line 2: the cell 'x'"),
            ([HEADER, {"id": "x", **GRAPH}], "line 2: no full and no canonical and no tree"),
            ([HEADER, [1]], "line 2: an object"),
        ]
        for lines, message in bad:
            with self.subTest(message), self.assertRaisesRegex(ExportError, message):
                export(*lines)
        with self.assertRaisesRegex(ExportError, "line 1: not JSON"):
            parse_export(["{"])


class Unlabelled(unittest.TestCase):
    def read(self, *lines: object):
        return parse_unlabelled([json.dumps(line) + "\n" for line in (HEADER, *lines)])

    def test_different_graphs_by_space_and_both_parts_of_darts(self) -> None:
        two_parts = {"operations": [0, 2, 1, 0, 3, 1], "edges": [[0, 1], [1, 2], [3, 4], [4, 5]]}
        one = {"space": "nas-bench-101", "parts": [4], "full": GRAPH}
        found = self.read(one, {"space": "darts", "parts": [3, 3], "full": two_parts}, one).graphs
        edges = ((0, 1), (1, 2))
        self.assertEqual(found["darts"], (Graph((0, 2, 1), edges), Graph((0, 3, 1), edges)))
        self.assertEqual([graph.operations for graph in found["nas-bench-101"]], [(0, 2, 3, 1)])

    def test_bad_input_names_the_line(self) -> None:
        bad = [
            ({"space": "darts", "parts": [3], "full": GRAPH}, "line 2: parts"),
            ({"space": "darts", "parts": [4]}, "line 2: no full graph"),
            ({"id": "x", "problem": [{"code": "cell-syntax"}]}, "line 2: the cell 'x'"),
        ]
        for line, message in bad:
            with self.subTest(message), self.assertRaisesRegex(ExportError, message):
                self.read(line)


class Spaces(unittest.TestCase):
    def test_graphs_of_other_spaces_in_the_same_vocabulary(self) -> None:
        cell = {"space": "nas-bench-101", "parts": [4], "full": GRAPH}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "others.jsonl"
            path.write_text(json.dumps(HEADER) + "\n" + json.dumps(cell) + "\n")
            vocabulary = tuple(HEADER["vocabulary"])
            space = unlabelled_spaces(path, vocabulary)["nas-bench-101"]
            self.assertEqual((space.export.vocabulary, space.tensors.operations.tolist()), (vocabulary, [[0, 2, 3, 1]]))
            with self.assertRaisesRegex(ExportError, "another vocabulary"):
                unlabelled_spaces(path, ("input", "output"))


class Paths(unittest.TestCase):
    def test_skips_are_contracted(self) -> None:
        graph = export(HEADER, CELL).cells[0].kept
        self.assertEqual(path_counts(graph, frozenset({3})), {(2,): 1, (): 1})


if __name__ == "__main__":
    unittest.main()
