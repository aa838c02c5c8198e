"""A search space ready for training: each different graph once, and which graph every cell has.

load_space(features.jsonl, "canonical") -> Space(graphs=5,425 of them, graph_of_cell=[15,625 numbers]).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Literal, Protocol

import numpy as np
import torch
from torch import Tensor

from .features import SUPPORTED_VERSION, Export, ExportError, Graph, read_export, read_unlabelled
from .network import Predictor
from .relations import GraphTensors, Masks, pack_graphs

GraphKind = Literal["kept", "full", "canonical", "tree"]
"""The four graphs of docs/predictor.md."""


@dataclass(frozen=True)
class Space:
    export: Export
    kind: GraphKind
    graphs: tuple[Graph, ...]
    graph_of_cell: np.ndarray
    tensors: GraphTensors


def space_of(
    export: Export, kind: GraphKind, token: bool = False, masks: Masks = "siblings", depth_operation: int | None = None
) -> Space:
    """Tokens and masks as in `pack_graphs`."""
    numbers: dict[Graph, int] = {}
    of_cell = [numbers.setdefault(getattr(cell, kind), len(numbers)) for cell in export.cells]
    graphs = tuple(numbers)
    return Space(export, kind, graphs, np.array(of_cell), pack_graphs(graphs, token, masks, depth_operation))


def unlabelled_spaces(path: Path, vocabulary: tuple[str, ...]) -> dict[str, Space]:
    """By name, the spaces of an export of other cells, of which nothing is known but their graphs."""
    found = read_unlabelled(path)
    if found.vocabulary != vocabulary:
        raise ExportError(f"{path} has another vocabulary: both exports must come from one version")
    export = Export(SUPPORTED_VERSION, vocabulary, ())
    return {
        name: Space(export, "full", graphs, np.arange(len(graphs)), pack_graphs(graphs))
        for name, graphs in found.graphs.items()
    }


def load_space(path: Path, kind: GraphKind, token: bool = False, masks: Masks = "siblings") -> Space:
    return space_of(read_export(path), kind, token, masks)


class Encoder(Protocol):
    """A network that makes one vector of a graph; `with_dropout` copies it."""

    width: int

    def eval(self) -> object: ...

    def embed(self, graphs: GraphTensors) -> Tensor: ...

    def with_dropout(self, dropout: float) -> Any: ...


def graph_batches(space: Space, batch: int = 512) -> Iterator[GraphTensors]:
    """All graphs of the space, in order."""
    for start in range(0, len(space.tensors), batch):
        yield space.tensors.rows(torch.arange(start, min(start + batch, len(space.tensors))))


@torch.no_grad()
def embeddings(network: Encoder, space: Space) -> Tensor:
    """[graphs, width] of every graph of the space; the network is left in evaluation mode."""
    network.eval()
    return torch.cat([network.embed(graphs) for graphs in graph_batches(space)])


@torch.no_grad()
def head_answers(network: Predictor, space: Space) -> Tensor:
    """[graphs, targets]: the head's answer for every graph of the space."""
    return network.head[0](embeddings(network, space))
