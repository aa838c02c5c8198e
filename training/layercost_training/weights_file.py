"""Writes the safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes.

Source: https://huggingface.co/docs/safetensors (format description). {"a": tensor} -> bytes; crc32 goes into model.json.
"""

from __future__ import annotations

import json
import struct
import zlib
from typing import Mapping

import torch
from torch import Tensor


def safetensors_bytes(tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None) -> bytes:
    """float16 stays, all else is float32; names sorted, data aligned to 8 bytes by spaces at the header's end."""
    header: dict[str, object] = {} if metadata is None else {"__metadata__": dict(metadata)}
    body = bytearray()
    for name in sorted(tensors):
        is_half = tensors[name].dtype == torch.float16
        data = (tensors[name] if is_half else tensors[name].float()).detach().contiguous().numpy().tobytes()
        header[name] = {
            "dtype": "F16" if is_half else "F32",
            "shape": list(tensors[name].shape),
            "data_offsets": [len(body), len(body) + len(data)],
        }
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + bytes(body)


def read_safetensors(data: bytes) -> dict[str, Tensor]:
    """The tensors that safetensors_bytes wrote in float32 alone."""
    (length,) = struct.unpack("<Q", data[:8])
    body = bytearray(data[8 + length :])
    found = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        start, end = entry["data_offsets"]
        found[name] = torch.frombuffer(body[start:end], dtype=torch.float32).reshape(entry["shape"])
    return found


def crc32_text(data: bytes) -> str:
    """Eight hexadecimal digits, as model.json names them."""
    return f"{zlib.crc32(data):08x}"
