"""What all trainings share: warm-up and cosine, an average of the weights (EMA), clipped AdamW steps, batches by shuffling."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
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


@dataclass(frozen=True)
class Checkpoint:
    """Where a training that was stopped goes on; `skip_batches(n)` passes over the batches of the n steps that were done."""

    path: Path
    skip_batches: Callable[[int], None]
    every: int = 100


def minimise(
    modules: Sequence[nn.Module],
    rates: Sequence[float],
    steps: int,
    loss_of_step: Callable[[], Tensor],
    weight_decay: float,
    average_decay: float,
    report: Callable[[int, float], None] | None = None,
    checkpoint: Checkpoint | None = None,
) -> None:
    """`rates[i]` is the peak learning rate of `modules[i]`; leaves the averaged weights in place, in evaluation mode."""
    groups = [{"params": list(module.parameters()), "lr": rate} for module, rate in zip(modules, rates)]
    optimiser = torch.optim.AdamW(groups, weight_decay=weight_decay)
    parameters = [parameter for group in groups for parameter in group["params"]]
    average = WeightAverage(modules, average_decay)
    for module in modules:
        module.train()
    first = 0 if checkpoint is None else resume(checkpoint, modules, optimiser, average)
    for step in range(first, steps):
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
        if checkpoint is not None and (step + 1) % checkpoint.every == 0:
            store(checkpoint, step + 1, modules, optimiser, average)
    average.apply()
    if checkpoint is not None:
        checkpoint.path.unlink(missing_ok=True)


def store(
    checkpoint: Checkpoint, steps: int, modules: Sequence[nn.Module], optimiser: torch.optim.Optimizer, average: WeightAverage
) -> None:
    """In one rename, so that a stop while writing leaves the one before."""
    state = {
        "steps": steps,
        "modules": [module.state_dict() for module in modules],
        "optimiser": optimiser.state_dict(),
        "averages": average.averages,
        "random": torch.get_rng_state(),
    }
    fresh = checkpoint.path.with_suffix(".fresh")
    torch.save(state, fresh)
    fresh.replace(checkpoint.path)


def resume(
    checkpoint: Checkpoint, modules: Sequence[nn.Module], optimiser: torch.optim.Optimizer, average: WeightAverage
) -> int:
    """The number of steps that were done: 0 where nothing is stored."""
    if not checkpoint.path.exists():
        return 0
    state = torch.load(checkpoint.path, weights_only=True)
    for module, weights in zip(modules, state["modules"]):
        module.load_state_dict(weights)
    optimiser.load_state_dict(state["optimiser"])
    average.averages, average.steps = state["averages"], state["steps"]
    torch.set_rng_state(state["random"])
    checkpoint.skip_batches(state["steps"])
    return int(state["steps"])
