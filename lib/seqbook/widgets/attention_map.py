"""The attention map: a trained translator writes, and each step is seen, grabbed and run backwards, or its heads erased.
"""

from typing import NamedTuple

import numpy as np
import traitlets

from seqbook.models import encoder_decoder
from seqbook.models.attention import END, LONGEST, SCORES, START, TASKS, WRITES, H, load_attention, path
from seqbook.models.encoder_decoder import (
    HEADS, LAYERS, PLACES, E, N, cooled, load_translator, place_of, without,
)
from seqbook.scratch import log_softmax, softmax
from seqbook.scratch.base import check_choice
from seqbook.scratch.gru import gru_step_backward
from seqbook.scratch.masks import softmax_backward
from seqbook.widgets.base import (
    BookWidget, Knob, as_integer, as_number_between, characters, choice, flag, knob,
)

ARCHITECTURES = ("recurrent", "transformer")
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


class Erased(Knob):
    """Heads of the Transformer that are switched off: a list of names out of `HEADS`."""

    def check(self, widget, value):
        if not isinstance(value, (list, tuple)):
            raise ValueError(f"{self.name} must be a list of heads, got {value!r}")
        for n, name in enumerate(value):
            check_choice(f"{self.name}[{n}]", name, HEADS)
        return [name for name in HEADS if name in value]


class AttentionMap(BookWidget):
    """A trained translator writes what the reader asks for, and one sees where it looks at every step.

    There are two kinds of it: a recurrent encoder and decoder, which looks back once at every step, and a Transformer
    with an encoder and a decoder, which looks with every head of every layer.

    `architecture` is "recurrent" (`seqbook.models.attention`, Luong's form) or "transformer"
    (`seqbook.models.encoder_decoder`). `model` is "phrases-en" or "phrases-ko" (a German sentence into English or
    Korean), "dates" (Korean dates into ISO dates) or "names" (Korean names of places into English letters). `text` is
    what it reads, up to 48 words, characters or letters; `time` the row t that is looked at: the target step, or the
    place in the source for the encoder's heads; `source` the place that it looks at (None: the one with the largest
    weight) and `unit` the unit of the vectors whose sum is written out. `temperature` divides the scores before the
    softmax.

    Of the Transformer, `place` is "encoder", "decoder" (self-attention of the source and of the target) or "cross"
    (from the target to the source); `layer` and `head`, from 1, choose the head that is looked at. `erased` are heads
    that are switched off, "cross 2 1" for the first of the second layer: nothing of what they gather goes on.

    Of the recurrent one, `score` is the score it was trained with: "dot", "scaled dot", "general" or "additive" (where
    a model was trained with one only, that one counts). `attention` is "learned", or at every step "uniform",
    "shifted" (each weight one place to the right, the last to the first) or "off" (c(t) = 0). `moved` are rows of
    weights set by hand, dicts of `step` and `weights`; one of another length than the source does not count.
    With `backward` the gradient of log p(`output`) at step t is shown; "" is the sign that is written there.

    `models`, `scores` and `architectures` are those that the page carries, about 15 KB each recurrent model and 40 KB
    each Transformer; all models and scores, and the one architecture, as long as nothing else is said.
    """

    architecture = choice("recurrent", lambda widget: widget._architectures)
    model = choice("phrases-en", lambda widget: widget._models)
    score = choice("general", lambda widget: widget._scores)
    text = characters("", most=LONGEST)
    place = choice("cross", PLACES)
    layer = knob(LAYERS, 1, LAYERS)
    head = knob(1, 1, N)
    erased = Erased(())
    time = knob(1, 1, LONGEST)
    source = knob(None, 1, LONGEST)
    unit = knob(0, 0, H - 1)
    temperature = knob(1.0, 0.1, 5.0, step=0.1)
    attention = choice("learned", MODES)
    moved = Weights(())
    backward = flag(False)
    output = characters("", most=WRITES)
    specimen = traitlets.Dict().tag(sync=True)    # the trained models

    def __init__(self, model="phrases-en", text=None, lang=None, *, architecture="recurrent", score="general",
                 time=None, models=None, scores=None, architectures=None, **knobs):
        self._architectures = carried("architectures", (architecture,) if architectures is None else architectures,
                                      ARCHITECTURES, architecture)
        self._models = carried("models", models, tuple(TASKS), model)
        self._scores = carried("scores", scores, tuple(SCORES), score)
        check_choice("architecture", architecture, ARCHITECTURES)
        check_choice("model", model, self._models)
        own_text, own_time = BEGINNINGS[model]
        if time is None:
            time = own_time if text is None else 1
        super().__init__(lang=lang, architecture=architecture, model=model, score=score,
                         text=own_text if text is None else text, time=time, **knobs)

    @classmethod
    def _example(cls, **arguments):
        """Both architectures, so that every knob has something to show."""
        return cls(**{"architectures": ARCHITECTURES, **arguments})

    @traitlets.default("specimen")
    def _specimen(self):
        recurrent, transformers = {}, {}
        for task in self._models:
            own = {"text": BEGINNINGS[task][0], "time": BEGINNINGS[task][1], "kinds": list(TASKS[task].kinds)}
            if "recurrent" in self._architectures:
                files = {score: path(task, score).read_bytes() for score in self._scores_of(task)}
                example = load_attention(task, next(iter(files)))
                recurrent[task] = own | {"source": list(example.source), "target": list(example.target),
                                         "files": files}
            if "transformer" in self._architectures:
                model, measured = load_translator(task), load_translator(task).card["measured"]
                transformers[task] = own | {
                    "source": list(model.source), "target": list(model.target), "heads": N, "layers": LAYERS,
                    "units": E // N, "file": encoder_decoder.path(task).read_bytes(), "right": measured["value"],
                    "erased": measured["erased"]}
        return {"models": recurrent, "transformers": transformers, "end": END, "start": START, "most": WRITES}

    def _scores_of(self, task) -> tuple[str, ...]:
        """The carried scores of a task; its first where none of them was trained."""
        return tuple(score for score in TASKS[task].scores if score in self._scores) or TASKS[task].scores[:1]

    def numbers(self) -> dict:
        """What the page computes, by `seqbook.scratch` in float64; all empty where there is no text.

        Recurrent: `states` (S, H) are the encoder's; `written` (T,) the ids of what is written; `decoder` (T, H),
        `scores` and `weights` (T, S), `contexts` and `attentional` (T, H) and `log_probs` (T, V) each of its steps.
        Gradients of log p(`output`) at step `time`: `d_logits` (V,), `d_attentional` (H,), `d_context` (H,),
        `d_weights` and `d_scores` (S,), `d_query` (H,) through the scores, `d_decoder` (t, H) at the decoder's states,
        `d_values` and `d_keys` (S, H) through contexts and scores, `d_states` (S, H) in all, `d_inputs` (S, D) at the
        embeddings.

        Transformer: `memory` (S, E) is what the encoder gives, `written` and `log_probs` as above, `encoder`,
        `decoder` and `cross` (layers, N, rows, columns) all attention weights. Of the chosen head `queries` (rows, K),
        `keys` and `values` (columns, K), `scores` (as if it might look everywhere, before they are divided by the
        temperature) and `weights` (rows, columns), `mixed` (rows, K), what it gathers, and `added` (rows, E), what of
        that it adds to x.
        """
        if self.architecture == "transformer":
            return numbers_of_heads(load_translator(self.model, np.float64), self)
        scores = self._scores_of(self.model)
        model = load_attention(self.model, self.score if self.score in scores else scores[0], np.float64)
        ids = model.encode(self.text)
        if len(ids) == 0:
            return nothing(model)
        found = forward(model, ids, self)
        t = min(self.time, len(found.written)) - 1
        token = model.target.index(self.output) if self.output in model.target[:-1] else found.written[t]
        return found.numbers() | gradients(model, found, t, token, self)


# --- the Transformer

def numbers_of_heads(model, settings) -> dict:
    """`AttentionMap.numbers` of the Transformer."""
    ids, K = model.encode(settings.text), E // N
    if len(ids) == 0:
        shapes = {"memory": (0, E), "written": (0,), "log_probs": (0, len(model.target)),
                  **dict.fromkeys(PLACES, (LAYERS, N, 0, 0)), "queries": (0, K), "keys": (0, K), "values": (0, K),
                  "scores": (0, 0), "weights": (0, 0), "mixed": (0, K), "added": (0, E)}
        return {name: np.zeros(shape) for name, shape in shapes.items()}
    set_model = cooled(without(model, *settings.erased), settings.temperature)
    written = set_model.write_ids([settings.text])[0]
    logits, cache = set_model.network.forward(ids[None], set_model.before(written)[None])
    memory, _ = set_model.network.encode(ids[None])
    looks = {"encoder": [block.attention.sublayer for block in cache.encoder.blocks],
             "decoder": [block.self_attention.sublayer for block in cache.decoder.blocks],
             "cross": [block.cross_attention.sublayer for block in cache.decoder.blocks]}
    q, k, v, weights = (each[0, settings.head - 1] for each in looks[settings.place][settings.layer - 1].attention)
    attention, head = place_of(f"{settings.place} {settings.layer} {settings.head}")
    onward = set_model.params[f"{attention}.output.weight"][:, head * K:(head + 1) * K]    # (E, K), 0 where erased
    q = q * settings.temperature
    return {"memory": memory[0], "written": written.astype(float), "log_probs": log_softmax(logits[0]),
            **{place: np.stack([look.weights[0] for look in found]) for place, found in looks.items()},
            "queries": q, "keys": k, "values": v, "scores": q @ k.T / K ** 0.5, "weights": weights,
            "mixed": weights @ v, "added": weights @ v @ onward.T}


# --- the recurrent one

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
