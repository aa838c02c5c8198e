"""Writes one encoder of NN-Former (docs/predictor.md) with random weights twice: as our weights and as ONNX.

    python bench/onnxruntime/make_network.py OUT WIDTH LAYERS   # needs onnx and numpy

OUT/network.safetensors and OUT/model.json are what Layer Cost reads. OUT/network.onnx has the same weights in the dense
formulas that PyTorch exports: inputs are the kinds of the nodes [N], A [N, N] and the masks of the heads as
additive bias [4, N, N]; attention is computed for all heads at once.
"""

import json
import pathlib
import sys
import zlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

KINDS, HEADS, EPSILON = 16, 4, 1e-5


def draw(width, layers):
    """Tensors by their name in docs/predictor.md."""
    rng, hidden = np.random.default_rng(1), 4 * width

    def matrix(rows, columns):
        return (rng.standard_normal((rows, columns)) / np.sqrt(columns)).astype(np.float32)

    def vector(size, around):
        return (around + 0.1 * rng.standard_normal(size)).astype(np.float32)

    tensors = {"embedding.weight": matrix(KINDS, width)}
    for name in ["norm", *(f"blocks.{i}.norm{k}" for i in range(layers) for k in (1, 2))]:
        tensors |= {f"{name}.weight": vector(width, 1), f"{name}.bias": vector(width, 0)}
    for i in range(layers):
        name = f"blocks.{i}"
        for layer, rows in (("qkv", 3 * width), ("out", width)):
            tensors[f"{name}.attention.{layer}.weight"] = matrix(rows, width)
            tensors[f"{name}.attention.{layer}.bias"] = vector(rows, 0)
        tensors |= {f"{name}.ffn.w1.weight": matrix(hidden, width), f"{name}.ffn.wg.weight": matrix(hidden, width)}
        tensors[f"{name}.ffn.w2.weight"] = matrix(width, hidden)
    return tensors | {"head.0.weight": matrix(1, width), "head.0.bias": vector(1, 0)}


def safetensors(tensors):
    header, offset = {}, 0
    for name, values in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [offset, offset + values.nbytes]}
        offset += values.nbytes
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + b"".join(values.tobytes() for values in tensors.values())


def description(width, layers, data):
    network = {
        **{"file": "network.safetensors", "crc32": f"{zlib.crc32(data):08x}", "graph": "tree", "width": width},
        **{"hidden": 4 * width, "layers": layers, "heads": ["A", "AT", "ATA", "AAT"], "activation": "relu"},
        **{"normEpsilon": EPSILON, "readout": "mean", "outputs": ["accuracy/cifar10"]},
    }
    output = {"transform": "identity", "mean": 90, "scale": 1, "coverage": 0.9, "radius": 1}
    model = {"format": "layercost-model", "version": 1, "name": "bench", "space": "nas-bench-201", "featureVersion": 1}
    return {**model, "networks": [network], "outputs": {"accuracy/cifar10": output}}


class OnnxGraph:
    def __init__(self, tensors):
        self.tensors, self.nodes, self.stored = tensors, [], {}

    def weight(self, name, transposed=False):
        values = self.tensors[name]
        self.stored[name] = np.ascontiguousarray(values.T) if transposed else values
        return name

    def constant(self, name, values):
        self.stored[name] = np.array(values)
        return name

    def op(self, kind, *inputs, outputs=1, **attributes):
        names = [f"{kind}_{len(self.nodes)}.{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def linear(self, name, x):
        y = self.op("MatMul", x, self.weight(f"{name}.weight", transposed=True))
        return self.op("Add", y, self.weight(f"{name}.bias")) if f"{name}.bias" in self.tensors else y

    def norm(self, name, x):
        return self.op(
            "LayerNormalization", x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"), epsilon=EPSILON
        )


def encoder(tensors, width, layers):
    g = OnnxGraph(tensors)
    split = g.constant("split", np.array([0, HEADS, width // HEADS], np.int64))
    merge = g.constant("merge", np.array([0, width], np.int64))
    scale = g.constant("scale", np.float32((width // HEADS) ** -0.5))
    back = g.op("Transpose", "A", perm=[1, 0])
    h = g.op("Gather", g.weight("embedding.weight"), "operations")
    for i in range(layers):
        name = f"blocks.{i}"
        qkv = g.linear(f"{name}.attention.qkv", g.norm(f"{name}.norm1", h))
        q, k, v = (g.op("Reshape", part, split) for part in g.op("Split", qkv, outputs=3, axis=1, num_outputs=3))
        q, v = (g.op("Transpose", part, perm=[1, 0, 2]) for part in (q, v))
        scores = g.op("Mul", g.op("MatMul", q, g.op("Transpose", k, perm=[1, 2, 0])), scale)
        weights = g.op("Softmax", g.op("Add", scores, "bias"), axis=-1)
        seen = g.op("Reshape", g.op("Transpose", g.op("MatMul", weights, v), perm=[1, 0, 2]), merge)
        h = g.op("Add", h, g.linear(f"{name}.attention.out", seen))
        x = g.norm(f"{name}.norm2", h)
        first, second = g.op("Split", g.linear(f"{name}.ffn.wg", x), outputs=2, axis=1, num_outputs=2)
        gathered = g.op("Concat", g.op("MatMul", "A", first), g.op("MatMul", back, second), axis=1)
        inner = g.op("Relu", g.op("Add", g.linear(f"{name}.ffn.w1", x), gathered))
        h = g.op("Add", h, g.linear(f"{name}.ffn.w2", inner))
    axes = g.constant("axes", np.array([0], np.int64))
    pooled = g.op("ReduceMean", g.norm("norm", h), axes, keepdims=1)
    y = g.linear("head.0", pooled)
    g.nodes.append(helper.make_node("Identity", [y], ["y"]))
    return helper.make_graph(
        g.nodes,
        "encoder",
        [
            helper.make_tensor_value_info("operations", TensorProto.INT64, ["N"]),
            helper.make_tensor_value_info("A", TensorProto.FLOAT, ["N", "N"]),
            helper.make_tensor_value_info("bias", TensorProto.FLOAT, [HEADS, "N", "N"]),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1])],
        [numpy_helper.from_array(values, name) for name, values in g.stored.items()],
    )


def main(out, width, layers):
    folder = pathlib.Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    tensors = draw(width, layers)
    data = safetensors(tensors)
    (folder / "network.safetensors").write_bytes(data)
    (folder / "model.json").write_text(json.dumps(description(width, layers, data), indent=2))
    model = helper.make_model(
        encoder(tensors, width, layers), opset_imports=[helper.make_opsetid("", 18)], ir_version=9
    )
    onnx.checker.check_model(model)
    onnx.save(model, folder / "network.onnx")
    print(f"{sum(values.size for values in tensors.values())} weights -> {folder}")


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
