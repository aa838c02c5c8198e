"""Asks PyTorch for the truth about timm's models and writes it as data.

    python test/truth/timm/make_timm_truth.py            # all models; needs torch and timm
    python test/truth/timm/make_timm_truth.py vit_tiny_patch16_224 resnet18

For every model that timm.list_models() names: its module and class, parameters, buffers, MACs (torch.utils.flop_counter.FlopCounterMode,
halved) and output shapes in eval mode at the input size of its configuration. No weights are downloaded; tensors are
made on the meta device, where nothing is computed. nn.MultiheadAttention's fast path and fused attention are switched
off, because FlopCounterMode counts neither. What FlopCounterMode does not count though it multiplies and adds is
named in `uncounted`.
"""

import collections
import json
import pathlib
import signal
import sys
import warnings

import timm
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

TARGET = pathlib.Path(__file__).parents[1] / "data" / "timm.json"
LIMIT_S = 300
UNCOUNTED = {"aten::mv", "aten::addmv", "aten::dot", "aten::_trilinear", "aten::_cdist_forward"}


class Names(TorchDispatchMode):
    """Counts operations by name."""

    def __init__(self):
        super().__init__()
        self.seen = collections.Counter()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.seen[func._schema.name] += 1
        return func(*args, **(kwargs or {}))


def build(name):
    try:
        with torch.device("meta"):
            return timm.create_model(name, pretrained=False).eval()
    except Exception:
        # Some constructors read values of tensors.
        return timm.create_model(name, pretrained=False).eval().to("meta")


def shapes(value):
    if isinstance(value, torch.Tensor):
        return [list(value.shape)]
    if isinstance(value, dict):
        return [shape for each in value.values() for shape in shapes(each)]
    if isinstance(value, (tuple, list)):
        return [shape for each in value for shape in shapes(each)]
    return []


def ask(name):
    # FlopCounterMode's module tracker takes no parameter as an argument of a module where gradients are on.
    model = build(name).requires_grad_(False)
    shape = [1, *model.pretrained_cfg["input_size"]]
    module = timm.models.model_entrypoint(name).__module__
    entry = {
        "module": module,
        "class": type(model).__name__,
        "input": shape,
        "paramCount": sum(p.numel() for p in model.parameters()),
        "bufferCount": sum(b.numel() for b in model.buffers()),
    }
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), counter, Names() as names:
        output = model(torch.empty(shape, device="meta"))
    flops = counter.get_total_flops()
    assert flops % 2 == 0
    entry["macs"] = flops // 2
    entry["outputs"] = shapes(output)
    uncounted = sorted(UNCOUNTED & set(names.seen))
    if uncounted:
        entry["uncounted"] = uncounted
    return entry


def skip_initialisation():
    """Random initial values take most of the time and change nothing that is counted."""
    for name in ("trunc_normal_", "normal_", "uniform_", "kaiming_normal_", "kaiming_uniform_", "xavier_uniform_"):
        setattr(torch.nn.init, name, lambda tensor, *args, **kwargs: tensor)


def expire(_signal, _frame):
    raise TimeoutError(f"took over {LIMIT_S} s")


def main():
    warnings.simplefilter("ignore")
    torch.backends.mha.set_fastpath_enabled(False)
    skip_initialisation()
    signal.signal(signal.SIGALRM, expire)
    known = json.loads(TARGET.read_text()) if TARGET.exists() else {"models": {}}
    models = known["models"]
    for name in sys.argv[1:] or timm.list_models():
        if name in models and not sys.argv[1:]:
            continue
        signal.alarm(LIMIT_S)
        try:
            models[name] = ask(name)
            print(name, models[name]["input"], models[name]["paramCount"], models[name]["macs"], file=sys.stderr)
        except Exception as error:
            print(name, "NOT ASKED:", type(error).__name__, str(error)[:300], file=sys.stderr)
        signal.alarm(0)
        if len(models) % 50 == 0:
            write(models)
    write(models)


def write(models):
    data = {"torch": torch.__version__, "timm": timm.__version__, "models": dict(sorted(models.items()))}
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in data["models"].items())
    head = f'{{\n "torch": {json.dumps(data["torch"])},\n "timm": {json.dumps(data["timm"])},\n "models": {{\n'
    TARGET.write_text(head + lines + "\n }\n}\n")


main()
