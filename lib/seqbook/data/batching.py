"""Sequences of different lengths as one array."""

import warnings
from collections.abc import Iterator, Sequence

import numpy as np

from seqbook.scratch.base import check_integer, plain

Padded = tuple[np.ndarray, np.ndarray]


def pad(sequences: Sequence, value: float = 0) -> Padded:
    """Lay sequences of different lengths into one array.

    `sequences`: B arrays or lists, each `(length, ...)` with the same trailing axes and dtype, none of them empty.
    Returns `(padded (B, T, ...), lengths (B,))`, T the greatest length; steps past a sequence's end hold `value`.
    """
    arrays = [plain(f"sequences[{b}]", sequence) for b, sequence in enumerate(sequences)]
    if not arrays:
        raise ValueError("sequences must hold at least one sequence, got none")
    for b, array in enumerate(arrays):
        if array.ndim == 0 or len(array) == 0:
            raise ValueError(f"sequences[{b}] must have at least one step, got shape {array.shape}")
        if array.shape[1:] != arrays[0].shape[1:]:
            raise ValueError(f"sequences[{b}] must have shape (length, {', '.join(map(str, arrays[0].shape[1:]))}) "
                             f"like sequences[0], got {array.shape}")
    lengths = np.array([len(array) for array in arrays])
    dtype = np.result_type(*arrays)
    if dtype.kind == "f" and all(array.dtype.kind in "iub" for array in arrays):
        raise ValueError(f"sequences must have one dtype, got {', '.join(sorted({str(a.dtype) for a in arrays}))}, "
                         f"which only {dtype} could hold; use .astype(np.int64)")
    if not fits(value, dtype):
        raise ValueError(f"value must fit the sequences' dtype {dtype}, got {value!r}")
    padded = np.full((len(arrays), lengths.max(), *arrays[0].shape[1:]), value, dtype)
    for row, array in zip(padded, arrays):
        row[:len(array)] = array
    return padded, lengths


def fits(value, dtype) -> bool:
    """Whether a number keeps its value in `dtype`, in a float up to rounding: a finite number must stay finite."""
    if value is None or np.ndim(value) != 0:
        return False
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            kept = np.array(value).astype(dtype)
        if dtype.kind == "f":
            return bool(np.isfinite(kept) or not np.isfinite(value))
        return bool(kept == value) and (dtype.kind not in "iu" or np.iinfo(dtype).min <= value <= np.iinfo(dtype).max)
    except (TypeError, ValueError, OverflowError):
        return False


def batches(*columns, batch_size: int, rng: np.random.Generator | None = None, fill: Sequence[float] | None = None,
            ) -> Iterator[tuple[np.ndarray | Padded, ...]]:
    """Go through the examples once, `batch_size` at a time; the last batch may be smaller.

    Every column describes the same N examples. A list (of N sequences) comes out padded, as `(padded, lengths)`; an
    array (N, ...) comes out as the array of the batch's rows. With `rng` the examples are shuffled, without it they
    stay in order. `fill` gives one padding value per column (0 where not given), as -100 for targets to be ignored.

        for (x, lengths), labels in batches(sequences, np.array(labels), batch_size=32, rng=rng): ...
    """
    if not columns:
        raise ValueError("columns must hold at least one column, got none")
    columns = [plain(f"columns[{n}]", column) if isinstance(column, np.ndarray) else column
               for n, column in enumerate(columns)]
    counts = [len(column) for column in columns]
    if len(set(counts)) != 1:
        raise ValueError(f"columns must describe the same number of examples, got {counts}")
    check_integer("batch_size", batch_size, "an integer", smallest=-np.inf)
    batch_size = int(batch_size)
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    fill = (0,) * len(columns) if fill is None else fill
    if len(fill) != len(columns):
        raise ValueError(f"fill must give one value for each of the {len(columns)} columns, got {len(fill)}")
    order = np.arange(counts[0]) if rng is None else rng.permutation(counts[0])
    return (tuple(column[rows] if isinstance(column, np.ndarray) else pad([column[row] for row in rows], value)
                  for column, value in zip(columns, fill))
            for rows in (order[start:start + batch_size] for start in range(0, len(order), batch_size)))


def rows(sequence: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut one long sequence into `count` rows side by side, to be predicted one step ahead.

    `sequence` (N, …), e.g. the ids of a text. Returns the inputs (count, T, …), T = (N-1) // count, and for each what
    comes one step later; row b goes on where row b-1 ends, and what is left over at the end is dropped.

        for chunk in truncated_bptt(step, *rows(ids, 32), chunk=35): ...
    """
    sequence = np.asarray(sequence)
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 1:
        raise ValueError(f"count must be a positive integer, got {count!r}")
    if sequence.ndim == 0 or len(sequence) <= count:
        raise ValueError(f"sequence must have more than count={count} steps, got shape {sequence.shape}")
    T = (len(sequence) - 1) // count
    inputs, later = sequence[:count * T], sequence[1:count * T + 1]
    return tuple(part.reshape(count, T, *sequence.shape[1:]) for part in (inputs, later))
