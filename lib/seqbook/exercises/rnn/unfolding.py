"""The exercises of `rnn/unfolding`: one step, the unfolded loop, and how much of x(k) h(T) still feels."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# ---------------------------------------------------------------------------------------------------- unfolding/step

step = Exercise(
    "unfolding/step",
    "rnn_step(x (B, D), h (B, H), weight_ih (H, D), weight_hh (H, H), bias (H)) -> h_next (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})))


@step.solution
def rnn_step(x, h, weight_ih, weight_hh, bias):
    # (W h)ᵀ = hᵀ Wᵀ: ⟦상태가 행이므로 가중치를 전치해 오른쪽에서 곱합니다|states are rows, so the weights act transposed⟧
    return np.tanh(bias + h @ weight_hh.T + x @ weight_ih.T)


step.says(
    "tanh_missing", {"np.tanh": ""},
    ko="활성화 함수 tanh가 빠졌습니다. 합을 구한 다음 어떤 함수를 거쳐야 은닉 상태가 되는지 식을 다시 보세요.",
    en="The activation tanh is missing. Look at the equation again: the sum passes through a function before it is the "
       "hidden state.")
step.says(
    "bias_missing", {"bias + ": ""},
    ko="편향이 빠졌습니다. 합에는 행렬곱 두 개 말고도 항이 하나 더 있습니다.",
    en="The bias is missing. Besides the two matrix products the sum has one more term.")
step.says(
    "recurrent_weight_transposed", {"weight_hh.T": "weight_hh"},
    ko="순환 가중치 `weight_hh`의 전치 여부가 반대입니다. 정사각 행렬이라 모양으로는 드러나지 않습니다. 행이 새 상태, 열이 "
       "이전 상태에 해당한다는 점을 떠올려 보세요.",
    en="The recurrent weight `weight_hh` is transposed the wrong way round. It is square, so no shape complains. "
       "Its rows belong to the new state, its columns to the old one.")
step.says(
    "state_ignored", {"h @ weight_hh.T + ": ""},
    ko="이전 상태 `h`가 쓰이지 않았습니다. 이대로라면 과거를 기억하지 못합니다.",
    en="The previous state `h` is not used. This network remembers nothing.")
step.says(
    "bias_twice", {"bias +": "2 * bias +"},
    ko="편향을 두 번 더했습니다. 두 행렬곱에 편향을 하나씩 붙인 것은 아닌가요? 이 책의 순환층에는 편향이 하나뿐입니다.",
    en="The bias is added twice. Perhaps once with each product? The book's recurrent layer has a single bias.")

# -------------------------------------------------------------------------------------------------- unfolding/unfold

unfold = Exercise(
    "unfolding/unfold",
    "unfold(x (B, T, D), h0 (B, H), weight_ih (H, D), weight_hh (H, H), bias (H)) -> hs (B, T, H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})))


@unfold.solution
def unfold_in_a_loop(x, h0, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs = np.empty((B, T, h0.shape[1]))
    h = h0
    for t in range(T):
        h = hs[:, t] = np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T)
    return hs


unfold.says(
    "state_not_carried", {"h = hs[:, t] =": "hs[:, t] ="},
    ko="상태가 다음 시점으로 이어지지 않습니다. 모든 시점이 첫 상태 `h0`에서 출발했습니다. 방금 구한 상태가 다음 시점의 이전 "
       "상태가 되어야 합니다.",
    en="The state is not carried on. Every step starts from `h0`, but the state just computed is the next step's "
       "previous state.")
unfold.says(
    "one_array_for_all_steps", {"return hs": "return np.repeat(hs[:, -1:], T, axis=1)"},
    ko="모든 시점에 마지막 상태가 들어 있습니다. 한 배열을 제자리에서 고치면서 그 배열을 여러 번 담은 것은 아닌가요? 시점마다 "
       "새 배열이 필요합니다.",
    en="Every step holds the last state. Is one array changed in place and stored again and again? Each step needs an "
       "array of its own.")
unfold.says(
    "one_step_late", {"return hs": "return np.insert(hs, 0, h0, axis=1)[:, :-1]"},
    ko="한 시점씩 밀렸습니다. 첫 자리에 `h0`이 있고 마지막 상태는 빠졌습니다. 상태를 갱신하기 전에 저장하지 않았나요?",
    en="All is one step late. `h0` stands first and the last state is lost. Is the state stored before it is updated?")
unfold.says(
    "first_state_included", {"return hs": "return np.insert(hs, 0, h0, axis=1)"},
    ko="첫 상태 `h0`까지 담아 상태가 T+1개입니다. 돌려줄 것은 h(1)부터 h(T)까지입니다.",
    en="The first state `h0` is included, which makes T+1 states. Wanted are h(1) to h(T).")
unfold.says(
    "time_axis_first", {"return hs": "return hs.swapaxes(0, 1)"},
    ko="시간 축이 맨 앞에 있습니다. 시점별 상태를 쌓을 때 어느 축에 쌓아야 (B, T, H)가 되는지 생각해 보세요.",
    en="The time axis comes first. Along which axis must the steps' states be stacked to give (B, T, H)?")
unfold.says(
    "first_state_ignored", {"h = h0": "h = 0 * h0"},
    ko="첫 상태 `h0`을 쓰지 않고 0에서 시작했습니다.",
    en="The loop starts from zeros, not from the given first state `h0`.")
unfold.says(
    "first_state_for_the_first_step", {"range(T)": "range(1, T)", "return hs": "hs[:, 0] = h0\n    return hs"},
    ko="첫 시점에 `h0`을 그대로 넣고 둘째 시점부터 계산했습니다. 첫 입력도 읽어야 h(1)이 됩니다.",
    en="The first step holds `h0` itself and the loop starts at the second. Without the first input there is no h(1).")
unfold.says(
    "first_input_everywhere", {"x[:, t]": "x[:, 0]"},
    ko="모든 시점에서 첫 입력을 읽었습니다. 입력도 시점을 따라가야 합니다.",
    en="Every step reads the first input. The input must move along with time.")

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


@sensitivity.solution
def sensitivity_forwards(hs, weight_ih, weight_hh, k):
    J = (1 - hs[k][:, None] ** 2) * weight_ih              # D(k) U
    for h in hs[k + 1:]:
        J = (1 - h[:, None] ** 2) * (weight_hh @ J)        # D(t) W J
    return J


@sensitivity.solution
def sensitivity_backwards(hs, weight_ih, weight_hh, k):
    J = np.eye(len(weight_hh))
    for t in range(len(hs) - 1, k, -1):
        J = J @ np.diag(1 - hs[t] ** 2) @ weight_hh
    return J @ np.diag(1 - hs[k] ** 2) @ weight_ih


sensitivity.says(
    "diagonal_on_the_wrong_side", {"J = (1 - h[": "J = weight_hh @ ((1 - h[", "* (weight_hh @ J)": "* J)"},
    ko="인수의 순서가 바뀌었습니다. 한 시점의 야코비 행렬에서 tanh의 도함수는 새 상태의 것이므로 `weight_hh`의 열이 아니라 행에 "
       "곱해집니다.",
    en="The factors of a step are in the wrong order. tanh's derivative belongs to the new state, so it scales the "
       "rows of `weight_hh`, not its columns.")
sensitivity.says(
    "slope_of_the_previous_state", {"hs[k + 1:]": "hs[k:-1]"},
    ko="tanh의 도함수를 한 시점 이른 상태에서 구했습니다. h(t)의 야코비 행렬에는 h(t-1)이 아니라 h(t)에서 구한 도함수가 "
       "들어갑니다.",
    en="The derivative of tanh is taken one step too early. The Jacobian that leads to h(t) has it at h(t), not at "
       "h(t-1).")
sensitivity.says(
    "one_step_too_many", {"hs[k + 1:]": "hs[k:]"},
    ko="순환 가중치를 한 번 더 곱했습니다. k에서 T까지 `weight_hh`를 몇 번 지나는지 세어 보세요. x(k)는 h(k)에 순환 가중치 없이 "
       "바로 들어갑니다.",
    en="There is one recurrent step too many. Count how often the way from k to T passes `weight_hh`: x(k) enters h(k) "
       "without it.")
sensitivity.says(
    "recurrence_missing", {"hs[k + 1:]": "hs[:0]"},
    ko="x(k)에서 h(k)까지의 한 단계뿐입니다. h(T)까지 이어지는 시점들의 야코비 행렬이 더 필요합니다.",
    en="This is only the way from x(k) to h(k). The Jacobians of the steps that lead on to h(T) are missing.")
sensitivity.says(
    "recurrent_weight_transposed_in_product", {"weight_hh @ J": "weight_hh.T @ J"},
    ko="순환 가중치가 전치되었습니다. 전치는 기울기를 뒤로 보낼 때 나오며, 여기서는 ∂h(t)/∂h(t-1) 자체를 곱합니다.",
    en="The recurrent weight is transposed. The transpose appears when gradients are sent backwards; here the factors "
       "are the ∂h(t)/∂h(t-1) themselves.")
