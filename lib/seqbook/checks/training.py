"""The exercises of `lstm/training`: one LSTM step back, the GRU's step, and two faulty programs to repair."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind
from seqbook.checks.unfolding import layer_with
from seqbook.scratch import LSTM, GRUCell, LSTMCell, sigmoid
from seqbook.scratch.lstm import LSTMCellCache, split_gates


def _join(*parts):
    """Quarters or thirds of the last axis, side by side."""
    return np.concatenate(parts, axis=-1)


# ----------------------------------------------------------------------------------------- training/lstm_step_backward

lstm_step_backward = Exercise(
    "training/lstm_step_backward",
    "lstm_step_backward(dh (B, H), dc_next (B, H), x (B, D), h_prev (B, H), c_prev (B, H), gates (B, 4H), c (B, H), "
    "weight_ih (4H, D), weight_hh (4H, H)) "
    "-> dx (B, D), dh_prev (B, H), dc_prev (B, H), dweight_ih (4H, D), dweight_hh (4H, H), dbias (4H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})),
)


@lstm_step_backward.inputs
def lstm_step_backward_inputs(rng, sizes, name):
    B, D, H = sizes["B"], sizes["D"], sizes["H"]
    x, h_prev, c_prev = rng.standard_normal((B, D)), np.tanh(rng.standard_normal((B, H))), rng.standard_normal((B, H))
    weight_ih, weight_hh = rng.standard_normal((4 * H, D)) / np.sqrt(D), rng.standard_normal((4 * H, H)) / np.sqrt(H)
    cell = layer_with(LSTMCell, weight_ih, weight_hh, rng.standard_normal(4 * H))
    (_, c), cache = cell.forward(x, (h_prev, c_prev))
    return {"x": x, "h_prev": h_prev, "c_prev": c_prev, "gates": cache.gates, "c": c,
            "weight_ih": weight_ih, "weight_hh": weight_hh}


@lstm_step_backward.solution
def lstm_step_backward_reference(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    cell, tanh_c = layer_with(LSTMCell, weight_ih, weight_hh, np.zeros(len(weight_hh))), np.tanh(c)
    cache = LSTMCellCache(x, h_prev, c_prev, np.stack(split_gates(gates)), tanh_c)
    (dx, (dh_prev, dc_prev)), grads = cell.backward((dh, dc_next), cache)
    return dx, dh_prev, dc_prev, grads["weight_ih"], grads["weight_hh"], grads["bias"]


@lstm_step_backward.alternative
def lstm_step_backward_gate_by_gate(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    dc = dc_next + dh * o / np.cosh(c) ** 2
    da = {"i": dc * g * i * (1 - i), "f": dc * c_prev * f * (1 - f), "g": dc * i * (1 - g ** 2),
          "o": dh * np.tanh(c) * o * (1 - o)}
    from_x, from_h = np.split(weight_ih, 4), np.split(weight_hh, 4)
    return {"dc_prev": dc * f,
            "dx": sum(part @ weight for part, weight in zip(da.values(), from_x)),
            "dh_prev": sum(part @ weight for part, weight in zip(da.values(), from_h)),
            "dweight_ih": np.concatenate([part.T @ x for part in da.values()]),
            "dweight_hh": np.concatenate([part.T @ h_prev for part in da.values()]),
            "dbias": np.concatenate([part.sum(axis=0) for part in da.values()])}


@lstm_step_backward.alternative
def lstm_step_backward_by_rows(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    gates, (B, H) = gates.astype(np.float32), c.shape
    das, dc_prev = np.empty((B, 4 * H), np.float32), np.empty((B, H), np.float32)
    for b in range(B):
        i, f, g, o = gates[b].reshape(4, H)
        tanh_c = np.tanh(c[b])
        dc_b = dc_next[b] + np.diag(o * (1 - tanh_c ** 2)) @ dh[b]
        das[b] = np.hstack([dc_b * g * (i - i * i), dc_b * c_prev[b] * (f - f * f), dc_b * i * (1 - g) * (1 + g),
                            dh[b] * tanh_c * (o - o * o)])
        dc_prev[b] = f * dc_b
    return (np.stack([weight_ih.T @ da for da in das]), np.stack([weight_hh.T @ da for da in das]), dc_prev,
            np.einsum("bg,bd->gd", das, x), np.einsum("bg,bh->gh", das, h_prev), das.sum(axis=0))


def _gate_gradients(dh, dc, c_prev, gates, c):
    """∂L/∂i, f, g, o; `dc` is the whole gradient of c."""
    i, f, g, o = split_gates(gates)
    return dc * g, dc * c_prev, dc * i, dh * np.tanh(c)


def _arguments(dgates, gates):
    """∂L/∂a (…, 4H) of the gates' own gradients."""
    i, f, g, o = split_gates(gates)
    di, df, dg, do = dgates
    return _join(di * i * (1 - i), df * f * (1 - f), dg * (1 - g ** 2), do * o * (1 - o))


def _both_paths(dh, dc_next, gates, c):
    """∂L/∂c, from c's future and from h."""
    return dc_next + dh * split_gates(gates)[3] * (1 - np.tanh(c) ** 2)


def _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh, *, into_c=_both_paths,
                        of_gates=_gate_gradients, of_arguments=_arguments):
    """The right answer, with the places where people slip left open."""
    dc = into_c(dh, dc_next, gates, c)
    da = of_arguments(of_gates(dh, dc, c_prev, gates, c), gates)
    return (da @ weight_ih, da @ weight_hh, dc * split_gates(gates)[1], da.T @ x, da.T @ h_prev, da.sum(axis=0))


@lstm_step_backward.mistake(
    ko="들어온 `dc_next`가 쓰이지 않았습니다. c는 h를 통해서뿐 아니라 다음 시점의 c를 통해서도 손실에 영향을 줍니다. 두 갈래의 기울기를 "
       "더하세요.",
    en="The incoming `dc_next` is not used. c moves the loss through h, and through the next step's c as well: add the "
       "gradients of both ways.")
def cell_path_dropped(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    return _lstm_step_backward(dh, 0 * dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh)


@lstm_step_backward.mistake(
    ko="h에서 c로 돌아오는 갈래가 빠졌습니다. h를 만들 때 c가 tanh를 지나 쓰였으므로 `dh`도 c에 제 몫을 보냅니다.",
    en="The way back from h to c is missing. h was made from c, through tanh, so `dh` sends its share to c too.")
def hidden_path_dropped(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    return _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh,
                               into_c=lambda dh, dc_next, gates, c: dc_next)


@lstm_step_backward.mistake(
    ko="h에서 c로 돌아올 때 tanh의 도함수가 빠졌습니다. h에는 c가 아니라 c의 tanh가 들어 있습니다.",
    en="The derivative of tanh is missing on the way from h to c. What h contains is not c but its tanh.")
def tanh_slope_missing(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    return _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh,
                               into_c=lambda dh, dc_next, gates, c: dc_next + dh * split_gates(gates)[3])


@lstm_step_backward.mistake(
    ko="tanh의 도함수를 c로 계산했습니다. 1에서 빼는 것은 c의 제곱이 아니라 tanh에서 나온 값의 제곱입니다.",
    en="tanh's derivative is computed from c. What is squared and taken off 1 is the value that came out of tanh, "
       "not c.")
def tanh_slope_at_c(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    return _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh,
                               into_c=lambda dh, dc_next, gates, c: dc_next + dh * split_gates(gates)[3] * (1 - c ** 2))


@lstm_step_backward.mistake(
    ko="h에서 c로 돌아오는 몫에 출력 게이트가 곱해지지 않았습니다. 게이트가 닫혀 있으면 그 길로는 기울기도 지나가지 못합니다.",
    en="The output gate is missing on the way from h to c. Where the gate is shut, no gradient passes by that way "
       "either.")
def output_gate_missing(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    return _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh,
                               into_c=lambda dh, dc_next, gates, c: dc_next + dh * (1 - np.tanh(c) ** 2))


@lstm_step_backward.mistake(
    ko="출력 게이트의 기울기에 c를 곱했습니다. 순전파에서 o와 곱해진 것은 c가 아니라 c의 tanh입니다.",
    en="The output gate's gradient is multiplied by c. What o was multiplied with on the way forward is the tanh of c.")
def tanh_missing_in_output_gate(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    def of_gates(dh, dc, c_prev, gates, c):
        return *_gate_gradients(dh, dc, c_prev, gates, c)[:3], dh * c
    return _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh, of_gates=of_gates)


@lstm_step_backward.mistake(
    ko="망각 게이트의 기울기에 새 셀 상태 `c`를 썼습니다. 망각 게이트와 곱해진 것은 이전 셀 상태입니다.",
    en="The forget gate's gradient uses the new cell state `c`. What the forget gate was multiplied with is the "
       "previous one.")
def new_cell_in_forget_gate(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    return _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh,
                               of_gates=lambda dh, dc, c_prev, gates, c: _gate_gradients(dh, dc, c, gates, c))


@lstm_step_backward.mistake(
    ko="입력 게이트와 후보값의 기울기가 서로 바뀌었습니다. 곱의 한쪽을 미분하면 남는 것은 다른 쪽입니다.",
    en="The gradients of the input gate and the candidate have changed places. Differentiate a product by one factor, "
       "and what remains is the other.")
def input_and_candidate_swapped(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    def of_gates(dh, dc, c_prev, gates, c):
        di, df, dg, do = _gate_gradients(dh, dc, c_prev, gates, c)
        return dg, df, di, do
    return _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh, of_gates=of_gates)


@lstm_step_backward.mistake(
    ko="게이트의 활성화 함수를 거슬러 지나지 않았습니다. 가중치에 이르기 전에 시그모이드와 tanh의 도함수를 곱해야 합니다.",
    en="The gates' own activations are not passed on the way back. Before the weights come the derivatives of sigmoid "
       "and tanh.")
def gate_slopes_missing(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    return _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh,
                               of_arguments=lambda dgates, gates: _join(*dgates))


@lstm_step_backward.mistake(
    ko="후보값 g에 시그모이드의 도함수를 썼습니다. 넷 가운데 g만은 tanh에서 나온 값입니다.",
    en="The candidate g gets the sigmoid's derivative. Of the four, g alone came out of tanh.")
def sigmoid_slope_for_candidate(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    return _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh,
                               of_arguments=lambda dgates, gates: _join(*dgates) * gates * (1 - gates))


@lstm_step_backward.mistake(
    ko="게이트를 i, f, o, g의 차례로 나누었습니다. 이 책과 PyTorch의 차례는 i, f, g, o입니다.",
    en="The gates are taken in the order i, f, o, g. In this book, as in PyTorch, it is i, f, g, o.")
def output_gate_before_candidate(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    return _in_other_order([0, 1, 3, 2], dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh)


@lstm_step_backward.mistake(
    ko="게이트를 f, i, g, o의 차례로 나누었습니다. 강의 노트가 설명하는 차례이지만, 쌓는 차례는 i, f, g, o입니다.",
    en="The gates are taken in the order f, i, g, o. That is the order in which the notes explain them; they are "
       "stacked as i, f, g, o.")
def forget_gate_first(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    return _in_other_order([1, 0, 2, 3], dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh)


def _in_other_order(order, dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    """The step back with the gates taken, and their gradients stacked, in a wrong order (a swap: its own inverse)."""
    def swapped(array):
        parts = split_gates(array)
        return _join(*(parts[place] for place in order))
    taken = swapped(gates)
    dc = _both_paths(dh, dc_next, taken, c)
    da = swapped(_arguments(_gate_gradients(dh, dc, c_prev, taken, c), taken))
    return da @ weight_ih, da @ weight_hh, dc * split_gates(taken)[1], da.T @ x, da.T @ h_prev, da.sum(axis=0)


@lstm_step_backward.mistake(
    ko="`dc_prev`에 망각 게이트가 곱해지지 않았습니다. 이전 셀 상태는 f만큼만 남았으므로 기울기도 f만큼만 돌아갑니다.",
    en="`dc_prev` is not multiplied by the forget gate. Only the share f of the previous cell state was kept, so only "
       "that share of the gradient goes back.")
def forget_gate_missing(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    dx, dh_prev, _, *dparams = _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh)
    return dx, dh_prev, _both_paths(dh, dc_next, gates, c), *dparams


@lstm_step_backward.mistake(
    ko="`dc_prev`를 들어온 `dc_next`만으로 구했습니다. h에서 온 몫을 더한 뒤의 기울기가 망각 게이트를 지나 돌아갑니다.",
    en="`dc_prev` is made from the incoming `dc_next` alone. What passes the forget gate is the gradient of c with h's "
       "share added.")
def share_of_h_missing_in_dc_prev(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    dx, dh_prev, _, *dparams = _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh)
    return dx, dh_prev, dc_next * split_gates(gates)[1], *dparams


@lstm_step_backward.mistake(
    ko="c의 기울기에 f를 너무 일찍 곱해 덮어썼습니다. i, f, g의 기울기에는 f를 곱하기 전의 값이 필요합니다.",
    en="The gradient of c is overwritten by f times itself too early. The gradients of i, f and g need it as it was "
       "before.")
def cell_gradient_overwritten(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    *_, dc_prev = _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh)[:3]
    dx, dh_prev, _, *dparams = _lstm_step_backward(
        dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh,
        of_gates=lambda dh, dc, c_prev, gates, c: _gate_gradients(dh, dc_prev, c_prev, gates, c))
    return dx, dh_prev, dc_prev, *dparams


@lstm_step_backward.mistake(
    ko="`dweight_hh`에 새 은닉 상태를 썼습니다. `weight_hh`와 곱해진 것은 이전 은닉 상태 `h_prev`입니다.",
    en="`dweight_hh` uses the new hidden state. What `weight_hh` was multiplied with is the previous one, `h_prev`.")
def new_state_in_outer_product(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    h = split_gates(gates)[3] * np.tanh(c)
    right = _lstm_step_backward(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh)
    return *right[:4], _lstm_step_backward(dh, dc_next, x, h, c_prev, gates, c, weight_ih, weight_hh)[4], right[5]


@lstm_step_backward.mistake(
    ko="`dbias`를 배치에 대해 더하지 않았습니다. 모든 시퀀스가 같은 편향을 썼으므로 기울기가 모두 모입니다.",
    en="`dbias` is not summed over the batch. All sequences used the same bias, so their gradients add up.")
def bias_not_summed(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    dc = _both_paths(dh, dc_next, gates, c)
    da = _arguments(_gate_gradients(dh, dc, c_prev, gates, c), gates)
    return da @ weight_ih, da @ weight_hh, dc * split_gates(gates)[1], da.T @ x, da.T @ h_prev, da


# --------------------------------------------------------------------------------------------------- training/gru_step

gru_step = Exercise(
    "training/gru_step",
    "gru_step(x (B, D), h_prev (B, H), weight_ih (3H, D), weight_hh (3H, H), bias (3H), bias_hn (H)) -> h (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})),
)


@gru_step.solution
def gru_step_reference(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    cell = layer_with(GRUCell, weight_ih, weight_hh, bias)
    cell.params["bias_hn"] = bias_hn
    return cell.forward(x, h_prev)[0]


@gru_step.alternative
def gru_step_in_the_book_s_symbols(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    (x_r, x_z, x_n), (h_r, h_z, h_n) = np.split(x @ weight_ih.T + bias, 3, 1), np.split(h_prev @ weight_hh.T, 3, 1)
    r, z = 1 / (1 + np.exp(-x_r - h_r)), 1 / (1 + np.exp(-x_z - h_z))
    n = np.tanh(x_n + r * (h_n + bias_hn))
    return (1 - z) * n + z * h_prev


@gru_step.alternative
def gru_step_row_by_row(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    H, rows = h_prev.shape[1], []
    for x_b, h_b in zip(x.astype(np.float32), h_prev.astype(np.float32)):
        r, z = ((np.tanh((weight_ih[part] @ x_b + weight_hh[part] @ h_b + bias[part]) / 2) + 1) / 2
                for part in (slice(0, H), slice(H, 2 * H)))
        n = np.tanh(weight_ih[2 * H:] @ x_b + bias[2 * H:] + r * (weight_hh[2 * H:] @ h_b + bias_hn))
        rows.append(n - z * n + z * h_b)
    return np.array(rows)


def _thirds(x, h_prev, weight_ih, weight_hh, bias):
    """What of the arguments of r, z and n comes from x and from h, the biases with x: two lists of (B, H)."""
    return np.split(x @ weight_ih.T + bias, 3, axis=1), np.split(h_prev @ weight_hh.T, 3, axis=1)


def _gru_step(x, h_prev, weight_ih, weight_hh, bias, bias_hn, *, gate=sigmoid, squash=np.tanh,
              argument=lambda x_n, h_n, r, bias_hn: x_n + r * (h_n + bias_hn),
              mix=lambda z, n, h_prev: (1 - z) * n + z * h_prev):
    """The right answer, with the places where people slip left open."""
    (x_r, x_z, x_n), (h_r, h_z, h_n) = _thirds(x, h_prev, weight_ih, weight_hh, bias)
    r, z = gate(x_r + h_r), gate(x_z + h_z)
    return mix(z, squash(argument(x_n, h_n, r, bias_hn)), h_prev)


@gru_step.mistake(
    ko="업데이트 게이트가 거꾸로입니다. 이 책과 PyTorch에서는 z가 1이면 과거를 그대로 두고 0이면 바꿉니다. 반대로 정한 논문도 "
       "있습니다.",
    en="The update gate is the other way round. Here, as in PyTorch, z = 1 keeps the past and 0 replaces it; some "
       "papers have it reversed.")
def update_gate_reversed(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    return _gru_step(x, h_prev, weight_ih, weight_hh, bias, bias_hn,
                     mix=lambda z, n, h_prev: z * n + (1 - z) * h_prev)


@gru_step.mistake(
    ko="새 값에 1-z가 곱해지지 않았습니다. 남기는 몫과 바꾸는 몫을 더하면 1이 되어야 합니다.",
    en="The new value is not multiplied by 1-z. The share that is kept and the share that is replaced add up to 1.")
def candidate_added_whole(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    return _gru_step(x, h_prev, weight_ih, weight_hh, bias, bias_hn, mix=lambda z, n, h_prev: n + z * h_prev)


@gru_step.mistake(
    ko="리셋 게이트를 행렬을 곱하기 전에 상태에 곱했습니다. 논문의 식이 그렇지만, PyTorch의 식에서는 행렬을 곱한 뒤에 곱합니다.",
    en="The reset gate multiplies the state before the matrix does. So the paper has it; in PyTorch's form it comes "
       "after the matrix.")
def reset_before_the_matrix(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    (x_r, x_z, x_n), (h_r, h_z, _) = _thirds(x, h_prev, weight_ih, weight_hh, bias)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    n = np.tanh(x_n + (r * h_prev) @ np.split(weight_hh, 3)[2].T + bias_hn)
    return (1 - z) * n + z * h_prev


@gru_step.mistake(
    ko="리셋 게이트가 `bias_hn`에는 곱해지지 않았습니다. 은닉 쪽의 편향까지 함께 r로 줄입니다.",
    en="The reset gate does not multiply `bias_hn`. It scales the hidden part together with that part's bias.")
def hidden_bias_outside_the_reset_gate(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    return _gru_step(x, h_prev, weight_ih, weight_hh, bias, bias_hn,
                     argument=lambda x_n, h_n, r, bias_hn: x_n + r * h_n + bias_hn)


@gru_step.mistake(
    ko="`bias_hn`이 빠졌습니다. 후보값의 은닉 쪽에는 따로 편향이 하나 더 있습니다.",
    en="`bias_hn` is missing. The hidden part of the candidate has a bias of its own.")
def hidden_bias_missing(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    return _gru_step(x, h_prev, weight_ih, weight_hh, bias, 0 * bias_hn)


@gru_step.mistake(
    ko="리셋 게이트가 쓰이지 않았습니다. 후보값을 만들 때 과거를 얼마나 들여다볼지 r이 정합니다.",
    en="The reset gate is not used. When the candidate is made, r says how much of the past it sees.")
def reset_gate_missing(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    return _gru_step(x, h_prev, weight_ih, weight_hh, bias, bias_hn,
                     argument=lambda x_n, h_n, r, bias_hn: x_n + h_n + bias_hn)


@gru_step.mistake(
    ko="리셋 게이트가 입력 쪽에도 곱해졌습니다. r이 줄이는 것은 은닉 상태에서 온 부분뿐입니다.",
    en="The reset gate multiplies the input's part too. It scales only what comes from the hidden state.")
def input_reset_too(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    return _gru_step(x, h_prev, weight_ih, weight_hh, bias, bias_hn,
                     argument=lambda x_n, h_n, r, bias_hn: r * (x_n + h_n + bias_hn))


@gru_step.mistake(
    ko="두 게이트의 차례가 바뀌었습니다. 쌓인 차례는 r, z, n입니다.",
    en="The two gates have changed places. They are stacked in the order r, z, n.")
def gates_swapped(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    H = h_prev.shape[1]
    order = np.r_[H:2 * H, :H, 2 * H:3 * H]
    return _gru_step(x, h_prev, weight_ih[order], weight_hh[order], bias[order], bias_hn)


@gru_step.mistake(
    ko="후보값에 tanh 대신 시그모이드를 썼습니다. 그러면 상태가 음수가 될 수 없습니다.",
    en="The candidate uses the sigmoid in place of tanh. The state could then never become negative.")
def sigmoid_for_tanh(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    return _gru_step(x, h_prev, weight_ih, weight_hh, bias, bias_hn, squash=sigmoid)


@gru_step.mistake(
    ko="게이트에 시그모이드 대신 tanh를 썼습니다. 게이트는 0과 1 사이의 몫이어야 합니다.",
    en="The gates use tanh in place of the sigmoid. A gate is a share between 0 and 1.")
def tanh_for_sigmoid(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    return _gru_step(x, h_prev, weight_ih, weight_hh, bias, bias_hn, gate=np.tanh)


@gru_step.mistake(
    ko="돌려준 것이 후보값 n입니다. 마지막으로 업데이트 게이트가 n과 이전 상태를 섞어야 합니다.",
    en="What comes back is the candidate n. Last of all the update gate has to mix n with the previous state.")
def candidate_returned(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    return _gru_step(x, h_prev, weight_ih, weight_hh, bias, bias_hn, mix=lambda z, n, h_prev: n)


# ------------------------------------------------------------------------------------------ training/repaired_backward

repaired_backward = Exercise(
    "training/repaired_backward",
    "repaired_backward(dhs (B, T, H), x (B, T, D), h0 (B, H), c0 (B, H), hs (B, T, H), cs (B, T, H), "
    "gates (B, T, 4H), weight_ih (4H, D), weight_hh (4H, H)) "
    "-> dx (B, T, D), dh0 (B, H), dc0 (B, H), dweight_ih (4H, D), dweight_hh (4H, H), dbias (4H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})),
)


@repaired_backward.inputs
def repaired_backward_inputs(rng, sizes, name):
    B, T, D, H = (sizes[letter] for letter in "BTDH")
    x, h0, c0 = rng.standard_normal((B, T, D)), np.tanh(rng.standard_normal((B, H))), rng.standard_normal((B, H))
    weight_ih, weight_hh = rng.standard_normal((4 * H, D)) / np.sqrt(D), rng.standard_normal((4 * H, H)) / np.sqrt(H)
    layer = layer_with(LSTM, weight_ih, weight_hh, rng.standard_normal(4 * H))
    _, cache = layer.forward(x, (h0, c0))
    return {"x": x, "h0": h0, "c0": c0, "hs": cache.hs, "cs": cache.cs, "weight_ih": weight_ih, "weight_hh": weight_hh,
            "gates": cache.gates}


def _before(first, later):
    """h(t-1) or c(t-1) for every step, (B, T, H)."""
    return np.concatenate([first[:, None], later[:, :-1]], axis=1)


@repaired_backward.solution
def repaired_backward_reference(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    h_prev, c_prev = _before(h0, hs), _before(c0, cs)
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    totals = [np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(len(weight_hh))]
    for t in reversed(range(x.shape[1])):
        dx[:, t], dh, dc, *grads = lstm_step_backward_reference(
            dhs[:, t] + dh, dc, x[:, t], h_prev[:, t], c_prev[:, t], gates[:, t], cs[:, t], weight_ih, weight_hh)
        totals = [total + grad for total, grad in zip(totals, grads, strict=True)]
    return dx, dh, dc, *totals


@repaired_backward.alternative
def repaired_backward_in_a_loop(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    dx, dh, dc = np.zeros_like(x), 0, 0
    dweight_ih, dweight_hh, dbias = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(len(weight_hh))
    for t in range(x.shape[1] - 1, -1, -1):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev, c_prev = (hs[:, t - 1], cs[:, t - 1]) if t else (h0, c0)
        dh = dhs[:, t] + dh
        dc = dc + dh * o * (1 - np.tanh(cs[:, t]) ** 2)
        da = np.hstack([dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g ** 2),
                        dh * np.tanh(cs[:, t]) * o * (1 - o)])
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


@repaired_backward.alternative
def repaired_backward_with_products_after_the_loop(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    (B, T, D), H, tanh_cs = x.shape, h0.shape[1], np.tanh(cs).astype(np.float32)
    i, f, g, o = np.moveaxis(gates.reshape(B, T, 4, H), 2, 0)
    h_prev, c_prev = (np.concatenate([first[:, None], later], axis=1)[:, :-1] for first, later in ((h0, hs), (c0, cs)))
    das, dh, dc = np.empty((B, T, 4, H), np.float32), 0, 0
    for t in reversed(range(T)):
        dh = dhs[:, t] + dh
        dc = dc + dh * (o * (1 - tanh_cs ** 2))[:, t]
        das[:, t, :3] = dc[:, None] * np.stack([g * i * (1 - i), c_prev * f * (1 - f), i * (1 - g * g)], axis=2)[:, t]
        das[:, t, 3] = dh * (tanh_cs * o * (1 - o))[:, t]
        dh, dc = das[:, t].reshape(B, 4 * H) @ weight_hh, dc * f[:, t]
    rows = das.reshape(B * T, 4 * H)
    return ((rows @ weight_ih).reshape(B, T, D), dh, dc, rows.T @ x.reshape(B * T, D),
            rows.T @ h_prev.reshape(B * T, H), rows.sum(axis=0))


def _lstm_backward(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh, *, partner=None,
                   carried=lambda dh, dc: (dh, dc), back=lambda dc, f: dc * f):
    """The right answer as a loop, with the places where people slip left open; `partner` stands for c(t-1), (B, T, H).

    Returns it and all da, (B, T, 4H).
    """
    partner = _before(c0, cs) if partner is None else partner
    das, dh, dc = np.zeros_like(gates), np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(x.shape[1])):
        dh, dc = carried(dh, dc)
        dh = dhs[:, t] + dh
        dc = _both_paths(dh, dc, gates[:, t], cs[:, t])
        das[:, t] = _arguments(_gate_gradients(dh, dc, partner[:, t], gates[:, t], cs[:, t]), gates[:, t])
        dh, dc = das[:, t] @ weight_hh, back(dc, split_gates(gates[:, t])[1])
    h_prev = _before(h0, hs)
    return (das @ weight_ih, dh, dc, np.einsum("btg,btd->gd", das, x), np.einsum("btg,bth->gh", das, h_prev),
            das.sum(axis=(0, 1))), das


@repaired_backward.mistake(
    ko="처음의 잘못이 그대로 있습니다. 곱을 한 인수로 미분하면 다른 인수가 남습니다. 순전파에서 망각 게이트와 곱해진 것이 무엇이었는지 "
       "식을 다시 읽어 보세요.",
    en="The fault you were to find is still there. Differentiate a product by one factor and the other remains: "
       "read the forward equation again, and see what the forget gate was multiplied with.")
def still_the_new_cell(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    return _lstm_backward(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh, partner=cs)[0]


@repaired_backward.mistake(
    ko="잘못을 찾았지만 첫 시점이 틀립니다. 파이썬에서 번호 -1은 맨 끝을 가리킵니다. 첫 시점의 앞에 있는 셀 상태는 `c0`입니다.",
    en="You found the fault, but the first step is wrong: in Python the index -1 is the last entry. The cell state "
       "before the first step is `c0`.")
def first_step_wraps_around(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    return _lstm_backward(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh, partner=np.roll(cs, 1, axis=1))[0]


@repaired_backward.mistake(
    ko="잘못을 찾았지만 첫 시점의 앞을 0으로 두었습니다. 처음 셀 상태 `c0`은 0이 아닐 수 있습니다. 토막을 이어 읽을 때가 그렇습니다.",
    en="You found the fault, but take zeros before the first step. The initial cell state `c0` need not be zero, "
       "and is not when chunks are read one after the other.")
def initial_cell_forgotten(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    return _lstm_backward(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh, partner=_before(0 * c0, cs))[0]


@repaired_backward.mistake(
    ko="망각 게이트의 기울기에 이전 은닉 상태를 썼습니다. 망각 게이트와 곱해진 것은 h가 아니라 셀 상태입니다.",
    en="The forget gate's gradient uses the previous hidden state. What it was multiplied with is the cell state, "
       "not h.")
def hidden_state_for_cell_state(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    return _lstm_backward(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh, partner=_before(h0, hs))[0]


@repaired_backward.mistake(
    ko="망각 게이트의 기울기를 없앴습니다. 그러면 망각 게이트는 아무것도 배우지 못합니다. 지우지 말고 바로잡으세요.",
    en="The forget gate's gradient has been removed. The gate would never learn a thing: mend it instead.")
def forget_gate_never_learns(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    return _lstm_backward(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh, partner=0 * cs)[0]


@repaired_backward.mistake(
    ko="다음 시점의 셀 상태에서 돌아오는 기울기가 끊어졌습니다. LSTM이 멀리 기억하도록 배우는 길이 바로 그 길입니다.",
    en="The gradient that comes back from the next step's cell state is cut off. It is the very way by which an LSTM "
       "learns to remember for long.")
def cell_gradient_not_carried(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    return _lstm_backward(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh, carried=lambda dh, dc: (dh, 0 * dc))[0]


@repaired_backward.mistake(
    ko="다음 시점의 은닉 상태에서 돌아오는 기울기가 끊어졌습니다. h는 출력뿐 아니라 다음 시점의 네 게이트에도 쓰였습니다.",
    en="The gradient that comes back from the next step's gates to h is cut off. h went into all four of them as "
       "well as into the output.")
def hidden_gradient_not_carried(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    return _lstm_backward(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh, carried=lambda dh, dc: (0 * dh, dc))[0]


@repaired_backward.mistake(
    ko="이전 셀 상태로 돌아가는 기울기에 망각 게이트가 곱해지지 않았습니다. 이전 셀 상태는 f만큼만 남았습니다.",
    en="The gradient that goes back to the previous cell state is not multiplied by the forget gate, though only "
       "the share f was kept.")
def forget_gate_missing_on_the_way(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    return _lstm_backward(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh, back=lambda dc, f: dc)[0]


@repaired_backward.mistake(
    ko="매개변수의 기울기가 시점마다 덮어쓰여 첫 시점의 것만 남았습니다. 모든 시점이 같은 매개변수를 쓰므로 더해 나가야 합니다.",
    en="The parameters' gradients are overwritten at every step, so only the first step's remain. All steps share the "
       "parameters: accumulate.")
def parameter_gradients_overwritten(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    (*states, _, _, _), das = _lstm_backward(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh)
    da = das[:, 0]
    return *states, da.T @ x[:, 0], da.T @ h0, da.sum(axis=0)


@repaired_backward.mistake(
    ko="`dweight_hh`에 같은 시점의 h를 썼습니다. 그 시점에서 `weight_hh`와 곱해진 것은 한 시점 앞의 h입니다.",
    en="`dweight_hh` uses h of the same step. What `weight_hh` was multiplied with there is h one step before.")
def same_state_in_outer_product(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    (*before, _, dbias), das = _lstm_backward(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh)
    return *before, np.einsum("btg,bth->gh", das, hs), dbias


# --------------------------------------------------------------------------------------------- training/read_in_chunks

read_in_chunks = Exercise(
    "training/read_in_chunks",
    "read_in_chunks(x (B, T, D), h0 (B, H), c0 (B, H), chunk, weight_ih (4H, D), weight_hh (4H, H), bias (4H)) "
    "-> hs (B, T, H), h (B, H), c (B, H)",
    kinds=(
        GENERAL, GENERAL,
        Kind(name="whole", ko="토막 하나에 시퀀스가 다 들어갈 때", en="one chunk that holds the whole sequence"),
        Kind(name="single", ko="토막이 한 걸음일 때", en="chunks of a single step"),
        Kind({"B": 1}),
    ),
)


@read_in_chunks.inputs
def read_in_chunks_inputs(rng, sizes, name):
    T = sizes["T"]
    uneven = [chunk for chunk in range(2, T) if T % chunk]    # the last chunk is shorter
    return {"chunk": {"whole": T, "single": 1}.get(name) or int(rng.choice(uneven))}


def _read(x, h, c, weight_ih, weight_hh, bias):
    (hs, (h, c)), _ = layer_with(LSTM, weight_ih, weight_hh, bias).forward(x, (h, c))
    return hs, h, c


@read_in_chunks.solution
def read_in_chunks_reference(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    return _read(x, h0, c0, weight_ih, weight_hh, bias)    # with the whole state handed on, chunks make no difference


def _read_in_chunks(x, h0, c0, chunk, weight_ih, weight_hh, bias, *, hand_on=lambda h, c: (h, c), end=None):
    """Chunk by chunk, `hand_on` giving the state that the next chunk starts from."""
    h, c, parts = h0, c0, []
    for start in range(0, x.shape[1] if end is None else end, chunk):
        hs, h_last, c_last = _read(x[:, start:start + chunk], h, c, weight_ih, weight_hh, bias)
        parts.append(hs)
        h, c = hand_on(h_last, c_last)
    return np.concatenate(parts, axis=1), h_last, c_last


@read_in_chunks.alternative
def read_chunk_after_chunk(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    return _read_in_chunks(x, h0, c0, chunk, weight_ih, weight_hh, bias)


@read_in_chunks.alternative
def read_step_after_step(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    hs, h, c = np.empty((*x.shape[:2], h0.shape[1]), np.float32), h0, c0
    for t in range(x.shape[1]):
        i, f, g, o = np.split(x[:, t] @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        hs[:, t] = h = np.tanh(c) / (1 + np.exp(-o))
    return {"h": h, "c": c, "hs": hs}


@read_in_chunks.mistake(
    ko="처음의 잘못이 그대로 있습니다. 토막마다 셀 상태가 `c0`으로 되돌아갑니다. 다음 토막은 앞 토막이 남긴 것에서 출발해야 합니다.",
    en="The fault you were to find is still there: every chunk starts again from the cell state `c0`. The next chunk "
       "should start from what the one before has left.")
def cell_state_starts_again(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    return _read_in_chunks(x, h0, c0, chunk, weight_ih, weight_hh, bias, hand_on=lambda h, c: (h, c0))


@read_in_chunks.mistake(
    ko="이제 셀 상태는 이어지지만 은닉 상태가 토막마다 `h0`으로 되돌아갑니다. LSTM의 상태는 둘이 한 쌍입니다.",
    en="The cell state is handed on now, but the hidden state goes back to `h0` with every chunk. An LSTM's state is a "
       "pair of two.")
def hidden_state_starts_again(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    return _read_in_chunks(x, h0, c0, chunk, weight_ih, weight_hh, bias, hand_on=lambda h, c: (h0, c))


@read_in_chunks.mistake(
    ko="토막마다 두 상태가 모두 처음으로 되돌아갑니다. 그러면 토막의 경계에서 읽은 것을 모두 잊습니다.",
    en="Both states go back to their initial values with every chunk, so all that was read is forgotten at the border.")
def both_states_start_again(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    return _read_in_chunks(x, h0, c0, chunk, weight_ih, weight_hh, bias, hand_on=lambda h, c: (h0, c0))


@read_in_chunks.mistake(
    ko="토막의 경계에서 셀 상태를 0으로 지웠습니다. 끊어야 하는 것은 기울기뿐이고 값은 그대로 넘깁니다.",
    en="The cell state is set to zero at the border of two chunks. What is to be cut there is the gradient; the "
       "value is handed on.")
def cell_state_cleared(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    return _read_in_chunks(x, h0, c0, chunk, weight_ih, weight_hh, bias, hand_on=lambda h, c: (h, 0 * c))


@read_in_chunks.mistake(
    ko="토막의 경계에서 h와 c의 자리가 바뀌었습니다. 모양이 같아서 오류는 나지 않습니다.",
    en="h and c have changed places at the border of two chunks. They have the same shape, so nothing complains.")
def states_swapped(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    return _read_in_chunks(x, h0, c0, chunk, weight_ih, weight_hh, bias, hand_on=lambda h, c: (c, h))


@read_in_chunks.mistake(
    ko="셀 상태 자리에 은닉 상태를 넘겼습니다. 은닉 상태는 출력 게이트가 골라 보여 준 것일 뿐이어서 셀 상태를 대신하지 못합니다.",
    en="The hidden state is handed on in the cell state's place. It is only what the output gate chose to show, and "
       "cannot stand in for it.")
def hidden_state_for_both(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    return _read_in_chunks(x, h0, c0, chunk, weight_ih, weight_hh, bias, hand_on=lambda h, c: (h, h))


@read_in_chunks.mistake(
    ko="마지막에 남은 짧은 토막을 읽지 않았습니다. 길이가 토막의 배수가 아니어도 끝까지 읽어야 합니다.",
    en="The shorter chunk left over at the end is not read. Read to the end even where the length is no multiple of "
       "the chunk.")
def last_chunk_dropped(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    T = x.shape[1]
    return _read_in_chunks(x, h0, c0, chunk, weight_ih, weight_hh, bias, end=T - T % chunk)


EXERCISES = (lstm_step_backward, gru_step, repaired_backward, read_in_chunks)
