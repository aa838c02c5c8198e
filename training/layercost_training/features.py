"""Reads what `layercost export --features` wrote: one header line, then one line a cell. Nothing is derived here.

{"format": "layercost-features", "version": 1, "vocabulary": ["input", ...], ...} then
{"id": "|skip_connect~0|+...", "operations": [0, 3, 1], "edges": [[0, 1], [1, 2]], "full": {...}, "canonical": {...}, ...}
-> Export(version=1, vocabulary=(...), cells=(Cell(...), ...)). docs/predictor.md describes the format.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, Iterator


@dataclass(frozen=True)
class Graph:
    """Operation numbers (places in the vocabulary) by node, in topological order, and edges as (source, target)."""

    operations: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]

    @property
    def name(self) -> str:
        """One text for each graph: a key of tables."""
        return ",".join(map(str, self.operations)) + ":" + ",".join(f"{source}-{target}" for source, target in self.edges)


@dataclass(frozen=True)
class Cell:
    """`kept` without dead nodes, `full` as the network runs it, `canonical` and `form` equal for equal functions."""

    id: str
    kept: Graph
    full: Graph
    canonical: Graph
    tree: Graph
    form: str


@dataclass(frozen=True)
class Export:
    version: int
    vocabulary: tuple[str, ...]
    cells: tuple[Cell, ...]

    def by_id(self) -> dict[str, Cell]:
        return {cell.id: cell for cell in self.cells}


class ExportError(ValueError):
    """The file is not what this training reads; the message says which line and why."""


FORMAT = "layercost-features"
SUPPORTED_VERSION = 1


def read_export(path: Path) -> Export:
    """The whole file; ExportError names the first line that does not fit."""
    with path.open(encoding="utf-8") as lines:
        return parse_export(lines)


def parse_export(lines: Iterable[str]) -> Export:
    vocabulary, numbered = parse_header(lines)
    cells = tuple(parse_cell(number, parse_object(number, line), len(vocabulary)) for number, line in numbered)
    return Export(SUPPORTED_VERSION, vocabulary, cells)


@dataclass(frozen=True)
class Unlabelled:
    """The different graphs of cells of any space, by the space's name; the normal and the reduction cell of DARTS are two."""

    vocabulary: tuple[str, ...]
    graphs: dict[str, tuple[Graph, ...]]


def read_unlabelled(path: Path) -> Unlabelled:
    """As `read_export`, of graphs with nothing left out."""
    with path.open(encoding="utf-8") as lines:
        return parse_unlabelled(lines)


def parse_unlabelled(lines: Iterable[str]) -> Unlabelled:
    vocabulary, numbered = parse_header(lines)
    found: dict[str, dict[Graph, None]] = {}
    for number, line in numbered:
        value = parse_object(number, line)
        refuse_problem(number, value)
        if not isinstance(value.get("full"), dict):
            raise ExportError(f"line {number}: no full graph")
        graph = parse_graph(number, value["full"], len(vocabulary))
        of_space = found.setdefault(str(value["space"]), {})
        of_space.update(dict.fromkeys(parts_of(number, graph, value["parts"])))
    return Unlabelled(vocabulary, {space: tuple(graphs) for space, graphs in found.items()})


def parts_of(number: int, graph: Graph, sizes: list[int]) -> list[Graph]:
    """[0, 1 | 0, 2, 1] of sizes [2, 3] -> the two graphs, each numbered from 0."""
    if sum(sizes) != len(graph.operations):
        raise ExportError(f"line {number}: parts {sizes!r} of a graph with {len(graph.operations)} nodes")
    parts, start = [], 0
    for size in sizes:
        inside = range(start, start + size)
        edges = tuple((source - start, target - start) for source, target in graph.edges if source in inside and target in inside)
        parts.append(Graph(graph.operations[start : start + size], edges))
        start += size
    return parts


def parse_header(lines: Iterable[str]) -> tuple[tuple[str, ...], Iterator[tuple[int, str]]]:
    """(vocabulary, the other lines with their numbers)."""
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    first = next(numbered, None)
    if first is None:
        raise ExportError("the export is empty")
    header = parse_object(*first)
    if header.get("format") != FORMAT or header.get("version") != SUPPORTED_VERSION:
        raise ExportError(
            f"line 1: format {header.get('format')!r} version {header.get('version')!r}; "
            f"this training reads {FORMAT!r} version {SUPPORTED_VERSION}"
        )
    return tuple(str(name) for name in header["vocabulary"]), numbered


def parse_object(number: int, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise ExportError(f"line {number}: not JSON ({error.msg})") from error
    if not isinstance(value, dict):
        raise ExportError(f"line {number}: an object is expected, found {type(value).__name__}")
    return value


def parse_cell(number: int, value: dict[str, Any], vocabulary_size: int) -> Cell:
    refuse_problem(number, value)
    missing = [name for name in ("full", "canonical", "tree") if not isinstance(value.get(name), dict)]
    if missing:
        raise ExportError(f"line {number}: no {' and no '.join(missing)} graph; only NAS-Bench-201 cells are trained on")
    return Cell(
        id=str(value["id"]),
        kept=parse_graph(number, value, vocabulary_size),
        full=parse_graph(number, value["full"], vocabulary_size),
        canonical=parse_graph(number, value["canonical"], vocabulary_size),
        tree=parse_graph(number, value["tree"], vocabulary_size),
        form=str(value["canonical"]["form"]),
    )


def refuse_problem(number: int, value: dict[str, Any]) -> None:
    if "problem" in value:
        raise ExportError(f"line {number}: the cell {value.get('id')!r} could not be read: {value['problem']!r}")


def parse_graph(number: int, value: dict[str, Any], vocabulary_size: int) -> Graph:
    operations = tuple(value.get("operations", ()))
    edges = tuple((source, target) for source, target in value.get("edges", ()))
    if not operations or any(not 0 <= operation < vocabulary_size for operation in operations):
        raise ExportError(f"line {number}: operations {operations!r} are not places in a vocabulary of {vocabulary_size}")
    if any(not 0 <= source < target < len(operations) for source, target in edges):
        raise ExportError(f"line {number}: edges {edges!r} are not in topological order of {len(operations)} nodes")
    return Graph(operations, edges)
