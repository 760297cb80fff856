"""What was measured on which machine (chapter beyond/gpu-and-scale): its roof, and two layers in several forms.

    python -m benchmarks.hardware                  # in the repository: measures the processor (some 2 CPU minutes)
    python -m benchmarks.hardware --device cuda    # measures the GPU

Each writes its machine's entry in hardware.json anew and leaves the others' alone. A chapter reads the table with
`hardware()`.
"""

import json
from pathlib import Path

TABLE = Path(__file__).with_suffix(".json")


def hardware() -> dict:
    """The stored table: a dict for every machine by its name, as its maker gives it.

    `"kind"` is "CPU" or "GPU", `"date"` and `"versions"` say when and with what; `"threads"` how many a processor had.
    `"roof"`: bytes read a second, and operations a second of a large product in "float32" and, on a GPU, in
    "bfloat16". `"points"`: [operations, bytes, seconds] of single pieces of work, the first two counted from
    the shapes. `"LSTM"` and `"attention"`: `"sizes"` and the seconds of a forward and backward pass in each form.
    `"memory"`: [seconds, those of the operating system, pages that it handed out] of attention by its formula, with
    "new" memory for every array and with memory that the allocator has "kept"; {} where that was not measured.
    Seconds are those of the fastest of several alternated rounds, and the median in `"memory"`; on a CPU those that
    it worked on this.
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))
