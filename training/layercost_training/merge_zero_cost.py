"""Joins the parts that several processes of zero_cost.py wrote: merge_zero_cost a.npz b.npz --out zero_cost.npz."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from .zero_cost import write_atomically


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    found: dict[str, np.ndarray] = {}
    names = None
    for part in arguments.parts:
        table = np.load(part)
        names = table["names"] if names is None else names
        if table["names"].tolist() != names.tolist():
            parser.error(f"{part} has other statistics than {arguments.parts[0]}")
        found.update(zip(table["graphs"].tolist(), table["values"]))
    if names is not None:
        write_atomically(
            arguments.out, graphs=np.array(list(found)), names=names, values=np.array(list(found.values()))
        )


if __name__ == "__main__":
    main()
