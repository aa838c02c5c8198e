"""Types as text, as our own printing has them: "2x3x? float32", "? int64", "sequence(? float32)". A size with a name is
the name; one that is not known is "?"."""

import numpy as np
from onnx import TensorProto, helper

NAMES = {"FLOAT": "float32", "DOUBLE": "float64", "UNDEFINED": "unknown"}


def dtype_text(code):
    name = TensorProto.DataType.Name(code)
    return NAMES.get(name, name.lower())


def type_text(type_proto):
    kind = type_proto.WhichOneof("value")
    if kind in ("tensor_type", "sparse_tensor_type"):
        tensor = getattr(type_proto, kind)
        text = f"{shape_text(tensor)} {dtype_text(tensor.elem_type)}"
        return text if kind == "tensor_type" else f"sparse {text}"
    if kind == "sequence_type":
        return f"sequence({type_text(type_proto.sequence_type.elem_type)})"
    if kind == "optional_type":
        return f"optional({type_text(type_proto.optional_type.elem_type)})"
    if kind == "map_type":
        value = type_text(type_proto.map_type.value_type)
        return f"map({dtype_text(type_proto.map_type.key_type)}, {value})"
    return "?"


def shape_text(tensor):
    if not tensor.HasField("shape"):
        return "?"
    if len(tensor.shape.dim) == 0:
        return "scalar"
    return "x".join(dim_text(dim) for dim in tensor.shape.dim)


def dim_text(dim):
    kind = dim.WhichOneof("value")
    if kind == "dim_value":
        return str(dim.dim_value) if dim.dim_value >= 0 else "?"
    return dim.dim_param if kind == "dim_param" and dim.dim_param else "?"


def value_text(value):
    """The type of a value that a reference implementation computed."""
    if isinstance(value, (list, tuple)):
        return "sequence"
    if value is None or isinstance(value, dict):
        return "?"
    if isinstance(value, TensorProto):
        shape = "x".join(str(dim) for dim in value.dims) if len(value.dims) > 0 else "scalar"
        return f"{shape} {dtype_text(value.data_type)}"
    array = np.asarray(value)
    code = TensorProto.STRING if array.dtype.kind in "OUS" else helper.np_dtype_to_tensor_dtype(array.dtype)
    shape = "x".join(str(dim) for dim in array.shape) if array.ndim > 0 else "scalar"
    return f"{shape} {dtype_text(code)}"
