"""What PyTorch says about shapes and types, as data for test/operators/shapeTruth.test.ts.

Run with a Python that has torch 2.14: `python test/truth/operators/make_shape_truth.py`.
Writes test/truth/data/operators/shape_FAMILY.json, one case a line:
{"op": our operator, "attributes": ..., "inputs": [[dtype, shape] or null], "outputs": [[dtype, shape]] or "error"}.
Sweeps are exhaustive over small sizes or drawn with a fixed seed, so the files do not change from run to run.
"""

import itertools
import json
import pathlib
import random
import warnings

import torch
import torch.nn.functional as F
from torchvision.ops import roi_align

OUT = pathlib.Path(__file__).resolve().parent.parent / "data" / "operators"

DTYPES = {
    name: getattr(torch, torch_name)
    for name, torch_name in {
        "bool": "bool", "uint8": "uint8", "int8": "int8", "int16": "int16", "int32": "int32", "int64": "int64",
        "uint16": "uint16", "uint32": "uint32", "uint64": "uint64", "float16": "float16", "bfloat16": "bfloat16",
        "float32": "float32", "float64": "float64", "complex32": "complex32", "complex64": "complex64", "complex128": "complex128",
        "float8e4m3fn": "float8_e4m3fn", "float8e5m2": "float8_e5m2",
    }.items()
}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
COMMON = ["bool", "uint8", "int8", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64"]

MIXED = ["bool", "uint8", "int32", "int64", "float16", "float32", "complex64"]


def make(spec):
    """A tensor of zeros (ones for floats, so that probabilities are valid) from (dtype, shape); None stays."""
    if spec is None:
        return None
    dtype, shape = spec
    fill = torch.ones if DTYPES[dtype].is_floating_point else torch.zeros
    return fill(shape, dtype=DTYPES[dtype])


def described(value):
    values = value if isinstance(value, (tuple, list)) else [value]
    return [[NAMES[t.dtype], list(t.shape)] for t in values]


class Family:
    """Collects cases of one file."""

    def __init__(self, name):
        self.name = name
        self.lines = []

    def case(self, op, attributes, inputs, function, only_valid=False):
        inputs = [("float32", spec) if isinstance(spec, list) else spec for spec in inputs]
        try:
            outputs = described(function(*[make(spec) for spec in inputs]))
        except (RuntimeError, IndexError, ValueError, NotImplementedError, TypeError):
            if only_valid:
                return
            outputs = "error"
        line = {"op": op, "attributes": attributes, "inputs": inputs, "outputs": outputs}
        self.lines.append(json.dumps(line, separators=(",", ":")))

    def write(self):
        unique = list(dict.fromkeys(self.lines))
        path = OUT / f"shape_{self.name}.json"
        path.write_text("[\n" + ",\n".join(unique) + "\n]\n")
        errors = sum(line.endswith('"error"}') for line in unique)
        print(f"{path.name}: {len(unique)} cases, {errors} of them errors")


def reshapes():
    f = Family("reshape")
    shapes = [[], [0], [1], [6], [2, 3], [1, 3, 1], [2, 3, 4], [0, 4], [1, 1, 1], [2, 1, 4, 6]]
    requests = [[], [-1], [6], [2, 3], [3, -1], [-1, 2], [-1, -1], [0, -1], [4, -1], [1, 1], [2, -2], [24], [2, 12],
                [0], [-1, 0], [7, -1], [2, 1, 24, 1], [4, 6, -1, 2]]
    for shape, request in itertools.product(shapes, requests):
        f.case("reshape", {"shape": request}, [shape], lambda x: x.reshape(request))
    for shape in shapes:
        for start, end in itertools.product(range(-4, 4), repeat=2):
            f.case("flatten", {"startDim": start, "endDim": end}, [shape], lambda x: torch.flatten(x, start, end))
        for dim in range(-5, 5):
            f.case("squeeze", {"dims": [dim]}, [shape], lambda x: x.squeeze(dim))
            f.case("unsqueeze", {"dims": [dim]}, [shape], lambda x: x.unsqueeze(dim))
        f.case("squeeze", {}, [shape], lambda x: x.squeeze())
        for dims in ([0, 2], [0, 0], [-1, 0], []):
            f.case("squeeze", {"dims": dims}, [shape], lambda x: x.squeeze(dims))
    for dim, sizes in itertools.product([0, 1, -1, 3], [[2, 3], [-1, 3], [6], [-1], [4, 2], [2, -1, 2], [-1, -1], [5]]):
        f.case("unflatten", {"dim": dim, "sizes": sizes}, [[5, 12]], lambda x: x.unflatten(dim, sizes))
    for source, target, shape in itertools.product(
        ["bool", "uint8", "int16", "float16", "float32", "float64", "complex64"],
        ["bool", "uint8", "int16", "float32", "int64", "complex128"],
        [[], [2, 3], [2, 8]],
    ):
        f.case("viewAsType", {"dtype": target}, [(source, shape)], lambda x: x.view(DTYPES[target]))
    for shape in ([], [3], [2, 2], [2, 3]):
        f.case("viewAsReal", {}, [("complex64", shape)], torch.view_as_real)
        f.case("viewAsComplex", {}, [shape], torch.view_as_complex)
    f.write()


def permutes():
    f = Family("permute")
    for shape in ([], [3], [2, 3], [2, 3, 4], [2, 3, 4, 5]):
        rank = len(shape)
        for dims in [list(p) for p in itertools.permutations(range(rank))][:8] + [[0, 0], [-1, 0], [0, 1, 2], [5, 0]]:
            f.case("permute", {"dims": dims}, [shape], lambda x: x.permute(dims))
        for a, b in itertools.product(range(-3, 3), repeat=2):
            f.case("transpose", {"dim0": a, "dim1": b}, [shape], lambda x: x.transpose(a, b))
        for source, destination in ([[0], [-1]], [[-1], [0]], [[0, 1], [1, 2]], [[0, 2], [2, 1]], [[0, 0], [1, 2]], [[0], [1, 2]]):
            f.case("moveDims", {"source": source, "destination": destination}, [shape],
                   lambda x: torch.movedim(x, source, destination))
        for dims in ([0], [-1, 0], [0, 0], [3], []):
            f.case("flip", {"dims": dims}, [shape], lambda x: x.flip(dims))
        for times, dims in itertools.product([0, 1, 2, -1], [[0, 1], [1, 2], [0, 0], [0]]):
            f.case("rot90", {"times": times, "dims": dims}, [shape], lambda x: torch.rot90(x, times, dims))
        for shifts, dims in ([[1], [0]], [[1, 2], [0, 1]], [[1], None], [[1, 2], [0]], [[1], [4]], [[1, 2], [0, 0]]):
            attributes = {"shifts": shifts} if dims is None else {"shifts": shifts, "dims": dims}
            f.case("roll", attributes, [shape], lambda x: torch.roll(x, shifts, dims))
    f.write()


def expands():
    f = Family("expand")
    shapes = [[], [1], [3], [1, 3], [2, 1, 4], [0, 1]]
    for shape, asked in itertools.product(shapes, [[], [3], [-1], [2, 3], [2, -1], [-1, 3], [2, 5, 4], [-1, -1, 4], [0, 1], [2, -2]]):
        f.case("expand", {"shape": asked}, [shape], lambda x: x.expand(asked))
    for shape, counts in itertools.product(shapes, [[], [2], [2, 3], [1, 2, 0], [2, 1, 3, 2], [-1]]):
        f.case("repeat", {"repeats": counts}, [shape], lambda x: x.repeat(counts))
        f.case("tile", {"repeats": counts}, [shape], lambda x: torch.tile(x, counts))
    for shape, count, dim in itertools.product(shapes, [0, 3, -1], [None, 0, 1, -1]):
        attributes = {"repeats": count} if dim is None else {"repeats": count, "dim": dim}
        f.case("repeatInterleave", attributes, [shape], lambda x: torch.repeat_interleave(x, count, dim))
    f.write()


def unfolds():
    f = Family("unfold")
    for shape, kernel, dilation, padding, stride in itertools.product(
        [[2, 3, 8, 9], [3, 7, 7], [1, 1, 2, 2], [8, 8]], [[3, 3], [2, 1], [1, 1]], [1, 2], [0, 1], [1, 2, 3]
    ):
        attributes = {"kernelSize": kernel, "dilation": [dilation] * 2, "padding": [padding] * 2, "stride": [stride] * 2}
        f.case("unfold", attributes, [shape], lambda x: F.unfold(x, kernel, dilation, padding, stride))
    for columns, output, kernel, stride in itertools.product(
        [[2, 27, 36], [12, 12], [1, 9, 4], [1, 10, 4], [2, 3, 4, 5]], [[8, 8], [4, 5], [3, 3]], [[3, 3], [2, 2]], [1, 2]
    ):
        attributes = {"kernelSize": kernel, "dilation": [1, 1], "padding": [0, 0], "stride": [stride] * 2, "outputSize": output}
        f.case("fold", attributes, [columns], lambda x: F.fold(x, output, kernel, stride=stride))
    for shape, dim, size, step in itertools.product([[], [5], [2, 7]], [0, -1, 1], [0, 1, 3, 6], [0, 1, 2]):
        f.case("unfoldDim", {"dim": dim, "size": size, "step": step}, [shape], lambda x: x.unfold(dim, size, step))
    for shape, factor in itertools.product([[1, 12, 4, 6], [9, 3, 3], [2, 8, 2, 2], [4, 4], [1, 2, 4, 4, 4]], [1, 2, 3]):
        f.case("pixelShuffle", {"factor": factor}, [shape], lambda x: F.pixel_shuffle(x, factor))
        f.case("pixelUnshuffle", {"factor": factor}, [shape], lambda x: F.pixel_unshuffle(x, factor))
        f.case("channelShuffle", {"groups": factor}, [shape], lambda x: torch.channel_shuffle(x, factor))
    f.write()


def joins():
    f = Family("join")
    draw = random.Random(1)
    for _ in range(150):
        rank = draw.randint(0, 3)
        base = [draw.choice([0, 1, 2, 3]) for _ in range(rank)]
        parts = []
        for _ in range(draw.randint(1, 3)):
            part = list(base)
            if part and draw.random() < 0.7:
                part[draw.randrange(len(part))] = draw.choice([0, 1, 2, 5])
            if draw.random() < 0.1:
                part = [0]
            parts.append((draw.choice(["float32", "float32", "int64", "float16", "bool"]), part))
        dim = draw.randint(-3, 2)
        f.case("concat", {"dim": dim}, parts, lambda *xs: torch.cat(xs, dim))
        f.case("stack", {"dim": dim}, parts, lambda *xs: torch.stack(xs, dim))
    for size in [0, 1, 5, 6, 7, 12]:
        for dim in (1, -1, 4):
            for chunks in [0, 1, 2, 3, 4, 5, 8]:
                f.case("chunk", {"dim": dim, "chunks": chunks}, [[2, size]], lambda x: x.chunk(chunks, dim))
                f.case("tensorSplit", {"dim": dim, "sections": chunks}, [[2, size]], lambda x: torch.tensor_split(x, chunks, dim))
            for sizes in [0, 1, 2, 4, 7, 9, -1, [size], [2, 3], [1, size - 1], [3, 0, 3], [6, 6]]:
                f.case("split", {"dim": dim, "sizes": sizes}, [[2, size]], lambda x: x.split(sizes, dim))
            for indices in [[], [2], [2, 4], [4, 2], [-2], [1, 100], [0, -1]]:
                f.case("tensorSplit", {"dim": dim, "indices": indices}, [[2, size]], lambda x: torch.tensor_split(x, indices, dim))
            f.case("unbind", {"dim": dim}, [[2, size, 3]], lambda x: x.unbind(dim))
    f.case("unbind", {"dim": 0}, [[]], lambda x: x.unbind(0))
    f.write()


def random_bound(draw):
    return draw.choice([None, None, 0, 1, 2, -1, -2, 5, -7, 100])


def random_item(draw):
    """An index item as (our item, Python item, index tensor or None)."""
    kind = draw.choice(["integer", "slice", "slice", "newAxis", "ellipsis", "tensor", "tensor", "mask", "boolean"])
    if kind == "integer":
        value = draw.choice([0, 1, -1, 2, -3])
        return {"kind": "integer", "index": value}, value, None
    if kind == "slice":
        start, stop, step = random_bound(draw), random_bound(draw), draw.choice([None, 1, 2, 3])
        return {"kind": "slice", "start": start, "stop": stop, "step": step}, slice(start, stop, step), None
    if kind == "newAxis":
        return {"kind": "newAxis"}, None, None
    if kind == "ellipsis":
        return {"kind": "ellipsis"}, ..., None
    if kind == "boolean":
        value = draw.random() < 0.5
        return {"kind": "boolean", "value": value}, value, None
    if kind == "mask":
        # A mask over one dim of size 3, two of them true: its result size is compared as an unknown.
        return {"kind": "tensor"}, torch.tensor([True, False, True]), ("bool", [3])
    shape = draw.choice([[], [2], [1], [4], [2, 1], [1, 4]])
    return {"kind": "tensor"}, torch.zeros(shape, dtype=torch.int64), ("int64", shape)


def indices():
    f = Family("indexing")
    draw = random.Random(2)
    for _ in range(400):
        shape = [draw.choice([3, 3, 4, 5]) for _ in range(draw.randint(0, 4))]
        drawn = [random_item(draw) for _ in range(draw.randint(1, 4))]
        if sum(python is ... for _, python, _ in drawn) > 1:
            continue
        items = [ours for ours, _, _ in drawn]
        index = tuple(python for _, python, _ in drawn)
        tensors = [spec for _, _, spec in drawn if spec is not None]
        is_advanced = any(item["kind"] in ("tensor", "boolean") for item in items)
        op = "advancedIndex" if is_advanced else "index"
        # How many elements a mask selects is data, so that what PyTorch refuses for it is not our mismatch.
        has_mask = any(dtype == "bool" for dtype, _ in tensors)
        f.case(op, {"items": items}, [shape, *tensors], lambda x, *_: x[index], only_valid=has_mask)
        value = [draw.choice([1, 2, 3, 4]) for _ in range(draw.randint(0, 3))]

        def put(x, v, *_):
            x[index] = v
            return x

        f.case("indexPut", {"items": items}, [shape, value, *tensors], put, only_valid=has_mask)
    for shape, dim, index in itertools.product([[], [3], [2, 3]], [0, 1, -1, 2], [0, 2, -3, 3, -4]):
        f.case("select", {"dim": dim, "index": index}, [shape], lambda x: x.select(dim, index))
    for size, start, stop, step in itertools.product([0, 1, 7], [None, 0, 2, -3, 9, -9], [None, 0, 3, -2, 9], [1, 2, 3]):
        attributes = {"slices": [{"dim": 1, "start": start, "stop": stop, "step": step}]}
        f.case("slice", attributes, [[2, size]], lambda x: x[:, start:stop:step])
    f.write()


def reversed_slices():
    """ONNX's negative steps, by Python's own lists (ONNX Slice-13 clamps alike)."""
    lines = []
    for size, start, stop, step in itertools.product([1, 2, 7], [None, 0, 3, -1, -3, 9, -9], [None, 0, 3, -2, -9, 9], [-1, -2, -3]):
        length = len(list(range(size))[start:stop:step])
        lines.append(json.dumps([size, start, stop, step, length]))
    (OUT / "shape_reversedSlice.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"shape_reversedSlice.json: {len(lines)} cases")


def gathers():
    f = Family("gather")
    for shape, index, dim in itertools.product([[], [4], [3, 4], [2, 3, 4]], [[], [1], [2], [2, 4], [2, 3], [3, 9], [2, 3, 1]], [0, 1, -1]):
        ids = ("int64", index)
        f.case("gather", {"dim": dim}, [shape, ids], lambda x, i: x.gather(dim, i))
        f.case("takeAlongDim", {"dim": dim}, [shape, ids], lambda x, i: torch.take_along_dim(x, i, dim))
        f.case("takeAlongDim", {}, [shape, ids], lambda x, i: torch.take_along_dim(x, i))
        f.case("take", {}, [shape, ids], lambda x, i: torch.take(x, i))
        f.case("indexSelect", {"dim": dim}, [shape, ids], lambda x, i: x.index_select(dim, i))
        f.case("scatter", {"dim": dim}, [shape, ids, None], lambda x, i, _: x.scatter(dim, i, 1.0))
        f.case("scatter", {"dim": dim, "reduce": "add"}, [shape, ids, [3, 4]], lambda x, i, s: x.scatter_add(dim, i, s))
    for shape, mask in itertools.product([[], [4], [3, 4], [2, 1, 4]], [[], [4], [3, 1], [2, 3, 4], [5]]):
        f.case("maskedFill", {}, [shape, ("bool", mask)], lambda x, m: x.masked_fill(m, 0.0))
        f.case("maskedFill", {"isInPlace": True}, [shape, ("bool", mask)], lambda x, m: x.masked_fill_(m, 0.0))
    for shape, count, source, dim in itertools.product([[3, 4]], [2, 5], [[2, 4], [3, 2], [3, 4], []], [0, 1, 2]):
        ids = ("int64", [count])
        f.case("indexAdd", {"dim": dim}, [shape, ids, source], lambda x, i, s: x.index_add(dim, i, s), only_valid=not source)
        f.case("indexFill", {"dim": dim}, [shape, ids, None], lambda x, i, _: x.index_fill(dim, i, 1.0))
    f.write()


REDUCTIONS = {
    "sum": torch.sum, "mean": torch.mean, "amax": torch.amax, "amin": torch.amin, "norm": torch.linalg.vector_norm,
    "variance": torch.var, "standardDeviation": torch.std, "any": torch.any, "all": torch.all, "logSumExp": torch.logsumexp,
    "nansum": torch.nansum, "nanmean": torch.nanmean,
}


def reductions():
    f = Family("reduction")
    for (op, function), shape, dims, keep in itertools.product(
        REDUCTIONS.items(), [[], [3], [2, 3, 4]], [[0], [-1], [0, 1], [2, 0], [1, 1], [3]], [False, True]
    ):
        f.case(op, {"dims": dims, "keepDim": keep}, [shape], lambda x: function(x, dim=dims, keepdim=keep))
    for op, function in REDUCTIONS.items():
        for dtype in COMMON:
            f.case(op, {"dims": [1]}, [(dtype, [2, 3])], lambda x: function(x, dim=[1]), only_valid=op in ("amax", "amin", "nansum", "nanmean"))
        if op != "logSumExp":
            f.case(op, {}, [[2, 3]], lambda x: function(x))
        f.case(op, {"dims": [1]}, [[2, 0]], lambda x: function(x, dim=[1]), only_valid=op == "norm")
    for dtype in COMMON:
        f.case("prod", {"dims": [0]}, [(dtype, [2, 3])], lambda x: torch.prod(x, 0), only_valid=True)
        f.case("prod", {}, [(dtype, [2, 3])], torch.prod, only_valid=True)
        f.case("cumsum", {"dim": 1}, [(dtype, [2, 3])], lambda x: x.cumsum(1), only_valid=True)
        f.case("cumprod", {"dim": 1}, [(dtype, [2, 3])], lambda x: x.cumprod(1), only_valid=True)
        f.case("cummax", {"dim": 1}, [(dtype, [2, 3])], lambda x: tuple(x.cummax(1)), only_valid=True)
        f.case("logCumSumExp", {"dim": 1}, [(dtype, [2, 3])], lambda x: x.logcumsumexp(1), only_valid=True)
        f.case("median", {}, [(dtype, [2, 3])], torch.median, only_valid=True)
        f.case("aminmax", {"dims": [1]}, [(dtype, [2, 3])], lambda x: tuple(torch.aminmax(x, dim=1)), only_valid=True)
        f.case("countNonzero", {"dims": [1]}, [(dtype, [2, 3])], lambda x: torch.count_nonzero(x, 1), only_valid=True)
        f.case("sum", {"dims": [1], "dtype": "float64"}, [(dtype, [2, 3])], lambda x: x.sum(1, dtype=torch.float64), only_valid=True)
        f.case("varianceMean", {"dims": [1]}, [(dtype, [2, 3])], lambda x: torch.var_mean(x, 1))
        f.case("standardDeviationMean", {"dims": [1], "keepDim": True}, [(dtype, [2, 3])], lambda x: torch.std_mean(x, 1, keepdim=True))
    for shape, dim, keep in itertools.product([[], [3], [2, 3], [2, 0]], [0, 1, -1], [False, True]):
        attributes = {"dim": dim, "keepDim": keep}
        f.case("argmax", attributes, [shape], lambda x: x.argmax(dim, keep))
        f.case("argmin", attributes, [shape], lambda x: x.argmin(dim, keep))
        f.case("maxWithIndices", attributes, [shape], lambda x: tuple(x.max(dim, keep)))
        f.case("minWithIndices", attributes, [shape], lambda x: tuple(x.min(dim, keep)))
        f.case("medianWithIndices", attributes, [shape], lambda x: tuple(x.median(dim, keep)))
        f.case("modeWithIndices", attributes, [shape], lambda x: tuple(x.mode(dim, keep)))
        f.case("kthValue", {"k": 1, **attributes}, [shape], lambda x: tuple(x.kthvalue(1, dim, keep)))
        f.case("sort", {"dim": dim}, [shape], lambda x: tuple(x.sort(dim)))
        f.case("argsort", {"dim": dim}, [shape], lambda x: x.argsort(dim))
        f.case("cumsum", {"dim": dim}, [shape], lambda x: x.cumsum(dim))
        for k in (0, 1, 3, 4):
            f.case("topk", {"k": k, "dim": dim}, [shape], lambda x: tuple(x.topk(k, dim)))
        for n in (1, 2, 4):
            f.case("difference", {"dim": dim, "n": n}, [shape], lambda x: torch.diff(x, n, dim))
    f.case("argmax", {}, [[2, 3]], lambda x: x.argmax())
    f.case("searchSorted", {}, [[5], [2, 3]], torch.searchsorted)
    f.case("searchSorted", {"isInt32": True}, [[5], [4]], lambda b, v: torch.searchsorted(b, v, out_int32=True))
    f.write()


def resamplings():
    f = Family("resampling")
    for mode, before, after in itertools.product(
        ["constant", "reflect", "replicate", "circular"], [[0], [2], [-1], [4], [1, 2]], [[0], [1], [-2], [3], [0, 4]]
    ):
        if len(before) != len(after):
            continue
        flat = [n for pair in zip(reversed(before), reversed(after)) for n in pair]
        for shape in ([1, 2, 4, 4], [2, 4, 3], [1, 2, 3, 5, 5]):
            # Other combinations of rank and number of pads than these are refused by PyTorch's kernels alone.
            if mode == "constant" or len(shape) - len(before) in (1, 2):
                f.case("pad", {"before": before, "after": after, "mode": mode}, [shape], lambda x: F.pad(x, flat, mode=mode))
    f.case("pad", {"before": [1, 1, 1], "after": [1, 1, 1], "mode": "constant"}, [[2, 2]], lambda x: F.pad(x, [1] * 6))
    factors = [0.1, 0.25, 1 / 3, 0.5, 0.6, 0.7, 0.75, 1, 1.1, 4 / 3, 1.5, 2, 2.3, 3]
    for size, factor in itertools.product([1, 2, 3, 5, 7, 10, 14, 33, 56, 224], factors):
        attributes = {"scaleFactors": [factor, 2], "mode": "nearest"}
        f.case("interpolate", attributes, [[1, 1, size, 3]], lambda x: F.interpolate(x, scale_factor=(factor, 2)))
    for shape, mode in ([[1, 2, 5], "linear"], [[1, 2, 5, 5], "bilinear"], [[1, 2, 5, 5], "bicubic"], [[1, 2, 3, 4, 5], "trilinear"], [[1, 2, 5, 5], "area"]):
        for size in (1, 4, 9, 0):
            sizes = [size] * (len(shape) - 2)
            f.case("interpolate", {"sizes": sizes, "mode": mode}, [shape], lambda x: F.interpolate(x, sizes, mode=mode))
    for x, grid in itertools.product([[2, 3, 5, 6], [2, 3, 4, 5, 6], [3, 4]], [[2, 7, 8, 2], [2, 2, 7, 8, 3], [1, 7, 8, 2], [2, 7, 8, 3]]):
        f.case("gridSample", {"mode": "bilinear"}, [x, grid], lambda a, b: F.grid_sample(a, b, align_corners=False))
    for theta, shape in itertools.product([[2, 2, 3], [2, 3, 4], [1, 2, 3]], [[2, 3, 5, 6], [2, 3, 4, 5, 6], [2, 5, 6]]):
        f.case("affineGrid", {"shape": shape}, [theta], lambda t: F.affine_grid(t, shape, align_corners=False))
    for boxes in ([7, 5], [0, 5]):
        f.case("roiAlign", {"outputSize": [3, 4], "samplingRatio": 2}, [[2, 6, 10, 10], boxes],
               lambda x, b: roi_align(x, b * 0, (3, 4), sampling_ratio=2))
    f.write()


def creations():
    f = Family("creation")
    steps = [1, 2, 3, -1, -2, 0.5, 0.3, 0.1, 2.5]
    for start, end, step in itertools.product([0, 1, 5, 0.5], [0, 1, 5, 10, -3, 2.2], steps):
        attributes = {"start": start, "end": end, "step": step, "dtype": "float32"}
        f.case("arange", attributes, [], lambda: torch.arange(start, end, step, dtype=torch.float32))
    for rows, columns, offset in itertools.product([0, 1, 3, 5], [0, 1, 4], [-6, -2, -1, 0, 1, 2, 6]):
        attributes = {"rows": rows, "columns": columns, "offset": offset, "dtype": "int64"}
        f.case("trilIndices", attributes, [], lambda: torch.tril_indices(rows, columns, offset))
        f.case("triuIndices", attributes, [], lambda: torch.triu_indices(rows, columns, offset))
        f.case("diag", {"offset": offset}, [[rows, columns]], lambda x: torch.diag(x, offset))
        f.case("diagonal", {"offset": offset, "dim0": -1, "dim1": 0}, [[rows, 2, columns]], lambda x: torch.diagonal(x, offset, -1, 0))
    for offset in (-2, 0, 1):
        f.case("diag", {"offset": offset}, [[3]], lambda x: torch.diag(x, offset))
        for dim0, dim1 in ([-2, -1], [0, 2], [1, 0], [0, 0], [5, 0]):
            attributes = {"offset": offset, "dim0": dim0, "dim1": dim1}
            f.case("diagEmbed", attributes, [[2, 3]], lambda x: torch.diag_embed(x, offset, dim0, dim1))
    f.case("diag", {"offset": 0}, [[]], torch.diag)
    f.case("diag", {"offset": 0}, [[1, 2, 3]], torch.diag)
    for shape in ([3], [3, 4], [2, 3, 4]):
        f.case("tril", {"offset": 0}, [shape], torch.tril)
        f.case("triu", {"offset": 1}, [shape], lambda x: torch.triu(x, 1))
    for indexing in ("ij", "xy"):
        for rows in ([[2]], [[2], [3]], [[2], [3], [4]], [[], [3]], [[2], [3, 4]]):
            f.case("meshgrid", {"indexing": indexing}, rows, lambda *r: torch.meshgrid(*r, indexing=indexing))
    for steps in (0, 1, 5):
        f.case("linspace", {"steps": steps, "dtype": "float32"}, [], lambda: torch.linspace(0, 1, steps))
    f.case("eye", {"rows": 3, "dtype": "float32"}, [], lambda: torch.eye(3))
    f.case("eye", {"rows": 3, "columns": 5, "dtype": "int64"}, [], lambda: torch.eye(3, 5, dtype=torch.int64))
    f.case("full", {"shape": [2, 0, 3], "dtype": "bool"}, [], lambda: torch.zeros(2, 0, 3, dtype=torch.bool))
    f.case("full", {"shape": [2, -3], "dtype": "float32"}, [], lambda: torch.zeros(2, -3))
    f.case("fullLike", {}, [("float16", [2, 3])], torch.zeros_like)
    f.case("fullLike", {"shape": [4], "dtype": "int32"}, [[2]], lambda x: x.new_zeros(4, dtype=torch.int32))
    f.case("bernoulli", {}, [[2, 3]], torch.bernoulli)
    for shape in ([5], [2, 5], [1, 2, 5], []):
        f.case("multinomial", {"count": 3}, [shape], lambda p: torch.multinomial(p, 3))
    f.write()


UNARY = {
    "neg": torch.neg, "positive": torch.positive, "abs": torch.abs, "sign": torch.sign, "square": torch.square,
    "sqrt": torch.sqrt, "rsqrt": torch.rsqrt, "reciprocal": torch.reciprocal, "exp": torch.exp, "exp2": torch.exp2,
    "expm1": torch.expm1, "log": torch.log, "log2": torch.log2, "log10": torch.log10, "log1p": torch.log1p, "sin": torch.sin,
    "cos": torch.cos, "tan": torch.tan, "asin": torch.asin, "acos": torch.acos, "atan": torch.atan, "sinh": torch.sinh,
    "cosh": torch.cosh, "asinh": torch.asinh, "acosh": torch.acosh, "atanh": torch.atanh, "erf": torch.erf, "erfc": torch.erfc,
    "erfinv": torch.erfinv, "lgamma": torch.lgamma, "digamma": torch.digamma, "floor": torch.floor, "ceil": torch.ceil,
    "round": torch.round, "trunc": torch.trunc, "frac": torch.frac, "isnan": torch.isnan, "isinf": torch.isinf,
    "isfinite": torch.isfinite, "isneginf": torch.isneginf, "isposinf": torch.isposinf, "signbit": torch.signbit,
    "logicalNot": torch.logical_not, "bitwiseNot": torch.bitwise_not, "nanToNum": torch.nan_to_num, "deg2rad": torch.deg2rad,
    "rad2deg": torch.rad2deg, "sinc": torch.sinc, "logit": torch.logit, "conj": torch.conj, "angle": torch.angle,
    "real": torch.real, "imag": torch.imag,
}
BINARY = {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "pow": torch.pow, "remainder": torch.remainder,
    "fmod": torch.fmod, "floorDiv": torch.floor_divide, "maximum": torch.maximum, "minimum": torch.minimum, "fmax": torch.fmax,
    "fmin": torch.fmin, "atan2": torch.atan2, "hypot": torch.hypot, "copysign": torch.copysign, "nextafter": torch.nextafter,
    "ldexp": torch.ldexp, "logaddexp": torch.logaddexp, "logaddexp2": torch.logaddexp2, "xlogy": torch.xlogy,
    "heaviside": torch.heaviside, "gcd": torch.gcd, "lcm": torch.lcm, "floatPower": torch.float_power, "eq": torch.eq,
    "ne": torch.ne, "lt": torch.lt, "le": torch.le, "gt": torch.gt, "ge": torch.ge, "isclose": torch.isclose,
    "logicalAnd": torch.logical_and, "logicalOr": torch.logical_or, "logicalXor": torch.logical_xor,
    "bitwiseAnd": torch.bitwise_and, "bitwiseOr": torch.bitwise_or, "bitwiseXor": torch.bitwise_xor,
    "bitwiseLeftShift": torch.bitwise_left_shift, "bitwiseRightShift": torch.bitwise_right_shift,
}
ACTIVATIONS = {
    "relu": F.relu, "relu6": F.relu6, "leakyRelu": F.leaky_relu, "elu": F.elu, "celu": F.celu, "selu": F.selu, "gelu": F.gelu,
    "silu": F.silu, "mish": F.mish, "sigmoid": torch.sigmoid, "logSigmoid": F.logsigmoid, "tanh": torch.tanh,
    "tanhshrink": F.tanhshrink, "hardtanh": F.hardtanh, "hardsigmoid": F.hardsigmoid, "hardswish": F.hardswish,
    "hardshrink": F.hardshrink, "softshrink": F.softshrink, "softplus": F.softplus, "softsign": F.softsign,
}
SCALARS = {"bool": True, "int": 2, "float": 1.5, "complex": 1j}


def elementwise():
    f = Family("elementwise")
    for (op, function), dtype in itertools.product(UNARY.items(), COMMON):
        f.case(op, {}, [(dtype, [2, 3])], function, only_valid=True)
    for (op, function), (a, b) in itertools.product(BINARY.items(), itertools.product(MIXED, repeat=2)):
        f.case(op, {}, [(a, [2, 3]), (b, [3])], function, only_valid=True)
    for op in ("add", "mul", "div", "pow", "eq", "remainder", "maximum", "bitwiseAnd"):
        function = BINARY[op]
        for dtype, (kind, value) in itertools.product(COMMON, SCALARS.items()):
            f.case(op, {"scalars": [kind]}, [(dtype, [2, 3])], lambda x: function(x, value), only_valid=True)
        for a, b in itertools.product(["int64", "float16", "float32", "bool"], repeat=2):
            f.case(op, {}, [(a, [2, 3]), (b, [])], function, only_valid=True)
    for rounding, a, b in itertools.product(["floor", "trunc"], ["int32", "float32", "bool"], ["int64", "float16"]):
        f.case("div", {"rounding": rounding}, [(a, [2, 3]), (b, [3])], lambda x, y: torch.div(x, y, rounding_mode=rounding), only_valid=True)
    draw = random.Random(3)
    for _ in range(300):
        shapes = [[draw.choice([1, 1, 2, 3, 0]) for _ in range(draw.randint(0, 4))] for _ in range(2)]
        f.case("add", {}, shapes, torch.add)
        f.case("add", {"isInPlace": True}, shapes, lambda x, y: x.add_(y))
    for condition, a, b in itertools.product([[2, 3], [3, 1], []], [[3], [2, 3]], [[], [1, 3], [4]]):
        f.case("where", {}, [("bool", condition), a, ("float64", b)], torch.where)
        f.case("lerp", {}, [condition, a, b], torch.lerp)
        f.case("addcmul", {}, [condition, a, b], torch.addcmul)
        f.case("addcdiv", {}, [condition, a, b], torch.addcdiv)
        f.case("clamp", {}, [condition, a, b], torch.clamp)
    for dtype, kinds in itertools.product(["int64", "float16", "float32", "bool"], [["int", "int"], ["float", "int"], ["float"]]):
        values = [SCALARS[kind] for kind in kinds]
        f.case("clamp", {"scalars": kinds}, [(dtype, [2, 3])], lambda x: torch.clamp(x, *values), only_valid=True)
        f.case("where", {"scalars": kinds[:1]}, [("bool", [3]), (dtype, [2, 3])], lambda c, x: torch.where(c, x, values[0]), only_valid=True)
    for a, b in itertools.product(["int32", "float32", "bool", "int64"], repeat=2):
        f.case("add", {"isInPlace": True}, [(a, [2, 3]), (b, [3])], lambda x, y: x.add_(y), only_valid=True)
    for (op, function), dtype in itertools.product(ACTIVATIONS.items(), ["int64", "float16", "bfloat16", "float32"]):
        f.case(op, {}, [(dtype, [2, 3])], function, only_valid=True)
    for shape, dim in itertools.product([[], [4], [2, 4], [2, 3, 5]], [0, 1, -1, 2]):
        f.case("softmax", {"dim": dim}, [shape], lambda x: x.softmax(dim))
        f.case("logSoftmax", {"dim": dim, "dtype": "float64"}, [shape], lambda x: F.log_softmax(x, dim, dtype=torch.float64))
        f.case("glu", {"dim": dim}, [shape], lambda x: F.glu(x, dim))
    for shape, slope in itertools.product([[2, 4], [2, 4, 5]], [[1], [4], [3]]):
        f.case("prelu", {}, [shape, slope], F.prelu)
    f.write()


def promotions():
    lines = []
    for a, b in itertools.product(DTYPES, repeat=2):
        try:
            result = NAMES[torch.promote_types(DTYPES[a], DTYPES[b])]
        except (RuntimeError, KeyError):
            result = "unknown"
        lines.append(json.dumps([a, b, result]))
    (OUT / "promotion.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"promotion.json: {len(lines)} cases")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    OUT.mkdir(parents=True, exist_ok=True)
    for family in (reshapes, permutes, expands, unfolds, joins, indices, reversed_slices, gathers, reductions, resamplings,
                   creations, elementwise, promotions):
        family()
