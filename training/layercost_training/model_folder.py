"""Writes models/NAME: weights and reference as safetensors, model.json, the card's figures; and the test vectors beside the tests.

docs/predictor.md describes the format; `server/src/predictor` reads it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .features import Export
from .network import HEADS, Predictor
from .reference import Reference
from .space import Space, embeddings, head_answers
from .weights_file import crc32_text, safetensors_bytes

VECTOR_COUNT = 200


@dataclass(frozen=True)
class Member:
    """A network, the graphs that it reads, and the names of its outputs."""

    file: str
    network: Predictor
    space: Space
    outputs: tuple[str, ...]


def write_model_folder(
    out: Path, export: Export, members: list[Member], reference: Reference, outputs: dict[str, object], card: list[str]
) -> None:
    """`reference` is of the first member."""
    out.mkdir(parents=True, exist_ok=True)
    networks = []
    for member in members:
        data = safetensors_bytes(member.network.state_dict())
        (out / member.file).write_bytes(data)
        networks.append(network_entry(member, data))
    data = reference_bytes(export, members[0].space, reference)
    (out / "reference.safetensors").write_bytes(data)
    model = {
        "format": "layercost-model",
        "version": 1,
        "name": "nas-bench-201",
        "space": "nas-bench-201",
        "featureVersion": export.version,
        "networks": networks,
        "reference": {"file": "reference.safetensors", "crc32": crc32_text(data), "network": members[0].file},
        "outputs": outputs,
    }
    (out / "model.json").write_text(json.dumps(model, indent=2) + "\n")
    write_figures(out / "CARD.md", card)


def network_entry(member: Member, data: bytes) -> dict[str, object]:
    shape = member.network.shape
    return {
        "file": member.file,
        "crc32": crc32_text(data),
        "graph": member.space.kind,
        "width": shape.width,
        "hidden": shape.hidden_factor * shape.width,
        "layers": shape.layers,
        "heads": ["A", "AT", "ATA", "AAT"][:HEADS],
        "activation": "relu",
        "normEpsilon": 1e-5,
        "readout": shape.readout,
        "outputs": list(member.outputs),
    }


def reference_bytes(export: Export, space: Space, reference: Reference) -> bytes:
    """One cell stands for each training graph: the first in the export."""
    _, first = np.unique(space.graph_of_cell, return_index=True)
    names = [export.cells[first[graph]].id for graph in reference.graphs]
    tensors = {
        "mean": torch.tensor(reference.mean, dtype=torch.float32),
        "projection": torch.tensor(reference.projection, dtype=torch.float32),
        "points": torch.tensor(reference.points).half(),
    }
    return safetensors_bytes(tensors, {"cells": "\n".join(names)})


def write_vectors(path: Path, export: Export, members: list[Member], reference: Reference) -> None:
    """Raw outputs y of each network (before mean and scale) and distances, for cells drawn at random, the empty cell among them."""
    rows = np.random.default_rng(7).choice(len(export.cells), VECTOR_COUNT, replace=False)
    rows[0] = min(range(len(export.cells)), key=lambda row: len(export.cells[row].kept.operations))
    answers = [head_answers(member.network, member.space).numpy()[member.space.graph_of_cell] for member in members]
    first = members[0]
    distances = reference.distances(embeddings(first.network, first.space).numpy())[first.space.graph_of_cell]
    vectors = [
        {
            "cell": export.cells[row].id,
            "outputs": {
                member.file: [round(float(y), 7) for y in answer[row]] for member, answer in zip(members, answers)
            },
            "distance": round(float(distances[row]), 6),
        }
        for row in rows
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"featureVersion": export.version, "vectors": vectors}, separators=(",", ":")) + "\n")


def write_figures(card: Path, lines: list[str]) -> None:
    """Replaces what stands below the card's last heading; people write what stands above it."""
    heading = "## Figures"
    above = card.read_text().split(heading)[0] if card.exists() else "# nas-bench-201\n\n"
    card.write_text("\n".join([above + heading, "", *lines]) + "\n")
