"""Measure `seqbook.pytorch` on a GPU, print the table and write it beside this file.

    python -m benchmarks.gpu                         on the GPU
    python -m benchmarks.gpu --device cpu --small    the same code where there is none; printed, not written
"""

import argparse
import platform
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn

from benchmarks.timing import alternate
from seqbook import pytorch
from seqbook.pytorch.attention import attend

RESULTS = Path(__file__).with_name("gpu.md")
HEADING = """\
# Speed on a GPU

Forward and backward with all gradients; float32 unless said otherwise. Medians of {rounds} alternated rounds; written
by `python -m benchmarks.gpu`. The last column is the time against that of the case's last row.

| case | | ms | tokens a second | against |
| --- | --- | --: | --: | --: |
"""


class Sizes(NamedTuple):
    """One case's sizes, in the book's letters."""

    B: int
    T: int
    D: int = 0
    H: int = 0
    E: int = 0
    N: int = 0
    F: int = 0
    layers: int = 0
    V: int = 0


LARGE = {"LSTM": [Sizes(64, 100, D=128, H=256), Sizes(20, 35, D=650, H=650)],
         "attention": [Sizes(32, 512, E=512, N=8)],
         "encoder layer": [Sizes(32, 128, E=512, N=8, F=2048)],
         "language model": [Sizes(32, 256, E=512, N=8, F=2048, layers=6, V=8192)]}
SMALL = {"LSTM": [Sizes(2, 3, D=4, H=5)],
         "attention": [Sizes(2, 5, E=8, N=2)],
         "encoder layer": [Sizes(2, 5, E=8, N=2, F=12)],
         "language model": [Sizes(2, 5, E=8, N=2, F=12, layers=2, V=11)]}


def step(function: Callable, leaves, device: torch.device, dtype=torch.float32) -> Callable:
    """Forward and backward of function() → tensor till the device is done, under autocast if dtype is not float32."""
    def run():
        for leaf in leaves:
            leaf.grad = None
        with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
            out = function()
        out.backward(torch.ones_like(out))
        if device.type == "cuda":
            torch.cuda.synchronize()
    return run


def lstm(size: Sizes, device: torch.device) -> dict[str, Callable]:
    """Our time loop, the same compiled, and cuDNN's kernel on our parameters, against nn.LSTM."""
    B, T, D, H, *_ = size
    x = torch.randn(B, T, D, device=device, requires_grad=True)
    loop = pytorch.LSTM(D, H, backend="loop", device=device)
    modules = {"loop": loop, "compiled loop": torch.compile(loop),
               "cuDNN": pytorch.LSTM(D, H, backend="cudnn", device=device),
               "nn.LSTM": nn.LSTM(D, H, batch_first=True, device=device)}
    return {name: step(lambda module=module: module(x)[0], [x, *module.parameters()], device)
            for name, module in modules.items()}


def attention(size: Sizes, device: torch.device) -> dict[str, Callable]:
    """The formula against the fused kernel, in both precisions."""
    shape = size.B, size.N, size.T, size.E // size.N
    q, k, v = (torch.randn(shape, device=device, requires_grad=True) for _ in range(3))

    def by(backend, dtype):
        def run():
            return attend(*(tensor.to(dtype) for tensor in (q, k, v)), backend=backend)
        return step(run, [q, k, v], device)
    return {"math": by("math", torch.float32), "math, bfloat16": by("math", torch.bfloat16),
            "fused, bfloat16": by("fused", torch.bfloat16), "fused": by("fused", torch.float32)}


def encoder_layer(size: Sizes, device: torch.device) -> dict[str, Callable]:
    """Our block against nn.TransformerEncoderLayer, in both precisions."""
    x = torch.randn(size.B, size.T, size.E, device=device, requires_grad=True)
    ours = pytorch.EncoderBlock(size.E, size.N, size.F, norm_first=False, device=device)
    theirs = nn.TransformerEncoderLayer(size.E, size.N, size.F, dropout=0.0, batch_first=True, device=device)

    def by(module, dtype=torch.float32):
        return step(lambda: module(x), [x, *module.parameters()], device, dtype)
    return {"ours": by(ours), "ours, bfloat16": by(ours, torch.bfloat16),
            "torch.nn, bfloat16": by(theirs, torch.bfloat16), "torch.nn": by(theirs)}


def language_model(size: Sizes, device: torch.device) -> dict[str, Callable]:
    """A decoder-only model with its loss, in both precisions."""
    model = pytorch.LanguageModel(size.V, size.E, size.N, size.F, size.layers, positions="rotary").to(device)
    ids = torch.randint(size.V, (size.B, size.T + 1), device=device)

    def loss():
        return nn.functional.cross_entropy(model(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten())
    return {"bfloat16": step(loss, list(model.parameters()), device, torch.bfloat16),
            "float32": step(loss, list(model.parameters()), device)}


CASES = {"LSTM": lstm, "attention": attention, "encoder layer": encoder_layer, "language model": language_model}


def rows(device: torch.device, sizes: dict, rounds: int):
    """Every line of the table, as soon as it is measured."""
    for name, case in CASES.items():
        for size in sizes[name]:
            title = " ".join([name, *(f"{letter}={number}" for letter, number in size._asdict().items() if number)])
            timing = alternate(case(size, device), rounds)
            *_, last = timing.seconds
            for variant, seconds in timing.seconds.items():
                yield (f"| {title} | {variant} | {1e3 * seconds:.3f} | {size.B * size.T / seconds:,.0f} | "
                       f"{timing.ratio(variant, last):.2f} |\n")


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__.partition("\n")[0])
    parser.add_argument("--device", default="cuda", type=torch.device, help="default cuda")
    parser.add_argument("--small", action="store_true", help="tiny sizes, to see whether everything runs")
    parser.add_argument("--rounds", type=int, default=11, help="alternated repeats (default 11)")
    options = parser.parse_args()
    on_gpu = options.device.type == "cuda"
    if on_gpu and not torch.cuda.is_available():
        parser.error("there is no GPU here; --device cpu --small runs the same code without one")

    text = HEADING.format(rounds=options.rounds)
    print(text, end="")
    for line in rows(options.device, SMALL if options.small else LARGE, options.rounds):
        print(line, end="", flush=True)
        text += line
    kind = torch.cuda.get_device_name(options.device) if on_gpu else platform.machine()
    versions = f"CUDA {torch.version.cuda}, cuDNN {torch.backends.cudnn.version()}, " if on_gpu else ""
    machine = f"\n{date.today()}, {kind}, {versions}Python {platform.python_version()}, PyTorch {torch.__version__}\n"
    print(machine, end="")
    if on_gpu and not options.small:
        RESULTS.write_text(text + machine, encoding="utf-8")


if __name__ == "__main__":
    main()
