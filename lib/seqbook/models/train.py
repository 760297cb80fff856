"""Train the book's models and write their files and cards.

    python -m seqbook.models.train                # all: make models
    python -m seqbook.models.train adding korean  # some

Seeds are fixed: with the same data, the same versions of NumPy and its BLAS, the same processor and number of threads
a file comes out the same, bit for bit; elsewhere sums round differently and the numbers drift apart while the score
stays. Cards say which data and versions a file was made from.
"""

import argparse
import json
import platform
from importlib.metadata import version

from seqbook.models import adding, documentation, korean
from seqbook.models.files import save_params
from seqbook.models.trained import load, path

SEED = 0
RECIPES = {"documentation": documentation, "adding": adding, "korean": korean}


def train(name: str) -> None:
    """Train the model `name`, write its file, and on its card the score of the file as it is loaded."""
    recipe = RECIPES[name]
    network, about = recipe.build(SEED)
    save_params(path(name), network.params, quantise=recipe.QUANTISE)
    sizes = {"vocabulary": None, "input": network.lstm.input_size, "hidden": network.lstm.hidden_size,
             "output": network.output.output_size}
    if network.embedding is not None:
        sizes["vocabulary"] = network.embedding.vocabulary_size
    card = {
        "name": name, "vocabulary": None, **about, "sizes": sizes,
        "parameters": sum(array.size for array in network.params.values()),
        "command": f"python -m seqbook.models.train {name}", "seed": SEED,
        "versions": {"python": platform.python_version(),
                     **{package: version(package) for package in ("numpy", "babel", "safetensors")}},
    }
    write_card(card)    # the score is measured on what `load` gives
    write_card({**card, "score": recipe.score(load(name))})


def write_card(card: dict) -> None:
    text = json.dumps(card, ensure_ascii=False, indent=2) + "\n"
    path(card["name"], ".json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train the book's models and write their files and cards.")
    parser.add_argument("names", nargs="*", choices=[*RECIPES, []], metavar="name", help=", ".join(RECIPES))
    for name in parser.parse_args().names or RECIPES:
        train(name)
        print(path(name), path(name).stat().st_size, "bytes,", json.loads(path(name, ".json").read_text())["score"])
