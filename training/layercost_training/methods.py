"""The methods that compare.py measures: METHODS["ours"](bench, split, seed) -> a score for every cell, higher is better."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Callable, Literal

import numpy as np
import torch

from .auto_encoder import AutoEncoder, all_graphs, cell_embeddings, train_auto_encoder
from .baselines import chosen_kernel_ridge, kernel_ridge, pair_matrix, path_features, ridge
from .benchmark import AccuracyTable
from .features import Export
from .finetune import FineTuning, finetune
from .isomorphism import IsomorphismEncoder, IsomorphismShape
from .network import NetworkShape, Predictor
from .paths import standardised
from .pretrain import load_encoder, pretrain, save_encoder, zero_cost_targets
from .protocol import Split, rank_targets
from .relations import Masks
from .space import GraphKind, Space, space_of, unlabelled_spaces

OURS = NetworkShape(vocabulary=0, width=64, layers=3, hidden_factor=2, dropout=0.0, readout="mean")
"""`vocabulary` is filled in from the export."""
NN_FORMER = NetworkShape(vocabulary=0, width=64, layers=3, hidden_factor=4, dropout=0.1, readout="token")
"""NN-Former's encoder at our width and depth; published are 160 x 12, some 50 times the arithmetic."""
NN_FORMER_SETTINGS = FineTuning(
    encoder_rate=1e-3, head_rate=1e-3, pair_weight=0.2, weight_decay=0.01, consistency_weight=1.0, other_datasets=False
)
NN_FORMER_PUBLISHED = replace(NN_FORMER, width=160, layers=12)
NN_FORMER_PUBLISHED_SETTINGS = replace(
    NN_FORMER_SETTINGS, batch=128, encoder_rate=1e-4, head_rate=1e-4, half_products=True
)
"""4.9 M weights; 1e-4, weight decay 0.01, dropout 0.1, average .99 as published. bfloat16 because a CPU needs hours."""
PUBLISHED_PASSES = 3000
FROM_SCRATCH_SETTINGS = FineTuning(encoder_rate=1e-3)


@dataclass
class Bench:
    """Inputs, and what several methods share; encoders are kept beside the results."""

    export: Export
    table: AccuracyTable
    zero_cost: Path
    encoders: Path
    unlabelled: Path | None = None
    """Features of cells of other spaces."""
    auto_encoders: dict[tuple[str, str, str], AutoEncoder] = field(default_factory=dict)

    @cached_property
    def canonical(self) -> Space:
        return space_of(self.export, "canonical")

    @cached_property
    def pairs(self) -> np.ndarray:
        return pair_matrix(self.export)

    @cached_property
    def paths(self) -> np.ndarray:
        return path_features(self.export)

    def shape(self, shape: NetworkShape) -> NetworkShape:
        return replace(shape, vocabulary=len(self.export.vocabulary))

    def encoder(self, name: str, shape: NetworkShape, seed: int) -> Predictor:
        """Pre-trained once for all draws: it saw graphs and no label."""
        path = self.encoders / f"{name}-{seed}.pt"
        if not path.exists():
            network = pretrain(self.canonical, zero_cost_targets(self.zero_cost, self.canonical), self.shape(shape), seed)
            save_encoder(network, path)
        return load_encoder(path)

    def auto_encoder(self, encoder: AutoEncoded, kind: GraphKind, seen: Seen) -> AutoEncoder:
        """Trained once on the graphs of all cells, without labels."""
        if (encoder, kind, seen) not in self.auto_encoders:
            spaces = [space_of(self.export, kind), *(self.other_spaces() if seen == "mixed" else [])]
            torch.manual_seed(0)
            start = self.isomorphism() if encoder == "isomorphism" else Predictor(self.shape(OURS))
            self.auto_encoders[encoder, kind, seen] = train_auto_encoder(start, [all_graphs(space) for space in spaces], 0)
        return self.auto_encoders[encoder, kind, seen]

    def other_spaces(self) -> list[Space]:
        if self.unlabelled is None:
            raise ValueError("mixed pre-training needs --unlabelled")
        return list(unlabelled_spaces(self.unlabelled, self.export.vocabulary).values())

    def isomorphism(self) -> IsomorphismEncoder:
        return IsomorphismEncoder(IsomorphismShape(len(self.export.vocabulary)))


AutoEncoded = Literal["isomorphism", "ours"]
Seen = Literal["alone", "mixed"]
"""What an auto-encoder learned: NAS-Bench-201's graphs, or as many of each other space beside them in every step."""
Method = Callable[[Bench, Split, int], np.ndarray]
"""(bench, split, seed) -> a score for every cell."""


def ridge_on_pairs(bench: Bench, part: Split, seed: int) -> np.ndarray:
    return ridge(bench.pairs, part.train, rank_targets(bench.table.percent["cifar10"][part.train]))


def kernel_on_paths(bench: Bench, part: Split, seed: int) -> np.ndarray:
    return kernel_ridge(bench.paths, part.train, rank_targets(bench.table.percent["cifar10"][part.train]))


def pretrained(name: str, shape: NetworkShape, settings: FineTuning = FineTuning(), members: int = 1) -> Method:
    """Mean score of `members` networks, each from an encoder of its own."""

    def scores(bench: Bench, part: Split, seed: int) -> np.ndarray:
        found = [
            finetune(bench.encoder(name, shape, member), bench.canonical, bench.table, part.train, settings, seed)
            for member in range(members)
        ]
        return np.mean(found, axis=0)

    return scores


def from_scratch(shape: NetworkShape, settings: FineTuning, step_factor: float = 2.0) -> Method:
    """The same network and loss without pre-training, and with twice the steps."""

    def scores(bench: Bench, part: Split, seed: int) -> np.ndarray:
        torch.manual_seed(1000 + seed)
        start = Predictor(bench.shape(shape))
        steps = int(step_factor * settings.steps(len(part.train)))
        return finetune(start, bench.canonical, bench.table, part.train, settings, seed, steps)

    return scores


def kernel_on_auto_encoding(kind: GraphKind, seen: Seen = "alone") -> Method:
    """arch2vec: kernel ridge on the embedding, which no label shaped; the kernel's settings by folds of the training cells."""

    def scores(bench: Bench, part: Split, seed: int) -> np.ndarray:
        found = cell_embeddings(bench.auto_encoder("isomorphism", kind, seen), space_of(bench.export, kind))
        target = rank_targets(bench.table.percent["cifar10"][part.train])
        return chosen_kernel_ridge([standardised(features) for features in found], part.train, target, seed)

    return scores


def auto_encoded(encoder: AutoEncoded, seen: Seen = "alone") -> Method:
    """Reconstruction as pre-training, then fine-tuned as ours is."""

    def scores(bench: Bench, part: Split, seed: int) -> np.ndarray:
        start = bench.auto_encoder(encoder, "canonical", seen).encoder
        return finetune(start, bench.canonical, bench.table, part.train, FineTuning(), seed)

    return scores


def isomorphism_from_scratch(bench: Bench, part: Split, seed: int) -> np.ndarray:
    """The same GIN without pre-training, and with twice the steps."""
    torch.manual_seed(1000 + seed)
    steps = 2 * FROM_SCRATCH_SETTINGS.steps(len(part.train))
    return finetune(bench.isomorphism(), bench.canonical, bench.table, part.train, FROM_SCRATCH_SETTINGS, seed, steps)


def nn_former(masks: Masks, uses_siblings: bool = True) -> Method:
    """NN-Former's encoder, token readout and losses, on the kept graph as in its code."""

    def scores(bench: Bench, part: Split, seed: int) -> np.ndarray:
        space = space_of(bench.export, "kept", token=True, masks=masks)
        torch.manual_seed(1000 + seed)
        start = Predictor(replace(bench.shape(NN_FORMER), uses_siblings=uses_siblings))
        return finetune(start, space, bench.table, part.train, NN_FORMER_SETTINGS, seed)

    return scores


def nn_former_published(masks: Masks, passes: int = PUBLISHED_PASSES) -> Method:
    """At the published size with the depth token, for so many passes over the training cells; minutes to hours each."""

    def scores(bench: Bench, part: Split, seed: int) -> np.ndarray:
        operations = len(bench.export.vocabulary)
        space = space_of(bench.export, "kept", token=True, masks=masks, depth_operation=operations)
        nodes = max(len(graph.operations) for graph in space.graphs)
        torch.manual_seed(1000 + seed)
        start = Predictor(replace(NN_FORMER_PUBLISHED, vocabulary=operations + nodes + 1))
        count = len(part.train)
        steps = passes * max(1, count // NN_FORMER_PUBLISHED_SETTINGS.batch)
        path = bench.encoders / f"nn-former-{masks}-{passes}-{seed}-{count}.checkpoint"
        return finetune(start, space, bench.table, part.train, NN_FORMER_PUBLISHED_SETTINGS, seed, steps, path)

    return scores


METHODS: dict[str, Method] = {
    "ridge": ridge_on_pairs,
    "kernel": kernel_on_paths,
    "ours": pretrained("full", OURS, members=2),
    "ours-single": pretrained("full", OURS),
    "no-siblings": pretrained("no-siblings", replace(OURS, uses_siblings=False)),
    "no-reverse": pretrained("no-reverse", replace(OURS, uses_reverse=False)),
    "no-pretraining": from_scratch(OURS, FROM_SCRATCH_SETTINGS),
    "no-pretraining-no-siblings": from_scratch(replace(OURS, uses_siblings=False), FROM_SCRATCH_SETTINGS),
    "no-pretraining-no-reverse": from_scratch(replace(OURS, uses_reverse=False), FROM_SCRATCH_SETTINGS),
    "cifar10-only": pretrained("full", OURS, FineTuning(other_datasets=False)),
    "arch2vec-full": kernel_on_auto_encoding("full"),
    "arch2vec-canonical": kernel_on_auto_encoding("canonical"),
    "arch2vec-finetuned": auto_encoded("isomorphism"),
    "arch2vec-without-pretraining": isomorphism_from_scratch,
    "ours-reconstruction": auto_encoded("ours"),
    "arch2vec-canonical-mixed": kernel_on_auto_encoding("canonical", "mixed"),
    "arch2vec-finetuned-mixed": auto_encoded("isomorphism", "mixed"),
    "ours-reconstruction-mixed": auto_encoded("ours", "mixed"),
    "nn-former-siblings": nn_former("siblings"),
    "nn-former-dense": nn_former("dense"),
    "nn-former-no-siblings": nn_former("siblings", uses_siblings=False),
    "nn-former-tenth-siblings": nn_former_published("siblings", PUBLISHED_PASSES // 10),
    "nn-former-tenth-dense": nn_former_published("dense", PUBLISHED_PASSES // 10),
    "nn-former-third-dense": nn_former_published("dense", PUBLISHED_PASSES // 3),
    "nn-former-published-siblings": nn_former_published("siblings"),
    "nn-former-published-dense": nn_former_published("dense"),
}
SLOW = {name for name in METHODS if name.startswith(("nn-former-tenth", "nn-former-third", "nn-former-published"))}
"""Run where --methods names them."""
MIXED = {name for name in METHODS if name.endswith("-mixed")}
"""Run where --unlabelled is given."""
