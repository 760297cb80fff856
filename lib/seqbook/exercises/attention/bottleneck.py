"""The exercises of `attention/bottleneck`: the last real state, the way back to the memory, where the cliff stands."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# ---------------------------------------------------------------------------------------------- bottleneck/last_vector

last_vector = Exercise(
    "bottleneck/last_vector",
    "last_vector(memory (B, S, C), lengths (B)) -> c (B, C)",
    kinds=(GENERAL, GENERAL, Kind(name="one_step", ko="한 글자짜리가 있을 때", en="a sequence of one step"), Kind({"B": 1})))


@last_vector.inputs
def last_vector_inputs(rng, sizes, name):
    B, S, C = sizes["B"], sizes["S"], sizes["C"]
    lengths = rng.integers(2, S, size=B) if S > 2 else np.ones(B, dtype=np.int64)    # none fills all S steps
    if name == "one_step":
        lengths[rng.integers(B)] = 1
    return {"memory": rng.standard_normal((B, S, C)), "lengths": lengths}


@last_vector.solution
def of_the_last_real_step(memory, lengths):
    return memory[np.arange(len(memory)), lengths - 1]            # (B, C)


last_vector.says(
    "from_padding", {"lengths - 1": "-1"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 배열의 마지막 시점에서 c를 가져왔습니다. 짧은 시퀀스에서 그 자리는 패딩입니다.",
    en="The fault you were to find is still there. c is taken from the array's last step, which is padding where a "
       "sequence is short.")
last_vector.says(
    "one_too_far", {"lengths - 1": "lengths"},
    ko="한 시점 뒤를 골랐습니다. 길이가 3인 시퀀스의 마지막 시점은 번호로 2입니다.",
    en="This is one step too far. The last step of a sequence of length 3 has the index 2.")


@last_vector.mistake(
    ko="실제 시점의 벡터를 평균했습니다. 문맥 벡터 하나는 마지막 실제 시점의 벡터입니다.",
    en="This is the mean over the real steps. The one context vector is that of the last real step.")
def mean_of_real_steps(memory, lengths):
    return np.stack([memory[b, :length].mean(axis=0) for b, length in enumerate(lengths)])


# --------------------------------------------------------------------------------------------------- bottleneck/way_back

way_back = Exercise(
    "bottleneck/way_back",
    "way_back(dcontexts (B, T, C), weights (B, T, S), memory (B, S, C)) -> dweights (B, T, S), dmemory (B, S, C)",
    kinds=(GENERAL, GENERAL, Kind(name="one_vector", ko="모든 시점이 마지막 벡터만 볼 때", en="every step sees the last vector only"),
           Kind({"T": 1})))


@way_back.inputs
def way_back_inputs(rng, sizes, name):
    B, T, S, C = (sizes[letter] for letter in "BTSC")
    draw = rng.standard_normal
    scores = np.exp(2 * draw((B, T, S)))
    weights = scores / scores.sum(axis=-1, keepdims=True)
    if name == "one_vector":
        weights = np.zeros((B, T, S))
        weights[:, :, -1] = 1.0
    return {"dcontexts": draw((B, T, C)), "weights": weights, "memory": draw((B, S, C))}


@way_back.solution
def both_ways_back(dcontexts, weights, memory):
    dweights = dcontexts @ memory.transpose(0, 2, 1)              # (B, T, S)
    dmemory = weights.transpose(0, 2, 1) @ dcontexts              # (B, S, C), a sum over t
    return dweights, dmemory


way_back.says(
    "weights_ignored", {"weights.transpose(0, 2, 1) @ dcontexts": "np.ones_like(weights).transpose(0, 2, 1) @ dcontexts"},
    ko="모든 벡터에 기울기를 똑같이 보냈습니다. 시점 t의 기울기는 가중치 α(t, i)만큼 벡터 i로 갑니다.",
    en="Every vector is sent the same gradient. Of the gradient of step t, vector i gets the share α(t, i).")


@way_back.mistake(
    ko="마지막 시점의 기울기만 보냈습니다. 벡터 하나가 여러 시점에 쓰이므로 모든 시점의 기울기를 더해야 합니다.",
    en="Only the last step's gradient is sent back. A vector is used by many steps: their gradients add up.")
def last_step_only(dcontexts, weights, memory):
    return dcontexts @ memory.transpose(0, 2, 1), weights[:, -1, :, None] * dcontexts[:, -1, None]


# ------------------------------------------------------------------------------------------------ bottleneck/half_length

half_length = Exercise(
    "bottleneck/half_length",
    "half_length(shares (L), lengths (L)) -> length",
    kinds=(GENERAL, GENERAL, Kind(name="recovers", ko="뒤에서 다시 오를 때", en="rising again later"),
           Kind(name="never", ko="절반 아래로 내려가지 않을 때", en="never below one half")))


@half_length.inputs
def half_length_inputs(rng, sizes, name):
    L = max(sizes["L"], 7)
    fall = rng.integers(2, L - 3)                                 # the first that is below one half
    shares = np.concatenate([np.sort(rng.uniform(0.55, 1.0, fall))[::-1], np.sort(rng.uniform(0.05, 0.4, L - fall))[::-1]])
    if name == "recovers":
        shares[-1] = 0.7
    if name == "never":
        shares = 0.5 + shares / 2
    return {"shares": shares, "lengths": np.cumsum(rng.integers(1, 6, L)).astype(float)}


@half_length.solution
def where_the_line_crosses(shares, lengths):
    if shares.min() >= 0.5:
        return lengths[-1]                                        # it does not fall so far
    k = np.argmax(shares < 0.5)                                   # the first below one half
    part = (shares[k - 1] - 0.5) / (shares[k - 1] - shares[k])
    return lengths[k - 1] + part * (lengths[k] - lengths[k - 1])


half_length.says(
    "no_line", {"lengths[k - 1] + part * (lengths[k] - lengths[k - 1])": "lengths[k]"},
    ko="절반 아래로 내려간 첫 길이를 그대로 돌려줍니다. 두 점을 이은 선이 0.5를 지나는 곳은 그보다 앞입니다.",
    en="This is the first length below one half itself. The line between the two points crosses 0.5 before it.")
half_length.says(
    "one_point_late", {"k = np.argmax(shares < 0.5)": "k = len(shares) - np.argmax((shares >= 0.5)[::-1])"},
    ko="0.5를 마지막으로 지나는 곳을 찾았습니다. 뒤에서 다시 오르는 곡선이라면 처음 지나는 곳과 다릅니다.",
    en="This finds the last crossing of 0.5. Where a curve rises again later, that is not the first one.")
