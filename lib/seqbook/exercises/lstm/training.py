"""The exercises of `lstm/training`: one LSTM step back, the GRU's step, and two faulty programs to repair."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind
from seqbook.scratch import sigmoid


def lstm_step(x, h, c, weight_ih, weight_hh, bias):
    """The chapter's own step: what the exercises' inputs are made with, and what the last one calls."""
    a_i, a_f, a_g, a_o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_g)
    return sigmoid(a_o) * np.tanh(c), c


def _gates_and_states(rng, B, H, T):
    """h0 and c0 (B, H), the gates of T steps (B, T, 4H), and the states they lead to, hs and cs (B, T, H)."""
    h0, c0 = np.tanh(rng.standard_normal((B, H))), rng.standard_normal((B, H))
    i, f, o = 1 / (1 + np.exp(-rng.standard_normal((3, B, T, H))))
    g, c, cs = np.tanh(rng.standard_normal((B, T, H))), c0, np.empty((B, T, H))
    for t in range(T):
        c = cs[:, t] = f[:, t] * c + i[:, t] * g[:, t]
    return h0, c0, np.concatenate([i, f, g, o], axis=2), o * np.tanh(cs), cs


# ----------------------------------------------------------------------------------------- training/lstm_step_backward

lstm_step_backward = Exercise(
    "training/lstm_step_backward",
    "lstm_step_backward(dh (B, H), dc_next (B, H), x (B, D), h_prev (B, H), c_prev (B, H), gates (B, 4H), c (B, H), "
    "weight_ih (4H, D), weight_hh (4H, H)) "
    "-> dx (B, D), dh_prev (B, H), dc_prev (B, H), dweight_ih (4H, D), dweight_hh (4H, H), dbias (4H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})), bound=("c_prev", "gates", "c"))


@lstm_step_backward.inputs
def lstm_step_backward_inputs(rng, sizes, name):
    h_prev, c_prev, gates, _, cs = _gates_and_states(rng, sizes["B"], sizes["H"], 1)
    return {"h_prev": h_prev, "c_prev": c_prev, "gates": gates[:, 0], "c": cs[:, 0]}


@lstm_step_backward.solution
def one_lstm_step_back(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(c)
    dc = dc_next + dh * o * (1 - tanh_c**2)    # ⟦두 갈래의 합|the sum of two ways⟧
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)    # (B, 4H)
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


lstm_step_backward.says(
    "cell_path_dropped", {"dc_next + dh": "dh"},
    ko="들어온 `dc_next`가 쓰이지 않았습니다. c는 h를 통해서뿐 아니라 다음 시점의 c를 통해서도 손실에 영향을 줍니다. 두 갈래의 기울기를 "
       "더하세요.",
    en="The incoming `dc_next` is not used. c moves the loss through h, and through the next step's c as well: add the "
       "gradients of both ways.")
lstm_step_backward.says(
    "new_state_in_outer_product", {"da.T @ h_prev": "da.T @ (o * tanh_c)"},
    ko="`dweight_hh`에 새 은닉 상태를 썼습니다. `weight_hh`와 곱해진 것은 이전 은닉 상태 `h_prev`입니다.",
    en="`dweight_hh` uses the new hidden state. What `weight_hh` was multiplied with is the previous one, `h_prev`.")
lstm_step_backward.says(
    "new_cell_in_forget_gate", {"dc * c_prev": "dc * c"},
    ko="망각 게이트의 기울기에 새 셀 상태 `c`를 썼습니다. 망각 게이트와 곱해진 것은 이전 셀 상태입니다.",
    en="The forget gate's gradient uses the new cell state `c`. What the forget gate was multiplied with is the "
       "previous one.")
lstm_step_backward.says(
    "share_of_h_missing_in_dc_prev", {"dc * f, da.T": "dc_next * f, da.T"},
    ko="`dc_prev`를 들어온 `dc_next`만으로 구했습니다. h에서 온 기울기를 더한 뒤의 기울기가 망각 게이트를 지나 돌아갑니다.",
    en="`dc_prev` is made from the incoming `dc_next` alone. What passes the forget gate is the gradient of c with h's "
       "share added.")


@lstm_step_backward.mistake(
    ko="c의 기울기에 f를 너무 일찍 곱해 덮어썼습니다. i, f, g의 기울기에는 f를 곱하기 전의 값이 필요합니다.",
    en="The gradient of c is overwritten by f times itself too early. The gradients of i, f and g need it as it was "
       "before.")
def cell_gradient_overwritten(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    dc = f * (dc_next + dh * o * (1 - np.tanh(c)**2))
    da = np.concatenate([dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2),
                         dh * np.tanh(c) * o * (1 - o)], axis=1)
    return da @ weight_ih, da @ weight_hh, dc, da.T @ x, da.T @ h_prev, da.sum(axis=0)


# --------------------------------------------------------------------------------------------------- training/gru_step

gru_step = Exercise(
    "training/gru_step",
    "gru_step(x (B, D), h_prev (B, H), weight_ih (3H, D), weight_hh (3H, H), bias (3H), bias_hn (H)) -> h (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})))


@gru_step.solution
def one_gru_step(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n = np.split(x @ weight_ih.T + bias, 3, axis=1)
    h_r, h_z, h_n = np.split(h_prev @ weight_hh.T, 3, axis=1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + r * (h_n + bias_hn))
    return (1 - z) * n + z * h_prev


gru_step.says(
    "update_gate_reversed", {"(1 - z) * n + z * h_prev": "z * n + (1 - z) * h_prev"},
    ko="업데이트 게이트가 거꾸로입니다. 이 책과 PyTorch에서는 z가 1이면 과거를 그대로 두고 0이면 바꿉니다. 반대로 정한 논문도 "
       "있습니다.",
    en="The update gate is the other way round. Here, as in PyTorch, z = 1 keeps the past and 0 replaces it; some "
       "papers have it reversed.")
gru_step.says(
    "hidden_bias_outside_the_reset_gate", {"r * (h_n + bias_hn)": "r * h_n + bias_hn"},
    ko="리셋 게이트가 `bias_hn`에는 곱해지지 않았습니다. 은닉 쪽의 편향까지 함께 r로 줄입니다.",
    en="The reset gate does not multiply `bias_hn`. It scales the hidden part together with that part's bias.")


@gru_step.mistake(
    ko="리셋 게이트를 행렬을 곱하기 전에 상태에 곱했습니다. 논문의 식이 그렇지만, PyTorch의 식에서는 행렬을 곱한 뒤에 곱합니다.",
    en="The reset gate multiplies the state before the matrix does. So the paper has it; in PyTorch's form it comes "
       "after the matrix.")
def reset_before_the_matrix(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    x_r, x_z, x_n = np.split(x @ weight_ih.T + bias, 3, axis=1)
    h_r, h_z, _ = np.split(h_prev @ weight_hh.T, 3, axis=1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + (r * h_prev) @ np.split(weight_hh, 3)[2].T + bias_hn)
    return (1 - z) * n + z * h_prev


# ------------------------------------------------------------------------------------------ training/repaired_backward

repaired_backward = Exercise(
    "training/repaired_backward",
    "repaired_backward(dhs (B, T, H), x (B, T, D), h0 (B, H), c0 (B, H), hs (B, T, H), cs (B, T, H), "
    "gates (B, T, 4H), weight_ih (4H, D), weight_hh (4H, H)) "
    "-> dx (B, T, D), dh0 (B, H), dc0 (B, H), dweight_ih (4H, D), dweight_hh (4H, H), dbias (4H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})), bound=("h0", "c0", "hs", "cs", "gates"))


@repaired_backward.inputs
def repaired_backward_inputs(rng, sizes, name):
    return dict(zip(("h0", "c0", "gates", "hs", "cs"), _gates_and_states(rng, sizes["B"], sizes["H"], sizes["T"])))


@repaired_backward.solution
def repaired(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev, c_prev = (hs[:, t - 1], cs[:, t - 1]) if t > 0 else (h0, c0)
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        # ⟦f와 곱해진 것은 c(t-1)|f was multiplied with c(t-1)⟧
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


repaired_backward.says(
    "still_the_new_cell", {"dc * c_prev": "dc * cs[:, t]"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 곱을 한 인수로 미분하면 다른 인수가 남습니다. 순전파에서 망각 게이트와 곱해진 것이 무엇이었는지 "
       "식을 다시 읽어 보세요.",
    en="The fault you were to find is still there. Differentiate a product by one factor and the other remains: "
       "read the forward equation again, and see what the forget gate was multiplied with.")
repaired_backward.says(
    "first_step_wraps_around", {"dc * c_prev": "dc * cs[:, t - 1]"},
    ko="잘못을 찾았지만 첫 시점이 틀립니다. 파이썬에서 번호 -1은 맨 끝을 가리킵니다. 첫 시점의 앞에 있는 셀 상태는 `c0`입니다.",
    en="You found the fault, but the first step is wrong. In Python the index -1 is the last entry. The cell state "
       "before the first step is `c0`.")
repaired_backward.says(
    "initial_cell_forgotten", {"(h0, c0)": "(h0, 0 * c0)"},
    ko="잘못을 찾았지만 첫 시점의 앞을 0으로 두었습니다. 처음 셀 상태 `c0`은 0이 아닐 수 있습니다. 청크를 이어 읽을 때가 그렇습니다.",
    en="You found the fault, but take zeros before the first step. The initial cell state `c0` need not be zero, "
       "and is not when chunks are read one after the other.")
repaired_backward.says(
    "forget_gate_never_learns", {"dc * c_prev": "0 * dc"},
    ko="망각 게이트의 기울기를 없앴습니다. 그러면 망각 게이트는 아무것도 배우지 못합니다. 지우지 말고 바로잡으세요.",
    en="The forget gate's gradient has been removed. The gate would never learn a thing: mend it instead.")

# --------------------------------------------------------------------------------------------- training/read_in_chunks

read_in_chunks = Exercise(
    "training/read_in_chunks",
    "read_in_chunks(x (B, T, D), h0 (B, H), c0 (B, H), chunk, weight_ih (4H, D), weight_hh (4H, H), bias (4H)) "
    "-> hs (B, T, H), h (B, H), c (B, H)",
    kinds=(
        GENERAL, GENERAL,
        Kind({"T": 8}, "many", ko="청크가 여럿일 때", en="several chunks"),
        Kind(name="whole", ko="청크 하나에 시퀀스가 다 들어갈 때", en="one chunk that holds the whole sequence"),
        Kind(name="single", ko="청크마다 한 시점일 때", en="chunks of a single step"),
        Kind({"B": 1}),
    ),
)


@read_in_chunks.inputs
def read_in_chunks_inputs(rng, sizes, name):
    T = sizes["T"]
    uneven = [chunk for chunk in range(2, T) if T % chunk]    # the last chunk is shorter
    return {"chunk": {"whole": T, "single": 1, "many": 3}.get(name) or int(rng.choice(uneven))}


@read_in_chunks.solution
def chunk_after_chunk(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs, h, c = [], h0, c0
    for start in range(0, T, chunk):    # ⟦h와 c가 모두 다음 청크로 이어집니다|h and c both go on into the next chunk⟧
        for t in range(start, min(start + chunk, T)):
            h, c = lstm_step(x[:, t], h, c, weight_ih, weight_hh, bias)
            hs.append(h)
    return np.stack(hs, axis=1), h, c


for name, edit, ko, en in (
    ("cell_state_starts_again", "c = c0",
     "처음의 잘못이 그대로 있습니다. 청크마다 셀 상태가 `c0`으로 되돌아갑니다. 다음 청크는 앞 청크가 남긴 것에서 출발해야 합니다.",
     "The fault you were to find is still there. Every chunk starts again from the cell state `c0`; the next chunk "
     "should start from what the one before has left."),
    ("hidden_state_starts_again", "h = h0",
     "이제 셀 상태는 이어지지만 은닉 상태가 청크마다 `h0`으로 되돌아갑니다. LSTM의 상태는 둘이 한 쌍입니다.",
     "The cell state is handed on now, but the hidden state goes back to `h0` with every chunk. An LSTM's state is a "
     "pair of two."),
    ("both_states_start_again", "h, c = h0, c0",
     "청크마다 두 상태가 모두 처음으로 되돌아갑니다. 그러면 청크의 경계에서 읽은 것을 모두 잊습니다.",
     "Both states go back to their initial values with every chunk. All that was read is forgotten at the border."),
    ("cell_state_cleared", "c = c if start == 0 else 0 * c",
     "청크의 경계에서 셀 상태를 0으로 지웠습니다. 끊어야 하는 것은 기울기뿐이고 값은 그대로 넘깁니다.",
     "The cell state is set to zero at the border of two chunks. What is to be cut there is the gradient; the value is "
     "handed on."),
    ("zero_start_each_time", "h, c = 0 * h, 0 * c",
     "청크마다 0에서 출발했습니다. 첫 청크는 `h0`, `c0`에서, 다음 청크는 앞 청크가 남긴 것에서 출발합니다.",
     "Every chunk starts from zeros. The first starts from `h0`, `c0`, the next from what the one before has left."),
    ("hidden_state_for_both", "c = c if start == 0 else h",
     "셀 상태 자리에 은닉 상태를 넘겼습니다. 은닉 상태는 출력 게이트가 골라 보여 준 것일 뿐이어서 셀 상태를 대신하지 못합니다.",
     "The hidden state is handed on in the cell state's place. It is only what the output gate chose to show, and "
     "cannot stand in for it."),
):
    read_in_chunks.says(name, {"        for t": f"        {edit}\n        for t"}, ko=ko, en=en,
                        given=name == "cell_state_starts_again")
read_in_chunks.says(
    "last_chunk_dropped", {"range(0, T, chunk)": "range(0, T - T % chunk, chunk)"},
    ko="마지막에 남은 짧은 청크를 읽지 않았습니다. 길이가 청크의 배수가 아니어도 끝까지 읽어야 합니다.",
    en="The shorter chunk left over at the end is not read. Read to the end even where the length is no multiple of "
       "the chunk.")
