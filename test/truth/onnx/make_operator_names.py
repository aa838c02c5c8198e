"""Writes the names of all operators of onnx's schemas by domain, retired ones too:
python make_operator_names.py ../data/onnx/operatorNames.json        (made with onnx 1.23.2)
"""

import json
import sys

import onnx
from onnx import defs

names = {}
for schema in defs.get_all_schemas_with_history():
    names.setdefault(schema.domain, set()).add(schema.name)
text = json.dumps({"source": f"onnx {onnx.__version__}", "names": {domain: sorted(names[domain]) for domain in sorted(names)}})
with open(sys.argv[1], "w") as out:
    out.write(text + "\n")
