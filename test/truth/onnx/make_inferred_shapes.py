"""Writes what onnx.shape_inference.infer_shapes knows of every value in model files:
python make_inferred_shapes.py ../data/onnx/inferredShapes.json.gz FOLDER...        (made with onnx 1.23.2)

A file is named by its path below the folder. Declared types of outputs and inner values are taken out of a model first,
so that only what inference finds is written; what it finds in addition with them in place follows under "declared".
"""

import gzip
import json
import sys
from pathlib import Path

import onnx
from onnx import shape_inference
from onnx_types import type_text


def inferred(model):
    graph = shape_inference.infer_shapes(model, strict_mode=False, data_prop=True).graph
    return {value.name: type_text(value.type) for value in [*graph.value_info, *graph.output]}


def types_of(path):
    model = onnx.load(path)
    declared = inferred(model)
    for output in model.graph.output:
        output.ClearField("type")
    del model.graph.value_info[:]
    return {"inferred": inferred(model), "declared": declared}


files = {}
for folder in sys.argv[2:]:
    for path in sorted(Path(folder).rglob("*.onnx")):
        try:
            files[path.relative_to(folder).as_posix()] = types_of(path)
        except Exception as error:  # noqa: BLE001 - some files are made to fail
            print(path, error)

text = json.dumps({"source": f"onnx {onnx.__version__}, shape_inference.infer_shapes", "files": files}, separators=(",", ":"))
with gzip.GzipFile(sys.argv[1], "wb", compresslevel=9, mtime=0) as out:
    out.write(text.encode())
print(len(files), "files")
