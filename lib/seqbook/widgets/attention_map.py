"""The attention map: a trained translator writes, and each step is seen, grabbed and run backwards."""

from typing import NamedTuple

import numpy as np
import traitlets

from seqbook.models.attention import END, LONGEST, SCORES, START, TASKS, WRITES, H, load_attention, path
from seqbook.scratch import log_softmax, softmax
from seqbook.scratch.base import check_choice
from seqbook.scratch.gru import gru_step_backward
from seqbook.scratch.masks import softmax_backward
from seqbook.widgets.base import (
    BookWidget, Knob, as_integer, as_number_between, characters, choice, flag, knob,
)

MODES = ("learned", "uniform", "shifted", "off")
# What a model begins with: a source, and the step to look at.
BEGINNINGS = {
    "phrases-en": ("Ich möchte ein Bier trinken", 5), "phrases-ko": ("Ich möchte ein Bier trinken", 4),
    "dates": ("2026년 3월 9일 월요일", 7), "names": ("파라마리보", 5),
}


class Weights(Knob):
    """Rows of weights that the reader set: a list of dicts of `step` and `weights`, those not negative, their sum 1."""

    def check(self, widget, value):
        if not isinstance(value, (list, tuple)) or len(value) > WRITES:
            raise ValueError(f"{self.name} must be a list of up to {WRITES} dicts, got {value!r}")
        return [self.as_row(f"{self.name}[{n}]", row) for n, row in enumerate(value)]

    def as_row(self, name, row) -> dict:
        if not isinstance(row, dict) or set(row) != {"step", "weights"}:
            raise ValueError(f"{name} must be a dict of step and weights, got {row!r}")
        weights = row["weights"]
        if not isinstance(weights, (list, tuple)) or not 1 <= len(weights) <= LONGEST:
            raise ValueError(f"{name}['weights'] must be a list of 1 to {LONGEST} numbers, got {weights!r}")
        numbers = [as_number_between(f"{name}['weights'][{i}]", each, 0, 1) for i, each in enumerate(weights)]
        if abs(sum(numbers) - 1) > 1e-6:
            raise ValueError(f"{name}['weights'] must have the sum 1, got {sum(numbers):.6g}")
        return {"step": as_integer(f"{name}['step']", row["step"], 1, WRITES), "weights": numbers}


class AttentionMap(BookWidget):
    """A trained encoder and a decoder in Luong's form (`seqbook.models.attention`): where it looks as it writes.

    `model` is "phrases-en" or "phrases-ko" (a German sentence into English or Korean), "dates" (Korean dates into ISO
    dates) or "names" (Korean names of places into English letters), `score` the score it was trained with: "dot",
    "scaled dot", "general" or "additive" (where a model was trained with one only, that one counts). `text` is what it
    reads, up to 48 words, characters or letters; `time` the target step t that is looked at, `source` the place i in
    the source (None: the one with the largest weight) and `unit` the unit of the vectors whose sum is written out.
    `temperature` divides the scores before the softmax. `attention` is "learned", or at every step "uniform",
    "shifted" (each weight one place to the right, the last to the first) or "off" (c(t) = 0). `moved` are rows of
    weights set by hand, dicts of `step` and `weights`; one of another length than the source does not count.
    With `backward` the gradient of log p(`output`) at step t is shown; "" is the sign that is written there.
    `models` and `scores` are those that the page carries, about 15 KB each; all as long as nothing else is said.
    """

    model = choice("phrases-en", lambda widget: widget._models)
    score = choice("general", lambda widget: widget._scores)
    text = characters("", most=LONGEST)
    time = knob(1, 1, WRITES)
    source = knob(None, 1, LONGEST)
    unit = knob(0, 0, H - 1)
    temperature = knob(1.0, 0.1, 5.0, step=0.1)
    attention = choice("learned", MODES)
    moved = Weights(())
    backward = flag(False)
    output = characters("", most=WRITES)
    specimen = traitlets.Dict().tag(sync=True)    # the trained models

    def __init__(self, model="phrases-en", text=None, lang=None, *, score="general", time=None, models=None,
                 scores=None, **knobs):
        self._models = carried("models", models, tuple(TASKS), model)
        self._scores = carried("scores", scores, tuple(SCORES), score)
        check_choice("model", model, self._models)
        own_text, own_time = BEGINNINGS[model]
        if time is None:
            time = own_time if text is None else 1
        super().__init__(lang=lang, model=model, score=score, text=own_text if text is None else text, time=time,
                         **knobs)

    @traitlets.default("specimen")
    def _specimen(self):
        made = {}
        for task in self._models:
            files = {score: path(task, score).read_bytes() for score in self._scores_of(task)}
            example = load_attention(task, next(iter(files)))
            made[task] = {"source": list(example.source), "target": list(example.target), "kinds": list(example.kinds),
                          "files": files, "text": BEGINNINGS[task][0], "time": BEGINNINGS[task][1]}
        return {"models": made, "end": END, "start": START, "most": WRITES}

    def _scores_of(self, task) -> tuple[str, ...]:
        """The carried scores of a task; its first where none of them was trained."""
        return tuple(score for score in TASKS[task].scores if score in self._scores) or TASKS[task].scores[:1]

    def numbers(self) -> dict:
        """What the page computes, by `seqbook.scratch` in float64; all empty where there is no text.

        `states` (S, H) are the encoder's; `written` (T,) the ids of what is written; `decoder` (T, H), `scores` and
        `weights` (T, S), `contexts` and `attentional` (T, H) and `log_probs` (T, V) each of its steps. Gradients of
        log p(`output`) at step `time`: `d_logits` (V,), `d_attentional` (H,), `d_context` (H,), `d_weights` and
        `d_scores` (S,), `d_query` (H,) through the scores, `d_decoder` (t, H) at the decoder's states, `d_values` and
        `d_keys` (S, H) through contexts and scores, `d_states` (S, H) in all, `d_inputs` (S, D) at the embeddings.
        """
        scores = self._scores_of(self.model)
        model = load_attention(self.model, self.score if self.score in scores else scores[0], np.float64)
        ids = model.encode(self.text)
        if len(ids) == 0:
            return nothing(model)
        found = forward(model, ids, self)
        t = min(self.time, len(found.written)) - 1
        token = model.target.index(self.output) if self.output in model.target[:-1] else found.written[t]
        return found.numbers() | gradients(model, found, t, token, self)


def carried(name: str, given, known: tuple, shown: str) -> tuple:
    """The models or scores that a page carries, in their usual order; the one that is shown is among them."""
    if given is None:
        return known
    if isinstance(given, str) or not set(given) <= set(known):
        raise ValueError(f"{name} must be some of {known}, got {given!r}")
    return tuple(each for each in known if each in {*given, shown})


def nothing(model) -> dict:
    """The numbers where there is no text."""
    S, T, D, V = 0, 0, model.encoder.recurrent.input_size, len(model.target)
    shapes = {"states": (S, H), "written": (T,), "decoder": (T, H), "scores": (T, S), "weights": (T, S),
              "contexts": (T, H), "attentional": (T, H), "log_probs": (T, V), "d_logits": (0,), "d_attentional": (0,),
              "d_context": (0,), "d_weights": (S,), "d_scores": (S,), "d_query": (0,), "d_decoder": (T, H),
              "d_values": (S, H), "d_keys": (S, H), "d_states": (S, H), "d_inputs": (S, D)}
    return {name: np.zeros(shape) for name, shape in shapes.items()}


class Forward(NamedTuple):
    """All that was computed on the way to what is written; the caches go to `gradients`."""

    encoder: tuple             # caches
    decoder: tuple
    comparison: tuple
    states: np.ndarray         # (S, H)
    written: np.ndarray        # (T,)
    s: np.ndarray              # (T, H)
    scores: np.ndarray         # (T, S), not divided by the temperature
    softmax: np.ndarray        # (T, S)
    weights: np.ndarray        # (T, S), after what is done to them
    by_hand: np.ndarray        # (T,), True where the scores do not matter
    contexts: np.ndarray       # (T, H)
    attentional: np.ndarray    # (T, H)
    logits: np.ndarray         # (T, V)

    def numbers(self) -> dict:
        return {"states": self.states, "written": self.written.astype(float), "decoder": self.s, "scores": self.scores,
                "weights": self.weights, "contexts": self.contexts, "attentional": self.attentional,
                "log_probs": log_softmax(self.logits)}


def forward(model, ids: np.ndarray, settings) -> Forward:
    """Write greedily, with the attention that `settings` (an AttentionMap) asks for."""
    decoder = model.decoder
    (memory, start), encoder_cache = model.encoder.forward(ids[None])
    projected = decoder.score.project(memory)
    rows = {row["step"]: np.array(row["weights"]) for row in settings.moved}

    def look(s, first):
        """Scores, softmax, weights, whether they are set by hand (T,), contexts, a and logits of states s (1, T, H)."""
        scores, comparison = decoder.score.compare(s, projected)
        learned = softmax(scores[0] / settings.temperature)
        weights, by_hand = learned, np.full(len(learned), settings.attention in ("uniform", "off"))
        if settings.attention == "uniform":
            weights = np.full_like(learned, 1 / len(ids))
        elif settings.attention == "shifted":
            weights = np.roll(learned, 1, axis=1)
        elif settings.attention == "off":
            weights = np.zeros_like(learned)
        for t in range(len(weights)):
            row = rows.get(first + t)
            if settings.attention != "off" and row is not None and len(row) == len(ids):
                weights, by_hand[t] = np.where(np.arange(len(weights))[:, None] == t, row, weights), True
        contexts = weights @ memory[0]
        combined, _ = decoder.combine.forward(np.concatenate([contexts, s[0]], axis=1)[None])
        a = np.tanh(combined[0])
        return scores[0], comparison, learned, weights, by_hand, contexts, a, decoder.output.forward(a[None])[0][0]

    written, read, state = [], model.start, start
    while len(written) < WRITES and model.end not in written:
        y, _ = decoder.embedding.forward(np.array([[read]]))
        (s, state), _ = decoder.recurrent.forward(y, state)
        read = int(look(s, len(written) + 1)[-1][0].argmax())
        written.append(read)
    written = np.array(written)
    y, _ = decoder.embedding.forward(model.before(written)[None])
    (s, _), decoder_cache = decoder.recurrent.forward(y, start)
    scores, comparison, learned, weights, by_hand, contexts, a, logits = look(s, 1)
    return Forward(encoder_cache, decoder_cache, comparison, memory[0], written, s[0], scores, learned, weights,
                   by_hand, contexts, a, logits)


def gradients(model, found: Forward, t: int, token: int, settings) -> dict:
    """Of log p(`token`) at step t (from 0), at everything that it comes from."""
    decoder, T = model.decoder, len(found.written)
    d_logits = -softmax(found.logits[t])
    d_logits[token] += 1
    d_attentional = d_logits @ decoder.output.params["weight"]
    d_combined = d_attentional * (1 - found.attentional[t] ** 2)
    d_context, d_s = np.split(d_combined @ decoder.combine.params["weight"], 2)
    if settings.attention == "off":
        d_context = np.zeros_like(d_context)    # nothing comes from where nothing was taken
    d_weights = found.states @ d_context
    d_values = found.weights[t][:, None] * d_context
    d_softmax = np.roll(d_weights, -1 if settings.attention == "shifted" else 0)    # a copy
    d_scores = softmax_backward(d_softmax[None], found.softmax[t][None])[0] / settings.temperature
    if found.by_hand[t]:
        d_scores = np.zeros_like(d_scores)

    every = np.zeros((1, T, len(d_scores)))
    every[0, t] = d_scores
    (d_query, d_projected), _ = decoder.score.compare_backward(every, found.comparison)
    d_keys, _ = decoder.score.project_backward(d_projected, found.states[None])
    ds = d_query[0].copy()
    ds[t] += d_s
    d_decoder, _, d_start = through_time(decoder.recurrent, ds[:t + 1], found.decoder)
    d_memory = d_values + d_keys[0]
    d_memory[-1] += d_start    # the decoder starts from the encoder's last state
    d_states, d_inputs, _ = through_time(model.encoder.recurrent, d_memory, found.encoder.recurrent)
    return {"d_logits": d_logits, "d_attentional": d_attentional, "d_context": d_context, "d_weights": d_weights,
            "d_scores": d_scores, "d_query": d_query[0, t], "d_decoder": d_decoder, "d_values": d_values,
            "d_keys": d_keys[0], "d_states": d_states, "d_inputs": d_inputs}


def through_time(gru, dhs: np.ndarray, cache) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The whole gradient at each of T states (T, H), at the inputs (T, D) and at the first state (H,), from what
    arrives at the outputs, dhs (T, H): `GRU.backward` with what it meets on its way."""
    T = len(dhs)
    states, inputs, dh = np.empty_like(dhs), np.empty((T, gru.input_size)), np.zeros((1, dhs.shape[1]))
    for t in reversed(range(T)):
        dh = dh + dhs[t]
        states[t] = dh[0]
        from_x, from_h, passed = gru_step_backward(dh, *cache.rznm[:, t], cache.h[t])
        dh = from_h @ gru.params["weight_hh"] + passed
        inputs[t] = from_x[0] @ gru.params["weight_ih"]
    return states, inputs, dh[0]
