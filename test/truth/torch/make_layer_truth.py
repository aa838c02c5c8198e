"""Asks PyTorch for the truth about every layer of torch.nn and writes it as data.

    python test/truth/torch/make_layer_truth.py   # needs torch

For each case (an expression that makes the layer, and its inputs) in eval mode: plain attributes, parameters, buffers,
MACs (torch.utils.flop_counter.FlopCounterMode, halved) and output shapes.
"""

import json
import pathlib

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

TARGET = pathlib.Path(__file__).parents[1] / "data" / "torch" / "layers.json"

IMAGE = [[2, 4, 12, 12]]
LINE = [[2, 4, 16]]
VOLUME = [[2, 4, 8, 10, 12]]
IDS = [[2, 7, "int64"]]

CASES = [
    # convolutions
    ("nn.Conv1d(4, 8, 3)", LINE),
    ("nn.Conv1d(4, 8, 5, stride=2, padding=2, dilation=1, groups=2)", LINE),
    ("nn.Conv2d(4, 8, 3)", IMAGE),
    ("nn.Conv2d(4, 8, (3, 5), stride=(2, 1), padding=(1, 2))", IMAGE),
    ("nn.Conv2d(4, 8, 3, padding='same', dilation=2, bias=False)", IMAGE),
    ("nn.Conv2d(4, 8, 3, padding='valid')", IMAGE),
    ("nn.Conv2d(4, 4, 3, padding=1, groups=4)", IMAGE),
    ("nn.Conv2d(4, 8, 3, padding=1, padding_mode='reflect')", IMAGE),
    ("nn.Conv2d(4, 8, 3, padding=(1, 2), padding_mode='circular')", IMAGE),
    ("nn.Conv2d(4, 8, 4, padding='same', padding_mode='replicate')", IMAGE),
    ("nn.Conv2d(4, 8, 3)", [[4, 12, 12]]),
    ("nn.Conv3d(4, 8, 3, stride=2, padding=1)", VOLUME),
    ("nn.ConvTranspose1d(4, 8, 3, stride=2)", LINE),
    ("nn.ConvTranspose2d(4, 8, 3, stride=2, padding=1, output_padding=1)", IMAGE),
    ("nn.ConvTranspose2d(4, 8, 4, stride=2, padding=1, groups=2, bias=False)", IMAGE),
    ("nn.ConvTranspose3d(4, 8, 2, stride=2)", VOLUME),
    ("nn.Conv2d(4, 8, 3, dtype=torch.float64)", [[2, 4, 12, 12, "float64"]]),
    # linear
    ("nn.Linear(6, 10)", [[2, 6]]),
    ("nn.Linear(6, 10, bias=False)", [[2, 3, 6]]),
    ("nn.Linear(6, 10)", [[6]]),
    ("nn.Bilinear(4, 5, 6)", [[2, 4], [2, 5]]),
    ("nn.Identity()", [[2, 3]]),
    ("nn.Identity(54, unused=1)", [[2, 3]]),
    # norms
    ("nn.BatchNorm1d(4)", [[2, 4]]),
    ("nn.BatchNorm1d(4)", LINE),
    ("nn.BatchNorm2d(4)", IMAGE),
    ("nn.BatchNorm2d(4, affine=False)", IMAGE),
    ("nn.BatchNorm2d(4, track_running_stats=False)", IMAGE),
    ("nn.BatchNorm2d(4, eps=1e-3, momentum=None)", IMAGE),
    ("nn.BatchNorm3d(4)", VOLUME),
    ("nn.InstanceNorm1d(4)", LINE),
    ("nn.InstanceNorm2d(4, affine=True)", IMAGE),
    ("nn.InstanceNorm2d(4, track_running_stats=True)", IMAGE),
    ("nn.InstanceNorm3d(4)", VOLUME),
    ("nn.GroupNorm(2, 4)", IMAGE),
    ("nn.GroupNorm(2, 4, affine=False)", LINE),
    ("nn.LayerNorm(16)", LINE),
    ("nn.LayerNorm([12, 12])", IMAGE),
    ("nn.LayerNorm((4, 12, 12), elementwise_affine=False)", IMAGE),
    ("nn.LayerNorm(16, bias=False)", LINE),
    ("nn.RMSNorm(16)", LINE),
    ("nn.RMSNorm([4, 16], elementwise_affine=False)", LINE),
    ("nn.LocalResponseNorm(2)", IMAGE),
    ("nn.CrossMapLRN2d(2)", IMAGE),
    # pooling
    ("nn.MaxPool1d(3)", LINE),
    ("nn.MaxPool2d(3, 2, 1)", IMAGE),
    ("nn.MaxPool2d((2, 3), stride=(2, 1), dilation=1, ceil_mode=True)", IMAGE),
    ("nn.MaxPool2d(2, return_indices=True)", IMAGE),
    ("nn.MaxPool3d(2)", VOLUME),
    ("nn.AvgPool1d(3, stride=2)", LINE),
    ("nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False)", IMAGE),
    ("nn.AvgPool3d(2, stride=(1, 2, 2))", VOLUME),
    ("nn.LPPool1d(2, 3)", LINE),
    ("nn.LPPool2d(2, 3, stride=2)", IMAGE),
    ("nn.LPPool3d(2, 2)", VOLUME),
    ("nn.AdaptiveAvgPool1d(5)", LINE),
    ("nn.AdaptiveAvgPool2d(1)", IMAGE),
    ("nn.AdaptiveAvgPool2d((3, None))", IMAGE),
    ("nn.AdaptiveAvgPool3d((2, 3, 4))", VOLUME),
    ("nn.AdaptiveMaxPool1d(5)", LINE),
    ("nn.AdaptiveMaxPool2d((5, 7))", IMAGE),
    ("nn.AdaptiveMaxPool2d(4, return_indices=True)", IMAGE),
    ("nn.AdaptiveMaxPool3d(2)", VOLUME),
    ("nn.FractionalMaxPool2d(3, output_size=(5, 6))", IMAGE),
    ("nn.FractionalMaxPool2d(2, output_ratio=(0.5, 0.5))", IMAGE),
    ("nn.FractionalMaxPool3d(2, output_size=3)", VOLUME),
    ("nn.MaxUnpool1d(2)", [[2, 4, 8], [2, 4, 8, "index"]]),
    ("nn.MaxUnpool2d(2, stride=2)", [[2, 4, 6, 6], [2, 4, 6, 6, "index"]]),
    ("nn.MaxUnpool3d(2)", [[2, 4, 4, 4, 4], [2, 4, 4, 4, 4, "index"]]),
    # activations
    *[
        (f"nn.{text}", IMAGE)
        for text in (
            "ReLU() ReLU(inplace=True) ReLU6() RReLU() LeakyReLU(0.2) ELU() CELU() SELU() GELU() GELU('tanh') SiLU() "
            "Mish() Sigmoid() LogSigmoid() Hardsigmoid() Hardswish() Hardshrink() Hardtanh(-2,2) Tanh() Tanhshrink() "
            "Softplus() Softshrink() Softsign() Softmin(dim=1) Softmax(dim=-1) Softmax2d() LogSoftmax(dim=1) "
            "GLU(dim=1) PReLU() PReLU(4) Threshold(0.1,20) Softmax()"
        ).split()
    ],
    # dropouts
    *[
        (f"nn.{name}()", shape)
        for name, shape in (
            ("Dropout", IMAGE),
            ("Dropout1d", LINE),
            ("Dropout2d", IMAGE),
            ("Dropout3d", VOLUME),
            ("AlphaDropout", IMAGE),
            ("FeatureAlphaDropout", IMAGE),
        )
    ],
    # padding
    ("nn.ReflectionPad1d(2)", LINE),
    ("nn.ReflectionPad2d((1, 2, 3, 4))", IMAGE),
    ("nn.ReflectionPad3d(1)", VOLUME),
    ("nn.ReplicationPad1d((3, 1))", LINE),
    ("nn.ReplicationPad2d(2)", IMAGE),
    ("nn.ReplicationPad3d((1, 1, 2, 2, 3, 3))", VOLUME),
    ("nn.CircularPad1d(2)", LINE),
    ("nn.CircularPad2d((1, 1, 2, 0))", IMAGE),
    ("nn.CircularPad3d(1)", VOLUME),
    ("nn.ConstantPad1d(2, 3.5)", LINE),
    ("nn.ConstantPad2d((3, 0, 2, 1), 3.5)", IMAGE),
    ("nn.ConstantPad3d(3, 0.5)", VOLUME),
    ("nn.ZeroPad1d(2)", LINE),
    ("nn.ZeroPad2d((1, 1, 2, 0))", IMAGE),
    ("nn.ZeroPad3d(1)", VOLUME),
    # shapes
    ("nn.Flatten()", IMAGE),
    ("nn.Flatten(2)", IMAGE),
    ("nn.Flatten(0, 1)", IMAGE),
    ("nn.Unflatten(1, (2, 2))", IMAGE),
    ("nn.Unflatten(-1, (3, -1))", IMAGE),
    ("nn.Fold(output_size=(4, 5), kernel_size=(2, 2))", [[1, 12, 12]]),
    ("nn.Unfold(kernel_size=(2, 3), padding=1, stride=2)", IMAGE),
    ("nn.PixelShuffle(2)", IMAGE),
    ("nn.PixelUnshuffle(3)", IMAGE),
    ("nn.ChannelShuffle(2)", IMAGE),
    ("nn.Upsample(scale_factor=2)", IMAGE),
    ("nn.Upsample(size=(7, 9), mode='bilinear', align_corners=True)", IMAGE),
    ("nn.Upsample(scale_factor=1.5, mode='bicubic')", IMAGE),
    ("nn.Upsample(scale_factor=3, mode='linear')", LINE),
    ("nn.Upsample(scale_factor=2, mode='trilinear')", VOLUME),
    ("nn.UpsamplingNearest2d(scale_factor=2)", IMAGE),
    ("nn.UpsamplingBilinear2d(size=20)", IMAGE),
    # embeddings
    ("nn.Embedding(10, 6)", IDS),
    ("nn.Embedding(10, 6, padding_idx=0)", [[7, "int64"]]),
    ("nn.Embedding.from_pretrained(torch.zeros(9, 5))", IDS),
    ("nn.EmbeddingBag(10, 6)", IDS),
    ("nn.EmbeddingBag(10, 6, mode='sum')", [[7, "int64"], [3, "offsets"]]),
    # recurrent
    ("nn.RNN(5, 6)", [[7, 2, 5]]),
    ("nn.RNN(5, 6, 2, 'relu', batch_first=True)", [[2, 7, 5]]),
    ("nn.GRU(5, 6, num_layers=2, bidirectional=True)", [[7, 2, 5]]),
    ("nn.GRU(5, 6, bias=False)", [[7, 5]]),
    ("nn.LSTM(5, 6)", [[7, 2, 5]]),
    ("nn.LSTM(5, 6, 3, batch_first=True, bidirectional=True, dropout=0.1)", [[2, 7, 5]]),
    ("nn.LSTM(5, 6, 2, proj_size=3)", [[7, 2, 5]]),
    ("nn.RNNCell(5, 6)", [[2, 5]]),
    ("nn.GRUCell(5, 6)", [[2, 5]]),
    ("nn.LSTMCell(5, 6, bias=False)", [[2, 5]]),
    ("nn.GRUCell(5, 6)", [[2, 5], [2, 6]]),
    # attention and transformers
    ("nn.MultiheadAttention(8, 2)", [[5, 2, 8]] * 3),
    ("nn.MultiheadAttention(8, 2, batch_first=True)", [[2, 5, 8], [2, 7, 8], [2, 7, 8]]),
    ("nn.MultiheadAttention(8, 2, kdim=6, vdim=10, bias=False)", [[5, 2, 8], [7, 2, 6], [7, 2, 10]]),
    ("nn.MultiheadAttention(8, 4, add_bias_kv=True, add_zero_attn=True)", [[5, 2, 8]] * 3),
    ("nn.MultiheadAttention(8, 2)", [[5, 8]] * 3),
    ("nn.TransformerEncoderLayer(8, 2, 16)", [[5, 2, 8]]),
    ("nn.TransformerEncoderLayer(8, 2, 16, activation='gelu', batch_first=True, norm_first=True)", [[2, 5, 8]]),
    ("nn.TransformerEncoderLayer(8, 2, 16, bias=False, batch_first=True)", [[2, 5, 8]]),
    ("nn.TransformerDecoderLayer(8, 2, 16)", [[5, 2, 8], [7, 2, 8]]),
    ("nn.TransformerDecoderLayer(8, 2, 16, norm_first=True, batch_first=True)", [[2, 5, 8], [2, 7, 8]]),
    ("nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 3, nn.LayerNorm(8))", [[5, 2, 8]]),
    ("nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16), num_layers=2)", [[5, 2, 8], [7, 2, 8]]),
    ("nn.Transformer(8, 2, 2, 2, 16)", [[5, 2, 8], [7, 2, 8]]),
    ("nn.Transformer(d_model=8, nhead=4, num_encoder_layers=1, batch_first=True)", [[2, 5, 8], [2, 7, 8]]),
    # distances, losses
    ("nn.CosineSimilarity(dim=1)", [[2, 6], [2, 6]]),
    ("nn.PairwiseDistance(keepdim=True)", [[2, 6], [2, 6]]),
    ("nn.L1Loss()", [[2, 6], [2, 6]]),
    ("nn.MSELoss(reduction='none')", [[2, 6], [2, 6]]),
    ("nn.MSELoss(reduction='sum')", [[2, 6], [2, 6]]),
    ("nn.CrossEntropyLoss()", [[2, 6], [2, "class"]]),
    ("nn.CrossEntropyLoss(weight=torch.ones(6), label_smoothing=0.1)", [[2, 6], [2, "class"]]),
    ("nn.LinearCrossEntropyLoss(5, 6)", [[2, 5], [2, "class"]]),
    ("nn.LinearCrossEntropyLoss(5, 6, out_features=(3, 4), bias=True, reduction='none')", [[2, 5], [2, 3, 4, "class"]]),
    ("nn.NLLLoss(reduction='none')", [[2, 6], [2, "class"]]),
    ("nn.BCELoss()", [[2, 6, "probability"], [2, 6, "probability"]]),
    ("nn.BCEWithLogitsLoss(pos_weight=torch.ones(6))", [[2, 6], [2, 6, "probability"]]),
    ("nn.KLDivLoss(reduction='batchmean')", [[2, 6], [2, 6]]),
    ("nn.SmoothL1Loss()", [[2, 6], [2, 6]]),
    ("nn.HuberLoss(delta=2.0)", [[2, 6], [2, 6]]),
    ("nn.TripletMarginLoss()", [[2, 6], [2, 6], [2, 6]]),
    ("nn.CosineEmbeddingLoss()", [[2, 6], [2, 6], [2]]),
    ("nn.GaussianNLLLoss()", [[2, 6], [2, 6], [2, 6, "probability"]]),
    # containers and wrappers
    ("nn.Sequential(nn.Conv2d(4, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(800, 3))", IMAGE),
    ("nn.Sequential()", IMAGE),
    ("nn.DataParallel(nn.Linear(6, 3))", [[2, 6]]),
    # lazy
    ("nn.LazyLinear(3)", [[2, 6]]),
    ("nn.LazyConv2d(8, 3, padding=1, bias=False)", IMAGE),
    ("nn.LazyConv1d(8, 3, groups=2)", LINE),
    ("nn.LazyConvTranspose2d(8, 3, 2)", IMAGE),
    ("nn.LazyBatchNorm2d()", IMAGE),
    ("nn.LazyInstanceNorm2d()", IMAGE),
    ("nn.Sequential(nn.LazyConv2d(8, 3), nn.LazyBatchNorm2d(), nn.Flatten(), nn.LazyLinear(5))", IMAGE),
    # weights that are computed
    ("torch.nn.utils.weight_norm(nn.Linear(6, 10))", [[2, 6]]),
    ("torch.nn.utils.weight_norm(nn.Conv2d(4, 8, 3), dim=None)", IMAGE),
    ("torch.nn.utils.spectral_norm(nn.Conv2d(4, 8, 3))", IMAGE),
    ("torch.nn.utils.spectral_norm(nn.ConvTranspose2d(4, 8, 3))", IMAGE),
    ("torch.nn.utils.parametrizations.weight_norm(nn.Linear(6, 10))", [[2, 6]]),
    ("torch.nn.utils.parametrizations.spectral_norm(nn.Linear(6, 10))", [[2, 6]]),
    ("torch.nn.utils.remove_weight_norm(torch.nn.utils.weight_norm(nn.Linear(6, 10)))", [[2, 6]]),
]


def make_input(spec):
    *shape, kind = spec if isinstance(spec[-1], str) else (*spec, "float32")
    if kind in ("int64", "class"):
        return torch.randint(0, 5, shape)
    if kind == "index":
        # Distinct places for MaxUnpool.
        count = int(torch.tensor(shape[2:]).prod())
        return torch.arange(count).reshape(1, 1, *shape[2:]).expand(shape).contiguous()
    if kind == "offsets":
        return torch.arange(shape[0])
    if kind == "probability":
        return torch.rand(shape)
    return torch.randn(shape, dtype=getattr(torch, kind))


def dtype_name(tensor):
    return str(tensor.dtype).removeprefix("torch.")


def plain(value):
    if isinstance(value, (bool, int, float, str, type(None))):
        return value
    if isinstance(value, (tuple, list)) and all(isinstance(v, (int, float)) for v in value):
        return ["tuple" if isinstance(value, tuple) else "list", *value]
    return ...


def attributes(module):
    pairs = {
        name: plain(value)
        for name, value in vars(module).items()
        if not name.startswith("_") and name not in ("training", "call_super_init")
    }
    return {name: value for name, value in pairs.items() if value is not ...}


def flat(output):
    if isinstance(output, torch.Tensor):
        return [output]
    if isinstance(output, (tuple, list)):
        return [tensor for item in output for tensor in flat(item)]
    return []


def case(text, specs):
    torch.manual_seed(0)
    module = eval(text).eval()
    inputs = [make_input(spec) for spec in specs]
    # Self-attention passes one tensor three times, which PyTorch projects at once.
    is_self = "MultiheadAttention" in text and len({tuple(t.shape) for t in inputs}) == 1
    inputs = [inputs[0]] * len(inputs) if is_self else inputs
    if "Lazy" in text:
        module(*inputs)
    counter = FlopCounterMode(display=False)
    # oneDNN's fused LSTM and the CPU's fused attention are operations that the counter takes for nothing.
    with counter, torch.backends.mkldnn.flags(enabled=False), sdpa_kernel(SDPBackend.MATH):
        output = module(*inputs)
    flops = counter.get_total_flops()
    assert flops % 2 == 0
    return {
        "layer": text,
        "inputs": [{"shape": list(t.shape), "dtype": dtype_name(t)} for t in inputs],
        "isSelf": is_self,
        "attributes": attributes(module),
        "parameters": [[name, list(p.shape), dtype_name(p)] for name, p in module.named_parameters()],
        "buffers": [[name, list(b.shape), dtype_name(b)] for name, b in module.named_buffers()],
        # The counter has no rule for nn.Bilinear.
        "macs": None if "Bilinear(4" in text else flops // 2,
        "outputs": [[list(t.shape), dtype_name(t)] for t in flat(output)],
    }


def main():
    cases = [case(text, specs) for text, specs in CASES]
    lines = ",\n  ".join(json.dumps(item) for item in cases)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(f'{{"torch": "{torch.__version__}", "cases": [\n  {lines}\n]}}\n')
    print(f"{len(cases)} cases -> {TARGET}")


if __name__ == "__main__":
    main()
