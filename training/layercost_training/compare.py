"""The accuracy benchmark: every method on the same draws of training cells; one JSON line a result, a table at the end.

python -m layercost_training.compare --features features.jsonl --data DIR --zero-cost zero_cost.npz --out results.jsonl
A result that stands in the file already is not computed again, so that a stopped run goes on.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch

from .benchmark import read_accuracy
from .features import read_export
from .methods import METHODS, MIXED, SLOW, Bench
from .protocol import EVALUATION_SEEDS, TRAINING_COUNTS, split, tau


def measure(bench: Bench, method: str, seed: int, count: int) -> dict[str, object]:
    """One line of results. `tau_by_form` leaves out test cells that have a training cell's canonical form."""
    part = split(bench.table, seed, count)
    started = time.monotonic()
    scores = METHODS[method](bench, part, seed)
    labels = bench.table.percent["cifar10"]
    forms = np.array([cell.form for cell in bench.export.cells])
    strict = part.test[~np.isin(forms[part.test], forms[part.train])]
    return {
        "method": method,
        "seed": seed,
        "count": count,
        "tau": round(tau(scores[part.test], labels[part.test]), 5),
        "tau_by_form": round(tau(scores[strict], labels[strict]), 5),
        "test_cells": len(part.test),
        "seconds": round(time.monotonic() - started, 1),
    }


def table_of(results: list[dict[str, object]]) -> str:
    """Markdown: a row a method, mean ± deviation over seeds by training count."""
    counts = sorted({int(str(result["count"])) for result in results})
    lines = ["| method | seeds | " + " | ".join(map(str, counts)) + " |", "|---" * (len(counts) + 2) + "|"]
    for method in dict.fromkeys(str(result["method"]) for result in results):
        cells, seeds = [], set()
        for count in counts:
            values = [float(str(r["tau"])) for r in results if r["method"] == method and r["count"] == count]
            seeds.add(len(values))
            cells.append(f"{np.mean(values):.3f} ± {np.std(values):.3f}" if values else "-")
        lines.append(f"| {method} | {'/'.join(map(str, sorted(seeds)))} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with accuracy.csv")
    parser.add_argument("--zero-cost", type=Path, required=True)
    parser.add_argument("--unlabelled", type=Path, help="features of cells of other spaces (draw_cells.py)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--methods", help="all that need no days, if not given")
    parser.add_argument("--counts", default=",".join(map(str, TRAINING_COUNTS)))
    parser.add_argument("--seeds", default=",".join(map(str, EVALUATION_SEEDS)))
    arguments = parser.parse_args()
    left_out = SLOW if arguments.unlabelled is not None else SLOW | MIXED
    methods = [name for name in METHODS if name not in left_out] if arguments.methods is None else arguments.methods.split(",")
    if arguments.unlabelled is None and not MIXED.isdisjoint(methods):
        parser.error("mixed pre-training needs --unlabelled")
    torch.set_num_threads(1)
    export, table = read_export(arguments.features), read_accuracy(arguments.data / "accuracy.csv")
    if tuple(cell.id for cell in export.cells) != table.strings:
        parser.error("--features does not hold the cells of accuracy.csv, in its order")
    bench = Bench(export, table, arguments.zero_cost, arguments.out.parent, arguments.unlabelled)
    results = [json.loads(line) for line in arguments.out.read_text().splitlines()] if arguments.out.exists() else []
    done = {(result["method"], result["seed"], result["count"]) for result in results}
    for method in methods:
        for seed in map(int, arguments.seeds.split(",")):
            for count in map(int, arguments.counts.split(",")):
                if (method, seed, count) in done:
                    continue
                results.append(measure(bench, method, seed, count))
                with arguments.out.open("a") as file:
                    file.write(json.dumps(results[-1]) + "\n")
                print(json.dumps(results[-1]), flush=True)
    print(table_of(results))


if __name__ == "__main__":
    main()
