"""Writes the cases of onnx's backend tests for single operators, as facts to check shape inference against:
python make_node_cases.py ../data/onnx/nodeCases.json.gz        (made with onnx 1.23.2, Apache-2.0)

Each case: its name, the model (base64), what onnx.shape_inference.infer_shapes knows of every value, the inputs that
are small enough to be constants (TensorProto, base64), and the types of the outputs that the test computes from data.
"""

import base64
import gzip
import json
import sys
import warnings

import numpy as np
import onnx
from onnx import numpy_helper, shape_inference
from onnx.backend.test.case.node import collect_testcases
from onnx_types import type_text, value_text

warnings.filterwarnings("ignore")

MOST_ELEMENTS = 64


def inferred_types(model):
    try:
        inferred = shape_inference.infer_shapes(model, strict_mode=False, data_prop=True)
    except Exception as error:  # noqa: BLE001 - some cases are made to fail
        return {"error": str(error).splitlines()[0]}
    graph = inferred.graph
    values = {value.name: type_text(value.type) for value in graph.value_info}
    # The outputs of these models are declared; only what inference adds on its own is a fact.
    bare = onnx.ModelProto()
    bare.CopyFrom(model)
    for output in bare.graph.output:
        output.ClearField("type")
    try:
        again = shape_inference.infer_shapes(bare, strict_mode=False, data_prop=True)
        values.update({value.name: type_text(value.type) for value in again.graph.output})
    except Exception:  # noqa: BLE001
        pass
    return values


def constants(model, inputs):
    tensors = []
    for declared, value in zip(model.graph.input, inputs):
        if not isinstance(value, (np.ndarray, np.generic)) or value.size > MOST_ELEMENTS:
            continue
        value = np.asarray(value)
        if value.dtype.kind not in "biuf":
            continue
        tensor = numpy_helper.from_array(value, declared.name)
        tensors.append(base64.b64encode(tensor.SerializeToString()).decode())
    return tensors


cases = []
for case in collect_testcases(None):
    model = case.model
    inputs, outputs = case.data_sets[0]
    names = [output.name for output in model.graph.output]
    cases.append(
        {
            "name": case.name,
            "model": base64.b64encode(model.SerializeToString()).decode(),
            "inferred": inferred_types(model),
            "constants": constants(model, inputs),
            "outputs": dict(zip(names, [value_text(value) for value in outputs])),
        }
    )

text = json.dumps({"source": f"onnx {onnx.__version__}, backend/test/case/node", "cases": cases}, separators=(",", ":"))
with gzip.GzipFile(sys.argv[1], "wb", compresslevel=9, mtime=0) as out:
    out.write(text.encode())
print(len(cases), "cases")
