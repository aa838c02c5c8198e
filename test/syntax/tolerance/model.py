"""A small image classifier, as people write them; the tolerance tests break it everywhere."""

from __future__ import annotations

import math
from functools import partial
from typing import Callable, Optional

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["Stem", "Attention", "Block", "Classifier", "small", "large"]

WIDTHS = {
    "small": (32, 64, 128),
    "large": (64, 128, 256, 512),
}


def make_divisible(value: float, divisor: int = 8) -> int:
    """Rounds to a multiple of `divisor`, but never by more than 10 %."""
    rounded = max(divisor, int(value + divisor / 2) // divisor * divisor)
    if rounded < 0.9 * value:
        rounded += divisor
    return rounded


class Stem(nn.Sequential):
    """Two convolutions that halve the image twice."""

    def __init__(self, in_channels: int, width: int) -> None:
        super().__init__(
            nn.Conv2d(in_channels, width // 2, kernel_size=3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width // 2),
            nn.ReLU(inplace=True),
            nn.Conv2d(width // 2, width, kernel_size=3, stride=2, padding=1),
        )


class Attention(nn.Module):
    def __init__(self, width: int, heads: int = 4, dropout: float = 0.0):
        super().__init__()
        if width % heads != 0:
            raise ValueError(f"{width} channels cannot be split into {heads} heads")
        self.heads = heads
        self.scale = 1.0 / math.sqrt(width // heads)
        self.qkv = nn.Linear(width, 3 * width)
        self.project = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        batch, length, width = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, -1).unbind(2)
        scores = torch.einsum("bqhd,bkhd->bhqk", q, k) * self.scale
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None], -torch.inf)
        weights = self.dropout(scores.softmax(dim=-1))
        return self.project(torch.einsum("bhqk,bkhd->bqhd", weights, v).flatten(2))


@torch.jit.ignore
class Block(nn.Module):
    expansion: int = 4

    def __init__(
        self,
        width: int,
        norm_layer: Callable[..., nn.Module] = partial(nn.LayerNorm, eps=1e-6),
        **kwargs,
    ):
        super().__init__()
        self.norm1 = norm_layer(width)
        self.attention = Attention(width, **kwargs)
        self.norm2 = norm_layer(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, self.expansion * width),
            nn.GELU(),
            nn.Linear(self.expansion * width, width),
        )

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Classifier(nn.Module):
    """The whole.

    Example::

        model = Classifier(10)
        model(torch.zeros(1, 3, 224, 224))
    """

    def __init__(self, classes: int, size: str = "small", depth: int = 2):
        super().__init__()
        widths = [make_divisible(w) for w in WIDTHS[size]]
        self.stem = Stem(3, widths[0])
        stages = []
        for before, width in zip(widths, widths[1:]):
            stages.append(nn.Conv2d(before, width, 2, 2))
        self.stages = nn.ModuleList(stages)
        self.blocks = nn.ModuleList([Block(widths[-1], heads=4) for _ in range(depth)])
        self.head = nn.Linear(widths[-1], classes)

    def features(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for stage in self.stages:
            x = F.relu(stage(x))
        x = x.flatten(2).transpose(1, 2)
        for block in self.blocks:
            x = block(x)
        return x.mean(dim=1)

    def forward(self, x: Tensor) -> Tensor:
        try:
            return self.head(self.features(x))
        except RuntimeError as error:
            raise ValueError(f"bad input {tuple(x.shape)}") from error


# layercost: input=1x3x224x224
def small(classes: int = 1000, **kwargs) -> Classifier:
    return Classifier(classes, "small", **kwargs)


def large(classes: int = 1000, *, depth: int = 4) -> Classifier:
    model = Classifier(classes, size="large", depth=depth)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(0.5)
    return model


if __name__ == "__main__":
    net = small(10)
    print(net(torch.randn(2, 3, 64, 64)).shape)
