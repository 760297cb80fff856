"""Train the book's models and write their files and cards.

    python -m seqbook.models.train                # all: make models
    python -m seqbook.models.train adding korean  # some

Seeds are fixed: with the same data, the same versions of NumPy and its BLAS, the same processor and number of threads
a file comes out the same, bit for bit. Elsewhere sums round differently and the numbers drift apart, while the score
stays about the same. The card says from which data and with which versions its file was made.
"""

import argparse
from pathlib import Path

import numpy as np

from seqbook.models import adding, documentation, iso, korean, spacing, transformer
from seqbook.models.files import save_card, save_params, versions
from seqbook.models.network import named
from seqbook.models.trained import FOLDER, NAMES, TrainedEncoderDecoder, TrainedModel, TrainedTransformer, read
from seqbook.scratch import LanguageModel, Seq2Seq

SEED = 0
RECIPES = dict(zip(NAMES, (documentation, adding, korean, spacing, iso, transformer), strict=True))


def train(name: str, folder: Path = FOLDER) -> TrainedModel | TrainedEncoderDecoder | TrainedTransformer:
    """Train the model `name` and write its file and card; the card's score is that of the file as it is read."""
    recipe, file = RECIPES[name], folder / f"{name}.safetensors"
    network, vocabulary = recipe.build(np.random.default_rng(SEED))
    card = {
        "name": name, "task": recipe.TASK, "data": recipe.DATA, "split": recipe.SPLIT, "labels": recipe.LABELS,
        "vocabulary": None if vocabulary is None else "".join(vocabulary.characters[1:]),    # all but the unknown one
        "sizes": sizes(network),
        "parameters": sum(array.size for array in network.params.values()),
        "command": f"python -m seqbook.models.train {name}", "seed": SEED,
        "versions": versions("numpy", "babel", "safetensors"),
    }
    save_params(file, named(network), quantise=recipe.QUANTISE)
    save_card(file, card)
    save_card(file, card | {"score": recipe.score(read(name, folder))})
    return read(name, folder)


def sizes(network) -> dict:
    """The card's sizes: ids and numbers that are read at a step, the state, what is put out; a Transformer's own."""
    if isinstance(network, LanguageModel):
        block = network.stack.blocks[0]
        return {"vocabulary": network.output.output_size, "positions": network.tokens.positions.max_length,
                "model": block.attention.model_size, "heads": block.attention.heads,
                "feed_forward": block.feed_forward.linear1.output_size, "blocks": len(network.stack.blocks)}
    if isinstance(network, Seq2Seq):
        first, recurrent, output = network.encoder.embedding, network.encoder.recurrent, network.decoder.output
    else:
        first, recurrent, output = network.first, network.recurrent, network.output
    return {"vocabulary": None if first is None else first.vocabulary_size, "input": recurrent.input_size,
            "hidden": recurrent.output_size, "output": output.output_size}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m seqbook.models.train",
                                     description="Train the book's models and write their files and cards.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"{', '.join(NAMES)}; all if none is given")
    names = parser.parse_args().names or NAMES
    if unknown := [name for name in names if name not in NAMES]:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    for name in names:
        score = train(name).card["score"]
        print(f"{name}: {score['name']} {score['value']:.4g}")
