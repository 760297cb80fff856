"""How a long experiment's table lies in its file: JSON that can be read, and compared, line by line."""

import json
from pathlib import Path


def write_table(table: dict, path: Path) -> None:
    """`table`, a dict of dicts, as JSON: a line for each entry of its parts."""
    parts = [f' "{part}": {{\n' + ",\n".join(f'  "{key}": {json.dumps(value)}' for key, value in entries.items())
             + "\n }" for part, entries in table.items()]
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
