"""The exercises of `rnn/encoder-decoder`: writing, the probability of a string, one step of a beam."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# ----------------------------------------------------------------------------------------------- encoder-decoder/write

write = Exercise(
    "encoder-decoder/write",
    "write(c (B, H), first (B), embedding (V, E), weight_ih (H, E), weight_hh (H, H), bias (H), weight_ho (V, H), "
    "bias_o (V), length) -> logits (B, T, V)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})))


@write.inputs
def write_inputs(rng, sizes, name):
    B, H, V, E = (sizes[letter] for letter in "BHVE")
    draw = rng.standard_normal
    return {"c": np.tanh(draw((B, H))), "first": rng.integers(V, size=B), "embedding": 2 * draw((V, E)),
            "weight_ih": draw((H, E)), "weight_hh": draw((H, H)), "bias": draw(H), "weight_ho": draw((V, H)),
            "bias_o": 0.5 * draw(V), "length": sizes["T"]}


@write.solution
def write_on(c, first, embedding, weight_ih, weight_hh, bias, weight_ho, bias_o, length):
    s, token, logits = c, first, []
    for _ in range(length):
        s = np.tanh(embedding[token] @ weight_ih.T + s @ weight_hh.T + bias)     # (B, H)
        o = s @ weight_ho.T + bias_o                                             # (B, V)
        token = o.argmax(axis=-1)
        logits.append(o)
    return np.stack(logits, axis=1)                                              # (B, T, V)


write.says(
    "state_not_passed", {"s @ weight_hh": "c @ weight_hh"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 시점마다 상태가 c에서 다시 시작합니다. 방금 계산한 상태는 어디로 가야 할까요?",
    en="The fault you were to find is still there. Every step starts from c again. Where does the state just computed "
       "have to go?")
write.says(
    "token_not_passed", {"embedding[token]": "embedding[first]"},
    ko="모든 시점에서 `first`를 읽습니다. 둘째 시점부터는 방금 쓴 토큰을 읽어야 합니다.",
    en="Every step reads `first`. From the second step on it is the token just written that is read.")
write.says(
    "least_probable", {"o.argmax": "o.argmin"},
    ko="로짓이 가장 작은 토큰을 골랐습니다.",
    en="The token with the smallest logit is chosen.")
write.says(
    "from_zero", {"s, token, logits = c,": "s, token, logits = 0 * c,"},
    ko="상태가 c가 아니라 0에서 시작합니다. 그러면 무엇을 읽었는지 디코더에 전해지지 않습니다.",
    en="The state starts from 0 and not from c. Then nothing tells the decoder what was read.")

# ------------------------------------------------------------------------------------- encoder-decoder/string_log_prob

string_log_prob = Exercise(
    "encoder-decoder/string_log_prob",
    "string_log_prob(logits (B, T, V), ids (B, T), end) -> log_prob (B)",
    kinds=(GENERAL, GENERAL, Kind(name="open", ko="끝이 없는 문자열이 있을 때", en="a string without an end"),
           Kind({"B": 1})))


@string_log_prob.inputs
def string_log_prob_inputs(rng, sizes, name):
    B, T, V = sizes["B"], sizes["T"], sizes["V"]
    end = int(rng.integers(V))
    ids = (end + 1 + rng.integers(V - 1, size=(B, T))) % V        # no end so far
    for b in range(B - (name == "open")):
        ids[b, rng.integers(1, T - 1):] = end                     # the end and its repetition as padding
    return {"logits": 2 * rng.standard_normal((B, T, V)), "ids": ids, "end": end}


@string_log_prob.solution
def with_its_end(logits, ids, end):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    log_probs = np.log(e / e.sum(axis=-1, keepdims=True))                        # (B, T, V)
    chosen = np.take_along_axis(log_probs, ids[..., None], axis=-1)[..., 0]      # (B, T)
    is_end = ids == end
    ended_before = np.cumsum(is_end, axis=1) - is_end                            # 0, … 0, 1, 2 …
    return np.where(ended_before == 0, chosen, 0).sum(axis=1)                    # (B,)


string_log_prob.says(
    "end_left_out", {"ended_before == 0": "~is_end"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 끝의 확률이 빠졌습니다. 문자열이 거기서 끝날 확률도 그 문자열의 확률에 들어갑니다.",
    en="The fault you were to find is still there. The end's own probability is left out. That a string stops there is "
       "part of its probability.")
string_log_prob.says(
    "padding_counted", {"np.where(ended_before == 0, chosen, 0)": "chosen"},
    ko="끝 뒤의 패딩까지 더했습니다. 첫 `end`까지만 문자열에 속합니다.",
    en="The padding after the end is added too. Only what stands up to the first `end` belongs to the string.")
string_log_prob.says(
    "logits_added", {"np.log(e / e.sum(axis=-1, keepdims=True))": "logits"},
    ko="로그 확률이 아니라 로짓을 더했습니다. 로짓은 아직 확률로 정규화되지 않았습니다.",
    en="Logits are added, not log-probabilities. They have not been normalised yet.")
string_log_prob.says(
    "mean_instead_of_sum", {".sum(axis=1)  ": ".mean(axis=1)  "},
    ko="합이 아니라 평균을 냈습니다. 확률의 곱은 로그 확률의 합입니다.",
    en="This is a mean, not a sum. A product of probabilities is a sum of their logarithms.")

# ------------------------------------------------------------------------------------------- encoder-decoder/beam_step

beam_step = Exercise(
    "encoder-decoder/beam_step",
    "beam_step(log_prob (W), next_log_prob (W, V)) -> best (W), parent (W), token (W)",
    kinds=(GENERAL, GENERAL, Kind({"W": 1}),
           Kind(name="one_parent", ko="한 문자열에서 모두 이어질 때", en="all go on from one string")))


@beam_step.inputs
def beam_step_inputs(rng, sizes, name):
    W, V = sizes["W"], max(sizes["V"], sizes["W"] + 1)
    logits = 2 * rng.standard_normal((W, V))
    log_prob = -rng.permutation(W) - rng.random(W)
    if name == "one_parent":
        log_prob[rng.integers(W)] = 30.0
    return {"log_prob": log_prob, "next_log_prob": logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))}


@beam_step.solution
def best_continuations(log_prob, next_log_prob):
    W, V = next_log_prob.shape
    total = log_prob[:, None] + next_log_prob                     # (W, V)
    order = np.argsort(-total.reshape(-1))[:W]                    # the best of all W·V
    return total.reshape(-1)[order], order // V, order % V


beam_step.says(
    "parents_forgotten", {"log_prob[:, None] + next_log_prob": "next_log_prob"},
    ko="지금까지의 로그 확률 `log_prob`을 더하지 않았습니다. 문자열 전체의 확률로 비교해야 합니다.",
    en="What the strings have cost so far, `log_prob`, is not added. Whole strings are compared.")
beam_step.says(
    "worst_kept", {"-total.reshape": "total.reshape"},
    ko="확률이 가장 작은 것부터 남겼습니다.",
    en="The least probable are kept, not the most probable.")
beam_step.says(
    "parent_and_token_swapped", {"order // V, order % V": "order % V, order // V"},
    ko="부모와 토큰이 서로 바뀌었습니다. 펼친 번호를 V로 나눈 몫이 행입니다.",
    en="Parent and token are swapped. Of a flattened index, the quotient by V is the row.")


@beam_step.mistake(
    ko="문자열마다 가장 좋은 토큰을 하나씩만 이었습니다. 한 문자열에서 여럿이 남을 수도 있고 하나도 남지 않을 수도 있습니다.",
    en="Each string goes on with its own best token. But one string may have several heirs, and another none.")
def one_heir_each(log_prob, next_log_prob):
    total = log_prob[:, None] + next_log_prob
    token = total.argmax(axis=-1)
    best = total.max(axis=-1)
    order = np.argsort(-best)
    return best[order], order, token[order]
