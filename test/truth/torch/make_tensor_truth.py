"""Asks PyTorch, einops and NumPy what one-line expressions give, and writes it as data.

    python test/truth/torch/make_tensor_truth.py   # needs torch, torchvision, einops, numpy

The expressions stand in tensor_cases.txt. For each: the shape and dtype of every tensor in the result, other values as
Python prints them, the MACs (torch.utils.flop_counter.FlopCounterMode, halved) of the last expression, or the name of
the exception. Tensors hold zeros, except where an expression makes its own numbers.
"""

import ast
import json
import pathlib
import warnings

import einops
import numpy
import torch
from torch.utils.flop_counter import FlopCounterMode

HERE = pathlib.Path(__file__).parent
TARGET = HERE.parent / "data" / "torch" / "tensors.json"

PREAMBLE = """\
import math
import einops
import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from einops import rearrange, reduce, repeat
from einops.layers.torch import Rearrange, Reduce

x = torch.randn(2, 3, 4)
y = torch.randn(2, 3, 4)
m = torch.randn(3, 4)
v = torch.randn(4)
one = torch.randn(1, 5, 1, 3)
img = torch.randn(2, 3, 8, 8)
ids = torch.randint(0, 10, (2, 5))
emb = torch.randn(10, 6)
half = torch.randn(2, 3, dtype=torch.float16)
mask3 = torch.randn(2, 3, 4) > 0
qkv = torch.randn(2, 4, 6, 8)
s = torch.randn(5, 2, 8)
"""


def describe(value):
    if isinstance(value, torch.Tensor):
        shape = "x".join(map(str, value.shape)) or "scalar"
        return f"{shape} {str(value.dtype).removeprefix('torch.')}"
    if isinstance(value, torch.Size):
        return repr(value)
    if isinstance(value, numpy.ndarray):
        return f"ndarray {'x'.join(map(str, value.shape))} {value.dtype}"
    if isinstance(value, (tuple, list)):
        inner = ", ".join(map(describe, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    return repr(value)


def split(code):
    """Statements before the last expression, and that expression."""
    body = ast.parse(code).body
    statements = "\n".join(ast.unparse(node) for node in body[:-1])
    return statements, ast.unparse(body[-1])


def truth(title, code):
    statements, expression = split(code)
    case = {"title": title, "code": code, "statements": statements, "expression": expression}
    names = {}
    exec(PREAMBLE, names)
    try:
        if statements:
            exec(statements, names)
        with FlopCounterMode(display=False) as counter:
            value = eval(expression, names)
    except Exception as error:  # whatever PyTorch raises is the truth
        return {**case, "error": type(error).__name__}
    macs = meta_macs(statements, expression)
    return {**case, "result": describe(value), "macs": counter.get_total_flops() // 2 if macs is None else macs}


def meta_macs(statements, expression):
    """MACs on the meta device, where attention runs as products (the counter lacks the fused kernel of the CPU)."""
    names = {}
    try:
        with torch.device("meta"):
            exec(PREAMBLE + "\n" + statements, names)
            with FlopCounterMode(display=False) as counter:
                eval(expression, names)
    except Exception:  # the expression reads elements, which the meta device has not
        return None
    return counter.get_total_flops() // 2


def main():
    warnings.simplefilter("ignore")
    torch.manual_seed(0)
    cases = []
    title = ""
    for line in (HERE / "tensor_cases.txt").read_text().splitlines():
        if line.startswith("# "):
            title = line[2:]
        elif line.strip():
            cases.append(truth(title, line))
    TARGET.parent.mkdir(exist_ok=True)
    lines = ",\n".join(f"    {json.dumps(case)}" for case in cases)
    versions = {"torch": torch.__version__, "einops": einops.__version__, "numpy": numpy.__version__}
    TARGET.write_text(
        f'{{\n  "madeBy": {json.dumps(versions)},\n  "preamble": {json.dumps(PREAMBLE)},\n  "cases": [\n{lines}\n  ]\n}}\n'
    )
    print(len(cases), "cases,", sum("error" in case for case in cases), "of them errors")


main()
