"""Asks PyTorch for the truth about single operators and writes it as data, one file a family.

    python test/truth/operators/make_operator_truth.py   # needs torch and torchvision

Each case holds the canonical operator, its attributes, the input shapes (null: left out), and either the output shapes
and the MACs (torch.utils.flop_counter.FlopCounterMode, halved) or `error`, PyTorch's own words for why it refuses.
Where FlopCounterMode counts nothing although values are multiplied and summed (mv, dot, bilinear, fused attention on
the CPU, torchvision's own kernels), the MACs are those of an equal computation that it does count: `counted` names it.
"""

import json
import pathlib
import random
import re

import torch
import torchvision
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode, sdpa_flop_count

DATA = pathlib.Path(__file__).parents[1] / "data" / "operators"
pick = random.Random(20)


def tensors_of(shapes, device="cpu"):
    return [None if shape is None else torch.zeros(shape, device=device) for shape in shapes]


def macs_of(run):
    with FlopCounterMode(display=False) as counter, torch.no_grad(), torch.backends.mkldnn.flags(enabled=False):
        result = run()
    flops = counter.get_total_flops()
    assert flops % 2 == 0
    return result, flops // 2


def shapes_of(result):
    if isinstance(result, torch.Tensor):
        return [list(result.shape)]
    return [shape for each in result for shape in shapes_of(each)]


def words_of(error):
    """The first line of a message, without the path of PyTorch's own source file."""
    return re.sub(r", /\S+", "", str(error).splitlines()[0])[:160]


class Family:
    """Collects the cases of one data file."""

    def __init__(self, name):
        self.name = name
        self.cases = []

    def add(self, operator, shapes, attributes, run, count=None, counted=None, device="cpu", make=tensors_of):
        """Runs one case; `count` is the equal computation that FlopCounterMode counts, `counted` its name."""
        case = {"operator": operator, "inputs": shapes, "attributes": attributes}
        try:
            inputs = make(shapes, device)
            result, macs = macs_of(lambda: run(*inputs))
            if count is not None:
                _, macs = macs_of(lambda: count(*inputs))
                case["counted"] = counted
            case |= {"outputs": shapes_of(result), "macs": macs}
        except (RuntimeError, ValueError, IndexError) as error:
            case["error"] = words_of(error)
        if case not in self.cases:
            self.cases.append(case)

    def write(self):
        lines = ",\n".join(json.dumps(case) for case in self.cases)
        (DATA / f"{self.name}.json").write_text(f"[\n{lines}\n]\n")
        failing = sum("error" in case for case in self.cases)
        print(f"{self.name}: {len(self.cases)} cases, {failing} of them errors")


def pairs(padding):
    return padding if isinstance(padding, str) else [[p, p] for p in padding]


# ------------------------------------------------------------------------------------------- convolutions


def convolution(family, x, weight, stride, padding, dilation, groups, has_bias=False, device="cpu", bias=None):
    rank = len(weight) - 2
    convolve = (F.conv1d, F.conv2d, F.conv3d)[rank - 1]
    bias_shape = bias or ([weight[0]] if has_bias else None)
    attributes = {"stride": stride, "padding": pairs(padding), "dilation": dilation, "groups": groups}
    family.add(
        "convolution",
        [x, weight, bias_shape],
        attributes,
        lambda x, w, b: convolve(x, w, b, stride, padding, dilation, groups),
        device=device,
    )


def convolutions():
    family = Family("convolution")
    for x, weight, stride, padding, groups in (
        ([1, 3, 224, 224], [64, 3, 7, 7], [2, 2], [3, 3], 1),
        ([1, 3, 224, 224], [64, 3, 11, 11], [4, 4], [2, 2], 1),
        ([8, 512, 7, 7], [2048, 512, 1, 1], [1, 1], [0, 0], 1),
        ([1, 960, 7, 7], [960, 1, 5, 5], [1, 1], [2, 2], 960),
        ([1, 3, 384, 384], [1024, 3, 16, 16], [16, 16], [0, 0], 1),
        ([2, 80, 3000], [512, 80, 3], [1], [1], 1),
        ([1, 3, 16, 112, 112], [64, 3, 3, 7, 7], [1, 2, 2], [1, 3, 3], 1),
    ):
        convolution(family, x, weight, stride, padding, [1], groups, device="meta")
    for rank in (1, 2, 3):
        for _ in range(40):
            groups = pick.choice([1, 1, 2, 4])
            inside, outside = groups * pick.randint(1, 3), groups * pick.randint(1, 3)
            kernel = [pick.randint(1, 4) for _ in range(rank)]
            spatial = [pick.randint(1, 14) for _ in range(rank)]
            x = [pick.randint(1, 3), inside, *spatial]
            convolution(
                family,
                x[1:] if pick.random() < 0.2 else x,
                [outside, inside // groups, *kernel],
                [pick.randint(1, 3) for _ in range(rank)],
                [pick.randint(0, 2) for _ in range(rank)],
                [pick.randint(1, 2) for _ in range(rank)],
                groups,
                has_bias=pick.random() < 0.5,
            )
        for padding in ("same", "valid"):
            for kernel in (1, 2, 3, 4):
                x, weight = [2, 2, *[9] * rank], [4, 2, *[kernel] * rank]
                for stride in ([1], [2]):
                    convolution(family, x, weight, stride, padding, [pick.randint(1, 2)], 1)
    convolution(family, [0, 3, 8, 8], [4, 3, 3, 3], [1], [0, 0], [1], 1)
    for x, weight, stride, groups, bias in (
        ([1, 32, 56, 56], [128, 64, 3, 3], [1], 1, None),
        ([1, 32, 56, 56], [128, 32, 3, 3], [1], 2, None),
        ([1, 3, 8, 8], [5, 1, 3, 3], [1], 3, None),
        ([8, 8], [4, 3, 3, 3], [1], 1, None),
        ([1, 1, 3, 8, 8], [4, 3, 3, 3], [1], 1, None),
        ([1, 3, 8, 8], [4, 3, 3, 3], [0], 1, None),
        ([1, 3, 8, 8], [4, 3, 3, 3], [1, 1, 1], 1, None),
        ([1, 3, 8, 8], [4, 3, 3, 3], [1], 1, [5]),
        ([1, 3, 2, 8], [4, 3, 3, 3], [1], 1, None),
        ([1, 3, 8, 8], [4, 3, 3, 3], [1], 0, None),
    ):
        convolution(family, x, weight, stride, [0, 0], [1], groups, bias=bias)

    for rank in (1, 2, 3):
        transpose = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[rank - 1]
        for _ in range(35):
            groups = pick.choice([1, 1, 2, 3])
            inside = groups * pick.randint(1, 3)
            x = [pick.randint(1, 3), inside, *[pick.randint(1, 6) for _ in range(rank)]]
            weight = [inside, pick.randint(1, 3), *[pick.randint(1, 4) for _ in range(rank)]]
            stride = [pick.randint(1, 3) for _ in range(rank)]
            padding = [pick.randint(0, 2) for _ in range(rank)]
            dilation = [pick.randint(1, 2) for _ in range(rank)]
            limits = map(max, zip(stride, dilation)) if pick.random() < 0.85 else [3] * rank
            extra = [pick.randint(0, limit - 1) for limit in limits]
            family.add(
                "transposedConvolution",
                [x[1:] if pick.random() < 0.2 else x, weight, pick.choice([None, [weight[1] * groups]])],
                {
                    "stride": stride,
                    "padding": pairs(padding),
                    "outputPadding": extra,
                    "dilation": dilation,
                    "groups": groups,
                },
                lambda x, w, b: transpose(x, w, b, stride, padding, extra, groups, dilation),
            )
    for x, weight, groups in (
        ([1, 32, 7, 7], [64, 32, 2, 2], 1),
        ([1, 4, 7, 7], [4, 2, 2, 2], 3),
        ([7, 7], [64, 32, 2, 2], 1),
    ):
        family.add(
            "transposedConvolution",
            [x, weight],
            {"stride": [2], "groups": groups},
            lambda x, w: F.conv_transpose2d(x, w, stride=2, groups=groups),
        )

    for x, weight, stride, padding, dilation, offset_groups, has_mask in (
        ([2, 3, 10, 10], [5, 3, 3, 3], [1, 1], [0, 0], [1, 1], 1, False),
        ([4, 6, 10, 12], [8, 3, 3, 2], [2, 1], [1, 0], [2, 1], 2, True),
        ([1, 4, 9, 9], [4, 2, 1, 3], [1, 1], [0, 1], [1, 1], 4, True),
        ([1, 3, 10, 10], [5, 2, 3, 3], [1, 1], [0, 0], [1, 1], 1, False),
        ([1, 3, 2, 2], [5, 3, 3, 3], [1, 1], [0, 0], [1, 1], 1, False),
    ):
        sizes = [
            (x[2 + i] + 2 * padding[i] - dilation[i] * (weight[2 + i] - 1) - 1) // stride[i] + 1 for i in range(2)
        ]
        cells = weight[2] * weight[3] * offset_groups
        field = [x[0], 2 * cells, *map(abs, sizes)]
        wrong = [x[0], 2 * cells, sizes[0] + 1, sizes[1]]
        for offset in (field, wrong, [x[0], 2 * cells + 1, *sizes]):
            mask = [x[0], cells, *sizes] if has_mask else None
            family.add(
                "deformableConvolution",
                [x, weight, offset, [weight[0]], mask],
                {"stride": stride, "padding": pairs(padding), "dilation": dilation},
                lambda x, w, o, b, m: torchvision.ops.deform_conv2d(x, o, w, b, stride, padding, dilation, m),
                lambda x, w, o, b, m: F.conv2d(x, w, b, stride, padding, dilation, x.shape[1] // w.shape[1]),
                "conv2d",
            )
    family.write()


# ---------------------------------------------------------------------------------------- matrix products


def as_matrices(a, b):
    """The product of at least two-dimensional operands, which FlopCounterMode counts."""
    a = a.unsqueeze(0) if a.dim() == 1 else a
    b = b.unsqueeze(1) if b.dim() == 1 else b
    return a @ b


def matrices():
    family = Family("matrix")
    for a, b in (
        ([4, 5], [5, 6]),
        ([5], [5]),
        ([4, 5], [5]),
        ([4], [4, 5]),
        ([3, 4, 5], [5]),
        ([4], [3, 4, 5]),
        ([2, 3, 4, 5], [5, 6]),
        ([4, 5], [2, 3, 5, 6]),
        ([2, 1, 4, 5], [3, 5, 6]),
        ([7, 1, 4, 5], [1, 2, 5, 6]),
        ([3, 4, 5], [3, 5, 6]),
        ([0, 5], [5, 6]),
        ([4, 0], [0, 6]),
        ([16, 197, 768], [768, 3072]),
        ([4, 5], [6, 7]),
        ([2, 4, 5], [3, 5, 6]),
        ([5], [4]),
        ([], [4]),
        ([3, 4, 5], [4]),
    ):
        family.add("matmul", [a, b], {}, torch.matmul, as_matrices, "matmul of matrices")
    for x, weight, bias in (
        ([8, 512], [1000, 512], [1000]),
        ([512], [10, 512], None),
        ([2, 3, 4, 5], [6, 5], [6]),
        ([3, 5], [5], None),
        ([0, 5], [6, 5], None),
        ([8, 256], [1000, 512], None),
        ([8, 512], [10, 512], [9]),
        ([], [10, 512], None),
        ([2, 5], [2, 3, 5], None),
        ([2, 5], [3, 5], [1]),
    ):
        family.add(
            "linear",
            [x, weight, bias],
            {},
            F.linear,
            lambda x, w, b: as_matrices(x, w.t()),
            "matmul of matrices",
        )
    for c, a, b in (
        ([4, 6], [4, 5], [5, 6]),
        ([6], [4, 5], [5, 6]),
        ([4, 1], [4, 5], [5, 6]),
        ([], [4, 5], [5, 6]),
        ([5], [4, 5], [5, 6]),
        ([2, 4, 6], [4, 5], [5, 6]),
        ([4, 6], [4, 5], [4, 6]),
        ([4, 6], [1, 4, 5], [5, 6]),
    ):
        family.add("gemm", [a, b, c], {}, lambda a, b, c: torch.addmm(c, a, b))
        family.add(
            "gemm",
            [a[::-1], b[::-1], c],
            {"transA": True, "transB": True},
            lambda a, b, c: torch.addmm(c, a.permute(*range(a.dim())[::-1]), b.permute(*range(b.dim())[::-1])),
        )
    family.add("gemm", [[4, 5], [5, 6]], {}, torch.mm)
    for a, b, c in (
        ([3, 4, 5], [3, 5, 6], [3, 4, 6]),
        ([3, 4, 5], [3, 5, 6], [6]),
        ([3, 4, 5], [3, 5, 6], [2, 4, 6]),
        ([3, 4, 5], [2, 5, 6], [6]),
        ([3, 4, 5], [3, 4, 6], [6]),
        ([4, 5], [5, 6], [6]),
    ):
        family.add("batchMatmul", [a, b], {}, torch.bmm)
        family.add("batchMatmul", [a, b, c], {}, lambda a, b, c: torch.baddbmm(c, a, b))
    for left, right, weight, bias in (
        ([8, 5], [8, 6], [7, 5, 6], [7]),
        ([2, 3, 5], [2, 3, 6], [7, 5, 6], None),
        ([8, 4], [8, 6], [7, 5, 6], None),
        ([8, 5], [8, 5], [7, 5, 6], None),
        ([8, 5], [8, 6], [7, 5, 6], [6]),
    ):
        family.add(
            "bilinear",
            [left, right, weight, bias],
            {},
            F.bilinear,
            lambda l, r, w, b: torch.einsum("bn,anm,bm->ba", l.flatten(0, -2), w, r.flatten(0, -2)),
            "einsum of left and weight, then right",
        )
    for a, b in (([4], [5]), ([4, 1], [5])):
        family.add("outer", [a, b], {}, torch.outer)
    for a, b, left, right in (
        ([3, 4, 5], [4, 3, 2], [1, 0], [0, 1]),
        ([3, 4, 5], [5, 6], [2], [0]),
        ([3, 4], [5], [], []),
        ([3, 4], [5, 4], [0], [0]),
    ):
        family.add(
            "tensordot",
            [a, b],
            {"leftAxes": left, "rightAxes": right},
            lambda a, b: torch.tensordot(a, b, dims=(left, right)),
        )
    family.add(
        "tensordot",
        [[3, 4], [3, 4]],
        {"leftAxes": [-2, -1], "rightAxes": [-2, -1]},
        lambda a, b: torch.tensordot(a, b, dims=([-2, -1], [-2, -1])),
        lambda a, b: as_matrices(a.flatten(), b.flatten()),
        "matmul of matrices",
    )
    family.write()

    family = Family("einsum")
    for equation, *shapes in (
        ("ij,jk->ik", [4, 5], [5, 6]),
        ("ij,jk", [4, 5], [5, 6]),
        ("ji,kj", [5, 4], [6, 5]),
        ("bij,bjk->bik", [8, 4, 5], [8, 5, 6]),
        ("bhqd,bhkd->bhqk", [2, 3, 4, 5], [2, 3, 6, 5]),
        ("bhqk,bhkd->bqhd", [2, 3, 4, 6], [2, 3, 6, 5]),
        ("...ij,jk", [2, 3, 4, 5], [5, 6]),
        ("...ij,...jk->...ik", [2, 1, 4, 5], [3, 5, 6]),
        ("i...,ij->...j", [4, 2, 3], [4, 5]),
        ("...,...", [2, 3], [3]),
        ("i,j->ij", [4], [5]),
        ("ij,ij->ij", [4, 5], [4, 5]),
        ("ij,ij->i", [4, 5], [4, 5]),
        ("ij,ij->", [4, 5], [4, 5]),
        ("ij,ij", [4, 5], [4, 5]),
        ("ij,jk->k", [4, 5], [5, 6]),
        ("ij,k->k", [4, 5], [6]),
        ("ij,j->ij", [4, 5], [5]),
        ("i,i->", [4], [4]),
        ("bi,i->b", [3, 4], [4]),
        ("ii->i", [4, 4]),
        ("ii", [4, 4]),
        ("ij->ji", [4, 5]),
        ("ij->", [4, 5]),
        ("ba", [4, 5]),
        ("Ab", [4, 5]),
        ("i j , j k -> i k", [4, 5], [5, 6]),
        ("iij,jk->ik", [4, 4, 5], [5, 6]),
        ("ij,jk->ik", [4, 1], [5, 6]),
        ("ij,ij->j", [1, 5], [4, 5]),
        ("ij,jk->ik", [4, 1], [1, 6]),
        ("ijk,jkl->il", [2, 1, 3], [1, 3, 4]),
        ("ij,jk,kl->il", [4, 1], [1, 6], [6, 7]),
        ("ij,jk,kl->il", [4, 5], [5, 6], [6, 7]),
        ("ij,jk,k->i", [4, 5], [5, 6], [6]),
        ("i,j,k->ijk", [2], [3], [4]),
        ("ab,bc,cd,de->ae", [2, 3], [3, 4], [4, 5], [5, 6]),
        ("bn,anm,bm->ba", [2, 5], [3, 5, 4], [2, 4]),
        ("nctkv,kvw->nctw", [2, 3, 4, 5, 6], [5, 6, 7]),
        ("bthd,bshd->bhts", [2, 3, 4, 5], [2, 6, 4, 5]),
        ("blhd,hdm->blm", [2, 3, 4, 5], [4, 5, 6]),
        ("ij,jk->ik", [4, 5], [6, 7]),
        ("ij,jk->ik", [4, 5, 6], [5, 6]),
        ("ij,jk->il", [4, 5], [5, 6]),
        ("ij,jk->ii", [4, 5], [5, 6]),
        ("ij->ij", [4, 5], [5, 6]),
        ("ii->i", [4, 5]),
        ("i1,jk->i", [4, 5], [5, 6]),
        ("...i,...i->...", [2, 5], [3, 5]),
        ("ij->jk->k", [4, 5]),
    ):
        family.add("einsum", shapes, {"equation": equation}, lambda *x: torch.einsum(equation, *x))
    family.write()


# ------------------------------------------------------------------------------------------------ attention


def attention_macs(q, k, v, mask=None):
    """torch's own formula over explicit batch and head axes."""
    leading = torch.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2])
    count = leading.numel()
    flops = sdpa_flop_count((count, 1, *q.shape[-2:]), (count, 1, *k.shape[-2:]), (count, 1, *v.shape[-2:]))
    return flops // 2


def attentions():
    family = Family("attention")
    for q, k, v, mask, causal, grouped in (
        ([4, 8, 128, 64], [4, 8, 128, 64], [4, 8, 128, 64], None, False, False),
        ([4, 8, 128, 64], [4, 8, 128, 64], [4, 8, 128, 64], None, True, False),
        ([2, 4, 10, 16], [2, 4, 20, 16], [2, 4, 20, 24], None, False, False),
        ([2, 4, 10, 16], [2, 4, 20, 16], [2, 4, 20, 16], [10, 20], False, False),
        ([2, 4, 10, 16], [2, 4, 20, 16], [2, 4, 20, 16], [2, 1, 1, 20], False, False),
        ([2, 8, 10, 16], [2, 2, 20, 16], [2, 2, 20, 16], None, False, True),
        ([8, 10, 16], [8, 10, 16], [8, 10, 16], None, False, False),
        ([10, 16], [10, 16], [10, 16], None, False, False),
        ([2, 3, 4, 10, 16], [2, 3, 4, 12, 16], [2, 3, 4, 12, 16], None, False, False),
        ([1, 4, 10, 16], [2, 4, 20, 16], [2, 4, 20, 16], None, False, False),
        ([2, 4, 10, 16], [2, 4, 20, 8], [2, 4, 20, 16], None, False, False),
        ([2, 4, 10, 16], [2, 4, 20, 16], [2, 4, 21, 16], None, False, False),
        ([2, 4, 10, 16], [3, 4, 20, 16], [3, 4, 20, 16], None, False, False),
        ([2, 8, 10, 16], [2, 3, 20, 16], [2, 3, 20, 16], None, False, True),
        ([2, 8, 10, 16], [2, 2, 20, 16], [2, 2, 20, 16], None, False, False),
        ([2, 4, 10, 16], [2, 4, 20, 16], [2, 4, 20, 16], [10, 21], False, False),
        ([16], [16], [16], None, False, False),
    ):
        case = {"operator": "scaledDotProductAttention", "inputs": [q, k, v, mask]}
        case["attributes"] = {"isCausal": causal, "enableGqa": grouped}
        try:
            inputs = tensors_of([q, k, v, mask])
            # The plain kernel: the CPU's fused one does not look at the length of the values.
            with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
                result = F.scaled_dot_product_attention(*inputs, is_causal=causal, enable_gqa=grouped)
            if grouped:
                macs = sdpa_flop_count(q, k, v) // 2
            else:
                macs = attention_macs(*inputs)
            case |= {"outputs": [list(result.shape)], "macs": macs, "counted": "sdpa_flop_count"}
        except RuntimeError as error:
            case["error"] = words_of(error)
        family.cases.append(case)
    family.write()


# -------------------------------------------------------------------------------------------- normalisation


def normalizations():
    family = Family("normalization")

    def batch_norm(x, weight, bias, mean, var, training=False):
        return F.batch_norm(x, mean, var, weight, bias, training)

    for x, channels in (
        ([8, 64], 64),
        ([8, 64, 9], 64),
        ([8, 64, 7, 7], 64),
        ([2, 3, 4, 5, 6], 3),
        ([1, 32, 56, 56], 64),
        ([64], 64),
    ):
        vector = [channels]
        family.add("batchNorm", [x, vector, vector, vector, vector], {}, batch_norm)
        family.add("batchNorm", [x, None, None, vector, vector], {}, batch_norm)
        family.add(
            "batchNorm", [x, vector, vector], {"training": True}, lambda x, w, b: F.batch_norm(x, None, None, w, b, True)
        )
    for x, shape, affine in (
        ([8, 128, 768], [768], [768]),
        ([8, 128, 768], [128, 768], [128, 768]),
        ([768], [768], None),
        ([8, 128, 768], [512], None),
        ([8, 128, 768], [768], [512]),
        ([768], [128, 768], None),
    ):
        attributes = {"normalizedShape": shape}
        family.add("layerNorm", [x, affine, affine], attributes, lambda x, w, b: F.layer_norm(x, shape, w, b))
        family.add("rmsNorm", [x, affine], attributes, lambda x, w: F.rms_norm(x, shape, w))
    for x, groups, vector in (
        ([2, 32, 8, 8], 8, [32]),
        ([2, 32], 4, None),
        ([2, 30, 8], 8, [30]),
        ([2, 32, 8], 8, [30]),
        ([32], 4, None),
    ):
        family.add(
            "groupNorm", [x, vector, vector], {"numGroups": groups}, lambda x, w, b: F.group_norm(x, groups, w, b)
        )
    for x, vector in (([2, 3, 8, 8], [3]), ([2, 3, 8], None), ([2, 3, 8, 8], [5])):
        family.add("instanceNorm", [x, vector, vector], {}, lambda x, w, b: F.instance_norm(x, None, None, w, b))
    family.add("localResponseNorm", [[2, 8, 5, 5]], {"size": 5}, lambda x: F.local_response_norm(x, 5))
    for axis in (1, -1, 3):
        family.add("lpNormalize", [[2, 8, 5]], {"axis": axis, "p": 2}, lambda x: F.normalize(x, dim=axis))
    family.write()


# -------------------------------------------------------------------------------------------------- pooling


def poolings():
    family = Family("pooling")
    for rank in (1, 2, 3):
        maximum = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[rank - 1]
        average = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[rank - 1]
        power = (F.lp_pool1d, F.lp_pool2d, F.lp_pool3d)[rank - 1]

        def lp_pool(x, kernel, stride, ceil):
            # lp_pool1d takes a plain integer as kernel.
            return power(x, 2, kernel[0] if rank == 1 else kernel, stride, ceil)

        for _ in range(45):
            kernel = [pick.randint(1, 4) for _ in range(rank)]
            stride = pick.choice([None, [pick.randint(1, 4) for _ in range(rank)]])
            padding = [pick.randint(0, size // 2) for size in kernel]
            dilation = [pick.choice([1, 1, 2]) for _ in range(rank)]
            ceil = pick.random() < 0.6
            x = [pick.randint(1, 2), 3, *[pick.randint(1, 12) for _ in range(rank)]]
            x = x[1:] if pick.random() < 0.2 else x
            window = {"kernel": kernel, "ceilMode": ceil} | ({} if stride is None else {"stride": stride})
            padded = window | {"padding": pairs(padding)}
            family.add(
                "maxPool",
                [x],
                padded | {"dilation": dilation, "returnIndices": True},
                lambda x: maximum(x, kernel, stride, padding, dilation, ceil, True),
            )
            if rank == 3 and any(size < own for size, own in zip(x[-3:], kernel)):
                continue  # A limit of PyTorch's 3d kernels alone: they refuse even where padding makes it fit.
            family.add("averagePool", [x], padded, lambda x: average(x, kernel, stride, padding, ceil))
            family.add("lpPool", [x], window, lambda x: lp_pool(x, kernel, stride, ceil))
    for x, kernel, stride in (
        ([1, 64, 112, 112], [3, 3], [2, 2]),
        ([8, 8], [2, 2], [2, 2]),
        ([1, 1, 3, 8, 8], [2, 2], [2, 2]),
        ([1, 3, 1, 1], [2, 2], [2, 2]),
        ([1, 3, 8, 8], [2, 2], [1, 1, 1]),
        ([1, 3, 8, 8], [0, 2], [1, 1]),
        ([0, 3, 8, 8], [2, 2], [2, 2]),
    ):
        family.add("maxPool", [x], {"kernel": kernel, "stride": stride}, lambda x: F.max_pool2d(x, kernel, stride))

    for kernel, padding in (([2, 2], [2, 0]), ([1, 3], [1, 1]), ([3, 3], [0, 4])):
        attributes = {"kernel": kernel, "padding": pairs(padding)}
        family.add("maxPool", [[1, 3, 8, 8]], attributes, lambda x: F.max_pool2d(x, kernel, None, padding))
        family.add("averagePool", [[1, 3, 8, 8]], attributes, lambda x: F.avg_pool2d(x, kernel, None, padding))

    for x, size in (
        ([1, 512, 7, 7], [1, 1]),
        ([1, 512, 7, 7], [7, 7]),
        ([512, 10, 12], [3, 5]),
        ([1, 512, 7, 9], [None, 3]),
        ([1, 512, 3, 3], [6, 6]),
        ([7, 7], [1, 1]),
        ([1, 3, 0, 7], [3, 3]),
    ):
        family.add("adaptiveAveragePool", [x], {"outputSize": size}, lambda x: F.adaptive_avg_pool2d(x, size))
        family.add(
            "adaptiveMaxPool",
            [x],
            {"outputSize": size, "returnIndices": True},
            lambda x: F.adaptive_max_pool2d(x, size, return_indices=True),
        )
    for x, kernel, stride, padding, size in (
        ([1, 2, 4, 5], [2, 2], [2, 2], [0, 0], None),
        ([2, 4, 5], [3, 3], [2, 2], [1, 1], None),
        ([1, 2, 4, 5], [2, 2], [2, 2], [0, 0], [9, 10]),
        ([1, 2, 4, 5], [2, 2], [2, 2], [0, 0], [1, 2, 9, 11]),
    ):
        attributes = {"kernel": kernel, "stride": stride, "padding": padding}
        family.add(
            "maxUnpool",
            [x, x],
            attributes | ({} if size is None else {"outputSize": size}),
            lambda x, i: F.max_unpool2d(x, i.long(), kernel, stride, padding, size),
        )
    for x, kernel, size, ratio in (
        ([1, 2, 20, 16], [3, 3], [13, 12], None),
        ([2, 20, 16], [2, 3], None, [0.5, 0.7]),
        ([1, 2, 5, 5], [3, 3], [4, 4], None),
    ):
        attributes = {"kernel": kernel, "returnIndices": True}
        attributes |= {"outputSize": size} if ratio is None else {"outputRatio": ratio}
        family.add(
            "fractionalMaxPool", [x], attributes, lambda x: F.fractional_max_pool2d(x, kernel, size, ratio, True)
        )
    family.write()


# ------------------------------------------------------------------------------------ recurrent, embedding


def recurrents():
    family = Family("recurrent")
    modules = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
    for operator, module in modules.items():
        for _ in range(24):
            inside, hidden, layers = pick.randint(1, 9), pick.randint(2, 9), pick.randint(1, 3)
            twice, batch_first, has_bias = (pick.random() < 0.4 for _ in range(3))
            projection = pick.randint(1, hidden - 1) if operator == "lstm" and pick.random() < 0.4 else 0
            steps, batch = pick.randint(1, 5), pick.randint(1, 4)
            is_batched = pick.random() < 0.75
            x = [batch, steps, inside] if batch_first else [steps, batch, inside]
            x = x if is_batched else [steps, inside]
            rows, out = layers * (2 if twice else 1), projection or hidden
            states = [[rows, *([batch] if is_batched else []), size] for size in (out, hidden)]
            states = states if operator == "lstm" else states[:1]
            given = pick.choice(["none", "right", "right", "wrong"])
            if given == "none":
                states = []
            elif given == "wrong":
                states[-1] = [rows + 1, *states[-1][1:]]
            options = {"proj_size": projection} if projection else {}
            layer = module(
                inside, hidden, layers, bias=has_bias, batch_first=batch_first, bidirectional=twice, **options
            )
            attributes = {
                "hiddenSize": hidden,
                "inputSize": inside,
                "numLayers": layers,
                "isBidirectional": twice,
                "isBatchFirst": batch_first,
                "projSize": projection,
                "hasBias": has_bias,
            }

            def run(x, *states):
                return layer(x, *([states if operator == "lstm" else states[0]] if states else []))

            family.add(operator, [x, *states], attributes, run)
    for operator, module in (("rnn", nn.RNNCell), ("gru", nn.GRUCell), ("lstm", nn.LSTMCell)):
        for x, given in (([3, 10], [3, 20]), ([10], [20]), ([3, 10], None), ([3, 9], None), ([3, 10], [4, 20])):
            cell = module(10, 20)
            states = [] if given is None else [given] * (2 if operator == "lstm" else 1)
            family.add(
                f"{operator}Cell",
                [x, *states],
                {"hiddenSize": 20, "inputSize": 10},
                lambda x, *s: cell(x, *([s if operator == "lstm" else s[0]] if s else [])),
            )
    for x in ([5, 3, 9], [5], [2, 5, 3, 10]):
        layer = nn.LSTM(10, 20)
        family.add("lstm", [x], {"hiddenSize": 20, "inputSize": 10}, layer)
    family.write()


def embeddings():
    family = Family("embedding")

    def with_ids(shapes, device):
        # The second input is the table; ids and offsets are integers.
        return [
            None if shape is None else torch.zeros(shape, dtype=torch.float32 if i in (1, 3) else torch.int64)
            for i, shape in enumerate(shapes)
        ]

    for ids in ([8, 128], [], [5], [2, 3, 4]):
        family.add("embedding", [ids, [100, 16]], {}, F.embedding, make=with_ids)
    family.add("embedding", [[5], [100, 16, 2]], {}, F.embedding, make=with_ids)
    for ids, offsets, weights, last in (
        ([8, 5], None, None, False),
        ([8, 5], None, [8, 5], False),
        ([20], [4], None, False),
        ([20], [4], None, True),
        ([20], None, None, False),
        ([2, 8, 5], None, None, False),
    ):
        mode = "mean" if weights is None else "sum"

        def bags(ids, weight, offsets, samples):
            if offsets is not None and last:
                offsets[-1] = len(ids)
            return F.embedding_bag(
                ids, weight, offsets, mode=mode, per_sample_weights=samples, include_last_offset=last
            )

        attributes = {"mode": mode, "includeLastOffset": last}
        family.add("embeddingBag", [ids, [100, 16], offsets, weights], attributes, bags, make=with_ids)
    for ids in ([2, 3], []):
        family.add("oneHot", [ids], {"numClasses": 7}, lambda x: F.one_hot(x, 7), make=with_ids)
    family.write()


if __name__ == "__main__":
    torch.manual_seed(0)
    torch.backends.opt_einsum.enabled = False
    DATA.mkdir(parents=True, exist_ok=True)
    convolutions()
    matrices()
    attentions()
    normalizations()
    poolings()
    recurrents()
    embeddings()
