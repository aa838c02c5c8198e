"""What all trainings share: warm-up and cosine, an average of the weights (EMA), clipped AdamW steps, batches by shuffling."""

from __future__ import annotations

import math
from typing import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn

WARM_UP_SHARE = 0.1
FINAL_SHARE = 0.05


def learning_rate_share(step: int, steps: int) -> float:
    """Linear warm-up over a tenth of the steps, cosine to a twentieth."""
    warm = min(1.0, (step + 1) / (WARM_UP_SHARE * steps))
    return warm * (FINAL_SHARE + (1 - FINAL_SHARE) * 0.5 * (1 + math.cos(math.pi * step / steps)))


def shuffled_batches(count: int, batch: int, seed: int) -> Iterator[Tensor]:
    """Endless batches of row numbers; each pass is a new permutation, and a last smaller batch is left out."""
    generator = torch.Generator().manual_seed(seed)
    batch = min(batch, count)
    while True:
        order = torch.randperm(count, generator=generator)
        for start in range(0, count - batch + 1, batch):
            yield order[start : start + batch]


class WeightAverage:
    """Exponential moving average of modules' weights, faster in the first steps; `apply` puts it in place."""

    def __init__(self, modules: Sequence[nn.Module], decay: float) -> None:
        self.modules, self.decay, self.steps = modules, decay, 0
        self.averages = [{name: value.clone() for name, value in module.state_dict().items()} for module in modules]

    @torch.no_grad()
    def update(self) -> None:
        self.steps += 1
        decay = min(self.decay, self.steps / (self.steps + 9))
        for module, average in zip(self.modules, self.averages):
            for name, value in module.state_dict().items():
                if value.is_floating_point():
                    average[name].lerp_(value, 1 - decay)
                else:
                    average[name].copy_(value)  # a counter of batch normalisation

    def apply(self) -> None:
        for module, average in zip(self.modules, self.averages):
            module.load_state_dict(average)
            module.eval()


def minimise(
    modules: Sequence[nn.Module],
    rates: Sequence[float],
    steps: int,
    loss_of_step: Callable[[], Tensor],
    weight_decay: float,
    average_decay: float,
    report: Callable[[int, float], None] | None = None,
) -> None:
    """`rates[i]` is the peak learning rate of `modules[i]`; leaves the averaged weights in place, in evaluation mode."""
    groups = [{"params": list(module.parameters()), "lr": rate} for module, rate in zip(modules, rates)]
    optimiser = torch.optim.AdamW(groups, weight_decay=weight_decay)
    parameters = [parameter for group in groups for parameter in group["params"]]
    average = WeightAverage(modules, average_decay)
    for module in modules:
        module.train()
    for step in range(steps):
        for group, rate in zip(optimiser.param_groups, rates):
            group["lr"] = rate * learning_rate_share(step, steps)
        loss = loss_of_step()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        average.update()
        if report is not None and (step + 1) % 500 == 0:
            report(step + 1, float(loss.detach()))
    average.apply()
