"""The exercises of `transformer/whole`: a cache in time, the gradient of smoothed labels, keys and values shared."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind
from seqbook.scratch import softmax

# -------------------------------------------------------------------------------------------------- whole/repaired_step

repaired_step = Exercise(
    "whole/repaired_step",
    "repaired_step(x (T, E), W_q (E, K), W_k (E, K), W_v (E, K), k_past (S, K), v_past (S, K)) "
    "-> y (T, K), k (S+T, K), v (S+T, K)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"S": 0}), Kind({"S": 0, "T": 1}), Kind({"K": 1})))


@repaired_step.solution
def up_to_its_own_position(x, W_q, W_k, W_v, k_past, v_past):
    q, k, v = x @ W_q, np.vstack([k_past, x @ W_k]), np.vstack([v_past, x @ W_v])
    # ⟦새 위치 t는 과거 S개와 새 위치 0, …, t를 봅니다|new position t sees the S past ones and the new 0, …, t⟧
    mask = np.tri(len(x), len(k), k=len(k_past), dtype=bool)
    scores = np.where(mask, q @ k.T / np.sqrt(q.shape[1]), -np.inf)
    return softmax(scores) @ v, k, v


repaired_step.says(
    "own_position_not_seen", {"k=len(k_past)": "k=len(k_past) - 1", "-np.inf": "-1e9"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 인과 마스크에서 위치 t는 t까지 봅니다. 새 위치가 자기 자신의 키와 밸류를 보았나요?",
    en="The fault you were to find is still there. Under a causal mask position t sees everything up to t. Has the new "
       "position seen its own key and value?")
repaired_step.says(
    "new_ones_see_one_another", {"mask, q": "True, q"},
    ko="새 위치들이 서로의 미래를 봅니다. 한꺼번에 여러 위치가 들어오면 그 사이에도 인과 마스크가 있어야 합니다.",
    en="New positions see one another's future. When several come at once, there has to be a causal mask among them.")

# ---------------------------------------------------------------------------------------------- whole/smoothed_gradient

smoothed_gradient = Exercise(
    "whole/smoothed_gradient", "smoothed_gradient(z (T, V), targets (T), epsilon) -> dz (T, V)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"V": 2})))


@smoothed_gradient.inputs
def smoothed_gradient_inputs(rng, sizes, name):
    T, V = sizes["T"], sizes["V"]
    targets = rng.integers(0, V, T)
    if T > 1:
        targets[rng.integers(1, T)] = -100
    return {"targets": targets, "epsilon": float(rng.uniform(0.1, 0.5))}


@smoothed_gradient.solution
def probabilities_less_the_smoothed_truth(z, targets, epsilon):
    T, V = z.shape
    real = targets != -100
    y = np.full((T, V), epsilon / V)
    y[real, targets[real]] += 1 - epsilon                # ⟦정답이 받는 확률|what the truth gets⟧
    return (softmax(z) - y) * real[:, None] / real.sum()


smoothed_gradient.says(
    "shared_among_the_others", {"epsilon / V)": "epsilon / (V - 1))", "+= 1 - epsilon": "= 1 - epsilon"},
    ko="ε을 정답이 아닌 V−1개에만 나누었습니다. 이 장의 정의에서는 정답까지 V개 모두에 ε/V씩 줍니다.",
    en="You share ε among the V−1 wrong tokens only. In this chapter's definition all V get ε/V, the true one as well.")
smoothed_gradient.says(
    "padding_counted_in_the_mean", {"/ real.sum()": "/ T"},
    ko="패딩까지 세어 나누었습니다. 평균에는 패딩이 아닌 위치만 들어갑니다.",
    en="The mean is taken over padding as well. Only real positions count.")

# ---------------------------------------------------------------------------------------------- whole/grouped_attention

grouped_attention = Exercise(
    "whole/grouped_attention", "grouped_attention(q (3G, T, K), k (G, T, K), v (G, T, K)) -> y (3G, T, K)",
    kinds=(GENERAL, GENERAL, Kind({"G": 1}), Kind({"T": 1}), Kind({"K": 1})))


@grouped_attention.solution
def each_set_repeated(q, k, v):
    _, T, K = q.shape
    k, v = (np.repeat(x, 3, axis=0) for x in (k, v))     # ⟦벌마다 이웃한 헤드 셋|three neighbours a set⟧ (3G, T, K)
    scores = np.where(np.tri(T, dtype=bool), q @ k.swapaxes(1, 2) / np.sqrt(K), -np.inf)
    return softmax(scores) @ v


grouped_attention.says(
    "sets_dealt_out_in_turn", {"np.repeat(x, 3, axis=0)": "np.tile(x, (3, 1, 1))"},
    ko="키와 밸류를 헤드에 번갈아 나누었습니다. 이웃한 헤드 세 개가 한 벌을 같이 써야 합니다.",
    en="Keys and values are dealt out to the heads in turn. It is three neighbouring heads that share a set.")
