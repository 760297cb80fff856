"""safetensors in the page, in Python alone: a length, a header of JSON, and the arrays' bytes.

The format: https://github.com/huggingface/safetensors
"""

import json
import struct

import numpy as np

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U64": "<u8",
         "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?"}
NAMES = {np.dtype(kind): name for name, kind in TYPES.items()}


class SafetensorError(Exception):
    pass


def read(data: bytes) -> tuple[dict, dict]:
    """The arrays by name, and the metadata."""
    try:
        (size,) = struct.unpack("<Q", data[:8])
        head = json.loads(data[8:8 + size])
        metadata = head.pop("__metadata__", None)
        start = 8 + size
        arrays = {}
        for name, entry in sorted(head.items()):
            first, end = entry["data_offsets"]
            if not 0 <= first <= end <= len(data) - start:
                raise ValueError(f"{name} lies outside of the file")
            values = np.frombuffer(data[start + first:start + end], TYPES[entry["dtype"]])
            arrays[name] = values.reshape(entry["shape"]).copy()
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SafetensorError(f"Error while deserializing header: {error}") from None
    return arrays, metadata


def write(arrays: dict, metadata: dict | None = None) -> bytes:
    """A file's bytes; the largest kinds of numbers first, as the library lays them out."""
    head = {"__metadata__": metadata} if metadata else {}
    parts, place = [], 0
    for name in sorted(arrays, key=lambda name: (-arrays[name].itemsize, name)):
        array = arrays[name]
        data = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()    # in C's order
        head[name] = {"dtype": NAMES[array.dtype], "shape": list(array.shape),
                      "data_offsets": [place, place + len(data)]}
        parts.append(data)
        place += len(data)
    text = json.dumps(head, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([struct.pack("<Q", len(text)), text, *parts])


class safe_open:
    def __init__(self, path, framework: str = "np", device: str = "cpu"):
        with open(path, "rb") as file:
            self.arrays, self.head = read(file.read())

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        pass

    def keys(self) -> list[str]:
        return list(self.arrays)

    def metadata(self) -> dict | None:
        return self.head

    def get_tensor(self, name: str) -> np.ndarray:
        return self.arrays[name]


def deserialize(data: bytes) -> list[tuple[str, dict]]:
    """(name, {"dtype", "shape", "data"}) of every array, in the form of the library's function."""
    return [(name, {"dtype": NAMES[array.dtype], "shape": [*array.shape], "data": array.tobytes()})
            for name, array in read(data)[0].items()]
