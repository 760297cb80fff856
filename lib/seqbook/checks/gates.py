"""The exercises of `lstm/gates`: each gate by itself, what it does to the cell state, and the whole LSTM step."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind
from seqbook.checks.unfolding import layer_with
from seqbook.scratch import LSTMCell, sigmoid, softmax
from seqbook.scratch.lstm import split_gates


def _gate_inputs(rng, sizes, gates):
    """A matrix and a bias for each of `gates`, named as in the chapter: W_f (H, H+D), b_f (H,)."""
    D, H = sizes["D"], sizes["H"]
    weights = {f"W_{gate}": rng.standard_normal((H, H + D)) / np.sqrt(H + D) for gate in gates}
    return weights | {f"b_{gate}": rng.standard_normal(H) for gate in gates}


def _argument(x, h, W, b):
    """W [h, x] + b, (B, H)"""
    return np.concatenate([h, x], axis=1) @ W.T + b


# --------------------------------------------------------------------------------------------------- gates/forget_gate

forget_gate = Exercise(
    "gates/forget_gate",
    "forget_gate(x (B, D), h (B, H), W_f, b_f) -> f (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})),
)


@forget_gate.inputs
def forget_gate_inputs(rng, sizes, name):
    return _gate_inputs(rng, sizes, "f")


@forget_gate.solution
def forget_gate_reference(x, h, W_f, b_f):
    return sigmoid(_argument(x, h, W_f, b_f))


@forget_gate.alternative
def forget_gate_in_two_products(x, h, W_f, b_f):
    H = h.shape[1]
    return 1 / (1 + np.exp(-(h @ W_f[:, :H].T + x @ W_f[:, H:].T + b_f)))


@forget_gate.alternative
def forget_gate_row_by_row(x, h, W_f, b_f):
    return [[1 / (1 + np.exp(-(w @ np.append(h_b, x_b) + b))) for w, b in zip(W_f, b_f)] for x_b, h_b in zip(x, h)]


@forget_gate.mistake(
    ko="시그모이드 대신 tanh를 썼습니다. 게이트는 얼마를 남길지 정하는 몫이므로 0과 1 사이에 있어야 하는데, 지금은 음수도 "
       "나옵니다.",
    en="This uses tanh, not the sigmoid. A gate is a share to keep, so it lies between 0 and 1; this can be negative.")
def forget_tanh_for_sigmoid(x, h, W_f, b_f):
    return np.tanh(_argument(x, h, W_f, b_f))


@forget_gate.mistake(
    ko="시그모이드가 빠졌습니다. 선형 결합은 어떤 값이든 될 수 있지만 게이트의 값은 0과 1 사이입니다.",
    en="The sigmoid is missing. The linear combination may be any number, a gate lies between 0 and 1.")
def forget_sigmoid_missing(x, h, W_f, b_f):
    return _argument(x, h, W_f, b_f)


@forget_gate.mistake(
    ko="편향이 빠졌습니다. 망각 게이트에서는 편향이 특히 중요합니다. 입력이 아무 말도 하지 않을 때 얼마나 남길지를 정합니다.",
    en="The bias is missing. In a forget gate it matters more than elsewhere: it says how much to keep when the input "
       "says nothing.")
def forget_bias_missing(x, h, W_f, b_f):
    return sigmoid(_argument(x, h, W_f, 0))


@forget_gate.mistake(
    ko="편향을 시그모이드 바깥에서 더했습니다. 그러면 값이 0과 1 사이를 벗어날 수 있습니다.",
    en="The bias is added outside the sigmoid, which can push the gate out of (0, 1).")
def forget_bias_outside(x, h, W_f, b_f):
    return sigmoid(_argument(x, h, W_f, 0)) + b_f


@forget_gate.mistake(
    ko="이어 붙인 순서가 반대입니다. `W_f`의 앞 H열은 이전 은닉 상태와, 뒤 D열은 입력과 곱해져야 합니다. 전체 길이가 같아서 "
       "모양으로는 드러나지 않습니다.",
    en="The two are joined the wrong way round. The first H columns of `W_f` belong to the previous hidden state, the "
       "last D to the input. The joined length is the same, so no shape complains.")
def forget_joined_the_other_way(x, h, W_f, b_f):
    return sigmoid(_argument(h, x, W_f, b_f))


@forget_gate.mistake(
    ko="이전 은닉 상태 `h`가 쓰이지 않았습니다. 지금까지 무엇을 읽었는지 모르는 게이트는 언제 지울지 정할 수 없습니다.",
    en="The previous hidden state `h` is not used. A gate that does not know what was read cannot tell when to erase.")
def forget_state_ignored(x, h, W_f, b_f):
    return sigmoid(_argument(x, np.zeros_like(h), W_f, b_f))


@forget_gate.mistake(
    ko="입력 `x`가 쓰이지 않았습니다. 지금 읽은 것에 따라 지울지 말지가 달라져야 합니다.",
    en="The input `x` is not used. Whether to erase should depend on what is being read.")
def forget_input_ignored(x, h, W_f, b_f):
    return sigmoid(_argument(np.zeros_like(x), h, W_f, b_f))


@forget_gate.mistake(
    ko="1에서 뺀 값입니다. 이름은 망각 게이트이지만 값은 남길 몫입니다. 1이면 모두 남기고 0이면 모두 지웁니다.",
    en="This is one minus the gate. In spite of its name the forget gate's value is the share to keep: 1 keeps all, 0 "
       "erases all.")
def share_to_forget(x, h, W_f, b_f):
    return 1 - sigmoid(_argument(x, h, W_f, b_f))


@forget_gate.mistake(
    ko="소프트맥스를 썼습니다. 그러면 유닛들이 1을 나누어 가져야 합니다. 게이트는 유닛마다 따로 열리고 닫힙니다.",
    en="This is a softmax, which makes the units share out 1 among them. Every unit's gate opens and shuts by itself.")
def forget_softmax(x, h, W_f, b_f):
    return softmax(_argument(x, h, W_f, b_f))


@forget_gate.mistake(
    ko="0과 1로 잘라 버렸습니다. 게이트는 스위치가 아니라 그 사이의 모든 값을 갖습니다. 그래야 미분도 할 수 있습니다.",
    en="The values are cut to 0 and 1. A gate is no switch: it takes all values between, and so it has a derivative.")
def forget_as_switch(x, h, W_f, b_f):
    return (_argument(x, h, W_f, b_f) > 0).astype(float)


@forget_gate.mistake(
    ko="게이트에 이전 은닉 상태를 곱해 돌려주었습니다. 여기서 구할 것은 게이트 자체이고, 나중에 곱할 상대도 은닉 상태가 아니라 "
       "셀 상태입니다.",
    en="The gate comes back multiplied with the previous hidden state. Wanted is the gate alone; and what it will "
       "multiply is the cell state, not the hidden state.")
def forget_gate_applied(x, h, W_f, b_f):
    return sigmoid(_argument(x, h, W_f, b_f)) * h


# ---------------------------------------------------------------------------------------------------- gates/input_gate

input_gate = Exercise(
    "gates/input_gate",
    "input_gate(x (B, D), h (B, H), weight_ih (4H, D), weight_hh (4H, H), bias (4H)) -> i (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})),
)


def _stacked(x, h, weight_ih, weight_hh, bias):
    """The arguments of all gates, (B, 4H)."""
    return x @ weight_ih.T + h @ weight_hh.T + bias


@input_gate.solution
def input_gate_reference(x, h, weight_ih, weight_hh, bias):
    return sigmoid(split_gates(_stacked(x, h, weight_ih, weight_hh, bias))[0])


@input_gate.alternative
def input_gate_from_its_rows(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    return 1 / (1 + np.exp(-(x @ weight_ih[:H].T + h @ weight_hh[:H].T + bias[:H])))


@input_gate.alternative
def input_gate_by_reshaping(x, h, weight_ih, weight_hh, bias):
    B, H = h.shape
    a = (x @ weight_ih.T + h @ weight_hh.T + bias).reshape(B, 4, H).astype(np.float32)
    return np.exp(a[:, 0]) / (1 + np.exp(a[:, 0]))


def _rows(start):
    return lambda x, h, weight_ih, weight_hh, bias: sigmoid(
        split_gates(_stacked(x, h, weight_ih, weight_hh, bias))[start])


@input_gate.mistake(
    ko="둘째 묶음을 꺼냈습니다. 그것은 망각 게이트입니다. 쌓은 순서는 i, f, g, o입니다.",
    en="This is the second block, the forget gate. They are stacked in the order i, f, g, o.")
def forget_rows_taken(x, h, weight_ih, weight_hh, bias):
    return _rows(1)(x, h, weight_ih, weight_hh, bias)


@input_gate.mistake(
    ko="셋째 묶음을 꺼냈습니다. 그것은 후보값의 자리입니다. 쌓은 순서는 i, f, g, o입니다.",
    en="This is the third block, where the candidate lies. They are stacked in the order i, f, g, o.")
def candidate_rows_taken(x, h, weight_ih, weight_hh, bias):
    return _rows(2)(x, h, weight_ih, weight_hh, bias)


@input_gate.mistake(
    ko="마지막 묶음을 꺼냈습니다. 그것은 출력 게이트입니다. 쌓은 순서는 i, f, g, o입니다.",
    en="This is the last block, the output gate. They are stacked in the order i, f, g, o.")
def output_rows_taken(x, h, weight_ih, weight_hh, bias):
    return _rows(3)(x, h, weight_ih, weight_hh, bias)


@input_gate.mistake(
    ko="네 행마다 하나씩 꺼냈습니다. 게이트는 유닛마다 번갈아 놓인 것이 아니라 H행씩 한 묶음으로 쌓여 있습니다.",
    en="Every fourth row was taken. The gates do not take turns unit by unit; each is one block of H rows.")
def every_fourth_row(x, h, weight_ih, weight_hh, bias):
    return sigmoid(_stacked(x, h, weight_ih, weight_hh, bias)[:, ::4])


@input_gate.mistake(
    ko="편향이 빠졌습니다.",
    en="The bias is missing.")
def input_bias_missing(x, h, weight_ih, weight_hh, bias):
    return input_gate_reference(x, h, weight_ih, weight_hh, np.zeros_like(bias))


@input_gate.mistake(
    ko="가중치는 맞지만 편향을 다른 묶음에서 꺼냈습니다. 망각 게이트의 편향입니다.",
    en="The weights are right, but the bias is from another block: it is the forget gate's.")
def bias_of_the_forget_gate(x, h, weight_ih, weight_hh, bias):
    return input_gate_reference(x, h, weight_ih, weight_hh, np.roll(bias, -h.shape[1]))


@input_gate.mistake(
    ko="`weight_ih`와 `weight_hh`를 서로 다른 묶음에서 꺼냈습니다. 입력 쪽은 맞지만 은닉 상태 쪽은 망각 게이트의 것입니다.",
    en="`weight_ih` and `weight_hh` are from different blocks: the input's side is right, the hidden state's is the "
       "forget gate's.")
def recurrent_rows_of_the_forget_gate(x, h, weight_ih, weight_hh, bias):
    return input_gate_reference(x, h, weight_ih, np.roll(weight_hh, -h.shape[1], axis=0), bias)


@input_gate.mistake(
    ko="은닉 상태에 곱한 행렬의 전치 여부가 반대입니다. 꺼낸 묶음이 정사각 행렬이라 모양으로는 드러나지 않습니다.",
    en="The hidden state's matrix is transposed the wrong way round. The block is square, so no shape complains.")
def input_recurrent_block_transposed(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    return sigmoid(x @ weight_ih[:H].T + h @ weight_hh[:H] + bias[:H])


@input_gate.mistake(
    ko="시그모이드 대신 tanh를 썼습니다. 입력 게이트도 0과 1 사이의 몫입니다.",
    en="This uses tanh, not the sigmoid. The input gate is a share between 0 and 1 as well.")
def input_tanh_for_sigmoid(x, h, weight_ih, weight_hh, bias):
    return np.tanh(split_gates(_stacked(x, h, weight_ih, weight_hh, bias))[0])


@input_gate.mistake(
    ko="시그모이드가 빠졌습니다. 게이트의 값은 0과 1 사이에 있어야 합니다.",
    en="The sigmoid is missing. A gate's value lies between 0 and 1.")
def input_sigmoid_missing(x, h, weight_ih, weight_hh, bias):
    return split_gates(_stacked(x, h, weight_ih, weight_hh, bias))[0]


@input_gate.mistake(
    ko="1에서 망각 게이트를 뺐습니다. LSTM의 입력 게이트는 망각 게이트와 상관없이 제 가중치로 정해집니다. 둘을 묶은 것은 "
       "GRU 같은 다른 설계입니다.",
    en="This is one minus the forget gate. In an LSTM the input gate has weights of its own; tying the two together "
       "makes another design, as the GRU's.")
def one_minus_forget_gate(x, h, weight_ih, weight_hh, bias):
    return 1 - _rows(1)(x, h, weight_ih, weight_hh, bias)


# --------------------------------------------------------------------------------------------------------- gates/write

write = Exercise(
    "gates/write",
    "write(x (B, D), h (B, H), W_i, b_i, W_C, b_C) -> added (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})),
)


@write.inputs
def write_inputs(rng, sizes, name):
    return _gate_inputs(rng, sizes, "iC")


@write.solution
def write_reference(x, h, W_i, b_i, W_C, b_C):
    return sigmoid(_argument(x, h, W_i, b_i)) * np.tanh(_argument(x, h, W_C, b_C))


@write.alternative
def write_in_one_product(x, h, W_i, b_i, W_C, b_C):
    a = np.concatenate([h, x], axis=1) @ np.concatenate([W_i, W_C]).T + np.concatenate([b_i, b_C])
    i, C = np.split(a, 2, axis=1)
    return np.tanh(C) / (1 + np.exp(-i))


@write.alternative
def write_row_by_row(x, h, W_i, b_i, W_C, b_C):
    rows = []
    for x_b, h_b in zip(x, h):
        joined = np.append(h_b, x_b).astype(np.float32)
        rows.append(np.tanh(W_C @ joined + b_C) / (1 + np.exp(-(W_i @ joined + b_i))))
    return np.array(rows)


@write.mistake(
    ko="시그모이드와 tanh가 서로 바뀌었습니다. 게이트가 0과 1 사이의 몫이고, 후보값은 부호가 있는 내용입니다.",
    en="Sigmoid and tanh have changed places. The gate is the share between 0 and 1; the candidate is the content and "
       "has a sign.")
def sigmoid_and_tanh_swapped_in_write(x, h, W_i, b_i, W_C, b_C):
    return np.tanh(_argument(x, h, W_i, b_i)) * sigmoid(_argument(x, h, W_C, b_C))


@write.mistake(
    ko="후보값에도 시그모이드를 썼습니다. 그러면 셀 상태에 더하기만 할 수 있고 뺄 수는 없습니다.",
    en="The candidate went through the sigmoid too. Then one can only add to the cell state, never subtract.")
def sigmoid_for_the_candidate(x, h, W_i, b_i, W_C, b_C):
    return sigmoid(_argument(x, h, W_i, b_i)) * sigmoid(_argument(x, h, W_C, b_C))


@write.mistake(
    ko="입력 게이트에도 tanh를 썼습니다. 음수인 게이트는 후보값의 부호를 뒤집어 버립니다.",
    en="The input gate went through tanh too. A negative gate would turn the candidate's sign.")
def tanh_for_the_gate(x, h, W_i, b_i, W_C, b_C):
    return np.tanh(_argument(x, h, W_i, b_i)) * np.tanh(_argument(x, h, W_C, b_C))


@write.mistake(
    ko="게이트와 후보값을 더했습니다. 게이트는 후보값의 몫이므로 원소별로 곱합니다.",
    en="Gate and candidate are added. The gate is a share of the candidate: multiply elementwise.")
def gate_added(x, h, W_i, b_i, W_C, b_C):
    return sigmoid(_argument(x, h, W_i, b_i)) + np.tanh(_argument(x, h, W_C, b_C))


@write.mistake(
    ko="입력 게이트를 거치지 않았습니다. 후보값 전체가 들어가면 무엇을 적을지 고를 수 없습니다.",
    en="The input gate is missing. If the whole candidate goes in, nothing selects what is written.")
def candidate_ungated(x, h, W_i, b_i, W_C, b_C):
    return np.tanh(_argument(x, h, W_C, b_C))


@write.mistake(
    ko="후보값이 빠졌습니다. 이것은 입력 게이트뿐이고, 적을 내용이 없습니다.",
    en="The candidate is missing. This is the input gate alone, with nothing to write.")
def gate_alone(x, h, W_i, b_i, W_C, b_C):
    return sigmoid(_argument(x, h, W_i, b_i))


@write.mistake(
    ko="게이트를 tanh 안에서 곱했습니다. 후보값은 먼저 tanh를 거치고, 게이트는 그 다음에 곱합니다.",
    en="The gate multiplies inside tanh. The candidate passes through tanh first, the gate multiplies what comes out.")
def gate_inside_tanh(x, h, W_i, b_i, W_C, b_C):
    return np.tanh(sigmoid(_argument(x, h, W_i, b_i)) * _argument(x, h, W_C, b_C))


@write.mistake(
    ko="게이트를 곱한 다음에 tanh를 거쳤습니다. tanh는 후보값을 만들 때 한 번만 씁니다.",
    en="tanh is applied once more, after the gate. It is used once, in making the candidate.")
def tanh_after_the_gate(x, h, W_i, b_i, W_C, b_C):
    return np.tanh(write_reference(x, h, W_i, b_i, W_C, b_C))


@write.mistake(
    ko="후보값에 1에서 게이트를 뺀 값을 곱했습니다. 게이트의 값 자체가 들여보낼 몫입니다.",
    en="The candidate is multiplied with one minus the gate. The gate's value itself is the share let in.")
def gate_reversed(x, h, W_i, b_i, W_C, b_C):
    return (1 - sigmoid(_argument(x, h, W_i, b_i))) * np.tanh(_argument(x, h, W_C, b_C))


@write.mistake(
    ko="게이트와 후보값을 같은 행렬 `W_C`와 편향 `b_C`로 계산했습니다. 얼마나와 무엇은 서로 다른 가중치로 정합니다.",
    en="Gate and candidate come from the same matrix `W_C` and bias `b_C`. How much and what have their own weights.")
def same_weights_for_both(x, h, W_i, b_i, W_C, b_C):
    return write_reference(x, h, W_C, b_C, W_C, b_C)


@write.mistake(
    ko="이어 붙인 순서가 반대입니다. 이전 은닉 상태가 앞, 입력이 뒤입니다.",
    en="The two are joined the wrong way round: first the previous hidden state, then the input.")
def write_joined_the_other_way(x, h, W_i, b_i, W_C, b_C):
    return write_reference(h, x, W_i, b_i, W_C, b_C)


@write.mistake(
    ko="두 편향이 모두 빠졌습니다.",
    en="Both biases are missing.")
def write_biases_missing(x, h, W_i, b_i, W_C, b_C):
    return write_reference(x, h, W_i, 0, W_C, 0)


# --------------------------------------------------------------------------------------------------- gates/cell_states

cell_states = Exercise(
    "gates/cell_states",
    "cell_states(c0 (B, H), f (B, T, H), i (B, T, H), g (B, T, H)) -> cs (B, T, H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})),
)


@cell_states.inputs
def cell_states_inputs(rng, sizes, name):
    B, T, H = (sizes[letter] for letter in "BTH")
    return {"f": rng.uniform(0.2, 0.95, (B, T, H)), "i": rng.uniform(0.2, 0.95, (B, T, H)),
            "g": rng.uniform(-0.95, 0.95, (B, T, H))}


def _cell_states(c0, f, i, g, update=lambda c, f, i, g: f * c + i * g, carried=lambda c, c0: c):
    """The right answer as a loop, with the places where people slip left open."""
    cs, c = np.empty_like(f), c0
    for t in range(f.shape[1]):
        c = cs[:, t] = update(carried(c, c0), f[:, t], i[:, t], g[:, t])
    return cs


@cell_states.solution
def cell_states_reference(c0, f, i, g):
    return _cell_states(c0, f, i, g)


@cell_states.alternative
def cell_states_as_weighted_sums(c0, f, i, g):
    """c(t) = Π f c0 + Σ_k (f(k+1) ⋯ f(t)) i(k) g(k)"""
    B, T, H = f.shape
    cs = np.zeros((B, T, H))
    for t in range(T):
        cs[:, t] = f[:, :t + 1].prod(axis=1) * c0
        for k in range(t + 1):
            cs[:, t] += f[:, k + 1:t + 1].prod(axis=1) * i[:, k] * g[:, k]
    return cs


@cell_states.alternative
def cell_states_in_a_list(c0, f, i, g):
    c, states = c0.astype(np.float32), []
    for f_t, i_t, g_t in zip(f.swapaxes(0, 1), i.swapaxes(0, 1), g.swapaxes(0, 1)):
        c = c * f_t + g_t * i_t
        states.append(c)
    return np.stack(states, axis=1)


@cell_states.mistake(
    ko="망각 게이트와 입력 게이트가 서로 바뀌었습니다. 이전 셀 상태에 곱하는 것은 f, 새 내용에 곱하는 것은 i입니다.",
    en="Forget and input gate have changed places. f multiplies the previous cell state, i what is new.")
def forget_and_input_swapped(c0, f, i, g):
    return _cell_states(c0, i, f, g)


@cell_states.mistake(
    ko="시점마다 처음 상태 `c0`에서 다시 시작했습니다. 앞 시점에서 구한 셀 상태를 이어 가야 합니다.",
    en="Every step starts from `c0` again. The cell state of the step before has to be carried on.")
def cell_state_not_carried(c0, f, i, g):
    return _cell_states(c0, f, i, g, carried=lambda c, c0: c0)


@cell_states.mistake(
    ko="처음 상태 `c0`이 쓰이지 않았습니다. 첫 시점에도 이전 셀 상태가 있습니다.",
    en="The initial state `c0` is not used. The first step has a previous cell state too.")
def first_cell_state_ignored(c0, f, i, g):
    return _cell_states(np.zeros_like(c0), f, i, g)


@cell_states.mistake(
    ko="망각 게이트를 1에서 뺀 값으로 썼습니다. f는 지울 몫이 아니라 남길 몫입니다.",
    en="The forget gate enters as one minus f. It is the share to keep, not the share to erase.")
def forget_gate_reversed(c0, f, i, g):
    return _cell_states(c0, 1 - f, i, g)


@cell_states.mistake(
    ko="입력 게이트 대신 1에서 망각 게이트를 뺀 값을 썼습니다. LSTM에서는 두 게이트가 따로 움직입니다. 둘 다 1일 수도, 둘 다 "
       "0일 수도 있습니다.",
    en="One minus the forget gate stands in for the input gate. In an LSTM the two move independently: both may be 1, "
       "and both 0.")
def gates_tied(c0, f, i, g):
    return _cell_states(c0, f, 1 - f, g)


@cell_states.mistake(
    ko="셀 상태에 tanh를 씌워 다음 시점으로 넘겼습니다. 셀 상태의 길에는 tanh가 없습니다. 그것이 이 길의 요점입니다.",
    en="The cell state is squashed by tanh on its way to the next step. There is no tanh on the cell state's line, "
       "which is the point of it.")
def tanh_on_the_line(c0, f, i, g):
    return _cell_states(c0, f, i, g, update=lambda c, f, i, g: np.tanh(f * c + i * g))


@cell_states.mistake(
    ko="망각 게이트를 새 내용에도 곱했습니다. 먼저 지우고 나서 더합니다. 방금 적은 것은 다음 시점에야 지워질 수 있습니다.",
    en="The forget gate multiplies the new content too. Erase first, then add: what was just written can be erased at "
       "the next step at the earliest.")
def erased_after_adding(c0, f, i, g):
    return _cell_states(c0, f, i, g, update=lambda c, f, i, g: f * (c + i * g))


@cell_states.mistake(
    ko="입력 게이트가 빠졌습니다. 후보값이 모두 그대로 더해졌습니다.",
    en="The input gate is missing: the whole candidate is added every time.")
def input_gate_missing(c0, f, i, g):
    return _cell_states(c0, f, np.ones_like(i), g)


@cell_states.mistake(
    ko="망각 게이트가 빠졌습니다. 1997년의 첫 LSTM이 이랬습니다. 한 번 적은 것을 지울 길이 없습니다.",
    en="The forget gate is missing. The first LSTM, of 1997, was like that: nothing written can ever be erased.")
def forget_gate_missing(c0, f, i, g):
    return _cell_states(c0, np.ones_like(f), i, g)


@cell_states.mistake(
    ko="한 시점씩 밀렸습니다. 첫 자리에 `c0`이 들어 있는데, 첫 시점의 게이트를 지난 다음의 셀 상태여야 합니다.",
    en="The states are one step late. The first place holds `c0`; it should hold the cell state after the first step's "
       "gates.")
def cell_states_one_step_late(c0, f, i, g):
    return np.concatenate([c0[:, None], _cell_states(c0, f, i, g)[:, :-1]], axis=1)


@cell_states.mistake(
    ko="시점마다 더한 것만 있습니다. 이전 셀 상태에서 남은 몫을 더하지 않았습니다.",
    en="This is only what each step adds. What is left of the previous cell state is not there.")
def only_what_is_added(c0, f, i, g):
    return i * g


@cell_states.mistake(
    ko="시간을 거꾸로 돌았습니다. 셀 상태는 첫 시점에서 시작해 앞으로 갑니다.",
    en="The loop runs backwards in time. The cell state starts at the first step and goes forward.")
def backwards_in_time(c0, f, i, g):
    return _cell_states(c0, f[:, ::-1], i[:, ::-1], g[:, ::-1])[:, ::-1]


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
def share_left_reference(f, k):
    share = np.zeros_like(f)
    share[:, k] = 1
    for t in range(k + 1, f.shape[1]):
        share[:, t] = f[:, t] * share[:, t - 1]
    return share


@share_left.alternative
def share_left_by_cumulative_product(f, k):
    share = np.zeros(f.shape)
    share[:, k] = 1.0
    share[:, k + 1:] = np.cumprod(f[:, k + 1:], axis=1)
    return share


@share_left.alternative
def share_left_by_writing_one(f, k):
    written = np.zeros_like(f)
    written[:, k] = 1
    return _cell_states(np.zeros_like(f[:, 0]), f, written, np.ones_like(f))


def _share_left(f, k, product):
    """Zeros before step k, `product(t)` from there on."""
    share = np.zeros_like(f)
    for t in range(k, f.shape[1]):
        share[:, t] = product(t)
    return share


@share_left.mistake(
    ko="적은 시점의 망각 게이트까지 곱했습니다. 그 게이트는 적기 전에 이미 일을 마쳤습니다. 적은 시점에 남은 몫은 1입니다.",
    en="The forget gate of the writing step itself is in the product. It had done its work before the writing; at that "
       "step the share is 1.")
def writing_step_included(f, k):
    return _share_left(f, k, lambda t: f[:, k:t + 1].prod(axis=1))


@share_left.mistake(
    ko="한 시점 모자랍니다. 시점 t의 셀 상태는 시점 t의 망각 게이트도 이미 지난 것입니다.",
    en="The product stops one step short. The cell state of step t has passed the forget gate of step t too.")
def last_gate_left_out(f, k):
    return _share_left(f, k, lambda t: f[:, k + 1:t].prod(axis=1))


@share_left.mistake(
    ko="게이트를 더했습니다. 남은 것에서 또 남기는 일이므로 곱합니다.",
    en="The gates are added. A share of a share is a product.")
def gates_added(f, k):
    return _share_left(f, k, lambda t: f[:, k + 1:t + 1].sum(axis=1) if t > k else 1)


@share_left.mistake(
    ko="게이트의 평균입니다. 시점마다 다시 줄어드는 것이므로 평균이 아니라 곱입니다.",
    en="This is the mean of the gates. Every step takes its share anew: multiply.")
def gates_averaged(f, k):
    return _share_left(f, k, lambda t: f[:, k + 1:t + 1].mean(axis=1) if t > k else 1)


@share_left.mistake(
    ko="시점 t의 게이트 하나만 썼습니다. 그 사이의 모든 게이트를 지나야 합니다.",
    en="Only the gate of step t itself is used. All the gates on the way have a say.")
def latest_gate_only(f, k):
    return _share_left(f, k, lambda t: f[:, t] if t > k else 1)


@share_left.mistake(
    ko="시점 t의 게이트를 거듭제곱했습니다. 게이트는 시점마다 다르므로 실제로 지난 것들을 곱해야 합니다.",
    en="The gate of step t is raised to a power. Gates differ from step to step: multiply those on the way.")
def power_of_the_latest_gate(f, k):
    return _share_left(f, k, lambda t: f[:, t] ** (t - k))


@share_left.mistake(
    ko="지워진 몫을 구했습니다. 1에서 뺀 나머지가 남은 몫입니다.",
    en="This is the share that is gone. What is left is the rest.")
def share_gone(f, k):
    return _share_left(f, k, lambda t: 1 - f[:, k + 1:t + 1].prod(axis=1))


@share_left.mistake(
    ko="적기 전의 시점이 0이 아니라 1입니다. 아직 적지 않은 것은 남아 있을 수도 없습니다.",
    en="Before the writing the share is 1 instead of 0. What is not yet written cannot be left.")
def ones_before_writing(f, k):
    share = share_left_reference(f, k)
    share[:, :k] = 1
    return share


@share_left.mistake(
    ko="처음 시점부터 곱했습니다. 적기 전의 게이트는 적은 것을 건드리지 못합니다.",
    en="The product starts at the first step. Gates before the writing cannot touch what was written.")
def product_from_the_start(f, k):
    return _share_left(f, k, lambda t: f[:, :t + 1].prod(axis=1))


@share_left.mistake(
    ko="게이트마다 1에서 뺀 값을 곱했습니다. f는 지울 몫이 아니라 남길 몫입니다.",
    en="Every factor is one minus the gate. f is the share to keep, not the share to erase.")
def product_of_what_is_erased(f, k):
    return _share_left(f, k, lambda t: (1 - f[:, k + 1:t + 1]).prod(axis=1))


# --------------------------------------------------------------------------------------------------- gates/look_inside

look_inside = Exercise(
    "gates/look_inside",
    "look_inside(h (B, H), o (B, H)) -> c (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})),
)


@look_inside.inputs
def look_inside_inputs(rng, sizes, name):
    B, H = sizes["B"], sizes["H"]
    o = rng.uniform(0.2, 0.9, (B, H))
    return {"h": o * np.tanh(rng.uniform(-2, 2, (B, H))), "o": o}


@look_inside.solution
def look_inside_reference(h, o):
    return np.arctanh(h / o)


@look_inside.alternative
def look_inside_by_logarithms(h, o):
    return 0.5 * np.log((o + h) / (o - h))


@look_inside.alternative
def look_inside_one_by_one(h, o):
    return np.array([[np.arctanh(h_bj / o_bj) for h_bj, o_bj in zip(*rows)] for rows in zip(h, o)])


@look_inside.mistake(
    ko="출력 게이트로 나누기만 했습니다. 이것은 tanh를 지난 셀 상태입니다. tanh도 거슬러 가야 합니다.",
    en="This only divides by the output gate. What it gives is tanh of the cell state; tanh has to be undone as well.")
def tanh_not_undone(h, o):
    return h / o


@look_inside.mistake(
    ko="출력 게이트로 나누지 않았습니다. 나중에 곱한 것을 먼저 되돌립니다.",
    en="There is no division by the output gate. What was multiplied last is undone first.")
def gate_not_undone(h, o):
    return np.arctanh(h)


@look_inside.mistake(
    ko="순서가 바뀌었습니다. 앞으로 갈 때 tanh가 먼저, 게이트가 나중이었으니 되돌릴 때는 게이트가 먼저입니다.",
    en="The order is reversed. Forward it was tanh first and the gate second, so the gate is undone first.")
def undone_in_the_wrong_order(h, o):
    return np.arctanh(h) / o


@look_inside.mistake(
    ko="출력 게이트를 나누지 않고 다시 곱했습니다.",
    en="The output gate is multiplied once more instead of being divided out.")
def multiplied_once_more(h, o):
    return np.arctanh(h * o)


@look_inside.mistake(
    ko="tanh를 되돌리는 대신 한 번 더 씌웠습니다.",
    en="tanh is applied once more instead of being undone.")
def tanh_once_more(h, o):
    return np.tanh(h / o)


@look_inside.mistake(
    ko="1을 tanh로 나누었습니다. 역함수는 역수가 아닙니다.",
    en="This divides 1 by tanh. An inverse function is not a reciprocal.")
def reciprocal_for_inverse(h, o):
    return 1 / np.tanh(h / o)


@look_inside.mistake(
    ko="삼각함수 tan의 역함수를 썼습니다. 여기에 필요한 것은 쌍곡탄젠트의 역함수입니다.",
    en="This is the inverse of the trigonometric tangent. Wanted is that of the hyperbolic tangent.")
def trigonometric_inverse(h, o):
    return np.arctan(h / o)


# ----------------------------------------------------------------------------------------------------- gates/lstm_step

lstm_step = Exercise(
    "gates/lstm_step",
    "lstm_step(x (B, D), h (B, H), c (B, H), weight_ih (4H, D), weight_hh (4H, H), bias (4H)) "
    "-> h_next (B, H), c_next (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})),
)


@lstm_step.solution
def lstm_step_reference(x, h, c, weight_ih, weight_hh, bias):
    return layer_with(LSTMCell, weight_ih, weight_hh, bias).forward(x, (h, c))[0]


@lstm_step.alternative
def lstm_step_gate_by_gate(x, h, c, weight_ih, weight_hh, bias):
    a = []
    for n in range(4):
        H = h.shape[1]
        rows = slice(n * H, (n + 1) * H)
        a.append(x @ weight_ih[rows].T + h @ weight_hh[rows].T + bias[rows])
    i, f, o = (1 / (1 + np.exp(-a[n])) for n in (0, 1, 3))
    c_next = f * c + i * np.tanh(a[2])
    return o * np.tanh(c_next), c_next


@lstm_step.alternative
def lstm_step_row_by_row(x, h, c, weight_ih, weight_hh, bias):
    weight, hs, cs = np.concatenate([weight_hh, weight_ih], axis=1).astype(np.float32), [], []
    for x_b, h_b, c_b in zip(x, h, c):
        i, f, g, o = np.split(weight @ np.append(h_b, x_b) + bias, 4)
        cs.append(c_b / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i)))
        hs.append(np.tanh(cs[-1]) / (1 + np.exp(-o)))
    return {"h_next": np.array(hs), "c_next": np.array(cs)}


def _add(c, i, f, g):
    return f * c + i * g


def _show(c_next, o):
    return o * np.tanh(c_next)


def _step(x, h, c, weight_ih, weight_hh, bias, *, order="ifgo", gate=sigmoid, candidate=np.tanh, update=_add,
          shown=_show, split=split_gates):
    """The right answer with the places where people slip left open."""
    a = dict(zip(order, split(_stacked(x, h, weight_ih, weight_hh, bias))))
    i, f, o = gate(a["i"]), gate(a["f"]), gate(a["o"])
    c_next = update(c, i, f, candidate(a["g"]))
    return shown(c_next, o), c_next


@lstm_step.mistake(
    ko="망각 게이트와 입력 게이트가 서로 바뀌었습니다. 쌓은 순서는 i, f, g, o입니다. 모양이 같아서 오류는 나지 않습니다.",
    en="Forget and input gate have changed places. They are stacked in the order i, f, g, o; the shapes are equal, so "
       "nothing complains.")
def order_f_i_g_o(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, order="figo")


@lstm_step.mistake(
    ko="마지막 두 묶음이 바뀌었습니다. 후보값 g가 셋째, 출력 게이트 o가 넷째입니다. i, f, o, g로 쌓는 라이브러리도 있지만 이 책과 "
       "PyTorch는 i, f, g, o입니다.",
    en="The last two blocks have changed places: the candidate g is the third, the output gate o the fourth. Some "
       "libraries stack i, f, o, g; this book and PyTorch stack i, f, g, o.")
def order_i_f_o_g(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, order="ifog")


@lstm_step.mistake(
    ko="둘째와 셋째 묶음이 바뀌었습니다. 둘째가 망각 게이트 f, 셋째가 후보값 g입니다.",
    en="The second and third block have changed places: the second is the forget gate f, the third the candidate g.")
def order_i_g_f_o(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, order="igfo")


@lstm_step.mistake(
    ko="묶음을 f, g, i, o로 읽었습니다. 쌓은 순서는 i, f, g, o입니다.",
    en="The blocks are read as f, g, i, o. They are stacked in the order i, f, g, o.")
def order_f_g_i_o(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, order="fgio")


@lstm_step.mistake(
    ko="게이트가 유닛마다 번갈아 놓였다고 보고 나누었습니다. 게이트는 H개씩 한 묶음입니다.",
    en="The split takes the gates to alternate unit by unit. Each gate is one block of H.")
def gates_interleaved(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, split=lambda a: [a[:, n::4] for n in range(4)])


@lstm_step.mistake(
    ko="시그모이드와 tanh가 서로 바뀌었습니다. 세 게이트는 시그모이드, 후보값은 tanh입니다.",
    en="Sigmoid and tanh have changed places. The three gates take the sigmoid, the candidate takes tanh.")
def sigmoid_and_tanh_swapped(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, gate=np.tanh, candidate=sigmoid)


@lstm_step.mistake(
    ko="네 묶음 모두에 시그모이드를 씌웠습니다. 후보값 g는 tanh를 지나야 음수도 될 수 있습니다.",
    en="All four blocks went through the sigmoid. The candidate g takes tanh, so that it can be negative.")
def sigmoid_for_all_four(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, candidate=sigmoid)


@lstm_step.mistake(
    ko="후보값에 활성화 함수를 씌우지 않았습니다.",
    en="The candidate has not passed through any activation function.")
def candidate_not_squashed(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, candidate=lambda a: a)


@lstm_step.mistake(
    ko="은닉 상태를 만들 때 셀 상태가 tanh를 지나지 않았습니다. 셀 상태는 1보다 커질 수 있으므로 내보낼 때 눌러 줍니다.",
    en="The cell state does not pass through tanh on its way to the hidden state. It may grow beyond 1, and is "
       "squashed where it is shown.")
def cell_state_shown_without_tanh(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, shown=lambda c_next, o: o * c_next)


@lstm_step.mistake(
    ko="은닉 상태를 만들 때 tanh 대신 시그모이드를 썼습니다.",
    en="The hidden state is made with the sigmoid of the cell state, not with its tanh.")
def cell_state_shown_by_sigmoid(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, shown=lambda c_next, o: o * sigmoid(c_next))


@lstm_step.mistake(
    ko="tanh를 셀 상태 자체에 씌워 다음 시점으로 넘겼습니다. tanh는 내보낼 때만 지나고, 넘기는 셀 상태는 그대로 둡니다.",
    en="tanh is applied to the cell state that is handed on. Only what is shown passes through tanh.")
def cell_state_squashed(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, update=lambda c, i, f, g: np.tanh(_add(c, i, f, g)),
                 shown=lambda c_next, o: o * c_next)


@lstm_step.mistake(
    ko="은닉 상태에 이전 셀 상태를 내보냈습니다. 갱신을 마친 셀 상태를 내보냅니다.",
    en="The hidden state shows the previous cell state. It should show the updated one.")
def previous_cell_state_shown(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, shown=lambda c_next, o: _show(c, o))


@lstm_step.mistake(
    ko="출력 게이트가 빠졌습니다. 셀 상태가 모두 은닉 상태로 나갑니다.",
    en="The output gate is missing: the whole cell state shows in the hidden state.")
def output_gate_missing(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, shown=lambda c_next, o: np.tanh(c_next))


@lstm_step.mistake(
    ko="편향이 빠졌습니다.",
    en="The bias is dropped.")
def bias_dropped(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, np.zeros_like(bias))


@lstm_step.mistake(
    ko="이전 은닉 상태 `h`가 게이트에 들어가지 않았습니다.",
    en="The previous hidden state `h` does not enter the gates.")
def hidden_state_ignored(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, np.zeros_like(h), c, weight_ih, weight_hh, bias)


@lstm_step.mistake(
    ko="게이트에 은닉 상태가 아니라 셀 상태를 넣었습니다. 네 묶음은 모두 입력 `x`와 이전 은닉 상태 `h`로 계산합니다.",
    en="The gates are fed the cell state, not the hidden state. All four blocks are computed from `x` and the previous "
       "`h`.")
def cell_state_into_the_gates(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, c, c, weight_ih, weight_hh, bias)


@lstm_step.mistake(
    ko="망각 게이트를 셀 상태가 아니라 은닉 상태 `h`에 곱했습니다. 이어 가는 것은 `c`입니다.",
    en="The forget gate multiplies the hidden state `h`. What is carried on is `c`.")
def hidden_state_carried(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, update=lambda _, i, f, g: _add(h, i, f, g))


@lstm_step.mistake(
    ko="망각 게이트를 1에서 뺀 값으로 썼습니다. f가 1이면 모두 남깁니다.",
    en="The forget gate enters as one minus f. Where f is 1, everything stays.")
def forget_gate_upside_down(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, update=lambda c, i, f, g: _add(c, i, 1 - f, g))


@lstm_step.mistake(
    ko="입력 게이트 대신 1에서 망각 게이트를 뺀 값을 썼습니다. 두 게이트는 따로 움직입니다.",
    en="One minus the forget gate stands in for the input gate. The two gates move independently.")
def input_gate_tied_to_forget_gate(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, update=lambda c, i, f, g: _add(c, 1 - f, f, g))


@lstm_step.mistake(
    ko="망각 게이트가 빠졌습니다. 1997년의 첫 LSTM처럼 더하기만 하고 지우지 못합니다.",
    en="The forget gate is missing. Like the first LSTM, of 1997, it only adds and never erases.")
def never_forgets(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias, update=lambda c, i, f, g: c + i * g)


@lstm_step.mistake(
    ko="두 결과의 자리가 바뀌었습니다. 은닉 상태가 먼저, 셀 상태가 나중입니다.",
    en="The two results have changed places: first the hidden state, then the cell state.")
def results_swapped(x, h, c, weight_ih, weight_hh, bias):
    return _step(x, h, c, weight_ih, weight_hh, bias)[::-1]


EXERCISES = (forget_gate, input_gate, write, cell_states, share_left, look_inside, lstm_step)
