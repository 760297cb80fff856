"""The exercises of `transformer/masking`: both masks at once, two conventions, a mask that leaks, what blocks let know.
"""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# ------------------------------------------------------------------------------------------------ masking/both_masks

both_masks = Exercise(
    "masking/both_masks",
    "both_masks(scores (B, T, T), lengths (B)) -> weights (B, T, T)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1}), Kind({"T": 1})))


@both_masks.inputs
def both_masks_inputs(rng, sizes, name):
    B, T = sizes["B"], sizes["T"]
    return {"scores": 2 * rng.standard_normal((B, T, T)), "lengths": rng.integers(1, max(T, 2), size=B)}


@both_masks.solution
def past_and_real(scores, lengths):
    B, T, _ = scores.shape
    past = np.tri(T, dtype=bool)                          # (T, T)
    real = np.arange(T) < lengths[:, None]                # (B, T)
    may_look = past & real[:, None, :]                    # (B, T, T): ⟦실제 키|real keys⟧
    hidden = np.where(may_look, scores, -np.inf)
    e = np.exp(hidden - hidden.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


both_masks.says(
    "padding_in_the_query", {"real[:, None, :]": "real[:, :, None]"},
    ko="패딩 마스크를 쿼리의 축에 적용했습니다. 보이면 안 되는 것은 패딩인 키이므로, 길이는 마지막 축과 비교해야 합니다.",
    en="The padding mask lies on the queries' axis. It is padding keys that must not be seen: lengths belong to the "
       "last axis.")
both_masks.says(
    "no_padding_mask", {"past & real[:, None, :]": "np.broadcast_to(past, scores.shape)"},
    ko="패딩을 가리지 않았습니다. 길이가 짧은 시퀀스에서 뒤쪽 쿼리가 패딩을 보고 있습니다.",
    en="Padding is not hidden. In the shorter sequences the later queries look at it.")
both_masks.says(
    "no_causal_mask", {"past & real[:, None, :]": "np.broadcast_to(real[:, None, :], scores.shape)"},
    ko="미래를 가리지 않았습니다. 패딩은 가려졌지만 쿼리가 자기 뒤의 실제 토큰을 보고 있습니다.",
    en="The future is not hidden. Padding is, but a query looks at real tokens after it.")
both_masks.says(
    "either_is_enough", {"past & real": "past | real"},
    ko="두 조건 가운데 하나만 맞아도 보게 했습니다. 과거에 있고 패딩이 아닌 키만 보아야 합니다.",
    en="One of the two conditions is enough here. A key must be in the past and real as well.")
both_masks.says(
    "hidden_after_the_softmax",
    {"np.where(may_look, scores, -np.inf)": "scores",
     "return e / e.sum(axis=-1, keepdims=True)": "return may_look * e / e.sum(axis=-1, keepdims=True)"},
    ko="소프트맥스를 지난 뒤에 가렸습니다. 가린 점수가 분모에 남아 있으므로 행의 합이 1이 아니고, 분모를 통해 미래가 샙니다.",
    en="The weights are hidden after the softmax. The hidden scores still stand in the denominator: rows do not add up "
       "to 1, and the future leaks through it.")

# ----------------------------------------------------------------------------------------------- masking/conventions

conventions = Exercise(
    "masking/conventions",
    "conventions(scores (B, T, S), added (T, S), drop (B, S)) -> weights (B, T, S)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1}), Kind(name="nothing", ko="아무것도 볼 수 없는 행이 있을 때",
                                                  en="a row that may look at nothing")),
    bound=("added",))    # 0 or −∞, nothing between


@conventions.inputs
def conventions_inputs(rng, sizes, name):
    B, T, S = sizes["B"], sizes["T"], sizes["S"]
    blocked, drop = rng.random((T, S)) < 0.4, rng.random((B, S)) < 0.3
    blocked[:, 0], drop[:, 0] = False, False
    drop[rng.integers(B), rng.integers(1, S)] = True
    if name == "nothing":
        blocked[rng.integers(T)] = True
    return {"scores": 2 * rng.standard_normal((B, T, S)), "added": np.where(blocked, -np.inf, 0.0), "drop": drop}


@conventions.solution
def all_as_may_look(scores, added, drop):
    may_look = (added == 0) & ~drop[:, None, :]                             # (B, T, S)
    hidden = np.where(may_look, scores, -np.inf)
    largest = np.where(may_look.any(axis=-1), hidden.max(axis=-1), 0)       # (B, T)
    e = np.exp(hidden - largest[..., None])
    total = e.sum(axis=-1, keepdims=True)
    return e / np.where(total > 0, total, 1)    # ⟦빈 행은 0|an empty row: zeros⟧


conventions.says(
    "drop_taken_for_keep", {"~drop": "drop"},
    ko="`drop`을 ‘보아도 됨’으로 읽었습니다. 여기서 True는 ‘버림’이므로 뒤집어야 합니다.",
    en="`drop` is read as 'may look'. Here True means drop: it has to be turned round.")
conventions.says(
    "drop_in_the_query", {"~drop[:, None, :]": "~np.resize(drop, scores.shape[:2])[:, :, None]"},
    ko="`drop`을 쿼리의 축에 적용했습니다. `drop`의 둘째 축은 키입니다.",
    en="`drop` lies on the queries' axis. Its second axis is that of the keys.")
conventions.says(
    "added_taken_for_keep", {"added == 0": "added != 0"},
    ko="`added`를 거꾸로 읽었습니다. 0을 더한 자리는 그대로 보이고, 음의 무한대를 더한 자리가 가려집니다.",
    en="`added` is read the wrong way round. Where 0 is added the score stays, where minus infinity is, it is hidden.")

# ------------------------------------------------------------------------------------------------------ masking/ways

ways = Exercise(
    "masking/ways",
    "ways(mask (T, T), layers) -> count (T, T)",
    kinds=(GENERAL, GENERAL, Kind(name="one", ko="블록이 하나일 때", en="one block")))


@ways.inputs
def ways_inputs(rng, sizes, name):
    T = sizes["T"]
    mask = np.tri(T, T, 1, dtype=bool) & (rng.random((T, T)) < 0.7)
    mask[0, 1] = mask[-1, 0] = True
    return {"mask": mask, "layers": 1 if name == "one" else int(rng.integers(2, 5))}


@ways.solution
def by_multiplying(mask, layers):
    step = mask + np.eye(len(mask))       # ⟦보거나, 잔차 연결로 그대로 지나가거나|look, or pass along the residual⟧
    count = np.eye(len(mask))
    for _ in range(layers):
        count = step @ count
    return count


ways.says(
    "residual_forgotten", {"mask + np.eye(len(mask))": "mask + 0.0"},
    ko="잔차 연결을 빠뜨렸습니다. 블록마다 벡터는 어텐션을 거치지 않고도 제자리로 전해집니다.",
    en="The residual connection is missing. In every block a vector also goes on in its own place, past attention.")
ways.says(
    "one_block", {"range(layers)": "range(1)"},
    ko="블록 하나만 셌습니다. 블록을 지날 때마다 경로가 하나씩 더 이어집니다.",
    en="Only one block is counted. Each further block continues the ways so far.")
ways.says(
    "added_up", {"step @ count": "step + count"},
    ko="블록마다 더했습니다. 한 블록의 경로와 다음 블록의 경로를 잇는 방법의 수는 행렬곱으로 셉니다.",
    en="The blocks are added up. The ways through one block followed by the next are counted by a matrix product.")
ways.says(
    "element_by_element", {"step @ count": "step * count"},
    ko="원소별로 곱했습니다. 그러면 다른 위치를 거쳐 오는 경로가 빠집니다.",
    en="This multiplies element by element, which leaves out all ways by another position.")

# -------------------------------------------------------------------------------------------- masking/repaired_weights

repaired_weights = Exercise(
    "masking/repaired_weights",
    "repaired_weights(scores (B, T, T)) -> weights (B, T, T)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1}), Kind({"T": 1})))


@repaired_weights.solution
def nothing_of_the_future(scores):
    T = scores.shape[-1]
    future = np.triu(np.ones((T, T)), k=1)                 # ⟦1: 미래|1: the future⟧
    e = np.exp(scores - scores.max(axis=-1, keepdims=True)) * (1 - future)
    return e / e.sum(axis=-1, keepdims=True)


repaired_weights.says(
    "one_too_many", {"k=1": "k=2"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 손실이 지나치게 좋은 이유입니다. 첫 행이 무엇을 볼 수 있는지 출력해 보세요.",
    en="The fault you were to find is still there, and it is why the loss was too good. Print what the first row may "
       "look at.")
repaired_weights.says(
    "one_too_few", {"k=1": "k=0"},
    ko="이번에는 자기 자신까지 가렸습니다. 위치 t가 맞힐 것은 다음 글자이므로 글자 t는 보아도 됩니다.",
    en="Now a position is hidden from itself too. What position t predicts is the next character: it may see its own.")
repaired_weights.says(
    "the_other_side", {"np.triu(np.ones((T, T)), k=1)": "np.tril(np.ones((T, T)), k=-1)"},
    ko="미래가 아니라 과거를 가렸습니다. 행은 쿼리, 열은 키입니다.",
    en="The past is hidden, not the future. Rows are queries, columns keys.")
