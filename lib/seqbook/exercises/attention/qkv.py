"""The exercises of `attention/qkv`: attention with a mask, padded keys, and attention's backward pass."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# ------------------------------------------------------------------------------------------------- qkv/masked_attention

masked_attention = Exercise(
    "qkv/masked_attention",
    "masked_answers(q (B, T, K), k (B, S, K), v (B, S, M), mask (B, T, S)) -> out (B, T, M)",
    kinds=(GENERAL, GENERAL, Kind(name="nothing", ko="아무것도 볼 수 없는 쿼리가 있을 때",
                                  en="a query that may look at nothing"),
           Kind(name="large", ko="점수가 클 때", en="large scores"), Kind({"B": 1})))


@masked_attention.inputs
def masked_attention_inputs(rng, sizes, name):
    B, T, S, K, M = (sizes[letter] for letter in "BTSKM")
    draw = rng.standard_normal
    mask = rng.random((B, T, S)) < 0.6
    mask[..., 0] = rng.random((B, T)) < 0.5
    mask[..., 1], mask[..., 2] = True, False             # every query sees some keys, and not all
    if name == "nothing":
        mask[rng.integers(B), rng.integers(T)] = False
    return {"q": draw((B, T, K)) * (1000 if name == "large" else 1), "k": draw((B, S, K)), "v": draw((B, S, M)),
            "mask": mask}


@masked_attention.solution
def zeros_for_nothing(q, k, v, mask):
    scores = q @ k.swapaxes(1, 2) / np.sqrt(k.shape[-1])                         # (B, T, S)
    scores = np.where(mask, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    exp = np.exp(scores - np.where(np.isneginf(top), 0, top))                    # exp(-∞) = 0
    total = exp.sum(axis=-1, keepdims=True)
    weights = exp / np.where(total == 0, 1, total)
    return weights @ v                                                           # (B, T, M)


masked_attention.says(
    "mask_inverted", {"np.where(mask, scores, -np.inf)": "np.where(mask, -np.inf, scores)"},
    ko="마스크가 뒤집혔습니다. 이 책에서 True는 가린다는 뜻인가요, 보아도 된다는 뜻인가요?",
    en="The mask is inverted. In this book, does True mean hidden, or may look?")
masked_attention.says(
    "not_divided", {" / np.sqrt(k.shape[-1])": ""},
    ko="점수를 √K로 나누지 않았습니다. 쿼리와 키의 크기 K를 다시 보세요.",
    en="The scores are not divided by √K. Look at the size of queries and keys, K.")
masked_attention.says(
    "divided_by_size", {"np.sqrt(k.shape[-1])": "k.shape[-1]"},
    ko="√K가 아니라 K로 나누었습니다. 내적의 표준편차는 K의 제곱근에 비례합니다.",
    en="This divides by K, not by √K. A dot product's standard deviation grows with the root.")
masked_attention.says(
    "root_of_keys", {"k.shape[-1]": "k.shape[1]"},
    ko="키의 크기 K가 아니라 키의 개수 S의 제곱근으로 나누었습니다.",
    en="This divides by the root of S, the number of keys, and not of K, the size of one.")
masked_attention.says(
    "hidden_gets_zero", {"-np.inf)": "0)"},
    ko="가린 자리의 점수가 0입니다. 소프트맥스에서 점수 0은 보통의 점수라서 가중치를 받습니다.",
    en="Hidden scores are 0. To a softmax 0 is an ordinary score, which gets weight.")


@masked_attention.mistake(
    ko="아무것도 볼 수 없는 쿼리가 모든 키를 고르게 봅니다. 크지만 유한한 음수로 가리면 그 행의 점수가 모두 같아집니다.",
    en="A query that may look at nothing looks evenly at everything. Hidden by a large finite number, all its scores "
       "are equal.")
def large_negative_number(q, k, v, mask):
    scores = np.where(mask, q @ k.swapaxes(1, 2) / np.sqrt(k.shape[-1]), -1e9)
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True) @ v


# ----------------------------------------------------------------------------------------------------------- qkv/padded

padded = Exercise(
    "qkv/padded",
    "padded_attention(q (B, T, K), k (B, S, K), v (B, S, M), lengths (B)) -> out (B, T, M)",
    kinds=(GENERAL, GENERAL, Kind(name="short", ko="길이가 1인 시퀀스가 있을 때", en="a sequence of length 1"),
           Kind({"B": 1})))


@padded.inputs
def padded_inputs(rng, sizes, name):
    B, T, S, K, M = (sizes[letter] for letter in "BTSKM")
    draw = rng.standard_normal
    lengths = rng.integers(1, S, size=B)
    if name == "short":
        lengths[rng.integers(B)] = 1
    return {"q": draw((B, T, K)), "k": draw((B, S, K)), "v": draw((B, S, M)), "lengths": lengths}


@padded.solution
def hidden_before_softmax(q, k, v, lengths):
    real = np.arange(k.shape[1]) < lengths[:, None]                              # (B, S)
    scores = q @ k.swapaxes(1, 2) / np.sqrt(k.shape[-1])                         # (B, T, S)
    scores = np.where(real[:, None, :], scores, -np.inf)
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = exp / exp.sum(axis=-1, keepdims=True)
    return weights @ v                                                           # (B, T, M)


padded.says(
    "one_key_too_many", {") < lengths": ") <= lengths"},
    ko="길이보다 키를 하나 더 봅니다. 길이가 2이면 번호 0과 1인 키만 진짜입니다.",
    en="One key more than the length is seen. With a length of 2, only the keys numbered 0 and 1 are real.")
padded.says(
    "hidden_gets_zero", {"-np.inf)": "0)"},
    ko="가린 자리의 점수가 0입니다. 소프트맥스에서 점수 0은 보통의 점수라서 가중치를 받습니다.",
    en="Hidden scores are 0. To a softmax 0 is an ordinary score, which gets weight.")
padded.says(
    "hidden_after_softmax", {"np.where(real[:, None, :], scores, -np.inf)": "scores",
                             "exp / exp.sum(axis=-1, keepdims=True)":
                             "exp / exp.sum(axis=-1, keepdims=True) * real[:, None, :]"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 소프트맥스 다음에 가리면 남은 가중치의 합이 1보다 작아집니다. 언제 가려야 할까요?",
    en="The fault you were to find is still there. Hidden after the softmax, the weights that are left add up to less "
       "than 1. When must they be hidden?")


@padded.mistake(
    ko="패딩 키의 벡터를 0으로 바꾸었을 뿐입니다. 벡터가 0이면 점수도 0인데, 점수 0은 가중치를 받습니다.",
    en="Padded keys have only become zero vectors. Their scores are 0 then, and a score of 0 gets weight.")
def keys_of_zero(q, k, v, lengths):
    real = (np.arange(k.shape[1]) < lengths[:, None])[..., None]
    k, v = np.where(real, k, 0), np.where(real, v, 0)
    scores = q @ k.swapaxes(1, 2) / np.sqrt(k.shape[-1])
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True) @ v


# ---------------------------------------------------------------------------------------------- qkv/attention_gradients

attention_gradients = Exercise(
    "qkv/attention_gradients",
    "attention_gradients(dout (B, T, M), q (B, T, K), k (B, S, K), v (B, S, M), weights (B, T, S)) "
    "-> dq (B, T, K), dk (B, S, K), dv (B, S, M)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})))


@attention_gradients.inputs
def attention_gradients_inputs(rng, sizes, name):
    B, T, S, K, M = (sizes[letter] for letter in "BTSKM")
    draw = rng.standard_normal
    q, k = draw((B, T, K)), draw((B, S, K))
    exp = np.exp(q @ k.swapaxes(1, 2) / np.sqrt(K))
    return {"dout": draw((B, T, M)), "q": q, "k": k, "v": draw((B, S, M)),
            "weights": exp / exp.sum(axis=-1, keepdims=True)}


@attention_gradients.solution
def line_by_line_backwards(dout, q, k, v, weights):
    root = np.sqrt(k.shape[-1])
    dv = weights.swapaxes(1, 2) @ dout                                           # (B, S, M)
    dweights = dout @ v.swapaxes(1, 2)                                           # (B, T, S)
    mean = (weights * dweights).sum(axis=-1, keepdims=True)                      # (B, T, 1)
    dscores = weights * (dweights - mean)                                        # (B, T, S)
    dq = dscores @ k / root                                                      # (B, T, K)
    dk = dscores.swapaxes(1, 2) @ q / root                                       # (B, S, K)
    return dq, dk, dv


attention_gradients.says(
    "softmax_elementwise", {"(dweights - mean)": "(dweights - weights * dweights)"},
    ko="소프트맥스의 도함수를 원소별로만 구했습니다. 점수 하나가 오르면 다른 키의 가중치는 어떻게 되나요?",
    en="The softmax is differentiated elementwise only. When one score goes up, what do the other keys' weights do?")
attention_gradients.says(
    "softmax_forgotten", {"weights * (dweights - mean)": "dweights"},
    ko="소프트맥스의 도함수가 빠졌습니다. `dweights`는 가중치의 기울기이고, 점수의 기울기는 그다음입니다.",
    en="The softmax's derivative is missing. `dweights` belongs to the weights; the scores come before them.")
attention_gradients.says(
    "root_forgotten", {"root = np.sqrt(k.shape[-1])": "root = 1"},
    ko="√K로 나누지 않았습니다. 순전파에서 점수를 나누었으므로 기울기도 나누어집니다.",
    en="√K is missing. The forward pass divides the scores by it, so the gradients are divided as well.")
