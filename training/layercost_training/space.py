"""A search space ready for training: each different graph once, and which graph every cell has.

load_space(features.jsonl, "canonical") -> Space(graphs=5,425 of them, graph_of_cell=[15,625 numbers]).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from .features import Export, Graph, read_export
from .network import Predictor
from .relations import GraphTensors, Masks, pack_graphs

GraphKind = Literal["kept", "full", "canonical", "tree"]
"""The four graphs of docs/predictor.md."""


@dataclass(frozen=True)
class Space:
    export: Export
    graphs: tuple[Graph, ...]
    graph_of_cell: np.ndarray
    tensors: GraphTensors


def space_of(export: Export, kind: GraphKind, token: bool = False, masks: Masks = "siblings") -> Space:
    numbers: dict[Graph, int] = {}
    of_cell = [numbers.setdefault(getattr(cell, kind), len(numbers)) for cell in export.cells]
    graphs = tuple(numbers)
    return Space(export, graphs, np.array(of_cell), pack_graphs(graphs, token, masks))


def load_space(path: Path, kind: GraphKind, token: bool = False, masks: Masks = "siblings") -> Space:
    return space_of(read_export(path), kind, token, masks)


@torch.no_grad()
def over_all_graphs(network: Predictor, space: Space, batch: int = 512) -> tuple[Tensor, Tensor]:
    """(embedding [graphs, width], head's answer [graphs, targets]) of every graph of the space."""
    network.eval()
    embeddings, answers = [], []
    for start in range(0, len(space.tensors), batch):
        rows = torch.arange(start, min(start + batch, len(space.tensors)))
        embeddings.append(network.embed(space.tensors.rows(rows)))
        answers.append(network.head[0](embeddings[-1]))
    return torch.cat(embeddings), torch.cat(answers)
