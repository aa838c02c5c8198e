"""Asks PyTorch for the public names of its classes and writes them as data.

    python test/truth/torch/make_public_names.py   # needs torch
"""

import json
import pathlib

import torch
from torch import nn

TARGET = pathlib.Path(__file__).parents[1] / "data" / "torch" / "publicNames.json"
OWNERS = {
    "torch.zeros(2, 3)": torch.Tensor,
    "nn.Parameter(torch.zeros(2, 3))": nn.Parameter,
    "nn.Linear(2, 3)": nn.Linear,
    "nn.Sequential()": nn.Sequential,
    "nn.ModuleList()": nn.ModuleList,
    "nn.ModuleDict()": nn.ModuleDict,
    "torch": torch,
    "torch.nn": nn,
    "torch.nn.functional": nn.functional,
}


def main():
    names = {owner: [name for name in dir(of) if not name.startswith("_")] for owner, of in OWNERS.items()}
    # A real tensor has no imaginary part.
    names = {owner: [name for name in listed if name != "imag"] for owner, listed in names.items()}
    TARGET.write_text(json.dumps({"torch": torch.__version__, "names": names}, indent=1) + "\n")


if __name__ == "__main__":
    main()
