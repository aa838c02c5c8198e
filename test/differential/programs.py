"""Makes random programs of nn.Modules and asks PyTorch what each one is.

`python programs.py --seed 7 --count 300` prints one JSON line a program: its text, its inputs, and PyTorch's answer:
parameters, buffers, MACs and outputs, or why PyTorch refuses it. A program grows statement by statement, each of which
is run as it is added, so that most programs are valid; one in four ends with a statement that PyTorch refused.
With `--ask FILE` the programs come from a file of such lines, and only the answers are made again.
"""

import argparse
import json
import random
import signal
import sys
import warnings

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from forwardTemplates import FORWARD_TEMPLATES
from layerTemplates import LAYER_TEMPLATES

HEAD = "import math\nimport torch\nfrom torch import nn\nimport torch.nn.functional as F\n\n"
MAX_ELEMENTS = 30_000
SECONDS = 5
# Refusals that say more of this machine, or of the numbers in the tensors, than of the program.
NOT_OF_THE_PROGRAM = (
    "not implemented for 'Half'",
    "not implemented for 'BFloat16'",
    "not implemented for 'ComplexHalf'",
    "out of range",
    "out of bounds",
    "can't allocate memory",
    "Not enough memory",
    "too slow",
    "singular",
    "ZeroDivisionError",
    "Storage size calculation overflowed",
    "could not create a primitive",
    "probability",
    "leads to overflow",
    "INTERNAL ASSERT",
    "Unsupported memory format",
    "partially initialized module",
)
# What the flop counter has no formula for, or counts by the machine's kernels.
NOT_COUNTED = ("LSTM", "bilinear", "Bilinear", "addbmm", "kron", "cdist", "multi_dot")


def matrix_vector(matrix, vector, *args, out_shape=None, **kwargs):
    return 2 * matrix[0] * matrix[1]


def dot(left, right, *args, out_shape=None, **kwargs):
    return 2 * left[0]


# The flop counter leaves products with vectors out.
PRODUCTS = {
    torch.ops.aten.mv: matrix_vector,
    torch.ops.aten.dot: dot,
    torch.ops.aten.addmv: lambda addend, matrix, vector, **kwargs: matrix_vector(matrix, vector),
}


class TooSlow(Exception):
    pass


def on_alarm(signum, frame):
    raise TooSlow("too slow")


class Program:
    """A program under construction: lines of __init__ and forward, and the values that they have now."""

    def __init__(self, rng):
        self.rng = rng
        self.init = []
        self.forward = []
        self.helpers = []
        self.count = 0
        self.module = None
        self.names = {}
        self.inputs = []
        self.globals = {"math": __import__("math"), "torch": torch, "nn": nn, "F": F}
        # Lines of __init__ that are being tried.
        self.pending = None
        self.edge_share = rng.choice([0.0, 0.02, 0.06, 0.15])

    # What templates use.

    def fresh(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    def pick(self, *options):
        return self.rng.choice(options)

    def chance(self, share):
        return self.rng.random() < share

    def int(self, low, high):
        return self.rng.randint(low, high)

    def edge(self, value):
        """The value, or now and then one that an argument of its kind should not have, or just may."""
        if not self.chance(self.edge_share):
            return value
        numbers = [0, -1, -2, 1, 2, 3, 7, True, False, 1.0, 2.5, None, "same", (1,), (2, 1), [1, 2], (1, 2, 3), -400, "valid", ()]
        return self.rng.choice(numbers)

    def tensors(self, check=lambda t: True):
        return [n for n, v in self.names.items() if isinstance(v, torch.Tensor) and check(v)]

    def tensor(self, check=lambda t: True):
        """Name of a tensor that fits; rarely of any. Raises LookupError where there is none."""
        found = self.tensors() if self.chance(self.edge_share / 2) else self.tensors(check)
        if not found:
            raise LookupError
        return found[-1] if self.chance(0.5) else self.rng.choice(found)

    def float(self, check=lambda t: True):
        return self.tensor(lambda t: t.is_floating_point() and check(t))

    def value(self, name):
        return self.names[name]

    def dim(self, tensor):
        rank = self.names[tensor].dim()
        if self.chance(self.edge_share):
            return self.rng.choice([rank, -rank - 1, 0, -1, rank + 1])
        return self.int(-rank, rank - 1) if rank else self.pick(0, -1)

    # Statements.

    def add_layer(self, text):
        """`self.layer3 = ...` in __init__; returns "self.layer3"."""
        name = f"self.{self.fresh('layer')}"
        self.add_init(f"{name} = {text}")
        return name

    def add_init(self, *lines):
        self.pending = list(lines)
        self.run("\n".join(lines), {"self": self.module})
        self.init.extend(lines)
        self.pending = None

    def run(self, code, local):
        exec(compile(code, "<program>", "exec"), self.globals, local)

    def add_helper(self, text):
        self.run(text, self.globals)
        self.helpers.append(text)

    def text(self, result):
        lines = [HEAD + "\n".join(self.helpers)] if self.helpers else [HEAD]
        lines += ["\nclass Net(nn.Module):", "    def __init__(self):", "        super().__init__()"]
        lines += [f"        {line}" for text in self.init for line in text.split("\n")]
        lines.append(f"\n    def forward(self, {', '.join(name for name, _, _ in self.inputs)}):")
        lines += [f"        {line}" for text in self.forward for line in text.split("\n")]
        lines.append(f"        return {result}")
        return "\n".join(lines) + "\n"


INPUT_SHAPES = [
    (2, 3, 8, 8), (1, 4, 6, 6), (2, 8, 5, 7), (2, 6), (3, 4), (2, 5, 6), (1, 7, 8), (4, 3, 10), (2, 4, 4, 6, 5), (5,),
    (1, 1, 4, 4), (2, 16), (1, 3, 16, 16), (), (2, 4, 12), (0, 4), (2, 0, 3), (1, 6, 9, 9),
]


def make_input(rng, name):
    shape = rng.choice(INPUT_SHAPES[:13] if rng.random() < 0.9 else INPUT_SHAPES)
    dtype = rng.choice(["float32"] * 12 + ["int64", "float64", "bool", "int32", "float16", "uint8"])
    return name, shape, dtype


def sample(shape, dtype):
    kind = getattr(torch, dtype)
    if kind.is_floating_point:
        return torch.rand(shape).to(kind)
    return torch.zeros(shape, dtype=kind)


def is_small(value):
    if isinstance(value, torch.Tensor):
        return value.numel() <= MAX_ELEMENTS
    if isinstance(value, (tuple, list)):
        return all(is_small(item) for item in value)
    return True


def grow(rng):
    program = Program(rng)
    program.module = type("Net", (nn.Module,), {})()
    program.module.eval()
    for name in ["x", "y", "z"][: rng.choice([1, 1, 1, 2, 2, 3])]:
        program.inputs.append(make_input(rng, name))
    if len(program.inputs) > 1 and rng.random() < 0.7:
        name, _, dtype = program.inputs[1]
        program.inputs[1] = (name, program.inputs[0][1], dtype)
    program.names = {name: sample(shape, dtype) for name, shape, dtype in program.inputs}
    wanted = rng.choice([2, 3, 4, 5, 6, 8, 10, 14])
    refused = False
    keeps_refusals = rng.random() < 0.35
    tries = 0
    while len(program.forward) < wanted and tries < 60 and not refused:
        tries += 1
        refused = step(program, keeps_refusals)
    names = program.tensors()
    results = [n for n in names if n not in ("x", "y", "z")] or names[-1:]
    if not program.forward or not results:
        return None
    return program.inputs, program.text(", ".join(results) if not refused else results[-1])


def step(program, keeps_refusals):
    rng = program.rng
    templates = LAYER_TEMPLATES if rng.random() < 0.45 else FORWARD_TEMPLATES
    template = rng.choice(templates)
    names = dict(program.names)
    sizes = (len(program.init), len(program.forward), len(program.helpers))
    line = None
    state = {key: value for key, value in program.module.__dict__.items() if not key.startswith("_")}
    registries = [dict(program.module._parameters), dict(program.module._buffers), dict(program.module._modules)]
    copies = {name: value.clone() for name, value in names.items() if isinstance(value, torch.Tensor)}
    program.pending = None
    try:
        signal.setitimer(signal.ITIMER_REAL, 2)
        line = template(program)
        if line is None:
            raise LookupError
        local = dict(program.names)
        local["self"] = program.module
        before = set(local)
        program.globals.update(self=program.module)
        program.run(line, local)
        for name, value in local.items():
            if name != "self" and (name not in before or value is not program.names.get(name)):
                if not is_small(value):
                    raise LookupError
                program.names[name] = value
        program.forward.append(line)
        return False
    except LookupError as error:
        if type(error) is not LookupError:
            return refuse(program, line, keeps_refusals, names, sizes, state, registries, copies, error)
        undo(program, names, sizes, state, registries, copies)
        return False
    except TooSlow:
        undo(program, names, sizes, state, registries, copies)
        return False
    except Exception as error:
        return refuse(program, line, keeps_refusals, names, sizes, state, registries, copies, error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def refuse(program, line, keeps_refusals, names, sizes, state, registries, copies, error):
    if keeps_refusals and isinstance(error, (RuntimeError, ValueError, TypeError, AssertionError, IndexError, NotImplementedError)):
        text = f"{type(error).__name__} {error}"
        if not any(mark in text for mark in NOT_OF_THE_PROGRAM) and program.rng.random() < 0.6:
            if line is not None:
                program.forward.append(line)
                return True
            if program.pending is not None:
                program.init.extend(program.pending)
                program.forward.append("pass")
                return True
    undo(program, names, sizes, state, registries, copies)
    return False


def undo(program, names, sizes, state, registries, copies):
    program.names = names
    del program.init[sizes[0]:], program.forward[sizes[1]:], program.helpers[sizes[2]:]
    for name in ("_parameters", "_buffers", "_modules"):
        registry = program.module.__dict__[name]
        registry.clear()
        registry.update(registries[("_parameters", "_buffers", "_modules").index(name)])
    for key in list(program.module.__dict__):
        if not key.startswith("_") and key not in state:
            del program.module.__dict__[key]
    program.module.__dict__.update(state)
    for name, value in copies.items():
        if names[name].shape != value.shape or names[name].dtype != value.dtype:
            program.names[name] = value


def answer(text, inputs):
    """What PyTorch says of a program: figures, or why it refuses."""
    stage = "construct"
    try:
        if signal.getsignal(signal.SIGALRM) is on_alarm:
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
        space = {"__name__": "program"}
        exec(compile(text, "<program>", "exec"), space)
        model = space["Net"]().eval()
        stage = "forward"
        tensors = [sample(shape, dtype) for _, shape, dtype in inputs]
        with torch.no_grad():
            result = model(*tensors)
        # Apart, as kernels check less under the counter; of a fresh model, as the first run may have changed this one.
        counter = FlopCounterMode(display=False, custom_mapping=PRODUCTS)
        # The plain kernel of attention is made of products that the counter sees.
        with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), counter:
            space["Net"]().eval()(*[sample(shape, dtype) for _, shape, dtype in inputs])
    except TooSlow:
        return None
    except Exception as error:
        message = f"{type(error).__name__}: {error}".split("\n")[0][:160]
        if any(mark in f"{type(error).__name__} {error}" for mark in NOT_OF_THE_PROGRAM):
            return None
        return {"refused": message, "stage": stage}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    flops = counter.get_total_flops()
    return {
        "parameters": sum(p.numel() for p in model.parameters()),
        "buffers": sum(b.numel() for b in model.buffers()),
        "macs": None if any(mark in text for mark in NOT_COUNTED) or flops % 2 else flops // 2,
        "outputs": [[list(t.shape), str(t.dtype)[6:]] for t in flatten(result)],
    }


def flatten(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (tuple, list)):
        return [tensor for item in value for tensor in flatten(item)]
    return []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--ask")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    # The fast path of attention in eval mode is one opaque kernel, which the flop counter does not see into.
    torch.backends.mha.set_fastpath_enabled(False)
    # Once without an alarm: modules that torch imports late must not be cut off half-way.
    answer(HEAD + "class Net(nn.Module):\n    def forward(self, x):\n        return F.scaled_dot_product_attention(x, x, x)\n", [("x", (1, 2, 2), "float32")])
    signal.signal(signal.SIGALRM, on_alarm)
    if options.ask is not None:
        with open(options.ask) as lines:
            for line in lines:
                item = json.loads(line)
                item["torch"] = answer(item["text"], item["inputs"])
                if item["torch"] is not None:
                    print(json.dumps(item))
        return
    made = 0
    seed = options.seed * 1_000_000
    while made < options.count:
        seed += 1
        rng = random.Random(seed)
        torch.manual_seed(seed)
        with torch.no_grad():
            inputs_and_text = grow(rng)
        if inputs_and_text is None:
            continue
        inputs, text = inputs_and_text
        said = answer(text, inputs)
        if said is None:
            continue
        made += 1
        print(json.dumps({"seed": seed, "inputs": inputs, "text": text, "torch": said}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
