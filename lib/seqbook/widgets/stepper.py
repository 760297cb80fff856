"""The encoder–decoder stepper: a trained pair reads the reader's date and writes it as ISO, greedily and by beam."""

import numpy as np
import traitlets

from seqbook.data import composed
from seqbook.models import load, path
from seqbook.models.iso import END, LABELS, START
from seqbook.models.network import new_encoder_decoder
from seqbook.scratch import beam, greedy
from seqbook.scratch.activations import log_softmax
from seqbook.widgets.base import BookWidget, characters, choice, knob

LONGEST = 48    # characters; the page reads no more, and neither does `numbers`
WRITES = 16     # tokens at most, the end included
END_SIGN = "■"  # the end among the tokens of `forced` and `node`
TOKENS = {sign: n for n, sign in enumerate([*LABELS[:END], END_SIGN])}    # all but the start, which is never written

# What the widget begins with, in both languages: what it reads are Korean dates.
BEGINNING = "2026년 3월 9일 월요일"


class Stepper(BookWidget):
    """A trained encoder and decoder (`seqbook.models`, "iso"): a Korean date goes in, its ISO date comes out.

    `text` is what the encoder reads, up to 48 characters; those that it never saw are read as one unknown character.
    `time` is the step t: the encoder's steps come first, one for each of the S characters, then the decoder's, one for
    each token (None: the last). `forced` are the first tokens of what is written, where the reader chooses them instead
    of the decoder: digits, "-" and, for the end, "■"; the decoder goes on from there. `width` is that of the beam,
    `shown` what is looked at step by step: the "greedy" path or the best of the "beam". `node` are the tokens up to the
    opened node of the tree ("": the place of the step in the path).
    """

    text = characters(BEGINNING, most=LONGEST)
    time = knob(1, 1, LONGEST + WRITES)
    forced = characters("", most=WRITES)
    width = knob(3, 1, 8)
    shown = choice("greedy", ("greedy", "beam"))
    node = characters("", most=WRITES)
    specimen = traitlets.Dict().tag(sync=True)    # the trained model

    def __init__(self, text=BEGINNING, lang=None, *, time=None, **knobs):
        super().__init__(lang=lang, text=text, **({} if time is None else {"time": time}), **knobs)
        if time is None:
            found = self.numbers()
            self.time = max(1, len(found["states"]) + len(found["written"]))

    @traitlets.default("specimen")
    def _specimen(self):
        signs = [*TOKENS, ""]
        return {"weights": path("iso").read_bytes(), "characters": list(load("iso").vocabulary.characters),
                "tokens": signs, "end": END, "start": START, "most": WRITES}

    def numbers(self) -> dict:
        """What the page computes, by `seqbook.scratch` in float64; all empty where there is no text.

        `states` (S, H) are the encoder's, the last of them c. `written` (L,) are the tokens' ids of the path that is
        looked at, those of `forced` first; `log_probs` (L, V) the log-probabilities at each of its steps and `decoder`
        (L, H) the decoder's states there. `greedy_log_prob` is that of the greedy path, whole. `beam_ids` (W, K) are
        what the beam holds in the end, the best first, after the tokens of `forced`, and `beam_log_prob` (W,)
        their log-probabilities, those tokens' included; `kept` (K, W) are the log-probabilities of what it holds after
        each of its K steps.
        """
        model, words = as_float64(), composed(self.text)[:LONGEST]
        H, V = model.encoder.output_size, len(LABELS)
        if not words:
            return {"states": np.zeros((0, H)), "written": np.zeros(0), "log_probs": np.zeros((0, V)),
                    "decoder": np.zeros((0, H)), "greedy_log_prob": 0.0, "beam_ids": np.zeros((0, 0)),
                    "beam_log_prob": np.zeros(0), "kept": np.zeros((0, 0))}
        (states, c), _ = model.encoder.forward(load("iso").vocabulary.encode(words)[None])
        step = lambda ids, h: model.decoder.forward(ids, h)[0]
        forced = tokens_of(self.forced)
        logits, start, last = None, c, START
        before = 0.0    # log-probability of the forced tokens
        for token in forced:
            logits, start = step(np.array([[last]]), start)
            before += log_softmax(logits)[0, 0, token]
            last = token
        room = WRITES - len(forced)
        if last == END or room == 0:
            after, greedy_log_prob, beams = np.zeros(0, int), before, None
        else:
            options = {"end": END, "max_length": room}
            found = greedy(step, start, np.array([last]), **options)
            after, greedy_log_prob = found.ids[0], before + found.log_prob[0]
            options |= {"width": self.width, "length_penalty": 0}
            beams = beam(step, start, np.array([last]), **options)
        if beams is None:
            beam_ids, beam_log_prob, kept = np.zeros((0, 0)), np.zeros(0), np.zeros((0, 0))
        else:
            beam_ids, beam_log_prob = beams.ids[0], before + beams.log_prob[0]
            kept = [before + beam(step, start, np.array([last]), **options | {"max_length": k + 1}).log_prob[0]
                    for k in range(beam_ids.shape[1])]
            if self.shown == "beam":
                after = beam_ids[0]
        written = until_end([*forced, *after])
        read = np.array([[START, *written[:-1]]])
        logits, _ = step(read, c)
        x, _ = model.decoder.embedding.forward(read)
        (decoder, _), _ = model.decoder.recurrent.forward(x, c)
        return {"states": states[0], "written": np.array(written, float), "log_probs": log_softmax(logits)[0],
                "decoder": decoder[0], "greedy_log_prob": float(greedy_log_prob), "beam_ids": beam_ids.astype(float),
                "beam_log_prob": beam_log_prob, "kept": np.array(kept)}


def tokens_of(signs: str) -> list[int]:
    """The ids of the tokens that a text names, up to the end and to 16 of them; what is no token is left out."""
    return until_end([TOKENS[sign] for sign in signs if sign in TOKENS])[:WRITES]


def until_end(ids: list[int]) -> list[int]:
    """The ids up to the first end, that included."""
    return [int(token) for token in ids[:ids.index(END) + 1 if END in ids else None]]


def as_float64():
    """The trained encoder and decoder with their numbers in float64, as the page computes."""
    model = load("iso")
    network = new_encoder_decoder(model.encoder.output_size, rng=np.random.default_rng(0), dtype=np.float64,
                                  vocabulary_size=len(model.vocabulary), output_size=len(model.labels),
                                  input_size=model.recurrent.input_size)
    network.params.update({name: array.astype(np.float64) for name, array in model.params.items()})
    return network
