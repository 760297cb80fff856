"""The exercises of `transformer/multi-head`: heads joined, the gradients behind the joint, one head taken out."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind
from seqbook.scratch import softmax

# ------------------------------------------------------------------------------------------- multi-head/repaired_heads

repaired_heads = Exercise(
    "multi-head/repaired_heads",
    "repaired_heads(x (T, E), W_q (N, E, K), W_k (N, E, K), W_v (N, E, K), W_o (N, K, E)) -> y (T, E)",
    kinds=(GENERAL, GENERAL, Kind({"N": 1}), Kind({"K": 1}), Kind({"T": 1})))


@repaired_heads.solution
def joined_position_by_position(x, W_q, W_k, W_v, W_o):
    N, K, E = W_o.shape
    q, k, v = x @ W_q, x @ W_k, x @ W_v                           # (N, T, K)
    alpha = softmax(q @ k.swapaxes(1, 2) / np.sqrt(K))            # (N, T, T)
    # ⟦이어 붙이기 전에 위치의 축을 앞으로|positions first, then join⟧
    joined = (alpha @ v).swapaxes(0, 1).reshape(len(x), N * K)    # (T, N·K)
    return joined @ W_o.reshape(N * K, E)


@repaired_heads.solution
def sum_of_terms(x, W_q, W_k, W_v, W_o):
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    alpha = softmax(q @ k.swapaxes(1, 2) / np.sqrt(W_o.shape[1]))
    return (alpha @ v @ W_o).sum(axis=0)


repaired_heads.says(
    "joined_without_swapping", {".swapaxes(0, 1).reshape(": ".reshape("}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 헤드들의 출력을 놓인 순서 그대로 다시 나누면 한 행에 누구의 수가 들어가나요? 헤드 둘, 위치 셋으로 손으로 "
       "적어 보세요.",
    en="The fault you were to find is still there. If the heads' outputs are cut into rows just as they lie, whose "
       "numbers make up a row? Write it out by hand for two heads and three positions.")
repaired_heads.says(
    "scaled_by_the_model_size", {"np.sqrt(K)": "np.sqrt(E)"},
    ko="점수를 모델의 크기 E의 제곱근으로 나누었습니다. 내적에 더해지는 곱은 헤드의 크기 K개입니다.",
    en="The scores are divided by the root of the model size E. A product of query and key adds up K terms, the size of "
       "a head.")
repaired_heads.says(
    "one_softmax_for_all_heads", {"q @ k.swapaxes(1, 2) / np.sqrt(K)": "(q @ k.swapaxes(1, 2)).sum(axis=0) / np.sqrt(K)"},
    ko="모든 헤드의 점수를 더한 다음 소프트맥스를 했습니다. 그러면 가중치가 한 벌뿐이므로 헤드가 하나인 것과 같습니다.",
    en="The scores of all heads are added before the softmax. Then there is a single set of weights, as with one head.")

# --------------------------------------------------------------------------------------------- multi-head/joint_backward

joint_backward = Exercise(
    "multi-head/joint_backward",
    "joint_backward(dy (T, E), heads (N, T, K), W_o (N, K, E)) -> dheads (N, T, K), dW_o (N, K, E)",
    kinds=(GENERAL, GENERAL, Kind({"N": 1}), Kind({"T": 1})))


@joint_backward.solution
def each_heads_own_term(dy, heads, W_o):
    dheads = dy @ W_o.swapaxes(1, 2)    # ⟦모든 헤드가 같은 dy를 받습니다|all heads get the same dy⟧
    dW_o = heads.swapaxes(1, 2) @ dy
    return dheads, dW_o


joint_backward.says(
    "shared_out_among_heads", {"dy @ W_o": "dy / len(W_o) @ W_o"},
    ko="dy를 헤드의 수로 나누었습니다. 출력은 항들의 평균이 아니라 합입니다.",
    en="The gradient is divided among the heads. The output is the sum of their terms, not the mean.")

# ---------------------------------------------------------------------------------------------- multi-head/without_head

without_head = Exercise(
    "multi-head/without_head", "without_head(heads (N, T, K), W_o (N, K, E), n) -> y (T, E)",
    kinds=(GENERAL, GENERAL, Kind({"N": 1}), Kind({"T": 1})))


@without_head.inputs
def without_head_inputs(rng, sizes, name):
    N, T, K = (sizes[letter] for letter in "NTK")
    return {"heads": rng.normal(1, 1, (N, T, K)), "n": int(rng.integers(N))}


@without_head.solution
def mean_in_its_place(heads, W_o, n):
    kept = heads.copy()
    kept[n] = heads[n].mean(axis=0)    # ⟦모든 위치에서 같은 벡터|the same vector at all positions⟧
    return (kept @ W_o).sum(axis=0)


@without_head.solution
def a_constant_for_a_term(heads, W_o, n):
    terms = heads @ W_o    # (N, T, E)
    return terms.sum(axis=0) - terms[n] + terms[n].mean(axis=0)


without_head.says(
    "zero_in_its_place", {"heads[n].mean(axis=0)": "0"},
    ko="헤드의 자리에 0을 넣었습니다. 그러면 어느 위치에서나 똑같이 더하던 값까지 사라집니다. 남겨야 할 것은 위치에 대한 평균입니다.",
    en="Zero stands in the head's place. With it goes what the head adds at every position alike. Its mean over the "
       "positions should stay.")
without_head.says(
    "one_number_for_all", {"mean(axis=0)": "mean()"},
    ko="평균을 수 하나로 구했습니다. 헤드의 K개 수에는 저마다 자기 평균이 있습니다.",
    en="The mean is a single number. Each of the head's K numbers has a mean of its own.")
without_head.says(
    "mean_of_all_heads", {"heads[n].mean(axis=0)": "heads.mean(axis=0)"},
    ko="모든 헤드의 평균을 넣었습니다. 위치에 대한 평균이어야 합니다. 지금은 위치마다 다른 값이 남아 있고, 다른 헤드의 것입니다.",
    en="This puts the mean of all heads there. It should be the mean over positions: what is there now differs from "
       "position to position, and belongs to other heads.")
without_head.says(
    "only_that_head", {"(kept @ W_o).sum(axis=0)": "kept[n] @ W_o[n]"},
    ko="지운 헤드의 평균만 남았습니다. 나머지 헤드의 항은 그대로 더해져야 합니다.",
    en="Only the erased head's mean is left. The other heads' terms should be added as before.")
