"""The checkers in a real kernel: a report appears once, and a stopped loop leaves the later cells alive."""

import nbformat

from press.execute import run

CELLS = {
    "stub": """
from seqbook.checks import check

def rnn_step(x, h, weight_ih, weight_hh, bias):
    raise NotImplementedError

check("unfolding/step", rnn_step)""",
    "loop": """
def forever(x, h, weight_ih, weight_hh, bias):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass

report = check("unfolding/step", forever, seconds=0.3)
print("after")""",
    "again": "report",
    "line": """
check("unfolding/step", lambda x, h, weight_ih, weight_hh, bias: input("?"))
check("unfolding/step", lambda x, h, weight_ih, weight_hh, bias: x @ h)""",
}


def test_in_a_kernel(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS.values()])
    nbformat.write(notebook, tmp_path / "checks.ipynb")
    notebook = run(tmp_path / "checks.ipynb", tmp_path)
    stub, loop, again, line = (cell.outputs for cell in notebook.cells)

    assert [output.output_type for output in stub] == ["display_data"]
    assert "Not yet" in stub[0].data["text/plain"] and "Not yet" in stub[0].data["text/html"]
    assert [output.output_type for output in loop] == ["display_data", "stream"]
    assert "in forever" in loop[0].data["text/plain"] and loop[1].text == "after\n"
    assert [output.output_type for output in again] == ["display_data"] and again[0].data == loop[0].data
    assert len(line) == 2
    assert "StdinNotImplementedError" in line[0].data["text/plain"]
    assert "x @ h)" in line[1].data["text/plain"] and "Line 2" in line[1].data["text/plain"]
