"""The table of what was measured on which machine, and the script that writes it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from seqbook.models.hardware import TABLE, hardware

ROOT = Path(__file__).resolve().parents[1]
EVERY_MACHINE = pytest.mark.parametrize("name", hardware())
CHAPTER = (ROOT / "chapters/beyond/gpu-and-scale.md").read_text(encoding="utf-8")


def machine(*arguments):
    # without the compiler: the compiled loop is then the loop
    environment = {**os.environ, "TORCHDYNAMO_DISABLE": "1", "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"}
    return subprocess.run([sys.executable, "-m", "benchmarks.hardware", "--rounds", "1", *arguments], cwd=ROOT,
                          text=True, capture_output=True, env=environment)


@EVERY_MACHINE
def test_a_machine_says_what_it_is(name):
    entry = hardware()[name]
    assert entry["kind"] in ("CPU", "GPU") and entry["date"].count("-") == 2
    wanted = {"python", "numpy", "torch"} | ({"cuda", "cudnn"} if entry["kind"] == "GPU" else set())
    assert set(entry["versions"]) == wanted


@EVERY_MACHINE
def test_counts_follow_from_shapes_and_seconds_are_seconds(name):
    entry = hardware()[name]
    counted = {f"step B={B} H=2048": (8 * B * 2048**2, 4 * (4 * 2048**2 + 5 * B * 2048)) for B in (1, 8, 64)}
    for form, scores in (("whole", 4 * 2048**2), ("blocks", 0)):
        counted[f"attention {form} T=2048"] = 8 * 4 * 2048**2 * 64, 8 * 4 * (4 * 2048 * 64 + scores)
    assert {point: tuple(found[:2]) for point, found in entry["points"].items()} == counted
    for operations, _, seconds in entry["points"].values():
        # Nothing is faster than the roof; what is under a five-hundredth of it was counted in other units.
        assert 2e-3 < operations / seconds / entry["roof"]["float32"] < 1.05


@EVERY_MACHINE
def test_time_and_pages_of_new_memory_and_of_kept_memory(name):
    found = hardware()[name]["memory"]
    assert set(found) in ({"attention whole T=2048", "math", "NumPy, whole"}, set())
    for forms in found.values():
        assert set(forms) == {"new", "kept"}
        for seconds, system, pages in forms.values():
            assert 0 <= system < seconds and pages >= 0
        assert forms["kept"][2] < forms["new"][2] / 100    # else it was not kept


@EVERY_MACHINE
def test_every_form_of_both_layers_is_there(name):
    entry = hardware()[name]
    forms = {"CPU": ({"NumPy", "loop", "compiled", "kernel"}, {"NumPy", "NumPy, in blocks", "math", "fused"}),
             "GPU": ({"loop", "compiled", "kernel"}, {"math", "fused", "math, bfloat16", "fused, bfloat16"})}
    for layer, wanted in zip(("LSTM", "attention"), forms[entry["kind"]]):
        assert entry[layer].keys() - {"sizes"} == wanted
        assert all(seconds > 0 for form, seconds in entry[layer].items() if form != "sizes")


def test_the_chapter_says_that_no_gpu_was_there_as_long_as_none_was():
    without = not any(entry["kind"] == "GPU" for entry in hardware().values())
    for sentence in ("That computer had no GPU.", "**No GPU has been measured for this table yet.**",
                     "This page reports no GPU's time.", "이 페이지를 만든 컴퓨터에는 GPU가 없었으므로",
                     "**이 표를 GPU에서 잰 사람은 아직 없습니다.**", "이 페이지에 GPU의 시간은 없습니다."):
        assert (sentence in CHAPTER) == without, sentence


def test_what_prose_takes_from_the_table_stands_in_it():
    entry = hardware()["AMD EPYC"]
    points, lstm, attention = entry["points"], entry["LSTM"], entry["attention"]
    milliseconds = {"3.4": points["step B=1 H=2048"][2], "34.0": points["step B=64 H=2048"][2],
                    "73.6": lstm["loop"], "63.7": lstm["compiled"], "27.6": lstm["kernel"], "54.6": lstm["NumPy"]}
    for text, seconds in milliseconds.items():
        assert f"{1e3 * seconds:.1f}" == text and CHAPTER.count(f"{text} ms") == 2
    for text, seconds in {"314": points["attention whole T=2048"][2], "96": points["attention blocks T=2048"][2],
                          "350": attention["math"], "171": attention["fused"]}.items():
        assert f"{1e3 * seconds:.0f}" == text and CHAPTER.count(f"{text} ms") == 2


def test_what_prose_says_of_new_and_kept_memory_stands_in_the_table():
    memory = hardware()["AMD EPYC"]["memory"]
    (whole, math, own) = (memory[name] for name in ("attention whole T=2048", "math", "NumPy, whole"))
    for text, seconds in {"315": math["new"][0], "147": math["new"][1], "170": math["kept"][0],
                          "265": whole["new"][0], "151": whole["new"][1], "113": whole["kept"][0],
                          "162": own["new"][0], "160": own["kept"][0]}.items():
        assert f"{1e3 * seconds:.0f}" == text and len(re.findall(rf"(?<![\d.]){text}(?!\d)", CHAPTER)) >= 2, text
    assert CHAPTER.count(f"{math['new'][2]:,}") == 2 and math["kept"][2] == whole["kept"][2] == 0
    assert round(math["new"][2] * 4096 / (8 * 8 * 512**2 * 4), 2) == 6    # pages of 4 KB: six arrays of scores


def test_the_script_runs_at_small_sizes_and_leaves_the_table_alone():
    before = TABLE.read_bytes()
    done = machine("--small")
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(hardware()["AMD EPYC"])
    assert TABLE.read_bytes() == before


def test_without_a_gpu_the_script_says_so():
    done = machine("--device", "cuda")
    assert done.returncode == 2 and "there is no GPU here" in done.stderr
