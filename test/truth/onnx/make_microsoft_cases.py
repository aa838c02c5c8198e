"""Writes small models of com.microsoft's operators with the types of the outputs that onnxruntime computes:
python make_microsoft_cases.py ../data/onnx/microsoftCases.json        (made with onnxruntime 1.32.0, CPU)

Each case: its name, the model (base64) and its outputs' types as text.
"""

import base64
import json
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx_types import value_text

F = np.float32
rng = np.random.default_rng(0)


def floats(*shape):
    return rng.standard_normal(shape).astype(F)


def bytes_(*shape, dtype=np.uint8):
    return rng.integers(0, 100, shape).astype(dtype)


def scale(value=0.1):
    return np.array(value, dtype=F)


def zero(dtype=np.uint8):
    return np.array(0, dtype=dtype)


B, S, H, N, D = 2, 8, 64, 4, 16

# (operator, inputs, number of outputs, attributes); None is an input that is left out; names of stored inputs follow.
CASES = [
    ("Gelu", [floats(2, 3)], 1, {}),
    ("QuickGelu", [floats(2, 3)], 1, {}),
    ("FastGelu", [floats(2, 3, 8), floats(8)], 1, {}),
    ("FastGelu", [floats(2, 3, 8)], 1, {}),
    ("BiasGelu", [floats(2, 3, 8), floats(8)], 1, {}),
    ("FusedConv", [floats(1, 3, 16, 16), floats(8, 3, 3, 3), floats(8)], 1, {"activation": "Relu", "pads": [1, 1, 1, 1], "strides": [2, 2]}),
    ("FusedConv", [floats(1, 3, 16, 16), floats(8, 3, 3, 3), floats(8), floats(1, 8, 14, 14)], 1, {"activation": "Relu"}),
    ("FusedGemm", [floats(4, 8), floats(8, 5), floats(5)], 1, {"activation": "Relu"}),
    ("FusedMatMul", [floats(2, 4, 8), floats(2, 5, 8)], 1, {"transB": 1, "alpha": 0.5}),
    ("FusedMatMul", [floats(2, 8, 4), floats(2, 8, 5)], 1, {"transA": 1}),
    ("FusedMatMul", [floats(4, 2, 8), floats(2, 8, 5)], 1, {"transBatchA": 1}),
    ("SkipLayerNormalization", [floats(B, S, H), floats(B, S, H), floats(H), floats(H), floats(H)], 4, {"_outputs": [0, 3]}),
    ("SkipLayerNormalization", [floats(B, S, H), floats(B, S, H), floats(H)], 1, {}),
    ("SkipSimplifiedLayerNormalization", [floats(B, S, H), floats(B, S, H), floats(H)], 4, {"_outputs": [0, 3]}),
    ("EmbedLayerNormalization", [bytes_(B, S, dtype=np.int32) % 10, np.zeros((B, S), np.int32), floats(30, H), floats(16, H), floats(2, H), floats(H), floats(H)], 2, {}),
    ("EmbedLayerNormalization", [bytes_(B, S, dtype=np.int32) % 10, None, floats(30, H), floats(16, H), None, floats(H), floats(H)], 3, {"_outputs": [0, 1, 2]}),
    ("Attention", [floats(B, S, H), floats(H, 3 * H), floats(3 * H)], 1, {"num_heads": N}),
    ("Attention", [floats(B, S, H), floats(H, 3 * H), floats(3 * H), None, floats(2, B, N, 5, D)], 2, {"num_heads": N, "unidirectional": 1}),
    ("Attention", [floats(B, S, H), floats(H, 2 * 32 + 48), floats(2 * 32 + 48)], 1, {"num_heads": N, "qkv_hidden_sizes": [32, 32, 48]}),
    ("QAttention", [bytes_(B, S, H), bytes_(H, 3 * H), floats(3 * H), scale(), scale(), None, zero(), zero()], 1, {"num_heads": N}),
    ("MultiHeadAttention", [floats(B, S, H), floats(B, 6, H), floats(B, 6, H)], 1, {"num_heads": N}),
    ("MultiHeadAttention", [floats(B, S, H), floats(B, 6, H), floats(B, 6, H), floats(3 * H)], 3, {"num_heads": N}),
    ("MultiHeadAttention", [floats(B, S, H), floats(B, S, H), floats(B, S, H), None, None, None, floats(B, N, 5, D), floats(B, N, 5, D)], 3, {"num_heads": N}),
    ("MultiHeadAttention", [floats(B, S, H), floats(B, N, 6, D), floats(B, N, 6, D)], 1, {"num_heads": N}),
    ("GroupQueryAttention", [floats(B, 1, H), floats(B, 1, 32), floats(B, 1, 32), floats(B, 2, 10, D), floats(B, 2, 10, D), np.full((B,), 10, np.int32), np.array(11, np.int32)], 3, {"num_heads": N, "kv_num_heads": 2, "_constants": [6]}),
    ("GroupQueryAttention", [floats(B, 1, H + 64), None, None, floats(B, 2, 10, D), floats(B, 2, 10, D), np.full((B,), 10, np.int32), np.array(11, np.int32)], 3, {"num_heads": N, "kv_num_heads": 2, "_constants": [6]}),
    ("RotaryEmbedding", [floats(B, S, H), np.tile(np.arange(S), (B, 1)).astype(np.int64), floats(32, D // 2), floats(32, D // 2)], 1, {"num_heads": N, "rotary_embedding_dim": 0}),
    ("MatMulNBits", [floats(2, 5, 64), bytes_(24, 2, 16), floats(24 * 2)], 1, {"K": 64, "N": 24, "bits": 4, "block_size": 32}),
    ("DynamicQuantizeMatMul", [floats(4, 8), bytes_(8, 5), scale(), zero()], 1, {}),
    ("MatMulIntegerToFloat", [bytes_(4, 8), bytes_(8, 5), scale(), scale(), zero(), zero(), floats(5)], 1, {}),
    ("QLinearAdd", [bytes_(2, 3), scale(), zero(), bytes_(1, 3), scale(), zero(), scale(), zero()], 1, {}),
    ("QLinearMul", [bytes_(2, 3), scale(), zero(), bytes_(2, 1), scale(), zero(), scale(), zero()], 1, {}),
    ("QLinearSigmoid", [bytes_(2, 3), scale(), zero(), scale(), zero()], 1, {}),
    ("QLinearLeakyRelu", [bytes_(2, 3), scale(), zero(), scale(), zero()], 1, {"alpha": 0.1}),
    ("QLinearSoftmax", [bytes_(2, 3), scale(), zero(), np.array(1 / 256, F), zero()], 1, {"opset": 13, "axis": -1}),
    ("QLinearGlobalAveragePool", [bytes_(1, 3, 8, 8), scale(), zero(), scale(), zero()], 1, {"channels_last": 0}),
    ("QLinearAveragePool", [bytes_(1, 3, 8, 8), scale(), zero(), scale(), zero()], 1, {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}),
    ("QLinearConcat", [scale(), zero(), bytes_(2, 3), scale(), zero(), bytes_(2, 5), scale(), zero()], 1, {"axis": 1}),
]


def make_model(op, values, output_count, attributes):
    attributes = dict(attributes)
    wanted = attributes.pop("_outputs", list(range(output_count)))
    constants = set(attributes.pop("_constants", []))
    names = [f"x{i}" if value is not None else "" for i, value in enumerate(values)]
    outputs = [f"y{i}" if i in wanted else "" for i in range(output_count)]
    inputs, initializers, feed = [], [], {}
    for i, (name, value) in enumerate(zip(names, values)):
        if value is None:
            continue
        is_small = value.dtype == F and value.ndim == 0 or value.dtype in (np.uint8, np.int8) and value.ndim == 0
        if i in constants or is_small:
            initializers.append(numpy_helper.from_array(value, name))
        else:
            inputs.append(helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape))
            feed[name] = value
    node = helper.make_node(op, names, outputs, name=op.lower(), domain="com.microsoft", **attributes)
    declared = [onnx.ValueInfoProto(name=name) for name in outputs if name]
    graph = helper.make_graph([node], op, inputs, declared, initializers)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10), feed


cases = []
for op, values, output_count, attributes in CASES:
    model, feed = make_model(op, values, output_count, attributes)
    try:
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        results = session.run(None, feed)
    except Exception as error:  # noqa: BLE001 - some operators have no kernel for the CPU
        print(op, str(error)[:300])
        continue
    outputs = {output.name: value_text(value) for output, value in zip(model.graph.output, results)}
    cases.append({"name": op, "model": base64.b64encode(model.SerializeToString()).decode(), "outputs": outputs})

with open(sys.argv[1], "w") as out:
    out.write(json.dumps({"source": f"onnxruntime {onnxruntime.__version__}", "cases": cases}, separators=(",", ":")))
    out.write("\n")
print(len(cases), "of", len(CASES), "cases")
