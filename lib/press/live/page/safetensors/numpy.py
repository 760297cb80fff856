from pathlib import Path

from safetensors import read, write


def load(data: bytes) -> dict:
    return read(data)[0]


def load_file(path) -> dict:
    return load(Path(path).read_bytes())


def save(arrays: dict, metadata: dict | None = None) -> bytes:
    return write(arrays, metadata)


def save_file(arrays: dict, path, metadata: dict | None = None) -> None:
    Path(path).write_bytes(write(arrays, metadata))
