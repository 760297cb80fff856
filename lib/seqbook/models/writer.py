"""The network that writes place names on the page: its training, file and card (the widget `NameGenerator`).

    python -m seqbook.models.writer    # trains it anew (some ten seconds), writes places.safetensors and places.json
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqbook.data import places, spelled
from seqbook.data.places import MARKS
from seqbook.models.at_work import (
    Names, copies, counting_loss, counting_names, drawn_names, name_writer, network_loss, size,
)
from seqbook.models.files import load_card, load_params, save_card, save_params, versions
from seqbook.scratch import RNN, Embedding, Linear, SequenceModel

FILE = Path(__file__).with_name("places.safetensors")
SEED, SETTING = 0, {"lr": 0.005, "dropout": 0.0}    # chosen on the validation split: seqbook.models.at_work
ORDERS = range(2, 6)
DRAWS = 500


class Writer(NamedTuple):
    """A trained network, the letters that its ids stand for (0 is the end), and what is known of it."""

    network: SequenceModel
    letters: tuple[str, ...]
    card: dict


def load_writer(dtype=np.float32) -> Writer:
    """The stored network, a fresh copy at every call: an RNN between an embedding and a linear output.

        network, letters, card = load_writer()
        found = sample(network.step, None, np.array([letters.index("@")]), end=0, max_length=60, rng=rng)
    """
    card, params = load_card(FILE), load_params(FILE)
    (V, D), H = params["first.weight"].shape, params["recurrent.weight_hh"].shape[0]
    sizes = {"rng": np.random.default_rng(0), "dtype": dtype}    # the layers' own numbers are overwritten
    network = SequenceModel(Embedding(V, D, **sizes), RNN(D, H, **sizes), Linear(H, V, **sizes))
    network.params.update({name: array.astype(dtype) for name, array in params.items()})
    return Writer(network, tuple(card["letters"]), card)


def score(network, data: Names) -> dict:
    """What the card claims, measured: nats a letter of names held out, and how much of what is written is copied."""
    counts = {f"{order}-gram counts": counting_loss(counting_names(data, order), order, data.test) for order in ORDERS}
    drawn = {language: drawn_names(network, data, language, DRAWS, np.random.default_rng(1)) for language in MARKS}
    return {
        "name": "nats a letter", "meaning": f"loss a letter, the end counted, of {len(data.test)} held-out names",
        "value": network_loss(network, data, data.test), "tolerance": 0.02,    # the names of other versions of babel
        "baselines": counts, "copied": {language: copies(names, data) for language, names in drawn.items()},
        "copied_meaning": f"share of {DRAWS} names drawn at temperature 1 that stand among those it learned from",
    }


def everything() -> Names:
    """The names with those of the validation among those to learn from: the setting is chosen."""
    data = Names()
    data.learn = [spelled(pair) for pair in places().train]
    return data


def main() -> None:
    data = everything()
    network = name_writer(data, SEED, **SETTING)
    save_params(FILE, dict(network.params), quantise=True)
    card = {
        "name": "places", "task": "the next letter of a place's name, after a mark of its language",
        "data": f"seqbook.data.places(), {len(data.learn)} names of cities and territories, English and Korean: "
                "Unicode CLDR from the package babel (Unicode licence); Hangul syllables taken apart into letters",
        "split": f"judged on {len(data.test)} names of places that stand in no training name, one place in ten",
        "letters": data.letters, "sizes": {"vocabulary": len(data.letters), "input": 32, "hidden": 128},
        "parameters": size(network), "command": "python -m seqbook.models.writer", "seed": SEED, "setting": SETTING,
        "versions": versions("numpy", "babel", "safetensors"),
    }
    save_card(FILE, card)
    save_card(FILE, card | {"score": score(load_writer().network, data)})
    print(load_writer().card["score"])


if __name__ == "__main__":
    main()
