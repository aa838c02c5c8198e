"""What small untrained networks of every cell do to noise: targets for pre-training that need no label and no data set.

For each canonical graph of the export, a network of few channels is made (stem, three stages of the cell, classifier),
initialised at random, and fed standard normal images; 40-odd statistics of its activations and gradients are averaged over
seeds. They order cells well before any training: NASWOT (Mellor et al., 2021), SynFlow (Tanaka et al., 2020), Zen-NAS (Lin
et al., 2021), AZ-NAS (Lee & Ham, 2024) report the single ones; we only learn to predict all of them from the graph.

python -m layercost_training.zero_cost --features features.jsonl --out zero_cost.npz
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .features import Graph, read_export

IMAGES = 32
CLASSES = 10


@dataclass(frozen=True)
class Probe:
    """One kind of small network, and how many random ones of it are averaged."""

    cells_per_stage: int
    channels: int
    pixels: int
    seeds: int


PROBES = (Probe(1, 16, 16, 2), Probe(3, 12, 12, 1))


class ReluConvNorm(nn.Module):
    """NAS-Bench-201's convolution: ReLU, convolution, batch normalisation. Remembers which units were active."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(channels_out)
        self.active: Tensor | None = None

    def forward(self, images: Tensor) -> Tensor:
        self.active = images > 0
        return self.norm(self.convolution(F.relu(images)))


class CellModule(nn.Module):
    """A cell from its exported graph: each node applies its operation to the sum of what its predecessors gave."""

    def __init__(self, graph: Graph, vocabulary: tuple[str, ...], channels: int) -> None:
        super().__init__()
        self.kinds = [vocabulary[operation] for operation in graph.operations]
        self.predecessors = [[source for source, to in graph.edges if to == node] for node in range(len(self.kinds))]
        kernels = {"conv1x1": 1, "conv3x3": 3}
        self.convolutions = nn.ModuleDict(
            {
                str(node): ReluConvNorm(channels, channels, kernels[kind])
                for node, kind in enumerate(self.kinds)
                if kind in kernels
            }
        )

    def forward(self, images: Tensor) -> Tensor:
        values = [images]
        for node in range(1, len(self.kinds)):
            sources = [values[source] for source in self.predecessors[node]]
            total = sum(sources[1:], sources[0]) if sources else images * 0
            values.append(self.apply_operation(node, total))
        return values[-1]

    def apply_operation(self, node: int, total: Tensor) -> Tensor:
        kind = self.kinds[node]
        if kind == "avgPool3x3":
            return F.avg_pool2d(total, 3, 1, 1, count_include_pad=False)
        if kind in ("skip", "output"):
            return total
        return self.convolutions[str(node)](total)


class Reduction(nn.Module):
    """NAS-Bench-201's residual block of stride 2 between stages."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = ReluConvNorm(channels, 2 * channels, 3, 2)
        self.second = ReluConvNorm(2 * channels, 2 * channels, 3)
        self.shortcut = nn.Conv2d(channels, 2 * channels, 1, bias=False)

    def forward(self, images: Tensor) -> Tensor:
        return self.second(self.first(images)) + self.shortcut(F.avg_pool2d(images, 2, 2))


class SmallNetwork(nn.Module):
    """Stem, three stages, classifier. `features` of the last call: the stem's and each layer's result."""

    def __init__(self, graph: Graph, vocabulary: tuple[str, ...], probe: Probe) -> None:
        super().__init__()
        channels = probe.channels
        self.stem = nn.Sequential(nn.Conv2d(3, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels))
        layers: list[nn.Module] = []
        self.stage_ends: list[int] = []
        for stage in range(3):
            if stage > 0:
                layers.append(Reduction(channels))
                channels *= 2
            layers.extend(CellModule(graph, vocabulary, channels) for _ in range(probe.cells_per_stage))
            self.stage_ends.append(len(layers))
        self.layers = nn.ModuleList(layers)
        self.norm = nn.BatchNorm2d(channels)
        self.classifier = nn.Linear(channels, CLASSES)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, images: Tensor) -> Tensor:
        images = self.stem(images)
        self.features = [images]
        for place, layer in enumerate(self.layers, 1):
            images = layer(images)
            if place in self.stage_ends or place - 1 in self.stage_ends:
                self.features.append(images)
        return self.classifier(F.relu(self.norm(images)).mean((2, 3)))


def statistics_of(network: SmallNetwork, probe: Probe) -> dict[str, float]:
    """All statistics of one random network on one batch of noise; logarithms where scales differ by magnitudes."""
    images = torch.randn(IMAGES, 3, probe.pixels, probe.pixels)
    logits = network(images)
    features = network.features
    found: dict[str, float] = {}
    codes = torch.cat(
        [module.active.flatten(1) for module in network.modules() if isinstance(module, ReluConvNorm)], dim=1
    ).float()
    found["pattern_kernel"] = log_determinant(codes @ codes.T + (1 - codes) @ (1 - codes).T)
    found["relu_units"] = float(codes.shape[1])
    entropies = [channel_entropy(feature) for feature in features]
    found.update({f"entropy{place}": value for place, value in enumerate(entropies)})
    found["progress"] = min(after - before for before, after in zip(entropies[1:], entropies[2:]))
    found.update({f"variance{place}": log_mean(feature.var()) for place, feature in enumerate(features)})
    found.update(gradient_statistics(network, logits, features))
    found.update(sample_statistics(logits.detach(), features[-1].detach()))
    with torch.no_grad():
        before = [feature.detach() for feature in features]
        network(images + 0.01 * torch.randn_like(images))
        for place, (old, new) in enumerate(zip(before, network.features)):
            found[f"sensitivity{place}"] = log_mean((new - old).pow(2).mean() / (old.var() + 1e-8))
    found.update(synaptic_flow(network, probe))
    return found


def gradient_statistics(network: SmallNetwork, logits: Tensor, features: list[Tensor]) -> dict[str, float]:
    parameters = list(network.parameters())
    loss = F.cross_entropy(logits, torch.arange(IMAGES) % CLASSES)
    gradients = torch.autograd.grad(loss, parameters + features, allow_unused=True)
    pairs = [(p.detach(), g) for p, g in zip(parameters, gradients) if g is not None]
    ratios = [g.abs().mean() / (g.abs().std() + 1e-9) for p, g in pairs if p.dim() == 4]
    found = {
        "loss": float(loss.detach()),
        "gradient_norm": log_mean(torch.stack([g.pow(2).sum() for _, g in pairs]).sum()),
        "connection_saliency": log_mean(torch.stack([(p * g).abs().sum() for p, g in pairs]).sum()),
        "gradient_evenness": float(torch.stack(ratios).add(1e-9).log().sum()),
        "convolutions": float(len(ratios)),
    }
    for place, gradient in enumerate(gradients[len(parameters) :]):
        found[f"gradient{place}"] = log_mean(gradient.pow(2).mean(), 1e-20) if gradient is not None else -46.0
    return found


def sample_statistics(logits: Tensor, last: Tensor) -> dict[str, float]:
    """How far the network tells the images apart."""
    centred = logits - logits.mean(0)
    values = torch.linalg.eigvalsh(centred.T @ centred / IMAGES).clamp_min(1e-12)
    shares = values / values.sum()
    signs = torch.sign(last.flatten(1))
    return {
        "logit_entropy": float(-(shares * shares.log()).sum()),
        "pooled_correlation": float(correlations(last.mean((2, 3))).abs().mean()),
        "correlation": log_mean(correlations(last.flatten(1)).pow(2).mean()),
        "pooled_share": float(last.mean((2, 3)).var() / (last.var() + 1e-9)),
        "sign_kernel": log_determinant(signs @ signs.T / signs.shape[1]),
    }


def synaptic_flow(network: SmallNetwork, probe: Probe) -> dict[str, float]:
    """SynFlow: Σ |p · ∂(sum of outputs)/∂p| of the network with absolute weights, identity norms and an image of ones."""
    parameters = list(network.parameters())
    with torch.no_grad():
        for parameter in parameters:
            parameter.abs_()
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
                module.running_mean.zero_()
                module.running_var.fill_(1)
    total = network(torch.ones(1, 3, probe.pixels, probe.pixels)).sum()
    gradients = torch.autograd.grad(total, parameters, allow_unused=True)
    flow = [(p.detach() * g).abs().sum() for p, g in zip(parameters, gradients) if g is not None]
    return {"synaptic_flow": log_mean(torch.stack(flow).sum()), "synaptic_output": log_mean(total.abs())}


def channel_entropy(feature: Tensor) -> float:
    """AZ-NAS expressivity: entropy of the shares of the channel covariance's eigenvalues."""
    rows = feature.detach().permute(0, 2, 3, 1).flatten(0, 2)
    rows = rows - rows.mean(0)
    values = torch.linalg.eigvalsh(rows.T @ rows / len(rows)).clamp_min(0)
    if float(values.sum()) < 1e-12:
        return 0.0
    shares = values / values.sum()
    return float(-(shares * (shares + 1e-8).log()).sum())


def correlations(rows: Tensor) -> Tensor:
    centred = rows - rows.mean(0)
    normed = centred / (centred.norm(dim=1, keepdim=True) + 1e-9)
    return normed @ normed.T


def log_determinant(kernel: Tensor) -> float:
    return float(torch.linalg.slogdet(kernel + 1e-3 * torch.eye(len(kernel)))[1])


def log_mean(value: Tensor, floor: float = 1e-12) -> float:
    return float((value.detach() + floor).log())


def measure_graph(graph: Graph, vocabulary: tuple[str, ...], probe: Probe) -> dict[str, float]:
    """Means over the probe's seeds."""
    runs = []
    for seed in range(probe.seeds):
        torch.manual_seed(seed)
        runs.append(statistics_of(SmallNetwork(graph, vocabulary, probe), probe))
    return {name: float(np.mean([run[name] for run in runs])) for name in runs[0]}


def write_atomically(path: Path, **arrays: np.ndarray) -> None:
    temporary = path.with_suffix(".partial.npz")
    np.savez(temporary, **arrays)
    os.replace(temporary, path)


def main() -> None:
    """Writes `graphs` (names of canonical graphs), `names` and `values` [graphs, statistics]; resumes from a partial file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--part", default="0/1", help="i/n: only every n-th graph, from i (several processes)")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    export = read_export(arguments.features)
    part, parts = (int(number) for number in arguments.part.split("/"))
    graphs = sorted({cell.canonical for cell in export.cells}, key=lambda graph: graph.name)[part::parts]
    order = np.random.default_rng(0).permutation(len(graphs))
    found: dict[str, list[float]] = {}
    names: list[str] = []
    if arguments.out.exists():
        before = np.load(arguments.out)
        found = dict(zip(before["graphs"].tolist(), before["values"].tolist()))
    started = time.monotonic()
    for done, place in enumerate(order, 1):
        graph = graphs[place]
        if graph.name not in found:
            values = {
                f"{number}/{name}": value
                for number, probe in enumerate(PROBES)
                for name, value in measure_graph(graph, export.vocabulary, probe).items()
            }
            names = names or list(values)
            found[graph.name] = list(values.values())
        if (done % 100 == 0 or done == len(order)) and names:
            write_atomically(
                arguments.out,
                graphs=np.array(list(found)),
                names=np.array(names),
                values=np.array(list(found.values())),
            )
            print(f"{done}/{len(order)} graphs, {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
