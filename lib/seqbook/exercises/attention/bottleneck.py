"""The exercises of `attention/bottleneck`: the last real state, the way back to the memory, where the cliff stands."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# ----------------------------------------------------------------------------------------------- bottleneck/last_vector

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
last_vector.says(
    "first_step", {"lengths - 1": "0"},
    ko="첫 시점의 벡터를 골랐습니다. 인코더가 끝까지 읽은 뒤의 벡터가 필요합니다.",
    en="This is the vector of the first step. What is wanted is the one after the encoder has read to the end.")


@last_vector.mistake(
    ko="실제 시점의 벡터를 평균했습니다. 문맥 벡터 하나는 마지막 실제 시점의 벡터입니다.",
    en="This is the mean over the real steps. The one context vector is that of the last real step.")
def mean_of_real_steps(memory, lengths):
    return np.stack([memory[b, :length].mean(axis=0) for b, length in enumerate(lengths)])


# -------------------------------------------------------------------------------------------------- bottleneck/way_back

way_back = Exercise(
    "bottleneck/way_back",
    "way_back(dcontexts (B, T, C), weights (B, T, S), memory (B, S, C)) -> dweights (B, T, S), dmemory (B, S, C)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}),
           Kind(name="one_vector", ko="모든 시점이 마지막 벡터만 볼 때", en="every step sees the last vector only")))


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
    dmemory = weights.transpose(0, 2, 1) @ dcontexts              # (B, S, C), ⟦모든 t에 대한 합|a sum over t⟧
    return dweights, dmemory


way_back.says(
    "weights_ignored", {"weights.transpose(0, 2, 1) @": "np.ones_like(weights).transpose(0, 2, 1) @"},
    ko="모든 벡터에 기울기를 똑같이 보냈습니다. 시점 t의 기울기는 가중치 α(t, i)만큼 벡터 i로 갑니다.",
    en="Every vector is sent the same gradient. Of the gradient of step t, vector i gets the share α(t, i).")


# ---------------------------------------------------------------------------------------------- bottleneck/half_lengths

half_lengths = Exercise(
    "bottleneck/half_lengths",
    "half_lengths(shares (R, L), lengths (L)) -> halves (R)",
    kinds=(GENERAL, GENERAL, Kind(name="never", ko="절반 아래로 내려가지 않을 때", en="never below one half"), Kind({"R": 1})),
    bound=("shares", "lengths"))


@half_lengths.inputs
def half_lengths_inputs(rng, sizes, name):
    R, L = sizes["R"], max(sizes["L"], 6)
    shares = np.sort(rng.uniform(0.1, 0.45, (R, L)))[:, ::-1].copy()
    for curve in shares:
        fall = rng.integers(2, L - 2)                             # the first that is below one half
        curve[:fall] = np.sort(rng.uniform(0.55, 1.0, fall))[::-1]
    shares[::2, -1] = rng.uniform(0.55, 0.8)                      # these rise again
    if name == "never":
        shares = 0.5 + shares / 2
    return {"shares": shares, "lengths": np.cumsum(rng.integers(1, 6, L)).astype(float)}


@half_lengths.solution
def where_the_lines_cross(shares, lengths):
    halves = []
    for curve in shares:
        below = np.flatnonzero(curve < 0.5)
        if len(below) == 0:
            halves.append(lengths[-1])                            # ⟦0.5까지 내려가지 않음|it does not fall so far⟧
        else:
            k = below[0]
            part = (curve[k - 1] - 0.5) / (curve[k - 1] - curve[k])
            halves.append(lengths[k - 1] + part * (lengths[k] - lengths[k - 1]))
    return np.array(halves)                                       # (R,)


half_lengths.says(
    "no_line", {"lengths[k - 1] + part * (lengths[k] - lengths[k - 1])": "lengths[k]"},
    ko="절반 아래로 내려간 첫 길이를 그대로 돌려줍니다. 두 점을 이은 선이 0.5를 지나는 곳은 그보다 앞입니다.",
    en="This is the first length below one half itself. The line between the two points crosses 0.5 before it.")
half_lengths.says(
    "last_crossing", {"below[0]": "below[-1]"},
    ko="0.5 아래에 있는 마지막 점을 썼습니다. 절벽은 처음으로 0.5 아래로 내려가는 곳입니다.",
    en="This takes the last point below 0.5. The cliff is where a curve first falls below it.")


@half_lengths.mistake(
    ko="본문처럼 뒤집은 곡선을 보간했습니다. 곡선이 다시 오르면 뒤집은 값이 차례로 커지지 않아 결과가 엉뚱해집니다.",
    en="This interpolates the reversed curve, as the chapter does. Where the curve rises again its values are not in "
       "order, and what comes out means nothing.")
def by_interp(shares, lengths):
    return np.array([np.interp(0.5, curve[::-1], lengths[::-1]) for curve in shares])
