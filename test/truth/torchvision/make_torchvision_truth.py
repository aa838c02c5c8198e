"""Asks PyTorch for the truth about torchvision's classification models and writes it as data.

    python test/truth/torchvision/make_torchvision_truth.py   # needs torch and torchvision

For every builder: parameters, buffers, MACs (torch.utils.flop_counter.FlopCounterMode, halved) and output shape in
eval mode at its default input (the crop size of its default weights' transforms; weights are never downloaded), and
for some the output shape of each call of each leaf layer. Tensors are made on the meta device: nothing is computed.
"""

import json
import pathlib
import sys

import torch
import torchvision
from torch.utils.flop_counter import FlopCounterMode

LEAF_MODELS = (
    "resnet50 vgg16 densenet121 mobilenet_v3_large efficientnet_b0 convnext_tiny swin_t vit_b_16 "
    "inception_v3 googlenet shufflenet_v2_x1_0 regnet_y_400mf maxvit_t"
).split()
TARGET = pathlib.Path(__file__).parents[1] / "data" / "torchvision.json"


def default_crop(name, model):
    weights = torchvision.models.get_model_weights(name).DEFAULT
    transforms = weights.transforms()
    crop = transforms.crop_size
    size = crop[0] if isinstance(crop, (list, tuple)) else crop
    # Vision transformers take the one size that they were built for, which weights=None leaves at 224.
    return getattr(model, "image_size", size)


def build(name):
    options = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    # Built on the CPU (some constructors read values of tensors), then moved to the meta device.
    return torchvision.models.get_model(name, weights=None, **options).eval().to("meta")


def count_macs(model, shape):
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        output = model(torch.empty(shape, device="meta"))
    flops = counter.get_total_flops()
    assert flops % 2 == 0
    return flops // 2, list(output.shape)


def leaf_outputs(model, shape):
    calls = []

    def record(name):
        def hook(_module, _inputs, output):
            outputs = output if isinstance(output, tuple) else (output,)
            calls.append([name, [list(t.shape) for t in outputs if isinstance(t, torch.Tensor)]])

        return hook

    handles = [
        module.register_forward_hook(record(name))
        for name, module in model.named_modules()
        if not list(module.children())
    ]
    with torch.no_grad():
        model(torch.empty(shape, device="meta"))
    for handle in handles:
        handle.remove()
    return calls


def skip_initialisation():
    """Random initial values take most of the time and change nothing that is counted."""
    for name in ("trunc_normal_", "normal_", "uniform_", "kaiming_normal_", "kaiming_uniform_", "xavier_uniform_"):
        setattr(torch.nn.init, name, lambda tensor, *args, **kwargs: tensor)


def main():
    skip_initialisation()
    models = {}
    for name in torchvision.models.list_models(module=torchvision.models):
        model = build(name)
        crop = default_crop(name, model)
        shape = [1, 3, crop, crop]
        macs, output_shape = count_macs(model, shape)
        entry = {
            "input": shape,
            "paramCount": sum(p.numel() for p in model.parameters()),
            "bufferCount": sum(b.numel() for b in model.buffers()),
            "macs": macs,
            "output": output_shape,
        }
        if name in LEAF_MODELS:
            entry["leafOutputs"] = leaf_outputs(model, shape)
        models[name] = entry
        print(name, shape, entry["paramCount"], macs, file=sys.stderr)
    data = {"torch": torch.__version__, "torchvision": torchvision.__version__, "models": models}
    text = json.dumps(data, indent=1)
    TARGET.write_text(text + "\n")


main()
