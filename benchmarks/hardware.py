"""Measure this machine's roof, and two layers in several forms, for the table of `seqbook.models.hardware`.

    python -m benchmarks.hardware                          the processor, with one thread (some 2 CPU minutes)
    python -m benchmarks.hardware --device cuda            the GPU
    python -m benchmarks.hardware --small                  tiny sizes, to see whether everything runs; not written
"""

import argparse
import ctypes
import platform
import sys
import time
from datetime import date

import numpy as np
import torch
from torch.nn import functional

from benchmarks import gpu
from benchmarks.__main__ import processor
from benchmarks.gpu import Sizes
from benchmarks.products import random
from benchmarks.timing import threads
from seqbook import scratch
from seqbook.models.hardware import TABLE, hardware
from seqbook.models.tables import write_table
from seqbook.pytorch.attention import attend
from seqbook.scratch.attention import ScaledDotProductAttention
from seqbook.scratch.attention import attend as numpy_attend
from seqbook.scratch.attention import attend_backward as numpy_attend_backward

LARGE = {"vector": 1 << 26, "product": 2048, "H": 2048, "T": 2048,
         "LSTM": Sizes(32, 64, D=128, H=256), "attention": Sizes(8, 512, E=512, N=8)}
SMALL = {"vector": 1 << 10, "product": 16, "H": 8, "T": 16, "LSTM": Sizes(2, 3, D=4, H=5),
         "attention": Sizes(2, 5, E=8, N=2)}
K, HEADS, NUMBER = 64, 8, 4    # a head's size, heads, bytes of a float32 number


def done(function, device: torch.device):
    """function, until the device has finished."""
    def run():
        with torch.no_grad():
            function()
        if device.type == "cuda":
            torch.cuda.synchronize()
    return run


def fastest(functions: dict, rounds: int, device: torch.device) -> dict:
    """Seconds of the fastest of alternated rounds of each, after a warm-up; on the processor those that it
    worked on this, so that what else the machine was doing does not count."""
    clock = time.perf_counter if device.type == "cuda" else time.process_time
    times = {name: [] for name in functions}
    for name, function in list(functions.items()) * (rounds + 1):
        start = clock()
        function()
        times[name].append(clock() - start)
    return {name: min(found[1:]) for name, found in times.items()}


def roof(sizes: dict, device: torch.device, rounds: int) -> dict:
    """Bytes read a second by a dot product of long vectors, and operations a second of a product of large matrices."""
    (a, b), n, functions = torch.randn(2, sizes["vector"], device=device), sizes["product"], {}
    functions["bytes"] = done(lambda: a @ b, device)
    for kind in ("float32", "bfloat16") if device.type == "cuda" else ("float32",):
        x, y = torch.randn(2, n, n, device=device).to(getattr(torch, kind))
        functions[kind] = done(lambda x=x, y=y: x @ y, device)
    seconds = fastest(functions, rounds, device)
    work = {name: 2 * n**3 for name in seconds} | {"bytes": 2 * NUMBER * len(a)}
    return {name: round(work[name] / time) for name, time in seconds.items()}


def points(sizes: dict, device: torch.device, rounds: int) -> dict:
    """[operations, bytes, seconds] of a recurrent step of an LSTM's product, and of attention whole and in blocks."""
    H, T, counts, functions = sizes["H"], sizes["T"], {}, {}
    weight = torch.randn(4 * H, H, device=device)
    for B in (1, 8, 64):
        h, name = torch.randn(B, H, device=device), f"step B={B} H={H}"
        counts[name] = 2 * B * 4 * H * H, NUMBER * (4 * H * H + B * H + B * 4 * H)
        functions[name] = done(lambda h=h: functional.linear(h, weight), device)
    q, k, v = torch.randn(3, 1, HEADS, T, K, device=device)
    for form, backend, numbers in (("whole", "math", 4 * T * K + 4 * T * T), ("blocks", "fused", 4 * T * K)):
        name = f"attention {form} T={T}"
        counts[name] = HEADS * 4 * T * T * K, HEADS * NUMBER * numbers
        functions[name] = done(lambda backend=backend: attend(q, k, v, backend=backend), device)
    return {name: [*counts[name], time] for name, time in fastest(functions, rounds, device).items()}


def numpy_lstm(size: Sizes):
    """Forward and backward of the layer in NumPy."""
    layer = scratch.LSTM(size.D, size.H, rng=np.random.default_rng(0))
    x, dhs = random(size.B, size.T, size.D), random(size.B, size.T, size.H)

    def run():
        _, cache = layer.forward(x)
        layer.backward((dhs, None), cache)
    return run


def numpy_attention(size: Sizes, recompute: bool):
    """Forward and backward in NumPy, whose weights are kept or computed again."""
    q, k, v, dout = (random(size.B, size.N, size.T, size.E // size.N) for _ in range(4))
    layer = ScaledDotProductAttention(recompute=recompute)

    def run():
        _, cache = layer.forward(q, k, v)
        layer.backward(dout, cache)
    return run


def layers(sizes: dict, device: torch.device, rounds: int) -> dict:
    """Seconds of a forward and backward pass of the LSTM and of attention in every form that the device has."""
    cpu, found = device.type == "cpu", {}
    own = {"LSTM": {"NumPy": numpy_lstm(sizes["LSTM"])},
           "attention": {"NumPy": numpy_attention(sizes["attention"], False),
                         "NumPy, in blocks": numpy_attention(sizes["attention"], True)}}
    for name, case in (("LSTM", gpu.lstm), ("attention", gpu.attention)):
        functions = (own[name] if cpu else {}) | case(sizes[name], device)
        if name == "LSTM":
            functions.pop("nn.LSTM")    # the same kernel as "cuDNN"
        else:
            functions = {form: run for form, run in functions.items() if not cpu or "bfloat16" not in form}
        given = {letter: number for letter, number in sizes[name]._asdict().items() if number}
        names = {"cuDNN": "kernel", "compiled loop": "compiled"}
        found[name] = {"sizes": given} | {names.get(form, form): round(seconds, 6)
                                          for form, seconds in fastest(functions, rounds, device).items()}
    return found


def keep_memory() -> bool:
    """Tell the allocator to keep what is freed, from here to the end of the process; False where it cannot be told."""
    option = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None    # glibc's malloc.h
    mmap_threshold, trim_threshold = -3, -1
    return option is not None and bool(option(mmap_threshold, 1 << 30) and option(trim_threshold, (1 << 31) - 1))


def used(function) -> list:
    """[seconds, those of them that the operating system worked, pages that it handed out] while function ran."""
    from resource import RUSAGE_SELF, getrusage    # not on Windows

    before = getrusage(RUSAGE_SELF)
    function()
    after = getrusage(RUSAGE_SELF)
    own, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    return [own + system, system, after.ru_minflt - before.ru_minflt]


def memory(sizes: dict, device: torch.device, rounds: int) -> dict:
    """The medians of what `used` finds for attention as the formula has it, at once: with "new" memory for every array,
    as the allocator has it, and with memory that is "kept". The last of all measurements: from here on memory is kept.
    {} on a GPU, and where the allocator cannot be told."""
    if device.type == "cuda" or sys.platform != "linux":
        return {}
    size = sizes["attention"]
    q, k, v = torch.randn(3, 1, HEADS, sizes["T"], K)
    arrays = [random(size.B, size.N, size.T, size.E // size.N) for _ in range(4)]

    def in_numpy():
        *inputs, dout = arrays
        _, weights = numpy_attend(*inputs)
        numpy_attend_backward(dout, *inputs, weights)
    functions = {f"attention whole T={sizes['T']}": done(lambda: attend(q, k, v, backend="math"), device),
                 "math": gpu.attention(size, device)["math"], "NumPy, whole": in_numpy}
    found = {name: {} for name in functions}
    for form in ("new", "kept"):
        if form == "kept" and not keep_memory():
            return {}
        for name, function in functions.items():
            function()
            of_each = np.median([used(function) for _ in range(rounds)], axis=0)    # one round's split is coarse
            found[name][form] = [*of_each[:2].round(6).tolist(), round(of_each[2])]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hardware", description=__doc__.partition("\n")[0])
    parser.add_argument("--device", default="cpu", type=torch.device, help="cpu or cuda (default cpu)")
    parser.add_argument("--small", action="store_true", help="tiny sizes, to see whether everything runs")
    parser.add_argument("--rounds", type=int, default=7, help="alternated repeats (default 7)")
    options = parser.parse_args()
    on_gpu = options.device.type == "cuda"
    if on_gpu and not torch.cuda.is_available():
        parser.error("there is no GPU here; --device cpu measures the processor")
    torch.backends.cudnn.allow_tf32 = False    # its kernel in float32 as all else
    sizes = SMALL if options.small else LARGE
    versions = {"python": platform.python_version(), "numpy": np.__version__, "torch": torch.__version__}
    if on_gpu:
        versions |= {"cuda": torch.version.cuda, "cudnn": torch.backends.cudnn.version()}
    name = torch.cuda.get_device_name(options.device) if on_gpu else processor()
    with threads(1 if not on_gpu else torch.get_num_threads()):
        entry = {"kind": "GPU" if on_gpu else "CPU", "date": str(date.today()), "versions": versions,
                 "threads": None if on_gpu else 1, "roof": roof(sizes, options.device, options.rounds),
                 "points": points(sizes, options.device, options.rounds),
                 **layers(sizes, options.device, options.rounds),
                 "memory": memory(sizes, options.device, options.rounds)}
    for key, value in entry.items():
        print(key, value)
    if not options.small:
        write_table({**(hardware() if TABLE.exists() else {}), name: entry}, TABLE)


if __name__ == "__main__":
    main()
