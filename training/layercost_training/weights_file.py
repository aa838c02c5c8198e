"""Writes the safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes.

Source: https://huggingface.co/docs/safetensors (format description). {"a": tensor} -> bytes; crc32 goes into model.json.
"""

from __future__ import annotations

import json
import struct
import zlib
from typing import Mapping

from torch import Tensor


def safetensors_bytes(tensors: Mapping[str, Tensor]) -> bytes:
    """float32, names sorted, data aligned to 8 bytes by spaces at the header's end."""
    header: dict[str, object] = {}
    body = bytearray()
    for name in sorted(tensors):
        data = tensors[name].detach().float().contiguous().numpy().tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(tensors[name].shape),
            "data_offsets": [len(body), len(body) + len(data)],
        }
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + bytes(body)


def crc32_text(data: bytes) -> str:
    """Eight hexadecimal digits, as model.json names them."""
    return f"{zlib.crc32(data):08x}"
