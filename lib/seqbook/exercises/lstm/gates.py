"""The exercises of `lstm/gates`: each gate by itself, what it does to the cell state, and the whole LSTM step."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind
from seqbook.scratch import sigmoid

# --------------------------------------------------------------------------------------------------- gates/forget_gate

forget_gate = Exercise(
    "gates/forget_gate",
    "forget_gate(x (B, D), h (B, H), W_f (H, H+D), b_f (H)) -> f (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})))


@forget_gate.solution
def share_to_keep(x, h, W_f, b_f):
    return sigmoid(np.concatenate([h, x], axis=1) @ W_f.T + b_f)


@forget_gate.solution
def from_two_products(x, h, W_f, b_f):
    H = h.shape[1]
    return sigmoid(h @ W_f[:, :H].T + x @ W_f[:, H:].T + b_f)


forget_gate.says(
    "tanh_for_sigmoid", {"sigmoid(": "np.tanh("},
    ko="시그모이드 대신 tanh를 썼습니다. 게이트는 얼마를 남길지 정하는 비율이므로 0과 1 사이에 있어야 하는데, 지금은 음수도 "
       "나옵니다.",
    en="This uses tanh, not the sigmoid. A gate is a share to keep, so it lies between 0 and 1; this can be negative.")
forget_gate.says(
    "joined_the_other_way", {"[h, x]": "[x, h]"},
    ko="이어 붙인 순서가 반대입니다. `W_f`의 앞 H열은 이전 은닉 상태와, 뒤 D열은 입력과 곱해져야 합니다. 전체 길이가 같아서 "
       "모양으로는 드러나지 않습니다.",
    en="The two are joined the wrong way round. The first H columns of `W_f` belong to the previous hidden state, the "
       "last D to the input. The joined length is the same, so no shape complains.")
forget_gate.says(
    "share_to_forget", {"return ": "return 1 - "},
    ko="1에서 게이트를 뺐거나 지수의 부호가 반대입니다. 망각 게이트의 값은 이름과 달리 남길 비율입니다. 1이면 모두 남기고 0이면 모두 "
       "지웁니다.",
    en="This is one minus the gate, as it is too where the sign of the exponent is turned round. In spite of its name "
       "the forget gate's value is the share to keep: 1 keeps all, 0 erases all.")
forget_gate.says(
    "as_switch", {"b_f)": "b_f) > 0.5"},
    ko="게이트의 값이 0 아니면 1입니다. 게이트는 스위치가 아니라 그 사이의 모든 값을 갖습니다. 그래야 미분도 할 수 있습니다.",
    en="The values are cut to 0 and 1. A gate is no switch: it takes all values between, and so it has a derivative.")

# ---------------------------------------------------------------------------------------------------- gates/input_gate

input_gate = Exercise(
    "gates/input_gate",
    "input_gate(x (B, D), h (B, H), weight_ih (4H, D), weight_hh (4H, H), bias (4H)) -> i (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})))


@input_gate.solution
def first_block(x, h, weight_ih, weight_hh, bias):
    a = x @ weight_ih.T + h @ weight_hh.T + bias    # (B, 4H)
    return sigmoid(a[:, :h.shape[1]])


@input_gate.solution
def from_its_rows(x, h, weight_ih, weight_hh, bias):
    B, H = h.shape
    return sigmoid(x @ weight_ih[:H].T + h @ weight_hh[:H].T + bias[:H])


for block, (gate, ko_order, en_order) in {"1": ("망각 게이트", "둘째", "second"), "2": ("후보값", "셋째", "third"),
                                          "3": ("출력 게이트", "넷째", "last")}.items():
    input_gate.says(
        f"block_{block}", {"a[:, :h.shape[1]]": f"np.split(a, 4, axis=1)[{block}]"},
        ko=f"{ko_order} 묶음을 꺼냈습니다. 그것은 {gate}의 자리입니다. 쌓은 순서는 i, f, g, o입니다.",
        en=f"This is the {en_order} block. It is not the input gate's: they are stacked in the order i, f, g, o.")
input_gate.says(
    "one_minus_forget_gate", {"sigmoid(a[:, :h.shape[1]])": "1 - sigmoid(np.split(a, 4, axis=1)[1])"},
    ko="1에서 망각 게이트를 뺐습니다. LSTM의 입력 게이트는 망각 게이트와 상관없이 제 가중치로 정해집니다. 둘을 묶은 것은 "
       "GRU 같은 다른 설계입니다.",
    en="This is one minus the forget gate. In an LSTM the input gate has weights of its own; tying the two together "
       "makes another design, as the GRU's.")

# --------------------------------------------------------------------------------------------------------- gates/write

write = Exercise(
    "gates/write",
    "write(x (B, D), h (B, H), W_i (H, H+D), b_i (H), W_C (H, H+D), b_C (H)) -> added (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})))


@write.solution
def written(x, h, W_i, b_i, W_C, b_C):
    joined = np.concatenate([h, x], axis=1)
    return sigmoid(joined @ W_i.T + b_i) * np.tanh(joined @ W_C.T + b_C)


write.says(
    "gate_and_candidate_swapped", {"sigmoid(": "np.TANH(", "np.tanh(": "sigmoid(", "np.TANH(": "np.tanh("},
    ko="시그모이드와 tanh가 서로 바뀌었거나, 게이트와 후보값의 가중치가 서로 바뀌었습니다. 게이트는 0과 1 사이의 비율이고, 후보값은 "
       "부호가 있는 내용입니다. 어느 가중치가 어느 것의 것인지도 보세요.",
    en="Either sigmoid and tanh have changed places, or the weights of gate and candidate have. The gate is the share "
       "between 0 and 1; the candidate is the content and has a sign. Whose weights are whose?")

# --------------------------------------------------------------------------------------------------- gates/cell_states

cell_states = Exercise(
    "gates/cell_states",
    "cell_states(c0 (B, H), f (B, T, H), i (B, T, H), g (B, T, H)) -> cs (B, T, H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})))


@cell_states.inputs
def cell_states_inputs(rng, sizes, name):
    B, T, H = (sizes[letter] for letter in "BTH")
    return {"f": rng.uniform(0.2, 0.95, (B, T, H)), "i": rng.uniform(0.2, 0.95, (B, T, H)),
            "g": rng.uniform(-0.95, 0.95, (B, T, H))}


@cell_states.solution
def cell_state_all_the_way(c0, f, i, g):
    cs, c = np.empty_like(f), c0
    for t in range(f.shape[1]):
        c = cs[:, t] = f[:, t] * c + i[:, t] * g[:, t]
    return cs


cell_states.says(
    "forget_gate_reversed", {"f[:, t]": "(1 - f[:, t])"},
    ko="1에서 망각 게이트를 뺀 값을 썼습니다. f는 지울 비율이 아니라 남길 비율입니다.",
    en="The forget gate enters as one minus f. It is the share to keep, not the share to erase.")
cell_states.says(
    "gates_tied", {"i[:, t]": "(1 - f[:, t])"},
    ko="입력 게이트 대신 1에서 망각 게이트를 뺀 값을 썼습니다. LSTM에서는 두 게이트가 따로 움직입니다. 둘 다 1일 수도, 둘 다 "
       "0일 수도 있습니다.",
    en="One minus the forget gate stands in for the input gate. In an LSTM the two move independently: both may be 1, "
       "and both 0.")
cell_states.says(
    "tanh_on_the_line", {"f[:, t] * c + i[:, t] * g[:, t]": "np.tanh(f[:, t] * c + i[:, t] * g[:, t])"},
    ko="셀 상태에 tanh를 씌워 다음 시점으로 넘겼습니다. 셀 상태의 길에는 tanh가 없습니다. 그것이 이 길의 요점입니다.",
    en="The cell state is squashed by tanh on its way to the next step. There is no tanh on the cell state's line, "
       "which is the point of it.")
cell_states.says(
    "forget_gate_missing", {"f[:, t] * c": "c"},
    ko="망각 게이트가 빠졌습니다. 1997년의 첫 LSTM이 이랬습니다. 한 번 적은 것을 지울 길이 없습니다.",
    en="The forget gate is missing. The first LSTM, of 1997, was like that: nothing written can ever be erased.")
cell_states.says(
    "erased_after_adding", {"f[:, t] * c + i[:, t] * g[:, t]": "f[:, t] * (c + i[:, t] * g[:, t])"},
    ko="망각 게이트를 새 내용에도 곱했습니다. 먼저 지우고 나서 더합니다. 방금 적은 것은 다음 시점에야 지워질 수 있습니다.",
    en="The forget gate multiplies the new content too. Erase first, then add: what was just written can be erased at "
       "the next step at the earliest.")

# ---------------------------------------------------------------------------------------------------- gates/share_left

share_left = Exercise(
    "gates/share_left",
    "share_left(f (B, T, H), k) -> share (B, T, H)",
    kinds=(
        GENERAL, GENERAL,
        Kind(name="first", ko="첫 시점에 적었을 때", en="written at the first step"),
        Kind(name="last", ko="마지막 시점에 적었을 때", en="written at the last step"),
    ),
)


@share_left.inputs
def share_left_inputs(rng, sizes, name):
    B, T, H = (sizes[letter] for letter in "BTH")
    k = {"first": 0, "last": T - 1}.get(name, int(rng.integers(1, T - 1)))
    return {"f": rng.uniform(0.3, 0.95, (B, T, H)), "k": k}


@share_left.solution
def share_by_cumulative_product(f, k):
    share = np.zeros_like(f)
    share[:, k] = 1
    # ⟦기록하는 시점의 망각 게이트는 곱하지 않습니다|the writing step's own gate is past⟧
    share[:, k + 1:] = np.cumprod(f[:, k + 1:], axis=1)
    return share


@share_left.solution
def share_step_by_step(f, k):
    share = np.zeros_like(f)
    share[:, k] = 1
    for t in range(k + 1, f.shape[1]):
        share[:, t] = f[:, t] * share[:, t - 1]
    return share


@share_left.solution
def share_as_products(f, k):
    share = np.zeros_like(f)
    for t in range(k, f.shape[1]):
        share[:, t] = np.prod(f[:, k + 1:t + 1], axis=1)
    return share


share_left.says(
    "share_gone", {"np.cumprod(f[:, k + 1:], axis=1)": "1 - np.cumprod(f[:, k + 1:], axis=1)"},
    ko="지워진 비율을 구했습니다. 남은 비율은 그 나머지입니다.",
    en="This is the share that is gone. What is left is the rest.")

# --------------------------------------------------------------------------------------------------- gates/look_inside

look_inside = Exercise("gates/look_inside", "look_inside(h (B, H), o (B, H)) -> c (B, H)",
                       kinds=(GENERAL, GENERAL, Kind({"B": 1})))


@look_inside.inputs
def look_inside_inputs(rng, sizes, name):
    B, H = sizes["B"], sizes["H"]
    o = rng.uniform(0.2, 0.9, (B, H))
    return {"h": o * np.tanh(rng.uniform(-2, 2, (B, H))), "o": o}


@look_inside.solution
def cell_state_behind(h, o):
    return np.arctanh(h / o)    # ⟦나중에 곱한 것을 먼저 되돌립니다|undo first what was multiplied last⟧


look_inside.says(
    "undone_in_the_wrong_order", {"np.arctanh(h / o)": "np.arctanh(h) / o"},
    ko="순서가 바뀌었습니다. 순전파에서는 tanh가 먼저, 게이트가 나중이었으니 되돌릴 때는 게이트가 먼저입니다.",
    en="The order is reversed. Forward it was tanh first and the gate second, so the gate is undone first.")

# ----------------------------------------------------------------------------------------------------- gates/lstm_step

lstm_step = Exercise(
    "gates/lstm_step",
    "one_step(x (B, D), h (B, H), c (B, H), weight_ih (4H, D), weight_hh (4H, H), bias (4H)) "
    "-> h_next (B, H), c_next (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})))


@lstm_step.solution
def whole_step(x, h, c, weight_ih, weight_hh, bias):
    a = x @ weight_ih.T + h @ weight_hh.T + bias    # (B, 4H)
    i, f, g, o = np.split(a, 4, axis=1)
    c_next = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_next), c_next


lstm_step.says(
    "cell_state_squashed", {"c_next = sigmoid(f)": "c_next = np.tanh(sigmoid(f)", "np.tanh(g)": "np.tanh(g))"},
    given=True,
    ko="처음의 잘못이 그대로 있습니다. tanh를 셀 상태 자체에 씌워 다음 시점으로 넘겼습니다. 셀 상태의 선에는 tanh가 없습니다.",
    en="The fault you were to find is still there: tanh is applied to the cell state that is handed on. There is no "
       "tanh on the cell state's line.")
