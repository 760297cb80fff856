"""The benchmarks that no other test can run: those of the GPU, at small sizes on the CPU."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def gpu_benchmark(*arguments):
    # without the compiler, which needs one for C++ on the CPU: the compiled loop is then the loop
    environment = {**os.environ, "TORCHDYNAMO_DISABLE": "1", "CUDA_VISIBLE_DEVICES": ""}
    return subprocess.run([sys.executable, "-m", "benchmarks.gpu", "--rounds", "1", *arguments], cwd=ROOT, text=True,
                          capture_output=True, env=environment)


def test_the_gpus_table_is_whole_at_small_sizes_on_the_cpu():
    written = ROOT / "benchmarks/gpu.md"
    before = written.read_text() if written.exists() else None
    done = gpu_benchmark("--device", "cpu", "--small")
    assert done.returncode == 0, done.stderr
    cells = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in done.stdout.splitlines()
             if line.startswith("| ") and "B=" in line]
    variants = {}
    for title, variant, milliseconds, tokens, ratio in cells:
        variants.setdefault(title.partition(" B=")[0], []).append(variant)
        B, T = (int(title.partition(f"{letter}=")[2].split()[0]) for letter in "BT")
        assert float(tokens.replace(",", "")) * float(milliseconds) / 1e3 == pytest.approx(B * T, rel=0.05)
        assert float(ratio) > 0
    assert variants == {
        "LSTM": ["loop", "compiled loop", "cuDNN", "nn.LSTM"],
        "attention": ["math", "math, bfloat16", "fused, bfloat16", "fused"],
        "encoder layer": ["ours", "ours, bfloat16", "torch.nn, bfloat16", "torch.nn"],
        "language model": ["bfloat16", "float32"]}
    assert before == (written.read_text() if written.exists() else None)    # only a GPU's own numbers are kept


def test_without_a_gpu_it_says_what_to_do():
    done = gpu_benchmark()
    assert done.returncode == 2 and "--device cpu --small" in done.stderr
