"""The exercises of `rnn/unfolding`: one step, the unfolded loop, and how much of x(k) h(T) still feels."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind
from seqbook.scratch import RNN, RNNCell, relu, sigmoid


def layer_with(layer_class, weight_ih, weight_hh, bias):
    """The scratch layer `layer_class` holding exactly these weights."""
    input_size, hidden_size = weight_ih.shape[1], weight_hh.shape[1]
    layer = layer_class(input_size, hidden_size, rng=np.random.default_rng(0), dtype=np.float64)
    layer.params.update({"weight_ih": weight_ih, "weight_hh": weight_hh, "bias": bias})
    return layer


# ---------------------------------------------------------------------------------------------------- unfolding/step

step = Exercise(
    "unfolding/step",
    "rnn_step(x (B, D), h (B, H), weight_ih (H, D), weight_hh (H, H), bias (H)) -> h_next (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})),
)


@step.solution
def rnn_step(x, h, weight_ih, weight_hh, bias):
    return layer_with(RNNCell, weight_ih, weight_hh, bias).forward(x, h)[0]


@step.alternative
def step_in_one_expression(x, h, weight_ih, weight_hh, bias):
    return np.tanh(x @ weight_ih.T + h @ weight_hh.T + bias)


@step.alternative
def step_row_by_row(x, h, weight_ih, weight_hh, bias):
    return np.array([np.tanh(weight_ih @ x[b] + weight_hh @ h[b] + bias) for b in range(len(x))])


@step.alternative
def step_side_by_side(x, h, weight_ih, weight_hh, bias):
    both = np.concatenate([x, h], axis=1).astype(np.float32)
    return np.tanh(both @ np.concatenate([weight_ih, weight_hh], axis=1).T.astype(np.float32) + bias)


@step.mistake(
    ko="활성화 함수 tanh가 빠졌습니다. 합을 구한 다음 어떤 함수를 거쳐야 은닉 상태가 되는지 식을 다시 보세요.",
    en="The activation tanh is missing. Look at the equation again: the sum passes through a function before it is the "
       "hidden state.")
def tanh_missing(x, h, weight_ih, weight_hh, bias):
    return x @ weight_ih.T + h @ weight_hh.T + bias


@step.mistake(
    ko="편향이 빠졌습니다. 합에는 행렬 곱 두 개 말고도 항이 하나 더 있습니다.",
    en="The bias is missing. Besides the two matrix products the sum has one more term.")
def bias_missing(x, h, weight_ih, weight_hh, bias):
    return np.tanh(x @ weight_ih.T + h @ weight_hh.T)


@step.mistake(
    ko="편향을 tanh 바깥에서 더했습니다. 편향도 tanh 안의 합에 들어갑니다. 지금처럼 하면 값이 -1과 1 사이를 벗어날 수 "
       "있습니다.",
    en="The bias is added outside tanh. It belongs to the sum inside; added afterwards it can push values out of "
       "(-1, 1).")
def bias_outside_tanh(x, h, weight_ih, weight_hh, bias):
    return np.tanh(x @ weight_ih.T + h @ weight_hh.T) + bias


@step.mistake(
    ko="tanh가 아니라 시그모이드를 썼습니다. 이 장의 순환 신경망은 값이 -1과 1 사이에 있는 함수를 씁니다.",
    en="This uses the sigmoid, not tanh. The network of this chapter uses the function with values between -1 and 1.")
def sigmoid_for_tanh(x, h, weight_ih, weight_hh, bias):
    return sigmoid(x @ weight_ih.T + h @ weight_hh.T + bias)


@step.mistake(
    ko="tanh가 아니라 ReLU를 썼습니다. 음수가 모두 0이 되었습니다.",
    en="This uses ReLU, not tanh: every negative value has become 0.")
def relu_for_tanh(x, h, weight_ih, weight_hh, bias):
    return relu(x @ weight_ih.T + h @ weight_hh.T + bias)


@step.mistake(
    ko="순환 가중치 `weight_hh`의 전치 여부가 반대입니다. 정사각 행렬이라 모양으로는 드러나지 않습니다. 행이 새 상태, 열이 "
       "이전 상태에 해당한다는 점을 떠올려 보세요.",
    en="The recurrent weight `weight_hh` is transposed the wrong way round. It is square, so no shape complains. "
       "Its rows belong to the new state, its columns to the old one.")
def recurrent_weight_transposed(x, h, weight_ih, weight_hh, bias):
    return np.tanh(x @ weight_ih.T + h @ weight_hh + bias)


@step.mistake(
    ko="이전 상태 `h`가 쓰이지 않았습니다. 이대로라면 과거를 기억하지 못합니다.",
    en="The previous state `h` is not used: this network remembers nothing.")
def state_ignored(x, h, weight_ih, weight_hh, bias):
    return np.tanh(x @ weight_ih.T + bias)


@step.mistake(
    ko="입력 `x`가 쓰이지 않았습니다. 이대로라면 첫 상태에서 모든 것이 정해집니다.",
    en="The input `x` is not used: everything follows from the first state alone.")
def input_ignored(x, h, weight_ih, weight_hh, bias):
    return np.tanh(h @ weight_hh.T + bias)


@step.mistake(
    ko="tanh를 항마다 따로 씌웠습니다. 세 항을 먼저 모두 더하고 나서 tanh를 한 번만 거칩니다.",
    en="tanh is applied to the terms one by one. Add all three first, then apply it once.")
def tanh_of_each_term(x, h, weight_ih, weight_hh, bias):
    return np.tanh(x @ weight_ih.T + bias) + np.tanh(h @ weight_hh.T)


@step.mistake(
    ko="이전 상태 `h`에 `weight_hh`를 곱하지 않고 그대로 더했습니다.",
    en="The previous state `h` is added as it is, without `weight_hh`.")
def recurrent_weight_missing(x, h, weight_ih, weight_hh, bias):
    return np.tanh(x @ weight_ih.T + h + bias)


@step.mistake(
    ko="편향을 두 번 더했습니다. 두 행렬 곱에 편향을 하나씩 붙인 것은 아닌가요? 이 책의 순환 층에는 편향이 하나뿐입니다.",
    en="The bias is added twice, perhaps once with each product. The book's recurrent layer has a single bias.")
def bias_twice(x, h, weight_ih, weight_hh, bias):
    return np.tanh(x @ weight_ih.T + h @ weight_hh.T + 2 * bias)


# -------------------------------------------------------------------------------------------------- unfolding/unfold

unfold = Exercise(
    "unfolding/unfold",
    "unfold(x (B, T, D), h0 (B, H), weight_ih (H, D), weight_hh (H, H), bias (H)) -> hs (B, T, H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})),
)


@unfold.solution
def unfold_reference(x, h0, weight_ih, weight_hh, bias):
    return layer_with(RNN, weight_ih, weight_hh, bias).forward(x, h0)[0][0]


@unfold.alternative
def unfold_into_a_list(x, h0, weight_ih, weight_hh, bias):
    hs, h = [], h0
    for t in range(x.shape[1]):
        h = rnn_step(x[:, t], h, weight_ih, weight_hh, bias)
        hs.append(h)
    return np.stack(hs, axis=1)


@unfold.alternative
def unfold_in_single_precision(x, h0, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs = np.zeros((B, T, len(bias)), dtype=np.float32)
    for b in range(B):
        h = h0[b].astype(np.float32)
        for t in range(T):
            hs[b, t] = h = np.tanh(weight_ih.astype(np.float32) @ x[b, t] + weight_hh @ h + bias)
    return hs


@unfold.alternative
def unfold_as_a_view(x, h0, weight_ih, weight_hh, bias):
    hs = [h0]
    for x_t in x.swapaxes(0, 1):
        hs.append(np.tanh(x_t @ weight_ih.T + hs[-1] @ weight_hh.T + bias))
    return np.array(hs)[1:].swapaxes(0, 1)


def _unfold(x, h0, weight_ih, weight_hh, bias, f=np.tanh):
    hs, h = [], h0
    for t in range(x.shape[1]):
        h = f(x[:, t] @ weight_ih.T + h @ weight_hh.T + bias)
        hs.append(h)
    return np.stack(hs, axis=1)


@unfold.mistake(
    ko="상태가 다음 시점으로 이어지지 않습니다. 모든 시점이 첫 상태 `h0`에서 출발했습니다. 방금 구한 상태가 다음 시점의 이전 "
       "상태가 되어야 합니다.",
    en="The state is not carried on: every step starts from `h0`. The state just computed is the next step's previous "
       "state.")
def state_not_carried(x, h0, weight_ih, weight_hh, bias):
    return np.tanh(x @ weight_ih.T + (h0 @ weight_hh.T)[:, None] + bias)


@unfold.mistake(
    ko="시간을 거꾸로 펼쳤습니다. 마지막 입력이 아니라 첫 입력부터 읽어 나갑니다.",
    en="Time runs backwards here: the last input was read first. Start from the first.")
def time_reversed(x, h0, weight_ih, weight_hh, bias):
    return _unfold(x[:, ::-1], h0, weight_ih, weight_hh, bias)[:, ::-1]


@unfold.mistake(
    ko="입력을 거꾸로 읽었습니다. 첫 행에 마지막 입력의 상태가 들어 있습니다.",
    en="The inputs are read backwards: the first row holds the state after the last input.")
def inputs_reversed(x, h0, weight_ih, weight_hh, bias):
    return _unfold(x[:, ::-1], h0, weight_ih, weight_hh, bias)


@unfold.mistake(
    ko="모든 시점에 마지막 상태가 들어 있습니다. 한 배열을 제자리에서 고치면서 그 배열을 여러 번 담은 것은 아닌가요? 시점마다 "
       "새 배열이 필요합니다.",
    en="Every step holds the last state. Is one array changed in place and stored again and again? Each step needs an "
       "array of its own.")
def one_array_for_all_steps(x, h0, weight_ih, weight_hh, bias):
    hs = _unfold(x, h0, weight_ih, weight_hh, bias)
    return np.repeat(hs[:, -1:], hs.shape[1], axis=1)


@unfold.mistake(
    ko="마지막 상태만 돌려주었습니다. 이 문제에서는 모든 시점의 상태가 필요합니다.",
    en="Only the last state came back; here the states of all steps are wanted.")
def last_state_only(x, h0, weight_ih, weight_hh, bias):
    return _unfold(x, h0, weight_ih, weight_hh, bias)[:, -1]


@unfold.mistake(
    ko="한 시점씩 밀렸습니다. 첫 자리에 `h0`이 있고 마지막 상태는 빠졌습니다. 상태를 갱신하기 전에 저장하지 않았나요?",
    en="All is one step late: `h0` stands first and the last state is lost. Is the state stored before it is updated?")
def one_step_late(x, h0, weight_ih, weight_hh, bias):
    hs = _unfold(x, h0, weight_ih, weight_hh, bias)
    return np.concatenate([h0[:, None], hs[:, :-1]], axis=1)


@unfold.mistake(
    ko="첫 상태 `h0`까지 담아 상태가 T+1개입니다. 돌려줄 것은 h(1)부터 h(T)까지입니다.",
    en="The first state `h0` is included, which makes T+1 states. Wanted are h(1) to h(T).")
def first_state_included(x, h0, weight_ih, weight_hh, bias):
    return np.concatenate([h0[:, None], _unfold(x, h0, weight_ih, weight_hh, bias)], axis=1)


@unfold.mistake(
    ko="시간 축이 맨 앞에 있습니다. 시점별 상태를 쌓을 때 어느 축에 쌓아야 (B, T, H)가 되는지 생각해 보세요.",
    en="The time axis comes first. Along which axis must the steps' states be stacked to give (B, T, H)?")
def time_axis_first(x, h0, weight_ih, weight_hh, bias):
    return _unfold(x, h0, weight_ih, weight_hh, bias).swapaxes(0, 1)


@unfold.mistake(
    ko="첫 상태 `h0`을 쓰지 않고 0에서 시작했습니다.",
    en="The loop starts from zeros, not from the given first state `h0`.")
def first_state_ignored(x, h0, weight_ih, weight_hh, bias):
    return _unfold(x, np.zeros_like(h0), weight_ih, weight_hh, bias)


@unfold.mistake(
    ko="모든 시점에서 첫 입력을 읽었습니다. 입력도 시점을 따라가야 합니다.",
    en="Every step reads the first input. The input must move along with time.")
def first_input_everywhere(x, h0, weight_ih, weight_hh, bias):
    return _unfold(np.repeat(x[:, :1], x.shape[1], axis=1), h0, weight_ih, weight_hh, bias)


@unfold.mistake(
    ko="활성화 함수 tanh가 빠졌습니다.",
    en="The activation tanh is missing.")
def tanh_missing_in_loop(x, h0, weight_ih, weight_hh, bias):
    return _unfold(x, h0, weight_ih, weight_hh, bias, f=lambda a: a)


@unfold.mistake(
    ko="tanh를 거치기 전의 값을 다음 시점으로 넘겼습니다. 이어지는 것은 tanh를 거친 상태입니다.",
    en="What is carried on is the sum before tanh. The state that goes on has passed through it.")
def sum_carried(x, h0, weight_ih, weight_hh, bias):
    return np.tanh(_unfold(x, h0, weight_ih, weight_hh, bias, f=lambda a: a))


@unfold.mistake(
    ko="편향이 빠졌습니다.",
    en="The bias is missing.")
def bias_missing_in_loop(x, h0, weight_ih, weight_hh, bias):
    return _unfold(x, h0, weight_ih, weight_hh, np.zeros_like(bias))


@unfold.mistake(
    ko="순환 가중치 `weight_hh`의 전치 여부가 반대입니다. 정사각 행렬이라 모양으로는 드러나지 않습니다.",
    en="The recurrent weight `weight_hh` is transposed the wrong way round; being square, it hides behind its shape.")
def recurrent_weight_transposed_in_loop(x, h0, weight_ih, weight_hh, bias):
    return _unfold(x, h0, weight_ih, weight_hh.T, bias)


# --------------------------------------------------------------------------------------------- unfolding/sensitivity

sensitivity = Exercise(
    "unfolding/sensitivity",
    "sensitivity(hs (T, H), weight_ih (H, D), weight_hh (H, H), k) -> J (H, D)",
    kinds=(
        GENERAL, GENERAL,
        Kind(name="first", ko="k = 0", en="k = 0"),
        Kind(name="last", ko="k = T-1: 마지막 입력", en="k = T-1: the last input"),
        Kind({"T": 1}),
    ),
)


@sensitivity.inputs
def sensitivity_inputs(rng, sizes, name):
    T, H = sizes["T"], sizes["H"]
    hs = np.tanh(rng.standard_normal((T, H)))
    inner = int(rng.integers(1, T - 1)) if T > 1 else 0
    return {"hs": hs, "k": {"first": 0, "last": T - 1}.get(name, inner)}


def _slope(h):
    return 1 - h ** 2


@sensitivity.solution
def sensitivity_reference(hs, weight_ih, weight_hh, k):
    J = _slope(hs[k])[:, None] * weight_ih    # ∂h(k)/∂x(k), (H, D)
    for h in hs[k + 1:]:
        J = _slope(h)[:, None] * (weight_hh @ J)
    return J


@sensitivity.alternative
def sensitivity_from_the_left(hs, weight_ih, weight_hh, k):
    product = np.eye(len(weight_hh))
    for t in range(len(hs) - 1, k, -1):
        product = product @ np.diag(1 - hs[t] ** 2) @ weight_hh
    return product @ np.diag(1 - hs[k] ** 2) @ weight_ih


@sensitivity.alternative
def sensitivity_by_rows(hs, weight_ih, weight_hh, k):
    J = np.zeros(weight_ih.shape, dtype=np.float32)
    for component in range(len(weight_hh)):    # one component of h(T) after the other, sent back to x(k)
        dh = np.zeros(len(weight_hh), dtype=np.float32)
        dh[component] = 1
        for t in range(len(hs) - 1, k, -1):
            dh = weight_hh.T.astype(np.float32) @ (dh * (1 - hs[t] ** 2))
        J[component] = weight_ih.T @ (dh * (1 - hs[k] ** 2))
    return J


def _chain(factors, last):
    """factors[-1] ⋯ factors[1] factors[0] last."""
    for factor in factors:
        last = factor @ last
    return last


def _factors(hs, weight_hh):
    return [np.diag(_slope(h)) @ weight_hh for h in hs]


@sensitivity.mistake(
    ko="인수의 순서가 바뀌었습니다. 한 걸음의 야코비 행렬에서 tanh의 도함수는 새 상태의 것이므로 `weight_hh`의 열이 아니라 행에 "
       "곱해집니다. 곧 대각 행렬이 `weight_hh`의 왼쪽에 섭니다.",
    en="The factors of a step are in the wrong order. tanh's derivative belongs to the new state, so it scales the "
       "rows of `weight_hh`, not its columns: the diagonal matrix stands on its left.")
def diagonal_on_the_wrong_side(hs, weight_ih, weight_hh, k):
    return _chain([weight_hh @ np.diag(_slope(h)) for h in hs[k + 1:]], np.diag(_slope(hs[k])) @ weight_ih)


@sensitivity.mistake(
    ko="tanh의 도함수가 한 시점 앞섭니다. h(t)로 가는 걸음에는 h(t-1)이 아니라 h(t)에서 구한 도함수가 들어갑니다.",
    en="The derivative of tanh is one step early: the step that leads to h(t) takes it at h(t), not at h(t-1).")
def slope_of_the_previous_state(hs, weight_ih, weight_hh, k):
    return _chain(_factors(hs[k:-1], weight_hh), np.diag(_slope(hs[k])) @ weight_ih)


@sensitivity.mistake(
    ko="순환 걸음이 하나 많습니다. k에서 T까지 걸음이 몇 번인지 세어 보세요. x(k)는 h(k)에 순환 가중치 없이 바로 들어갑니다.",
    en="There is one recurrent step too many. Count the steps from k to T: x(k) enters h(k) without passing through "
       "the recurrent weight.")
def one_step_too_many(hs, weight_ih, weight_hh, k):
    return _chain(_factors(hs[k:], weight_hh), np.diag(_slope(hs[k])) @ weight_ih)


@sensitivity.mistake(
    ko="마지막 걸음이 빠졌습니다. h(T-1)까지만 갔습니다. 반복문의 끝을 확인해 보세요.",
    en="The last step is missing: the product stops at h(T-1). Check where the loop ends.")
def last_step_missing(hs, weight_ih, weight_hh, k):
    return _chain(_factors(hs[k + 1:-1], weight_hh), np.diag(_slope(hs[k])) @ weight_ih)


@sensitivity.mistake(
    ko="h(k) 바로 다음 걸음이 빠졌습니다. 반복문의 시작을 확인해 보세요.",
    en="The first step after h(k) is missing. Check where the loop begins.")
def first_step_missing(hs, weight_ih, weight_hh, k):
    return _chain(_factors(hs[k + 2:], weight_hh), np.diag(_slope(hs[k])) @ weight_ih)


@sensitivity.mistake(
    ko="야코비 행렬이 전치되었습니다. 행은 출력 h(T)의 성분, 열은 입력 x(k)의 성분입니다.",
    en="The Jacobian is transposed: its rows are the components of h(T), its columns those of x(k).")
def jacobian_transposed(hs, weight_ih, weight_hh, k):
    return sensitivity_reference(hs, weight_ih, weight_hh, k).T


@sensitivity.mistake(
    ko="걸음을 곱하는 순서가 뒤집혔습니다. 행렬 곱은 순서를 바꿀 수 없습니다. 나중 시점의 걸음이 왼쪽에 섭니다.",
    en="The steps are multiplied in the reverse order, and matrices do not commute: later steps stand to the left.")
def product_reversed(hs, weight_ih, weight_hh, k):
    return _chain(_factors(hs[k + 1:][::-1], weight_hh), np.diag(_slope(hs[k])) @ weight_ih)


@sensitivity.mistake(
    ko="x(k)가 h(k)로 들어갈 때의 tanh 도함수가 빠졌습니다.",
    en="The derivative of tanh is missing where x(k) enters h(k).")
def slope_missing_at_k(hs, weight_ih, weight_hh, k):
    return _chain(_factors(hs[k + 1:], weight_hh), weight_ih)


@sensitivity.mistake(
    ko="순환 걸음마다 있어야 할 tanh의 도함수가 빠졌습니다.",
    en="The derivative of tanh is missing from the recurrent steps.")
def slope_missing_in_steps(hs, weight_ih, weight_hh, k):
    return _chain([weight_hh] * len(hs[k + 1:]), np.diag(_slope(hs[k])) @ weight_ih)


@sensitivity.mistake(
    ko="tanh의 도함수가 어디에도 없습니다. 가중치만 곱하면 활성화 함수가 없는 신경망의 답이 됩니다.",
    en="The derivative of tanh appears nowhere: the product of the weights alone is the answer for a network without "
       "activation.")
def slope_missing(hs, weight_ih, weight_hh, k):
    return _chain([weight_hh] * len(hs[k + 1:]), weight_ih)


@sensitivity.mistake(
    ko="tanh의 도함수를 1-h로 계산했습니다. tanh의 값으로 나타낸 도함수에는 제곱이 들어 있습니다.",
    en="tanh's derivative is taken as 1-h. Written with tanh's value it contains a square.")
def square_missing(hs, weight_ih, weight_hh, k):
    return _chain([np.diag(1 - h) @ weight_hh for h in hs[k + 1:]], np.diag(1 - hs[k]) @ weight_ih)


@sensitivity.mistake(
    ko="순환 가중치가 전치되었습니다. 전치는 기울기를 뒤로 보낼 때 나오며, 여기서는 ∂h(t)/∂h(t-1) 자체를 곱합니다.",
    en="The recurrent weight is transposed. The transpose appears when gradients are sent backwards; here the factors "
       "are the ∂h(t)/∂h(t-1) themselves.")
def recurrent_weight_transposed_in_product(hs, weight_ih, weight_hh, k):
    return _chain(_factors(hs[k + 1:], weight_hh.T), np.diag(_slope(hs[k])) @ weight_ih)


@sensitivity.mistake(
    ko="모든 시점을 지나는 곱이 아니라 x(k)에서 h(k)까지의 한 걸음뿐입니다. h(T)까지 이어지는 걸음들이 더 필요합니다.",
    en="This is only the one step from x(k) to h(k). The steps that lead on to h(T) are missing.")
def recurrence_missing(hs, weight_ih, weight_hh, k):
    return np.diag(_slope(hs[k])) @ weight_ih


EXERCISES = (step, unfold, sensitivity)
