"""Asks PyTorch for the truth about the programs in test/frontends/torch/fixtures/programs and writes it as data.

    python test/truth/torch/make_program_truth.py   # needs torch

Each file names its models in CASES. For each, in eval mode: parameters and buffers by name, MACs
(torch.utils.flop_counter.FlopCounterMode, halved), named modules, and the shapes of all output tensors.
"""

import importlib.util
import json
import pathlib

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

ROOT = pathlib.Path(__file__).parents[2]
PROGRAMS = ROOT / "frontends" / "torch" / "fixtures" / "programs"
TARGET = ROOT / "truth" / "data" / "torch" / "programs.json"


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_input(spec):
    *shape, kind = spec if isinstance(spec[-1], str) else (*spec, "float32")
    return torch.randint(0, 5, shape) if kind == "int64" else torch.randn(shape)


def dtype_name(tensor):
    return str(tensor.dtype).removeprefix("torch.")


def flat(output):
    if isinstance(output, torch.Tensor):
        return [output]
    if isinstance(output, dict):
        output = list(output.values())
    return [tensor for item in output for tensor in flat(item)] if isinstance(output, (tuple, list)) else []


def case(path, name, made, options):
    model = made(**options["args"]).eval()
    inputs = [make_input(spec) for spec in options["inputs"]]
    counter = FlopCounterMode(display=False)
    # oneDNN's fused LSTM and the CPU's fused attention are operations that the counter takes for nothing.
    with counter, torch.backends.mkldnn.flags(enabled=False), sdpa_kernel(SDPBackend.MATH):
        output = model(*inputs)
    flops = counter.get_total_flops()
    assert flops % 2 == 0
    return {
        "file": path.name,
        "target": name,
        "args": options["args"],
        "inputs": [{"shape": list(t.shape), "dtype": dtype_name(t)} for t in inputs],
        "parameters": [[n, list(p.shape), dtype_name(p)] for n, p in model.named_parameters()],
        "buffers": [[n, list(b.shape), dtype_name(b)] for n, b in model.named_buffers()],
        "modules": [[n, type(m).__name__] for n, m in model.named_modules()],
        "macs": flops // 2,
        "outputs": [[list(t.shape), dtype_name(t)] for t in flat(output)],
    }


def main():
    torch.manual_seed(0)
    cases = []
    for path in sorted(PROGRAMS.glob("*.py")):
        module = load(path)
        cases += [case(path, name, getattr(module, name), options) for name, options in module.CASES.items()]
    lines = ",\n  ".join(json.dumps(item) for item in cases)
    TARGET.write_text(f'{{"torch": "{torch.__version__}", "cases": [\n  {lines}\n]}}\n')
    print(f"{len(cases)} cases -> {TARGET}")


if __name__ == "__main__":
    main()
