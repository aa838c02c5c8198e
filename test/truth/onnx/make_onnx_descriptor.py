"""Writes the descriptor of ONNX's protobuf messages (field names, numbers and types), from which the test oracle
decodes: python make_onnx_descriptor.py ../data/onnx/onnxDescriptor.binpb

The descriptor is of onnx-ml.proto of the installed `onnx` package (Apache-2.0); made with onnx 1.23.2.
"""

import sys

from google.protobuf import descriptor_pb2
from onnx import onnx_ml_pb2

files = descriptor_pb2.FileDescriptorSet()
onnx_ml_pb2.DESCRIPTOR.CopyToProto(files.file.add())
with open(sys.argv[1], "wb") as out:
    out.write(files.SerializeToString())
