"""Asks PyTorch for parameters and MACs of the networks that NAS cells are built into, and writes them as data.

    python test/truth/nasCell/make_cell_truth.py   # needs torch

The networks are written here a second time, as modules that run, from the benchmarks' papers: NAS-Bench-201 (Dong and
Yang, 2020), NAS-Bench-101 (Ying et al., 2019), DARTS (Liu et al., 2019). MACs: FlopCounterMode, halved.
"""

import json
import pathlib
import random

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

TARGET = pathlib.Path(__file__).parents[1] / "data" / "nasCell" / "networks.json"

DATASETS = {"cifar10": (32, 10), "cifar100": (32, 100), "imagenet16-120": (16, 120)}


def conv(inputs, outputs, kernel, stride=1, padding=0, **more):
    return nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False, **more)


def relu_conv_bn(inputs, outputs, kernel, stride=1):
    return nn.Sequential(nn.ReLU(), conv(inputs, outputs, kernel, stride, kernel // 2), nn.BatchNorm2d(outputs))


class Zero(nn.Module):
    def __init__(self, stride=1):
        super().__init__()
        self.stride = stride

    def forward(self, x):
        return x[:, :, :: self.stride, :: self.stride] * 0.0


# ------------------------------------------------------------------------------------------------ NAS-Bench-201

BENCH_201 = {
    "none": lambda c: Zero(),
    "skip_connect": lambda c: nn.Identity(),
    "nor_conv_1x1": lambda c: relu_conv_bn(c, c, 1),
    "nor_conv_3x3": lambda c: relu_conv_bn(c, c, 3),
    "avg_pool_3x3": lambda c: nn.AvgPool2d(3, 1, 1, count_include_pad=False),
}


class Cell201(nn.Module):
    def __init__(self, groups, channels):
        super().__init__()
        self.sources = [[source for _, source in group] for group in groups]
        self.layers = nn.ModuleList(
            nn.ModuleList(BENCH_201[name](channels) for name, _ in group) for group in groups
        )

    def forward(self, x):
        nodes = [x]
        for layers, sources in zip(self.layers, self.sources):
            nodes.append(sum(layer(nodes[source]) for layer, source in zip(layers, sources)))
        return nodes[-1]


class Reduction201(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = relu_conv_bn(channels, 2 * channels, 3, 2)
        self.second = relu_conv_bn(2 * channels, 2 * channels, 3)
        self.shortcut = nn.Sequential(nn.AvgPool2d(2, 2), conv(channels, 2 * channels, 1))

    def forward(self, x):
        return self.shortcut(x) + self.second(self.first(x))


def network_201(text, classes):
    groups = [[part.split("~") for part in group.strip("|").split("|")] for group in text.split("+")]
    groups = [[(name, int(source)) for name, source in group] for group in groups]
    body = []
    for channels in (16, 32, 64):
        if channels > 16:
            body.append(Reduction201(channels // 2))
        body += [Cell201(groups, channels) for _ in range(5)]
    stem = [conv(3, 16, 3, 1, 1), nn.BatchNorm2d(16)]
    tail = [nn.BatchNorm2d(64), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, classes)]
    return nn.Sequential(*stem, *body, *tail)


# ------------------------------------------------------------------------------------------------ NAS-Bench-101


def conv_bn_relu(inputs, outputs, kernel):
    return nn.Sequential(conv(inputs, outputs, kernel, 1, kernel // 2), nn.BatchNorm2d(outputs), nn.ReLU())


def prune(matrix, operations):
    count = len(matrix)
    forward, backward = {0}, {count - 1}
    for _ in range(count):
        forward |= {j for i in forward for j in range(count) if matrix[i][j]}
        backward |= {i for j in backward for i in range(count) if matrix[i][j]}
    kept = sorted(forward & backward)
    return [[matrix[i][j] for j in kept] for i in kept], [operations[i] for i in kept]


def vertex_channels(matrix, inputs, outputs):
    """Vertices that feed the output share its channels; the others take the most of those that they feed."""
    last = len(matrix) - 1
    ends = [v for v in range(1, last) if matrix[v][last]]
    channels = {0: inputs, last: outputs}
    for index, v in enumerate(ends):
        channels[v] = outputs // len(ends) + (1 if index < outputs % len(ends) else 0)
    for v in reversed(range(1, last)):
        if v not in ends:
            channels[v] = max(channels[w] for w in range(v + 1, last) if matrix[v][w])
    return channels


class Cell101(nn.Module):
    def __init__(self, matrix, operations, inputs, outputs):
        super().__init__()
        self.matrix, self.last = matrix, len(matrix) - 1
        self.channels = vertex_channels(matrix, inputs, outputs)
        make = {
            "conv1x1-bn-relu": lambda c: conv_bn_relu(c, c, 1),
            "conv3x3-bn-relu": lambda c: conv_bn_relu(c, c, 3),
            "maxpool3x3": lambda c: nn.MaxPool2d(3, 1, 1),
        }
        self.vertices = nn.ModuleDict(
            {str(v): make[operations[v]](self.channels[v]) for v in range(1, self.last)}
        )
        self.projections = nn.ModuleDict(
            {str(v): conv_bn_relu(inputs, self.channels[v], 1) for v in range(1, self.last + 1) if matrix[0][v]}
        )

    def forward(self, x):
        values = {}
        for v in range(1, self.last):
            parts = [values[u][:, : self.channels[v]] for u in range(1, v) if self.matrix[u][v]]
            if self.matrix[0][v]:
                parts.append(self.projections[str(v)](x))
            values[v] = self.vertices[str(v)](sum(parts[1:], parts[0]))
        ends = [values[v] for v in range(1, self.last) if self.matrix[v][self.last]]
        parts = [torch.cat(ends, 1)] if ends else []
        if self.matrix[0][self.last]:
            parts.append(self.projections[str(self.last)](x))
        return sum(parts[1:], parts[0])


def network_101(text, classes):
    spec = json.loads(text)
    matrix, operations = prune(spec["matrix"], spec["operations"])
    layers, channels = [conv_bn_relu(3, 128, 3)], 128
    for stack in range(3):
        inputs = channels
        if stack > 0:
            layers.append(nn.MaxPool2d(2, 2))
            channels *= 2
        for index in range(3):
            layers.append(Cell101(matrix, operations, inputs if index == 0 else channels, channels))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


# ------------------------------------------------------------------------------------------------ DARTS


class FactorizedReduce(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.first, self.second = conv(inputs, outputs // 2, 1, 2), conv(inputs, outputs // 2, 1, 2)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        x = F.relu(x)
        return self.norm(torch.cat([self.first(x), self.second(x[:, :, 1:, 1:])], 1))


def separable(c, kernel, stride):
    def half(by):
        deep = conv(c, c, kernel, by, kernel // 2, groups=c)
        return [nn.ReLU(), deep, conv(c, c, 1), nn.BatchNorm2d(c)]

    return nn.Sequential(*half(stride), *half(1))


def dilated(c, kernel, stride):
    deep = conv(c, c, kernel, stride, kernel - 1, dilation=2, groups=c)
    return nn.Sequential(nn.ReLU(), deep, conv(c, c, 1), nn.BatchNorm2d(c))


DARTS = {
    "none": lambda c, s: Zero(s),
    "skip_connect": lambda c, s: nn.Identity() if s == 1 else FactorizedReduce(c, c),
    "avg_pool_3x3": lambda c, s: nn.AvgPool2d(3, s, 1, count_include_pad=False),
    "max_pool_3x3": lambda c, s: nn.MaxPool2d(3, s, 1),
    "sep_conv_3x3": lambda c, s: separable(c, 3, s),
    "sep_conv_5x5": lambda c, s: separable(c, 5, s),
    "sep_conv_7x7": lambda c, s: separable(c, 7, s),
    "dil_conv_3x3": lambda c, s: dilated(c, 3, s),
    "dil_conv_5x5": lambda c, s: dilated(c, 5, s),
    "conv_7x1_1x7": lambda c, s: nn.Sequential(
        nn.ReLU(), conv(c, c, (1, 7), (1, s), (0, 3)), conv(c, c, (7, 1), (s, 1), (3, 0)), nn.BatchNorm2d(c)
    ),
}


class CellDarts(nn.Module):
    def __init__(self, edges, concat, before, last, c, reduces, was_reduced):
        super().__init__()
        self.sources, self.concat = [source for _, source in edges], concat
        self.before = FactorizedReduce(before, c) if was_reduced else relu_conv_bn(before, c, 1)
        self.last = relu_conv_bn(last, c, 1)
        self.edges = nn.ModuleList(DARTS[name](c, 2 if reduces and source < 2 else 1) for name, source in edges)

    def forward(self, before, last):
        states = [self.before(before), self.last(last)]
        for i in range(0, len(self.edges), 2):
            states.append(sum(self.edges[e](states[self.sources[e]]) for e in (i, i + 1)))
        return torch.cat([states[i] for i in self.concat], 1)


class NetworkDarts(nn.Module):
    def __init__(self, genotype, classes):
        super().__init__()
        c, layers = 36, 20
        self.stem = nn.Sequential(conv(3, 3 * c, 3, 1, 1), nn.BatchNorm2d(3 * c))
        before, last, was_reduced, self.cells = 3 * c, 3 * c, False, nn.ModuleList()
        for layer in range(layers):
            reduces = layer in (layers // 3, 2 * layers // 3)
            c *= 2 if reduces else 1
            part = "reduce" if reduces else "normal"
            edges, concat = genotype[part], genotype[part + "_concat"]
            self.cells.append(CellDarts(edges, concat, before, last, c, reduces, was_reduced))
            before, last, was_reduced = last, len(concat) * c, reduces
        self.classifier = nn.Linear(last, classes)

    def forward(self, x):
        before = last = self.stem(x)
        for cell in self.cells:
            before, last = last, cell(before, last)
        return self.classifier(last.mean((2, 3)))


def network_darts(text, classes):
    genotype = eval(text, {"Genotype": dict})  # Our own texts, below.
    return NetworkDarts({key: list(value) for key, value in genotype.items()}, classes)


# ------------------------------------------------------------------------------------------------ cases


def cells_201():
    draw = random.Random(201)
    names = list(BENCH_201)

    def text(operations):
        parts = iter(operations)
        return "+".join("|" + "".join(f"{next(parts)}~{j}|" for j in range(i)) for i in (1, 2, 3))

    yield from (text([name] * 6) for name in names)
    yield text(["nor_conv_3x3", "nor_conv_3x3", "avg_pool_3x3", "skip_connect", "nor_conv_3x3", "skip_connect"])
    # A convolution that leads nowhere: it is there all the same.
    yield text(["nor_conv_3x3", "none", "none", "skip_connect", "none", "none"])
    yield from (text(draw.choices(names, k=6)) for _ in range(20))


# The benchmark's own example, an Inception-like cell.
INCEPTION = (
    [[0, 1, 1, 1, 0, 1, 0], [0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 1, 0, 0]]
    + [[0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 0]],
    ["input", "conv1x1-bn-relu", "conv3x3-bn-relu", "conv3x3-bn-relu", "conv3x3-bn-relu", "maxpool3x3", "output"],
)


def cells_101():
    draw = random.Random(101)
    names = ["conv1x1-bn-relu", "conv3x3-bn-relu", "maxpool3x3"]
    yield json.dumps({"matrix": INCEPTION[0], "operations": INCEPTION[1]})
    yield json.dumps({"matrix": [[0, 1], [0, 0]], "operations": ["input", "output"]})
    found = 0
    while found < 14:
        count = draw.randint(3, 7)
        matrix = [[int(i < j and draw.random() < 0.45) for j in range(count)] for i in range(count)]
        operations = ["input", *draw.choices(names, k=count - 2), "output"]
        if sum(map(sum, matrix)) <= 9 and len(prune(matrix, operations)[0]) > 1:
            found += 1
            yield json.dumps({"matrix": matrix, "operations": operations})


def cells_darts():
    # DARTS' second-order cell (Liu et al., 2019, figures 4 and 5) and random ones that have every operation.
    yield (
        "Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('sep_conv_3x3', 1), "
        "('sep_conv_3x3', 1), ('skip_connect', 0), ('skip_connect', 0), ('dil_conv_3x3', 2)], "
        "normal_concat=[2, 3, 4, 5], reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('skip_connect', 2), "
        "('max_pool_3x3', 1), ('max_pool_3x3', 0), ('skip_connect', 2), ('skip_connect', 2), ('max_pool_3x3', 1)], "
        "reduce_concat=[2, 3, 4, 5])"
    )
    draw = random.Random(7)

    def half(concat):
        edges = [(draw.choice(list(DARTS)), source) for i in range(4) for source in draw.sample(range(i + 2), 2)]
        return f"{edges}", concat

    for concat in ("range(2, 6)", "[2, 3, 4, 5]", "[4, 5, 3]", "range(3, 6)", "[2, 3, 4, 5]"):
        (normal, first), (reduce, second) = half(concat), half(concat)
        yield f"Genotype(normal={normal}, normal_concat={first}, reduce={reduce}, reduce_concat={second})"


def measure(build, text, dataset):
    size, classes = DATASETS[dataset]
    model = build(text, classes).eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        output = model(torch.zeros(1, 3, size, size))
    assert output.shape == (1, classes)
    params = sum(parameter.numel() for parameter in model.parameters())
    return {"cell": text, "dataset": dataset, "params": params, "macs": counter.get_total_flops() // 2}


def main():
    rows = [measure(network_201, text, name) for text in cells_201() for name in DATASETS]
    rows += [measure(network_101, text, "cifar10") for text in cells_101()]
    rows += [measure(network_darts, text, name) for text in cells_darts() for name in ("cifar10", "cifar100")]
    lines = ",\n".join(json.dumps(row) for row in rows)
    TARGET.write_text(f"[\n{lines}\n]\n")
    print(f"{len(rows)} networks -> {TARGET}")


main()
