"""How well auto-encoders read back and draw cells, of each space by itself and of one that learned three spaces together.

python -m layercost_training.assess_auto_encoder --features features.jsonl --unlabelled others.jsonl --out auto_encoder.json
Trained on nine tenths of the graphs of each space; what is read back are the others. `--only` picks parts; a training that stands
in the file already is not repeated.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import torch

from .auto_encoder import STEPS, reconstruction, train_auto_encoder
from .features import Export, read_export
from .graph_draws import Key, draw_graphs, key_of_darts, key_of_known, key_of_nas_bench_101, validity_and_uniqueness
from .isomorphism import EPSILON, IsomorphismEncoder, IsomorphismShape
from .protocol import EVALUATION_SEEDS
from .space import GraphKind, Space, space_of, unlabelled_spaces

DRAWS = 10_000
HELD_OUT_SHARE = 0.1
KINDS: tuple[GraphKind, ...] = ("full", "kept", "canonical")
OTHERS = {"nas-bench-101": key_of_nas_bench_101, "darts": key_of_darts}
MIXED = "mixed"
"""NAS-Bench-201's canonical graphs and all of the others."""

Figures = dict[str, float]


def assess(
    spaces: dict[str, tuple[Space, Key]], seed: int, steps: int = STEPS, epsilon: float = EPSILON
) -> dict[str, Figures]:
    """One training on all of these spaces; figures by space."""
    vocabulary = next(iter(spaces.values()))[0].export.vocabulary
    orders = {
        name: torch.randperm(len(space.tensors), generator=torch.Generator().manual_seed(seed))
        for name, (space, _) in spaces.items()
    }
    held_out = {name: int(HELD_OUT_SHARE * len(order)) for name, order in orders.items()}
    torch.manual_seed(seed)
    encoder = IsomorphismEncoder(IsomorphismShape(len(vocabulary), epsilon=epsilon))
    samples = [(space, orders[name][held_out[name] :]) for name, (space, _) in spaces.items()]
    network = train_auto_encoder(encoder, samples, seed, steps)
    found: dict[str, Figures] = {}
    for name, (space, key) in spaces.items():
        read_back = reconstruction(network, space.tensors.rows(orders[name][: held_out[name]]))
        valid, unique = validity_and_uniqueness(draw_graphs(network, space, DRAWS, seed), key)
        found[name] = {**asdict(read_back), "valid": valid, "unique": unique}
    return found


def trainings(export: Export, others: Path | None) -> dict[str, dict[str, tuple[Space, Key]]]:
    """What each training learns, by name."""
    spaces: dict[str, tuple[Space, Key]] = {}
    for kind in KINDS:
        space = space_of(export, kind)
        spaces[kind] = space, key_of_known(space)
    if others is None:
        return {name: {name: space} for name, space in spaces.items()}
    for name, space in unlabelled_spaces(others, export.vocabulary).items():
        spaces[name] = space, OTHERS[name](export.vocabulary)
    together = {name: space for name, space in spaces.items() if name == "canonical" or name in OTHERS}
    return {**{name: {name: space} for name, space in spaces.items()}, MIXED: together}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--unlabelled", type=Path, help="features of other cells (draw_cells.py)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default=",".join([*KINDS, *OTHERS, MIXED]))
    parser.add_argument("--seeds", default=",".join(map(str, EVALUATION_SEEDS)))
    parser.add_argument("--epsilon", type=float, default=EPSILON, help="where ε of the encoder starts; 0 in arch2vec")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    results: dict[str, dict[str, dict[str, Figures]]] = json.loads(arguments.out.read_text()) if arguments.out.exists() else {}
    for name, spaces in trainings(read_export(arguments.features), arguments.unlabelled).items():
        if name not in arguments.only.split(","):
            continue
        for seed in arguments.seeds.split(","):
            of_training = results.setdefault(name, {})
            if seed not in of_training:
                of_training[seed] = assess(spaces, int(seed), epsilon=arguments.epsilon)
                print(name, seed, json.dumps(of_training[seed]), flush=True)
                arguments.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
