"""The exercises of `rnn/unfolding`: one step, the unfolded loop, and a loss that peeks at the answer."""

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

# --------------------------------------------------------------------------------------------- unfolding/next_losses

next_losses = Exercise(
    "unfolding/next_losses",
    "next_losses(ids (B, T), h0 (B, H), weight_ih (H, D), weight_hh (H, H), bias (H), weight_hy (D, H), c (D)) "
    "-> losses (B, T)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})))


@next_losses.inputs
def next_losses_inputs(rng, sizes, name):
    return {"ids": rng.integers(sizes["D"], size=(sizes["B"], sizes["T"]))}


@next_losses.solution
def guess_before_reading(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    losses, h = np.empty((B, T)), h0
    for t in range(T):
        o = c + h @ weight_hy.T    # ⟦x(t)를 읽기 전의 상태로 맞힙니다|guessed from the state before x(t) is read⟧
        log_p = o - np.log(np.exp(o).sum(axis=1, keepdims=True))
        losses[:, t] = -log_p[np.arange(B), ids[:, t]]
        h = np.tanh(bias + h @ weight_hh.T + weight_ih.T[ids[:, t]])
    return losses


READ = "        h = np.tanh(bias + h @ weight_hh.T + weight_ih.T[ids[:, t]])\n"
GUESS = "        o = c + h @ weight_hy.T"

next_losses.says(
    "read_before_guessing", {READ: "", GUESS: READ + GUESS}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 맞혀야 할 글자 x(t)를 먼저 읽고 나서 그 글자를 맞히고 있습니다. 점수를 계산하는 순간 상태가 어느 글자까지 "
       "읽었는지 짚어 보세요.",
    en="The fault you were to find is still there. The character to be guessed, x(t), is read before the guess. Ask up "
       "to which character the state has read at the moment when the scores are computed.")
next_losses.says(
    "state_never_updated", {READ: ""},
    ko="잘못된 줄을 지우기만 했습니다. 그러면 모든 글자를 처음 상태 `h0`으로 맞힙니다. 상태를 갱신하는 줄은 필요합니다. 어느 자리에 있어야 할까요?",
    en="The line is gone altogether. Every character is now guessed from the initial state `h0`. The state must be "
       "updated: the question is where.")
next_losses.says(
    "first_character_given", {"return losses": "losses[:, 0] = 0\n    return losses"},
    ko="첫 글자의 손실이 0입니다. 첫 글자도 처음 상태 `h0`으로 맞혀야 합니다.",
    en="The first character costs nothing. It, too, has to be guessed, from the initial state `h0`.")
next_losses.says(
    "sign_of_the_loss", {"-log_p[": "log_p["},
    ko="손실의 부호가 반대입니다. 확률이 작을수록 손실은 커야 합니다.",
    en="The loss has the wrong sign. The smaller the probability, the larger it must be.")
next_losses.says(
    "softmax_over_the_batch", {"sum(axis=1, keepdims=True)": "sum(axis=0, keepdims=True)"},
    ko="확률의 합을 시퀀스들에 걸쳐 1로 만들었습니다. 한 시퀀스에서 글자들에 걸쳐 더해야 합니다.",
    en="The probabilities add up to 1 over the sequences. They must do so over the characters, within one sequence.")
