"""The exercises of `attention/steps`: all four steps, their backward, the additive score, a weight that is moved."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind


def softmax_of(e):
    """The softmax over the last axis."""
    e = np.exp(e - e.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


# --------------------------------------------------------------------------------------------------- steps/look_back

look_back = Exercise(
    "steps/look_back",
    "look_back(s (B, T, H), h (B, S, H), W_c (H, 2H)) -> alpha (B, T, S), a (B, T, H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"S": 1}), Kind({"B": 1})))


@look_back.inputs
def look_back_inputs(rng, sizes, name):
    B, T, S, H = (sizes[letter] for letter in "BTSH")
    return {"s": 0.7 * rng.standard_normal((B, T, H)), "h": 0.7 * rng.standard_normal((B, S, H)),
            "W_c": 0.4 * rng.standard_normal((H, 2 * H))}


@look_back.solution
def three_steps(s, h, W_c):
    e = s @ h.swapaxes(1, 2)                                       # (B, T, S)
    e = np.exp(e - e.max(axis=2, keepdims=True))
    alpha = e / e.sum(axis=2, keepdims=True)                       # ⟦입력 위치에 대한 합이 1|sums to 1 over the source⟧
    c = alpha @ h                                                  # (B, T, H)
    a = np.tanh(np.concatenate([c, s], axis=2) @ W_c.T)            # (B, T, H)
    return alpha, a


look_back.says(
    "over_the_targets", {"e.max(axis=2": "e.max(axis=1", "e.sum(axis=2": "e.sum(axis=1"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 소프트맥스의 축이 출력 시점(T)입니다. 한 출력 시점의 가중치를 모두 더하면 1이 되어야 하는데, 그 합은 "
       "어느 축을 따라 더한 것일까요?",
    en="The fault you were to find is still there. The softmax runs over the output steps (T). The weights of one "
       "output step have to sum to 1: along which axis is that sum?")
look_back.says(
    "joined_the_other_way", {"[c, s]": "[s, c]"},
    ko="이어 붙인 순서가 반대입니다. `W_c`의 앞 H열은 문맥 벡터와, 뒤 H열은 디코더의 상태와 곱해져야 합니다. 크기가 같아서 모양으로는 드러나지 "
       "않습니다.",
    en="The two are joined the wrong way round. The first H columns of `W_c` belong to the context, the last H to the "
       "decoder's state. Their sizes are equal, so no shape complains.")
look_back.says(
    "tanh_missing", {"np.tanh(np.concatenate([c, s], axis=2) @ W_c.T)": "np.concatenate([c, s], axis=2) @ W_c.T"},
    ko="tanh가 빠졌습니다.",
    en="The tanh is missing.")
look_back.says(
    "no_context", {"[c, s]": "[0 * c, s]"},
    ko="문맥 벡터를 쓰지 않았습니다. 디코더가 입력을 다시 보지 못합니다.",
    en="The context is not used, so the decoder does not look back at all.")
look_back.says(
    "equal_weights", {"alpha @ h": "np.full_like(alpha, 1 / h.shape[1]) @ h"},
    ko="문맥 벡터가 은닉 상태의 단순한 평균입니다. 구한 가중치로 가중합해야 합니다.",
    en="The context is the plain mean of the encoder's states. It has to be the sum weighted by the weights just "
       "found.")
look_back.says(
    "scaled", {"e = s @ h.swapaxes(1, 2)  ": "e = s @ h.swapaxes(1, 2) / np.sqrt(s.shape[-1])  "},
    ko="점수를 크기의 제곱근으로 나누었습니다. 여기서는 나누지 않은 내적을 씁니다.",
    en="The scores are divided by the root of the size. Here the plain dot product is wanted.")

# --------------------------------------------------------------------------------------------- steps/attend_backward

attend_backward = Exercise(
    "steps/attend_backward",
    "attend_backward(dc (B, T, H), alpha (B, T, S), h (B, S, H)) -> de (B, T, S), dh (B, S, H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})))


@attend_backward.inputs
def attend_backward_inputs(rng, sizes, name):
    B, T, S = (sizes[letter] for letter in "BTS")
    return {"alpha": softmax_of(rng.standard_normal((B, T, S)))}


@attend_backward.solution
def softmax_and_sum(dc, alpha, h):
    dalpha = dc @ h.swapaxes(1, 2)                                 # (B, T, S)
    de = alpha * (dalpha - (alpha * dalpha).sum(axis=2, keepdims=True))
    return de, alpha.swapaxes(1, 2) @ dc                           # ⟦모든 출력 시점에서|from all output steps⟧


@attend_backward.solution
def with_the_jacobian(dc, alpha, h):
    dalpha = dc @ h.swapaxes(1, 2)
    jacobian = alpha[..., None] * (np.eye(alpha.shape[2]) - alpha[:, :, None, :])    # (B, T, S, S)
    return (jacobian @ dalpha[..., None])[..., 0], alpha.swapaxes(1, 2) @ dc


attend_backward.says(
    "jacobian_of_a_sigmoid",
    {"alpha * (dalpha - (alpha * dalpha).sum(axis=2, keepdims=True))": "alpha * (1 - alpha) * dalpha"},
    ko="소프트맥스를 시그모이드처럼 미분했습니다. 점수 하나가 커지면 다른 가중치가 모두 줄어듭니다. 그 영향은 어디에 있나요?",
    en="The softmax is differentiated as if it were a sigmoid. When one score grows all other weights shrink: where do "
       "they come in?")
attend_backward.says(
    "mean_missing", {"(dalpha - (alpha * dalpha).sum(axis=2, keepdims=True))": "dalpha"},
    ko="평균을 빼지 않았습니다. 모든 점수를 똑같이 키우면 가중치는 그대로이므로, 한 시점의 점수 기울기를 모두 더하면 0이어야 합니다.",
    en="The mean is not subtracted. Raising all scores alike leaves the weights as they are, so the gradients of one "
       "step's scores have to sum to 0.")
attend_backward.says(
    "plain_mean", {"(alpha * dalpha).sum(axis=2, keepdims=True)": "dalpha.mean(axis=2, keepdims=True)"},
    ko="빼는 평균이 단순한 평균입니다. 가중치로 낸 평균이어야 합니다.",
    en="What is subtracted is a plain mean. It has to be the mean weighted by the attention weights.")

# ---------------------------------------------------------------------------------------------- steps/additive_score

additive_score = Exercise(
    "steps/additive_score",
    "additive_score(s (B, T, H), h (B, S, D), W_s (E, H), W_h (E, D), v (E)) -> e (B, T, S)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})))


@additive_score.inputs
def additive_score_inputs(rng, sizes, name):
    B, T, S, H, D, E = (sizes[letter] for letter in "BTSHDE")
    return {"W_s": 0.7 * rng.standard_normal((E, H)), "W_h": 0.7 * rng.standard_normal((E, D))}


@additive_score.solution
def every_pair(s, h, W_s, W_h, v):
    hidden = np.tanh((s @ W_s.T)[:, :, None] + (h @ W_h.T)[:, None])    # (B, T, S, E)
    return hidden @ v


@additive_score.solution
def pair_by_pair(s, h, W_s, W_h, v):
    e = np.zeros((len(s), s.shape[1], h.shape[1]))
    for t in range(s.shape[1]):
        for i in range(h.shape[1]):
            e[:, t, i] = np.tanh(s[:, t] @ W_s.T + h[:, i] @ W_h.T) @ v
    return e


additive_score.says(
    "no_tanh", {"np.tanh((s @ W_s.T)[:, :, None] + (h @ W_h.T)[:, None])":
                "(s @ W_s.T)[:, :, None] + (h @ W_h.T)[:, None]"},
    ko="tanh가 빠졌습니다. 그러면 디코더 상태의 항은 모든 위치에서 같은 수가 되어 소프트맥스에서 사라집니다.",
    en="The tanh is missing. Then the decoder's state adds the same number at every position, and the "
       "softmax cancels it.")
additive_score.says(
    "two_tanhs", {"np.tanh((s @ W_s.T)[:, :, None] + (h @ W_h.T)[:, None])":
                  "np.tanh(s @ W_s.T)[:, :, None] + np.tanh(h @ W_h.T)[:, None]"},
    ko="tanh를 더하기 전에 따로 적용했습니다. 두 항을 더한 다음에 적용해야 두 상태가 만납니다.",
    en="The tanh is applied to each by itself. Add first: only inside the same tanh do the two states meet.")

# -------------------------------------------------------------------------------------------------------- steps/moved

moved = Exercise(
    "steps/moved",
    "moved(alpha (B, S), h (B, S, H), i, weight) -> c (B, H)",
    kinds=(GENERAL, GENERAL, Kind(name="none", ko="가중치를 0으로 할 때", en="the weight becomes 0"),
           Kind(name="all", ko="가중치를 1로 할 때", en="the weight becomes 1"), Kind({"B": 1})),
    bound=("alpha",))    # the sum of a row is 1


@moved.inputs
def moved_inputs(rng, sizes, name):
    B, S = sizes["B"], sizes["S"]
    weight = {"none": 0.0, "all": 1.0}.get(name, float(rng.uniform(0.2, 0.8)))
    return {"alpha": softmax_of(rng.standard_normal((B, S))), "i": int(rng.integers(S)), "weight": weight}


@moved.solution
def others_in_proportion(alpha, h, i, weight):
    others = alpha * (np.arange(alpha.shape[1]) != i)              # (B, S)
    new = (1 - weight) * others / others.sum(axis=1, keepdims=True)
    new[:, i] = weight
    return (new[..., None] * h).sum(axis=1)                        # (B, H)


@moved.solution
def on_a_line(alpha, h, i, weight):
    c, share = np.einsum("bs,bsh->bh", alpha, h), alpha[:, i, None]
    others = (c - share * h[:, i]) / (1 - share)                   # (B, H)
    return weight * h[:, i] + (1 - weight) * others


moved.says(
    "not_renormalised", {"(1 - weight) * others / others.sum(axis=1, keepdims=True)": "others"},
    ko="나머지 가중치를 줄이거나 늘리지 않았습니다. 가중치의 합이 1이 아닙니다.",
    en="The other weights stay as they were, so that the sum is not 1.")


@moved.mistake(
    ko="모자라거나 남는 가중치를 나머지에 똑같이 나누었습니다. 나머지끼리의 비율이 그대로여야 합니다.",
    en="What is missing or left over is shared equally. The others have to keep their proportions.")
def shared_equally(alpha, h, i, weight):
    new = alpha + (alpha[:, i, None] - weight) / (alpha.shape[1] - 1)
    new[:, i] = weight
    return (new[..., None] * h).sum(axis=1)
