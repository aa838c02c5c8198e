"""Asks PyTorch what it refuses at the edges of arguments (0, negative, as large as the input, one more), as data for
test/operators/edgeTruth.test.ts.

    python test/truth/operators/make_edge_truth.py   # needs torch 2.13

One case a line: {"operator": ours, "attributes": ..., "inputs": [shape, or [dtype, shape]], "outputs": [shapes]} or
"error" with the first words of PyTorch's refusal. Sweeps are exhaustive over a few values each, so runs agree.
"""

import itertools
import json
import pathlib
import warnings

import torch
import torch.nn.functional as F

DATA = pathlib.Path(__file__).parents[1] / "data" / "operators" / "edges.json"
lines = []
seen = set()
EDGES = (-1, 0, 1, 2, 3)


def made(spec):
    if isinstance(spec, tuple):
        return torch.zeros(spec[1], dtype=getattr(torch, spec[0]))
    return torch.ones(spec)


def shapes(result):
    if isinstance(result, torch.Tensor):
        return [list(result.shape)]
    return [shape for each in result for shape in shapes(each)]


def case(operator, inputs, attributes, run, only_taken=False):
    entry = {"operator": operator, "attributes": attributes, "inputs": inputs}
    key = json.dumps(entry)
    if key in seen:
        return
    seen.add(key)
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            entry["outputs"] = shapes(run(*[made(spec) for spec in inputs]))
    except (RuntimeError, ValueError, IndexError, TypeError, AssertionError, ZeroDivisionError) as error:
        if only_taken:
            return
        entry["error"] = str(error).splitlines()[0][:90] if str(error) else type(error).__name__
    lines.append(json.dumps(entry))


def around(base, **edges):
    """The base with each argument at each of its edges, and each pair of arguments at both, where that is taken."""
    yield dict(base)
    for name, values in edges.items():
        for value in values:
            yield {**base, name: value}
    for (first, firsts), (second, seconds) in itertools.combinations(edges.items(), 2):
        for one, other in itertools.product(firsts, seconds):
            yield {**base, first: one, second: other, "isPair": True}


def convolutions():
    inputs = (
        ([2, 4, 6], [4, 2, 3]), ([2, 4, 6], [4, 4, 1]), ([0, 4, 6], [4, 2, 3]), ([2, 0, 6], [4, 0, 3]),
        ([2, 4, 0], [4, 4, 1]), ([2, 4, 6], [0, 4, 3]), ([2, 4, 6], [4, 4, 0]), ([2, 4, 3], [4, 4, 9]),
    )
    for x, weight in inputs:
        base = {"stride": 1, "padding": 0, "dilation": 1, "groups": 4 // weight[1] if weight[1] else 1}
        for each in around(base, stride=(-1, 0, 7), padding=(-1, 2, 9), dilation=(-1, 0, 3), groups=(-2, -1, 0, 1, 2, 3)):
            s, p, d, g = each["stride"], each["padding"], each["dilation"], each["groups"]
            attributes = {"stride": [s], "padding": [[p, p]], "dilation": [d], "groups": g}
            case("convolution", [x, weight], attributes, lambda a, w: F.conv1d(a, w, None, s, p, d, g), "isPair" in each)
    for x, weight in (
        ([2, 4, 6], [4, 2, 3]), ([2, 4, 6], [4, 0, 3]), ([0, 4, 6], [4, 2, 3]), ([2, 4, 0], [4, 2, 3]), ([2, 4, 6], [4, 2, 0]),
    ):
        base = {"stride": 1, "padding": 0, "output": 0, "dilation": 1, "groups": 1}
        edges = {"stride": (-1, 0, 3), "padding": (-1, 2, 9), "output": (-1, 1, 3), "dilation": (-1, 0, 3), "groups": (-1, 0, 2, 3)}
        for each in around(base, **edges):
            s, p, o, d, g = (each[name] for name in base)
            attributes = {"stride": [s], "padding": [[p, p]], "outputPadding": [o], "dilation": [d], "groups": g}
            case("transposedConvolution", [x, weight], attributes, lambda a, w: F.conv_transpose1d(a, w, None, s, p, o, g, d), "isPair" in each)


def pools():
    for x in ([2, 4, 6], [4, 6], [0, 4, 6], [2, 0, 6], [2, 4, 0]):
        base = {"kernel": 3, "stride": 2, "padding": 0, "dilation": 1, "ceil": False}
        for each in around(base, kernel=(-1, 0, 1, 9), stride=(-1, 0, 7), padding=(-1, 1, 2, 9), dilation=(-1, 0, 2, 5), ceil=(True,)):
            k, s, p, d, c = (each[name] for name in base)
            shared = {"kernel": [k], "stride": [s], "padding": [[p, p]], "ceilMode": c, "halfPadding": True}
            case("maxPool", [x], {**shared, "dilation": [d]}, lambda a: F.max_pool1d(a, k, s, p, d, c), "isPair" in each)
            if d == 1:
                case("averagePool", [x], shared, lambda a: F.avg_pool1d(a, k, s, p, c), "isPair" in each)
            if d == 1 and p == 0:
                attributes = {"kernel": [k], "stride": [s], "ceilMode": c}
                case("lpPool", [x], attributes, lambda a: F.lp_pool1d(a, 2, k, s, c), "isPair" in each)
    for x in ([2, 4, 6, 6], [4, 6, 6], [0, 4, 6, 6], [2, 0, 6, 6], [2, 4, 0, 6]):
        for size in ([-1, 2], [0, 2], [0, 0], [1, 1], [9, 3], [None, 2]):
            case("adaptiveAveragePool", [x], {"outputSize": size}, lambda a: F.adaptive_avg_pool2d(a, size))
            case("adaptiveMaxPool", [x], {"outputSize": size}, lambda a: F.adaptive_max_pool2d(a, size))
    for x in ([2, 4, 6, 6], [0, 4, 6, 6], [2, 0, 6, 6]):
        for kernel, size in itertools.product(([-1, 2], [0, 2], [2, 2], [7, 2]), ([-1, 2], [0, 2], [2, 2], [6, 6], [7, 2])):
            attributes = {"kernel": kernel, "outputSize": size}
            case("fractionalMaxPool", [x], attributes, lambda a: F.fractional_max_pool2d(a, kernel, output_size=size))
    for x in ([2, 4, 6], [0, 4, 6], [2, 4, 0]):
        for k, s, p in itertools.product((-1, 0, 2), (-1, 0, 2), (-1, 0, 1, 9)):
            attributes = {"kernel": [k], "stride": [s], "padding": [p]}
            case("maxUnpool", [x, ("int64", x)], attributes, lambda a, i: F.max_unpool1d(a, i, k, s, p))


def windows():
    for x in ([1, 3, 6, 6], [3, 6, 6], [0, 3, 6, 6], [1, 0, 6, 6], [1, 3, 0, 6]):
        for each in around({"k": 2, "d": 1, "p": 0, "s": 1}, k=(-1, 0, 9), d=(-1, 0, 3, 9), p=(-1, 2), s=(-1, 0, 7)):
            k, d, p, s = (each[name] for name in "kdps")
            attributes = {"kernelSize": [k, k], "dilation": [d, d], "padding": [p, p], "stride": [s, s]}
            case("unfold", [x], attributes, lambda a: F.unfold(a, k, d, p, s), "isPair" in each)
    for x in ([1, 12, 25], [12, 25], [0, 12, 25], [1, 0, 25], [1, 12, 0]):
        for each in around({"o": 6, "k": 2, "d": 1, "p": 0, "s": 1}, o=(-1, 0, 1), k=(-1, 0, 9), d=(-1, 0), p=(-1, 2), s=(-1, 0)):
            o, k, d, p, s = (each[name] for name in "okdps")
            attributes = {"outputSize": [o, o], "kernelSize": [k, k], "dilation": [d, d], "padding": [p, p], "stride": [s, s]}
            case("fold", [x], attributes, lambda a: F.fold(a, o, k, d, p, s), "isPair" in each)
    for x, size, step in itertools.product(([6], [0], []), (-1, 0, 1, 6, 7), (-1, 0, 1, 9)):
        attributes = {"dim": 0, "size": size, "step": step}
        case("unfoldDim", [x], attributes, lambda a: a.unfold(0, size, step))
    for x in ([1, 4, 4, 4], [4, 4, 4], [0, 4, 4, 4], [1, 0, 4, 4], [1, 4, 0, 4], [4, 4]):
        for r in (-2, *EDGES):
            case("pixelShuffle", [x], {"factor": r}, lambda a: F.pixel_shuffle(a, r))
            case("pixelUnshuffle", [x], {"factor": r}, lambda a: F.pixel_unshuffle(a, r))
            case("channelShuffle", [x], {"groups": r}, lambda a: F.channel_shuffle(a, r))
    for mode, ours in (("constant", "constant"), ("reflect", "reflect"), ("replicate", "replicate"), ("circular", "circular")):
        for x in ([2, 3, 4], [0, 3, 4], [2, 0, 4], [2, 3, 0], [3, 4]):
            for left, right in itertools.product((-5, -4, -1, 0, 3, 4, 5), repeat=2):
                attributes = {"before": [left], "after": [right], "mode": ours}
                case("pad", [x], attributes, lambda a: F.pad(a, (left, right), mode))
    for x in ([1, 2, 4, 4], [0, 2, 4, 4], [1, 0, 4, 4], [1, 2, 0, 4]):
        for size, mode in itertools.product(([-1, 2], [0, 2], [1, 1], [8, 3]), ("nearest", "bilinear", "bicubic", "area")):
            case("interpolate", [x], {"sizes": size, "mode": mode}, lambda a: F.interpolate(a, size=size, mode=mode))
        for factor, mode in itertools.product((-1.0, 0.0, 0.1, 0.5, 2.0), ("nearest", "bilinear", "area")):
            attributes = {"scaleFactors": [factor, factor], "mode": mode}
            case("interpolate", [x], attributes, lambda a: F.interpolate(a, scale_factor=factor, mode=mode))


def normalizations():
    for x in ([2, 4, 3], [2, 4], [0, 4, 3], [2, 0, 3], [2, 4, 0], [4]):
        for groups in (-2, -1, 0, 1, 2, 3, 4, 8):
            case("groupNorm", [x], {"numGroups": groups}, lambda a: F.group_norm(a, groups))
        for shape in ([], [3], [4, 3], [2, 4, 3], [0], [-1], [5, 2, 4, 3]):
            case("layerNorm", [x], {"normalizedShape": shape}, lambda a: F.layer_norm(a, shape))
            case("rmsNorm", [x], {"normalizedShape": shape}, lambda a: F.rms_norm(a, shape))
        for size in (-1, 0, 1, 3, 9):
            case("localResponseNorm", [x], {"size": size}, lambda a: F.local_response_norm(a, size))
        for dim in (-4, -3, 0, 2, 3):
            case("softmax", [x], {"dim": dim}, lambda a: F.softmax(a, dim))
            case("glu", [x], {"dim": dim}, lambda a: F.glu(a, dim))


def selections():
    for x in ([2, 4], [0, 4], [2, 0], [4], []):
        for k, dim in itertools.product((-1, 0, 1, 4, 5), (-3, -1, 0, 1)):
            case("topk", [x], {"k": k, "dim": dim}, lambda a: torch.topk(a, k, dim))
            case("kthValue", [x], {"k": k, "dim": dim}, lambda a: torch.kthvalue(a, k, dim))
        for n, dim in itertools.product((-1, 0, 1, 4, 5), (-3, -1, 0)):
            case("difference", [x], {"n": n, "dim": dim}, lambda a: torch.diff(a, n, dim))
        for chunks in EDGES:
            case("chunk", [x], {"chunks": chunks, "dim": 0}, lambda a: torch.chunk(a, chunks, 0))
            case("tensorSplit", [x], {"sections": chunks, "dim": 0}, lambda a: torch.tensor_split(a, chunks, 0))
            case("split", [x], {"sizes": chunks, "dim": 0}, lambda a: torch.split(a, chunks, 0))
        for sizes in ([], [-1, 3], [0, 2], [1, 1], [1, 2], [2, 1, -1]):
            case("split", [x], {"sizes": sizes, "dim": 0}, lambda a: torch.split(a, sizes, 0))
        for repeats in ([], [0, 1], [-1, 1], [2, 3], [1, 1, 1], [2, 0, -1]):
            case("repeat", [x], {"repeats": repeats}, lambda a: a.repeat(*repeats) if repeats else a.repeat([]))
            case("tile", [x], {"repeats": repeats}, lambda a: torch.tile(a, repeats))
        for sizes in ([], [-1], [-1, 4], [3, -1, 4], [-2, 4], [0, 4], [2, 0], [2, 4]):
            case("expand", [x], {"shape": sizes}, lambda a: a.expand(sizes))
            case("reshape", [x], {"shape": sizes}, lambda a: a.reshape(sizes))
        for repeats in (-1, 0, 1, 3):
            case("repeatInterleave", [x], {"repeats": repeats, "dim": 0}, lambda a: torch.repeat_interleave(a, repeats, 0))
        for at in (-5, -4, -1, 0, 1, 4):
            case("select", [x], {"dim": 0, "index": at}, lambda a: a.select(0, at))
            case("diagonal", [[3, 4]], {"offset": at, "dim0": 0, "dim1": 1}, lambda a: torch.diagonal(a, at))
            case("diag", [x], {"offset": at}, lambda a: torch.diag(a, at))
        for count in (-1, 0, 1, 4):
            case("multinomial", [x], {"count": count}, lambda a: torch.multinomial(a, count, replacement=True))
            case("histogram", [x], {"bins": count}, lambda a: torch.histc(a, count))
        for n, kind in itertools.product((-1, 0, 1, 4), ("complexToComplex", "realToComplex", "complexToReal")):
            transform = {"complexToComplex": torch.fft.fft, "realToComplex": torch.fft.rfft, "complexToReal": torch.fft.irfft}[kind]
            case("fourierTransform", [x], {"kind": kind, "dims": [-1], "sizes": [n]}, lambda a: transform(a, n))
        for kind in ("complexToComplex", "realToComplex", "complexToReal"):
            transform = {"complexToComplex": torch.fft.fft, "realToComplex": torch.fft.rfft, "complexToReal": torch.fft.irfft}[kind]
            case("fourierTransform", [x], {"kind": kind, "dims": [-1]}, lambda a: transform(a))
        for size in ([-1], [0, 2], [2, 2], []):
            stride = [1] * len(size)
            case("asStrided", [[9]], {"shape": size}, lambda a: torch.as_strided(a, size, stride))
    for ids, classes in itertools.product((("int64", [2]), ("int64", [0]), ("int64", [])), (0, 1, 3, -2)):
        case("oneHot", [ids], {"numClasses": classes}, lambda a: F.one_hot(a, classes))
    for weight in ([3, 4], [3, 0], [0, 4], [3], [3, 4, 5]):
        for ids in (("int64", [2, 0]), ("int64", [0])):
            case("embedding", [ids, weight], {}, lambda i, w: F.embedding(i, w))


def creations():
    f32 = {"dtype": "float32"}
    for size in ([-1], [0], [2, -3], [0, -1], [-2, -2]):
        case("full", [], {"shape": size, **f32}, lambda: torch.full(size, 1.0))
        case("random", [], {"shape": size, **f32}, lambda: torch.randn(size))
        case("fullLike", [[2]], {"shape": size}, lambda a: a.new_zeros(size))
    for rows, columns in itertools.product((-1, 0, 2), repeat=2):
        case("eye", [], {"rows": rows, "columns": columns, **f32}, lambda: torch.eye(rows, columns))
        for offset in (-3, 0, 3):
            shared = {"rows": rows, "columns": columns, "offset": offset, "dtype": "int64"}
            case("trilIndices", [], shared, lambda: torch.tril_indices(rows, columns, offset))
            case("triuIndices", [], shared, lambda: torch.triu_indices(rows, columns, offset))
    for steps in (-1, 0, 1, 5):
        case("linspace", [], {"steps": steps, **f32}, lambda: torch.linspace(0, 1, steps))
    for start, end, step in itertools.product((0, 5), (0, -3, 3), (-1, 0, 1, 2)):
        attributes = {"start": start, "end": end, "step": step, "dtype": "int64"}
        case("arange", [], attributes, lambda: torch.arange(start, end, step))


def products():
    for a, b in (([2, 0], [0, 3]), ([0, 2], [2, 0]), ([0], [0]), ([2, 3], [4, 3]), ([], [2])):
        case("matmul", [a, b], {}, lambda x, y: torch.matmul(x, y))
    for x, weight in (([2, 0], [3, 0]), ([2, 3], [0, 3]), ([0, 3], [4, 3]), ([], [3, 1]), ([3], [3])):
        case("linear", [x, weight], {}, lambda a, w: F.linear(a, w))
    for theta, size in itertools.product(([1, 2, 3], [0, 2, 3]), ([1, 1, 2, 2], [0, 1, 2, 2], [1, 1, -1, 2], [1, 1, 0, 2], [1, 0, 2, 2])):
        case("affineGrid", [theta], {"shape": size}, lambda t: F.affine_grid(t, size, align_corners=False))
    for x, grid in itertools.product(([1, 2, 3, 3], [1, 2, 0, 3], [0, 2, 3, 3], [1, 0, 3, 3]), ([1, 2, 2, 2], [0, 2, 2, 2], [1, 0, 2, 2], [1, 2, 2, 3])):
        case("gridSample", [x, grid], {"mode": "bilinear"}, lambda a, g: F.grid_sample(a, g, align_corners=False))
    for window, hop, n in itertools.product((-1, 0, 4, 9), (-1, 0, 2), (6, 0)):
        attributes = {"windowLength": window, "hop": hop, "isCentered": False, "isOneSided": True, "returnsComplex": True}
        case("shortTimeFourier", [[n]], attributes, lambda a: torch.stft(a, window, hop, center=False, return_complex=True))


for sweep in (convolutions, pools, windows, normalizations, selections, creations, products):
    sweep()
DATA.write_text("[\n" + ",\n".join(lines) + "\n]\n")
refused = sum('"error":' in line for line in lines)
print(f"{len(lines)} cases, {refused} of them refused")
