"""Cells without labels for pre-training: random cells of NAS-Bench-101 and genotypes of DARTS, no two equal but for numbering.

python -m layercost_training.draw_cells --nas-bench-101 20000 --darts 5000 --seed 0 --out others.txt
`layercost export --features --cells others.txt` derives their features.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random
from typing import Callable, Hashable, Iterator, TypeVar

from .darts import genotype_text, half_key, random_half
from .nas_bench_101 import cell_text, isomorphism_key, random_cell

PATIENCE = 100_000
"""So many draws without a new cell, and there are hardly more."""

Drawn = TypeVar("Drawn")


def different(draw: Callable[[], Drawn], key: Callable[[Drawn], Hashable], number: int) -> Iterator[Drawn]:
    """`number` draws of different keys; ValueError where so many are not found."""
    seen: set[Hashable] = set()
    idle = 0
    while len(seen) < number:
        found = draw()
        before = len(seen)
        seen.add(key(found))
        idle = idle + 1 if len(seen) == before else 0
        if idle == PATIENCE:
            raise ValueError(f"{before} different cells were found where {number} are asked for")
        if idle == 0:
            yield found


def drawn_cells(nas_bench_101: int, darts: int, seed: int) -> Iterator[str]:
    """One text a cell. All halves of the genotypes are different, so that none can be both learned and tested."""
    random = Random(seed)
    for cell in different(lambda: random_cell(random), isomorphism_key, nas_bench_101):
        yield cell_text(cell)
    halves = different(lambda: random_half(random), half_key, 2 * darts)
    for normal in halves:
        yield genotype_text(normal, next(halves))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nas-bench-101", type=int, default=20_000)
    parser.add_argument("--darts", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        cells = list(drawn_cells(arguments.nas_bench_101, arguments.darts, arguments.seed))
    except ValueError as error:
        parser.error(str(error))
    arguments.out.write_text("".join(f"{cell}\n" for cell in cells))


if __name__ == "__main__":
    main()
