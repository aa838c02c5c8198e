"""Runs NN-Former's encoder in PyTorch on 200 random graphs and writes what it gives, as truth for our own kernels.

    python test/truth/predictor/make_network_truth.py   # needs torch

Plain dense formulas of docs/predictor.md, in float64, one graph at a time, with weights that anybody can draw again: one
stream of x -> (1664525 x + 1013904223) mod 2^32 from the network's seed, over its tensors in the order of their names,
each number u = (x >> 8) / 2^23 - 1 in [-1, 1), scaled by tensor (see `scaled`), as float32.
"""

import json
import math
import pathlib
import random

import torch
import torch.nn.functional as F

TARGET = pathlib.Path(__file__).parents[1] / "data" / "predictor" / "networks.json"
KINDS = 16

RELATIONS = ["A", "AT", "ATA", "AAT"]
BASE = {"width": 32, "hidden": 64, "layers": 2, "heads": RELATIONS, "activation": "relu", "normEpsilon": 1e-5}
NETWORKS = [
    {**BASE, "seed": 1, "readout": "mean", "outputs": 3, "head": []},
    {**BASE, "seed": 2, "readout": "token", "outputs": 1, "head": [], "activation": "gelu", "biases": True},
    {**BASE, "seed": 3, "readout": "sum", "outputs": 9, "head": [24], "depths": 6, "work": True, "layers": 3},
    {**BASE, "seed": 4, "readout": "output", "outputs": 2, "head": [], "width": 48, "heads": ["all", "ATA", "A"]},
]


def shapes(net):
    d, f = net["width"], net["hidden"]
    named = {"embedding.weight": (KINDS, d), "norm.weight": (d,), "norm.bias": (d,)}
    if "depths" in net:
        named["depth.weight"] = (net["depths"], d)
    if "work" in net:
        named |= {"work.weight": (d, 4), "work.mean": (4,), "work.std": (4,)}
    if net["readout"] == "token":
        named["token"] = (d,)
    for i in range(net["layers"]):
        name = f"blocks.{i}"
        for norm in ("norm1", "norm2"):
            named |= {f"{name}.{norm}.weight": (d,), f"{name}.{norm}.bias": (d,)}
        layers = {"attention.qkv": (3 * d, d), "attention.out": (d, d), "ffn.w1": (f, d), "ffn.wg": (f, d)}
        for layer, shape in (layers | {"ffn.w2": (d, f)}).items():
            named[f"{name}.{layer}.weight"] = shape
            if layer.startswith("attention") or ("biases" in net and layer != "ffn.wg"):
                named[f"{name}.{layer}.bias"] = shape[:1]
    sizes = [d, *net["head"], net["outputs"]]
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        named |= {f"head.{i}.weight": (outputs, inputs), f"head.{i}.bias": (outputs,)}
    return named


def scaled(name, shape, u):
    if name == "work.mean":
        return 8 + u
    if name == "work.std":
        return 6 + u
    if name.endswith(".bias"):
        return u / 4
    if "norm" in name:
        return 1 + u / 4
    if name in ("embedding.weight", "depth.weight", "token"):
        return u
    return u * math.sqrt(3 / shape[1])


def draw_weights(net):
    state, weights = net["seed"], {}
    for name, shape in sorted(shapes(net).items()):
        numbers = []
        for _ in range(math.prod(shape)):
            state = (1664525 * state + 1013904223) % 2**32
            numbers.append(scaled(name, shape, (state >> 8) / 2**23 - 1))
        weights[name] = torch.tensor(numbers, dtype=torch.float64).float().double().reshape(shape)
    return weights


def masks(edges, count, has_token):
    """By relation, who sees whom (row sees column), and A itself."""
    A = torch.zeros(count, count, dtype=torch.float64)
    for start, end in edges:
        A[start, end] = 1
    eye = torch.eye(count, dtype=torch.float64)
    seen = {"A": eye + A, "AT": eye + A.T, "ATA": eye + A.T @ A, "AAT": eye + A @ A.T, "all": torch.ones_like(A)}
    seen = {name: mask > 0 for name, mask in seen.items()}
    if has_token:
        A = F.pad(A, (1, 0, 1, 0))
        seen = {name: F.pad(mask, (1, 0, 1, 0), value=True) for name, mask in seen.items()}
    return A, seen


def run(net, weights, graph):
    operations, edges, work = graph
    d, heads = net["width"], net["heads"]

    def linear(name, x):
        return F.linear(x, weights[f"{name}.weight"], weights.get(f"{name}.bias"))

    def norm(name, x):
        return F.layer_norm(x, (d,), weights[f"{name}.weight"], weights[f"{name}.bias"], net["normEpsilon"])

    activate = F.relu if net["activation"] == "relu" else F.gelu
    H = weights["embedding.weight"][operations]
    if "depths" in net:
        depths = [0] * len(operations)
        for start, end in sorted(edges, key=lambda edge: edge[1]):
            depths[end] = max(depths[end], depths[start] + 1)
        H = H + weights["depth.weight"][[min(depth, net["depths"] - 1) for depth in depths]]
    if "work" in net:
        figures = torch.log1p(torch.tensor(work, dtype=torch.float64))
        H = H + ((figures - weights["work.mean"]) / weights["work.std"]) @ weights["work.weight"].T
    has_token = net["readout"] == "token"
    if has_token:
        H = torch.cat([weights["token"][None], H])
    A, seen = masks(edges, len(operations), has_token)
    for i in range(net["layers"]):
        name = f"blocks.{i}"
        query, key, value = linear(f"{name}.attention.qkv", norm(f"{name}.norm1", H)).chunk(3, 1)
        parts = []
        for head, q, k, v in zip(heads, *(part.chunk(len(heads), 1) for part in (query, key, value))):
            scores = q @ k.T / math.sqrt(d / len(heads))
            parts.append(scores.masked_fill(~seen[head], -math.inf).softmax(1) @ v)
        H = H + linear(f"{name}.attention.out", torch.cat(parts, 1))
        x = norm(f"{name}.norm2", H)
        first, second = linear(f"{name}.ffn.wg", x).chunk(2, 1)
        inner = activate(linear(f"{name}.ffn.w1", x) + torch.cat([A @ first, A.T @ second], 1))
        H = H + linear(f"{name}.ffn.w2", inner)
    H = norm("norm", H)
    y = {"mean": H.mean(0), "sum": H.sum(0), "output": H[-1], "token": H[0]}[net["readout"]]
    for i in range(len(net["head"]) + 1):
        y = linear(f"head.{i}", activate(y) if i > 0 else y)
    return [round(number, 7) for number in y.tolist()]


def graphs():
    """Cells, chains, fans and tangles of 1 to 60 nodes, some without an edge."""
    rng = random.Random(200)
    for index in range(200):
        count = rng.randint(1, 9) if index % 4 else rng.randint(1, 60)
        density = rng.choice([0, 0.1, 0.3, 0.6]) if count < 20 else rng.choice([0, 0.02, 0.05, 0.1])
        pairs = [(i, j) for j in range(count) for i in range(j)]
        edges = [pair for pair in pairs if rng.random() < density or (density > 0.2 and pair[1] == pair[0] + 1)]
        work = [[rng.choice([0, rng.randint(1, 10**8)]) for _ in range(4)] for _ in range(count)]
        yield [rng.randrange(KINDS) for _ in range(count)], edges, work


def main():
    drawn = list(graphs())
    weights = [draw_weights(net) for net in NETWORKS]
    lines = []
    for index, graph in enumerate(drawn):
        outputs = [run(net, w, graph) for net, w in zip(NETWORKS, weights)]
        operations, edges, work = graph
        row = {"operations": operations, "edges": edges, "work": work, "outputs": outputs}
        lines.append(json.dumps(row, separators=(",", ":")))
    names = [{key: value for key, value in net.items()} for net in NETWORKS]
    checks = [{name: round(float(w[name].sum()), 6) for name in ("embedding.weight", "norm.bias")} for w in weights]
    head = f'"networks": {json.dumps(names)},\n"sums": {json.dumps(checks)},'
    body = ",\n".join(lines)
    TARGET.write_text(f'{{\n{head}\n"graphs": [\n{body}\n]\n}}\n')
    print(f"{len(lines)} graphs, {TARGET.stat().st_size} bytes -> {TARGET}")


main()
