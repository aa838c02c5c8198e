"""Writes tensors of every element type in every encoding, with the values that onnx.numpy_helper reads from them:
python make_tensor_data.py ../data/onnx/tensorData.json          (made with onnx 1.23.2)

Each entry: name, the TensorProto in base64, and the values as numbers ("nan", "inf", "-inf" as text).
"""

import base64
import json
import math
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FLOAT_VALUES = [0.0, 1.0, -1.0, 0.5, 1.5, -2.0, 3.0]
INT_VALUES = {
    "INT2": [-2, -1, 0, 1, 1],
    "UINT2": [0, 1, 2, 3, 3],
    "INT4": [-8, -1, 0, 7, 3],
    "UINT4": [0, 1, 8, 15, 7],
    "INT8": [-128, -1, 0, 127],
    "UINT8": [0, 1, 128, 255],
    "INT16": [-32768, -1, 0, 32767],
    "UINT16": [0, 1, 32768, 65535],
    "INT32": [-(2**31), -1, 0, 2**31 - 1],
    "UINT32": [0, 1, 2**31, 2**32 - 1],
    "INT64": [-(2**53), -1, 0, 2**40, 2**53 - 1],
    "UINT64": [0, 1, 2**40, 2**53 - 1],
    "BOOL": [1, 0, 1],
}


def plain(value):
    value = float(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return int(value) if value == int(value) else value


def values_of(array):
    flat = np.asarray(array).reshape(-1)
    if np.iscomplexobj(flat):
        return [plain(part) for item in flat for part in (item.real, item.imag)]
    return [plain(item) for item in flat.astype(np.float64)]


entries = []


def add(name, tensor):
    entries.append(
        {
            "name": name,
            "tensor": base64.b64encode(tensor.SerializeToString()).decode(),
            "values": values_of(numpy_helper.to_array(tensor)),
        }
    )


for name, code in TensorProto.DataType.items():
    if name in ("UNDEFINED", "STRING"):
        continue
    dtype = helper.tensor_dtype_to_np_dtype(code)
    values = INT_VALUES.get(name, FLOAT_VALUES)
    if name.startswith("COMPLEX"):
        values = [1 + 2j, -3 + 0.5j]
    if name == "FLOAT8E8M0":
        values = [1.0, 2.0, 0.5, 1024.0]
    array = np.array(values).astype(dtype)
    try:
        add(f"{name} typed", helper.make_tensor("t", code, [len(values)], array))
    except (ValueError, TypeError) as error:
        print(f"{name} typed: {error}")
    add(f"{name} raw", numpy_helper.from_array(array, "t"))

# Every bit pattern of the narrow floats, as raw bytes.
for name, bits in (
    ("FLOAT8E4M3FN", 8),
    ("FLOAT8E4M3FNUZ", 8),
    ("FLOAT8E5M2", 8),
    ("FLOAT8E5M2FNUZ", 8),
    ("FLOAT8E8M0", 8),
    ("FLOAT6E2M3", 6),
    ("FLOAT6E3M2", 6),
    ("FLOAT4E2M1", 4),
    ("INT4", 4),
    ("UINT4", 4),
    ("INT2", 2),
    ("UINT2", 2),
):
    count = 2**bits
    stream = sum(pattern << (bits * index) for index, pattern in enumerate(range(count)))
    tensor = TensorProto(data_type=TensorProto.DataType.Value(name), dims=[count], name="t")
    tensor.raw_data = stream.to_bytes(count * bits // 8, "little")
    add(f"{name} all patterns", tensor)
for name in ("FLOAT16", "BFLOAT16"):
    patterns = np.array(list(range(0, 65536, 251)) + [0x7C00, 0xFC00, 0x7F80, 0x7C01, 0x0001], dtype=np.uint16)
    tensor = TensorProto(data_type=TensorProto.DataType.Value(name), dims=[len(patterns)], name="t")
    tensor.raw_data = patterns.tobytes()
    add(f"{name} patterns", tensor)

with open(sys.argv[1], "w") as out:
    out.write(json.dumps({"source": f"onnx {onnx.__version__}, numpy_helper.to_array", "tensors": entries}, separators=(",", ":")))
    out.write("\n")
