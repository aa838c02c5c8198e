"""Asks PyTorch which arguments it takes and which it refuses, and writes it as data.

    python test/truth/torch/make_domain_truth.py   # needs torch

Each line of domain_cases.txt is an expression over `x`, 2x2x4x4 float32: what it raises, or None where it runs.
"""

import json
import pathlib
import warnings

import torch
import torch.nn.functional as F
from torch import nn

HERE = pathlib.Path(__file__).parent
TARGET = HERE.parent / "data" / "torch" / "domains.json"


def answer(code):
    try:
        eval(code, {"torch": torch, "F": F, "nn": nn, "x": torch.ones(2, 2, 4, 4)})
        return None
    except Exception as error:
        return type(error).__name__


warnings.simplefilter("ignore")
lines = (HERE / "domain_cases.txt").read_text().splitlines()
cases = [{"code": code, "error": answer(code)} for code in lines if code and not code.startswith("#")]
TARGET.write_text(json.dumps({"torch": torch.__version__, "cases": cases}, indent=0) + "\n")
