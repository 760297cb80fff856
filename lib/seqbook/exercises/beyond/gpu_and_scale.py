"""The exercises of `beyond/gpu-and-scale`: attention in blocks, accumulated gradients, attention in two places."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# ------------------------------------------------------------------------------------ gpu-and-scale/repaired_blocks

repaired_blocks = Exercise(
    "gpu-and-scale/repaired_blocks", "repaired_blocks(q (T, K), k (S, K), v (S, K), size) -> out (T, K)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind(name="growing", ko="점수가 뒤로 갈수록 커짐", en="scores that grow")))


@repaired_blocks.inputs
def repaired_blocks_inputs(rng, sizes, name):
    S, K = sizes["S"], sizes["K"]
    k = rng.normal(size=(S, K))
    if name == "growing":
        k = k + np.arange(S)[:, None]
    return {"k": k, "size": int(rng.integers(1, S))}    # two blocks at least


@repaired_blocks.solution
def all_that_was_summed_is_rescaled(q, k, v, size):
    T, K = q.shape
    m, l, o = np.full(T, -np.inf), np.zeros(T), np.zeros((T, K))
    for start in range(0, len(k), size):
        s = q @ k[start:start + size].T / np.sqrt(K)    # (T, size)
        m_new = np.maximum(m, s.max(axis=1))
        old, p = np.exp(m - m_new), np.exp(s - m_new[:, None])
        l = old * l + p.sum(axis=1)
        # ⟦분모와 같은 배율로|by the same factor as the denominator⟧
        o = old[:, None] * o + p @ v[start:start + size]
        m = m_new
    return o / l[:, None]


@repaired_blocks.solution
def whole_at_once(q, k, v, size):
    s = q @ k.T / np.sqrt(q.shape[1])
    p = np.exp(s - s.max(axis=1, keepdims=True))
    return p @ v / p.sum(axis=1, keepdims=True)


repaired_blocks.says(
    "numerator_not_rescaled", {"old[:, None] * o + p": "o + p"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 최댓값이 바뀌면 지금까지 더한 것은 모두 옛 최댓값을 기준으로 한 수입니다. l과 o를 나란히 적고 무엇이 다른지 보세요.",
    en="The fault you were to find is still there. When the largest score changes, all that was summed so far was "
       "measured from the old one. Write l and o side by side and see what differs.")
repaired_blocks.says(
    "denominator_not_rescaled", {"old * l + p.sum": "l + p.sum"},
    ko="이제 분모를 옛 최댓값에서 새 최댓값으로 옮기지 않았습니다. 분자와 분모는 언제나 같은 최댓값을 기준으로 해야 합니다.",
    en="Now the denominator is not moved from the old largest score to the new one. Numerator and denominator must "
       "always be measured from the same one.")

# --------------------------------------------------------------------------------------- gpu-and-scale/token_mean

token_mean = Exercise(
    "gpu-and-scale/token_mean", "token_mean(grads (M, P), counts (M)) -> grad (P)",
    kinds=(GENERAL, GENERAL, Kind({"M": 1}), Kind(name="empty", ko="토큰이 없는 조각이 있음", en="a part without tokens")))


@token_mean.inputs
def token_mean_inputs(rng, sizes, name):
    M, P = sizes["M"], sizes["P"]
    counts, grads = rng.permutation(np.arange(2, 40))[:M], rng.normal(size=(M, P))
    if name == "empty":
        counts[0], grads[0] = 0, 0
    return {"grads": grads, "counts": counts}


@token_mean.solution
def each_token_alike(grads, counts):
    total = (counts[:, None] * grads).sum(axis=0)    # ⟦평균을 합으로 되돌려 더합니다|back from means to sums⟧
    return total / counts.sum()


@token_mean.solution
def shares_of_all_tokens(grads, counts):
    return counts / counts.sum() @ grads


token_mean.says(
    "sums_never_divided", {"total / counts.sum()": "total"},
    ko="마지막 나눗셈이 없습니다. 모두 더하기만 하면 기울기가 전체 토큰 수만큼 커집니다.",
    en="The last division is missing. A mere sum is larger by the number of all tokens.")
token_mean.says(
    "mean_of_means",
    {"(counts[:, None] * grads).sum(axis=0)": "grads.sum(axis=0)", "total / counts.sum()": "total / len(counts)"},
    ko="모든 조각을 똑같이 평균했습니다. 토큰이 2개인 조각과 39개인 조각을 똑같이 세면 토큰 하나의 비중이 조각마다 달라집니다.",
    en="Every part weighs the same. If a part of 2 tokens and one of 39 count alike, their tokens do not.")


@token_mean.mistake(
    ko="기울기를 더하기만 했습니다. 조각의 기울기는 이미 그 조각의 평균이므로, 먼저 토큰 수를 곱해 합으로 되돌려야 합니다.",
    en="The gradients are only added up. Each is a mean already: multiply by its tokens to have sums first.")
def sum_of_means(grads, counts):
    return grads.sum(axis=0)


# ------------------------------------------------------------------------------------------- gpu-and-scale/merged

merged = Exercise(
    "gpu-and-scale/merged",
    "merged(out1 (T, K), lse1 (T), out2 (T, K), lse2 (T)) -> out (T, K), lse (T)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}),
           Kind(name="large", ko="큰 점수", en="large scores", stress=True)))


@merged.inputs
def merged_inputs(rng, sizes, name):
    shift = 1e4 if name == "large" else 0
    return {f"lse{n}": rng.normal(shift, 1, sizes["T"]) for n in (1, 2)}


@merged.solution
def weighed_by_their_denominators(out1, lse1, out2, lse2):
    m = np.maximum(lse1, lse2)
    w1, w2 = np.exp(lse1 - m), np.exp(lse2 - m)    # ⟦분모 두 개, 같은 기준으로|both denominators, from one origin⟧
    out = (w1[:, None] * out1 + w2[:, None] * out2) / (w1 + w2)[:, None]
    return out, m + np.log(w1 + w2)


@merged.solution
def by_logaddexp(out1, lse1, out2, lse2):
    lse = np.logaddexp(lse1, lse2)
    return np.exp(lse1 - lse)[:, None] * out1 + np.exp(lse2 - lse)[:, None] * out2, lse


merged.says(
    "not_divided", {" / (w1 + w2)[:, None]": ""},
    ko="출력을 두 분모의 합으로 나누지 않았습니다. 가중치의 합이 1이어야 가중 평균입니다.",
    en="The output is not divided by the sum of both denominators. A weighted mean needs weights that sum to 1.")
merged.says(
    "largest_forgotten", {"m + np.log(w1 + w2)": "np.log(w1 + w2)"},
    ko="기준으로 뺀 최댓값을 로그합에 다시 더하지 않았습니다.",
    en="What was subtracted, the larger of the two, is not added back to the logarithm.")
merged.says(
    "half_each", {"w1[:, None] * out1 + w2[:, None] * out2": "out1 + out2", "/ (w1 + w2)[:, None]": "/ 2"},
    ko="두 출력을 똑같이 반씩 섞었습니다. 점수가 큰 키를 맡은 쪽이 더 크게 섞여야 합니다.",
    en="Both outputs count half each. The part that holds the keys of larger scores must weigh more.")
