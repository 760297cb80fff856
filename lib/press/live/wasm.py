"""What the build changes in the WebAssembly module: what only debuggers read goes, and its memory gets a limit."""

from collections.abc import Iterator

HEADER = b"\0asm\1\0\0\0"
CUSTOM, MEMORY = 0, 5
PAGE = 64 * 1024  # bytes


def trimmed(module: bytes, memory: int) -> bytes:
    """`module` without its custom sections (names), whose memory cannot grow beyond `memory` bytes.

    At that limit Python raises MemoryError, and the page lives on.
    """
    parts = [HEADER]
    for kind, body in sections(module):
        if kind == CUSTOM:
            continue
        if kind == MEMORY:
            body = limited(body, memory // PAGE)
        parts += [bytes([kind]), leb128(len(body)), body]
    return b"".join(parts)


def sections(module: bytes) -> Iterator[tuple[int, memoryview]]:
    """(kind, body) of every section; a ValueError where `module` is no WebAssembly of version 1."""
    if module[:8] != HEADER:
        raise ValueError(f"wanted a WebAssembly module of version 1, got bytes that begin with {module[:8]!r}")
    place, view = 8, memoryview(module)
    while place < len(module):
        kind = module[place]
        size, place = number(module, place + 1)
        yield kind, view[place:place + size]
        place += size


def limited(body: bytes, pages: int) -> bytes:
    """The memory section with `pages` as the most that its one memory may have."""
    count, place = number(body, 0)
    flags, least = body[place], number(body, place + 1)[0]
    if count != 1 or flags not in (0, 1) or least > pages:
        raise ValueError(f"wanted one memory of 32-bit pages, {pages} at most, got {bytes(body).hex()}")
    return b"\1\1" + leb128(least) + leb128(pages)


def number(data: bytes, place: int) -> tuple[int, int]:
    """An unsigned LEB128 number at `place`, and the place after it."""
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place


def leb128(value: int) -> bytes:
    """`value` as an unsigned LEB128 number."""
    result = bytearray()
    while value > 0x7F:
        result.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*result, value])
