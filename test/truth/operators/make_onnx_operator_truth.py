"""Asks ONNX's own shape inference about single operators where ONNX's rules are its own, and writes onnx.json.

    python test/truth/operators/make_onnx_operator_truth.py   # needs onnx

Each case holds the canonical operator, its attributes and inputs, and the output shapes that
onnx.shape_inference.infer_shapes gives (null: it leaves them open). There are no MACs here.
"""

import itertools
import json
import pathlib

import onnx
from onnx import TensorProto, helper

TARGET = pathlib.Path(__file__).parents[1] / "data" / "operators" / "onnx.json"
cases = []


def infer(op, shapes, outputs, opset, attributes, integers=(), constants=None):
    """Output shapes of one node; a size that ONNX leaves open makes the whole shape null."""
    names = [f"x{i}" if shape is not None else "" for i, shape in enumerate(shapes)]
    node = helper.make_node(op, names, [f"y{i}" for i in range(outputs)], **attributes)
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64 if i in integers else TensorProto.FLOAT, shape)
        for i, (name, shape) in enumerate(zip(names, shapes))
        if name and name not in (constants or {})
    ]
    stored = [helper.make_tensor(name, TensorProto.INT64, [len(v)], v) for name, v in (constants or {}).items()]
    results = [helper.make_tensor_value_info(f"y{i}", TensorProto.UNDEFINED, None) for i in range(outputs)]
    for result in results:
        result.type.Clear()
    graph = helper.make_graph([node], "one", inputs, results, stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    inferred = onnx.shape_inference.infer_shapes(model, check_type=False, strict_mode=True)
    return [shape_of(value) for value in inferred.graph.output]


def shape_of(value):
    if not value.type.tensor_type.HasField("shape"):
        return None
    dims = value.type.tensor_type.shape.dim
    return [dim.dim_value for dim in dims] if all(dim.HasField("dim_value") for dim in dims) else None


def add(operator, inputs, attributes, outputs):
    cases.append({"operator": operator, "inputs": inputs, "attributes": attributes, "outputs": outputs})


PADDING = {"SAME_UPPER": "sameUpper", "SAME_LOWER": "sameLower", "VALID": "valid"}


def windows():
    for auto_pad, stride, size, kernel in itertools.product(PADDING, (1, 2, 3), (7, 8), (2, 3)):
        x, weight = [1, 3, size, size + 3], [4, 3, kernel, 3]
        node = {"auto_pad": auto_pad, "strides": [stride, stride]}
        window = {"padding": PADDING[auto_pad], "stride": [stride, stride]}
        add("convolution", [x, weight], window, infer("Conv", [x, weight], 1, 22, node))
        pool = {"kernel": weight[2:]} | window
        shape = {"kernel_shape": weight[2:]} | node
        add("averagePool", [x], pool, infer("AveragePool", [x], 1, 22, shape))
        weight = [3, 4, kernel, 3]
        add("transposedConvolution", [x, weight], window, infer("ConvTranspose", [x, weight], 1, 22, node))

    pads = ([0, 0, 0, 0], [1, 0, 0, 1], [1, 1, 1, 1], [0, 1, 1, 0])
    for pad, stride, kernel, dilation, ceil in itertools.product(pads, (1, 2, 3), (2, 3), (1, 2), (0, 1)):
        x = [2, 3, 9, 10]
        node = {"kernel_shape": [kernel, kernel], "strides": [stride, stride], "pads": pad, "ceil_mode": ceil}
        node |= {"dilations": [dilation, dilation]}
        window = {"kernel": [kernel, kernel], "stride": [stride, stride], "ceilMode": bool(ceil)}
        window |= {"padding": [[pad[0], pad[2]], [pad[1], pad[3]]], "dilation": [dilation, dilation]}
        add("maxPool", [x], window | {"returnIndices": True}, infer("MaxPool", [x], 2, 22, node))
        add("lpPool", [x], window, infer("LpPool", [x], 1, 22, node))

    x, weight = [1, 4, 5, 6], [4, 2, 3, 3]
    for node, attributes in (
        ({"strides": [2, 2], "output_shape": [10, 12]}, {"stride": [2, 2], "outputShape": [10, 12]}),
        (
            {"strides": [3, 2], "output_padding": [1, 1], "pads": [1, 0, 0, 1], "group": 2},
            {"stride": [3, 2], "outputPadding": [1, 1], "padding": [[1, 0], [0, 1]], "groups": 2},
        ),
        ({"dilations": [2, 2]}, {"dilation": [2, 2]}),
        (
            {"strides": [5, 4], "output_padding": [1, 1], "auto_pad": "SAME_UPPER"},
            {"stride": [5, 4], "outputPadding": [1, 1], "padding": "sameUpper"},
        ),
    ):
        add("transposedConvolution", [x, weight], attributes, infer("ConvTranspose", [x, weight], 1, 22, node))

    for op, operator in (
        ("GlobalAveragePool", "globalAveragePool"),
        ("GlobalMaxPool", "globalMaxPool"),
        ("GlobalLpPool", "globalLpPool"),
    ):
        for x in ([2, 3, 4, 5], [2, 3, 4], [2, 3, 4, 5, 6]):
            add(operator, [x], {}, infer(op, [x], 1, 22, {}))


def sequences():
    for op, layout, direction, batch in itertools.product(("RNN", "GRU", "LSTM"), (0, 1), ("forward", "bidirectional"), (1, 3)):
        directions = 1 if direction == "forward" else 2
        gates = {"RNN": 1, "GRU": 3, "LSTM": 4}[op]
        x = [batch, 5, 6] if layout else [5, batch, 6]
        weights = [[directions, gates * 7, 6], [directions, gates * 7, 7]]
        outputs = infer(op, [x, *weights], 3 if op == "LSTM" else 2, 22, {"hidden_size": 7, "layout": layout, "direction": direction})
        attributes = {"hiddenSize": 7, "isBatchFirst": layout == 1, "isBidirectional": directions == 2}
        states = [None, None] if op == "LSTM" else [None]
        add(op.lower(), [x, *states, *weights], attributes | {"hasDirectionAxis": True}, outputs)


def attentions():
    for q_heads, kv_heads, past, value_width in itertools.product((8,), (8, 2), (0, 4), (16, 24)):
        flat = [[2, 10, q_heads * 16], [2, 12, kv_heads * 16], [2, 12, kv_heads * value_width]]
        heads = [[2, q_heads, 10, 16], [2, kv_heads, 12, 16], [2, kv_heads, 12, value_width]]
        cache = [[2, kv_heads, past, 16], [2, kv_heads, past, value_width]] if past else []
        for shapes, node in ((flat, {"q_num_heads": q_heads, "kv_num_heads": kv_heads}), (heads, {})):
            inputs = [*shapes, None, *cache]
            outputs = infer("Attention", inputs, 4, 23, node)
            attributes = {"outputCount": 4}
            if node:
                attributes |= {"qNumHeads": q_heads, "kvNumHeads": kv_heads}
            add("multiHeadAttention", inputs, attributes, outputs)


def others():
    x = [2, 3, 4, 5]
    add("layerNorm", [x, [5], [5]], {"axis": -1, "outputCount": 3}, infer("LayerNormalization", [x, [5], [5]], 3, 22, {}))
    add(
        "layerNorm",
        [x, [4, 5], [4, 5]],
        {"axis": 2, "outputCount": 3},
        infer("LayerNormalization", [x, [4, 5], [4, 5]], 3, 22, {"axis": 2}),
    )
    inputs = [x, [3], [3], [3], [3]]
    attributes = {"training": True, "outputCount": 3}
    add("batchNorm", inputs, attributes, infer("BatchNormalization", inputs, 3, 22, {"training_mode": 1}))
    add(
        "maxUnpool",
        [x, x],
        {"kernel": [2, 3], "stride": [2, 2], "padding": [0, 1]},
        infer("MaxUnpool", [x, x], 1, 22, {"kernel_shape": [2, 3], "strides": [2, 2], "pads": [0, 1, 0, 1]}, integers=(1,)),
    )
    for equation, *shapes in (("bij,bjk->bik", [2, 3, 4], [2, 4, 5]), ("...ii->...i", [2, 3, 3]), ("ij,jk", [2, 3], [3, 4])):
        add("einsum", shapes, {"equation": equation}, infer("Einsum", shapes, 1, 22, {"equation": equation}))
    for axis in (-1, 0, 1):
        add("oneHot", [[2, 3]], {"numClasses": 9, "axis": axis}, one_hot(axis))
    for a, b in (([2, 3], [3, 4]), ([3], [2, 3, 4]), ([2, 1, 3, 4], [5, 4, 6]), ([4], [4])):
        add("matmul", [a, b], {}, infer("MatMul", [a, b], 1, 22, {}))
    inputs = [[4, 3], [5, 4], [5]]
    add("gemm", inputs, {"transA": True, "transB": True}, infer("Gemm", inputs, 1, 22, {"transA": 1, "transB": 1}))


def one_hot(axis):
    shapes = [[2, 3], [1], [2]]
    return infer("OneHot", shapes, 1, 22, {"axis": axis}, integers=(0, 1), constants={"x1": [9]})


if __name__ == "__main__":
    windows()
    sequences()
    attentions()
    others()
    TARGET.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    print(f"{len(cases)} cases, {sum(None in case['outputs'] for case in cases)} with an open output")
