"""The exercises of `rnn/patterns`: output recurrence, teacher forcing, and the state a ragged batch ends in."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind
from seqbook.scratch import softmax

# ----------------------------------------------------------------------------------------------- patterns/output_step

output_step = Exercise(
    "patterns/output_step",
    "output_step(x (B, D), o (B, O), weight_ih (H, D), weight_oh (H, O), bias (H), weight_ho (O, H), bias_o (O)) "
    "-> o_next (B, O), h (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})))


@output_step.solution
def one_output_step(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(x @ weight_ih.T + o @ weight_oh.T + bias)         # (B, H)
    o_next = h @ weight_ho.T + bias_o                             # (B, O)
    return o_next, h


output_step.says(
    "tanh_missing", {"np.tanh": ""},
    ko="은닉 상태의 tanh가 빠졌습니다.",
    en="The hidden state lacks its tanh.")
output_step.says(
    "tanh_on_the_output", {"h @ weight_ho.T + bias_o": "np.tanh(h @ weight_ho.T + bias_o)"},
    ko="출력에도 tanh를 씌웠습니다. 출력 o는 은닉 상태를 선형으로 옮긴 값 그대로입니다.",
    en="tanh is applied to the output too. The output o is a linear map of the hidden state and nothing more.")
output_step.says(
    "output_not_fed_back", {"+ o @ weight_oh.T ": ""},
    ko="이전 출력 `o`가 쓰이지 않았습니다. 패턴 2에서는 이전 출력만이 과거를 전해 줍니다.",
    en="The previous output `o` is not used. In pattern 2 it is all that carries the past.")
output_step.says(
    "old_output_returned", {"return o_next": "return o"},
    ko="새 출력 대신 넘겨받은 이전 출력을 그대로 돌려주었습니다.",
    en="The previous output came back in place of the new one.")
output_step.says(
    "results_swapped", {"o_next, h\n": "h, o_next\n"},
    ko="돌려주는 순서가 바뀌었습니다. 출력이 먼저이고 은닉 상태가 다음입니다.",
    en="The two results come back in the wrong order. First the output, then the hidden state.")
output_step.says(
    "softmax_fed_back", {"o @ weight_oh": "softmax(o) @ weight_oh"},
    ko="되먹일 때 소프트맥스를 거쳤습니다. 여기서는 이전 출력 o를 그대로 되먹입니다.",
    en="The output fed back passes through softmax. Here the previous output o is fed back as it is.")
output_step.says(
    "softmax_on_the_output", {"h @ weight_ho.T + bias_o": "softmax(h @ weight_ho.T + bias_o)"},
    ko="출력에 소프트맥스를 씌웠습니다. 여기서 돌려줄 것은 소프트맥스를 거치기 전의 o입니다.",
    en="Softmax is applied to the output. Wanted is o before any softmax.")

# -------------------------------------------------------------------------------------------- patterns/teacher_inputs

teacher_inputs = Exercise(
    "patterns/teacher_inputs",
    "teacher_inputs(y (B, T, O), start (B, O)) -> inputs (B, T, O)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})))


@teacher_inputs.solution
def shifted_by_one(y, start):
    return np.concatenate([start[:, None], y[:, :-1]], axis=1)    # (B, T, O)


teacher_inputs.says(
    "not_shifted", {"np.concatenate([start[:, None], y[:, :-1]], axis=1)": "y"},
    ko="정답을 한 시점 밀지 않았습니다. 지금은 각 시점이 자기가 맞혀야 할 정답을 입력으로 받습니다.",
    en="Nothing is shifted. Each step is fed the very answer it should predict.")
teacher_inputs.says(
    "shifted_the_wrong_way", {"[start[:, None], y[:, :-1]]": "[y[:, 1:], start[:, None]]"},
    ko="반대쪽으로 밀었습니다. 각 시점은 다음 정답이 아니라 바로 앞 시점의 정답을 받습니다.",
    en="The shift goes the wrong way. A step is fed the true output of the step before it, not of the one after.")
teacher_inputs.says(
    "rolled_around", {"np.concatenate([start[:, None], y[:, :-1]], axis=1)": "np.roll(y, 1, axis=1)"},
    ko="끝의 정답이 맨 앞으로 돌아왔습니다. 첫 시점에는 아직 앞선 출력이 없으므로 `start`를 받습니다.",
    en="The last output has come round to the front. The first step has no output before it and is fed `start`.")
teacher_inputs.says(
    "start_dropped", {"start[:, None]": "0 * start[:, None]"},
    ko="첫 시점의 입력이 `start`가 아니라 0입니다.",
    en="The first step is fed zeros, not `start`.")
teacher_inputs.says(
    "start_written_over", {"y[:, :-1]": "y[:, 1:]"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. `start`로 첫 정답을 덮어썼을 뿐 밀지 않았습니다. 첫 정답은 어느 시점의 입력이 되어야 "
       "할까요?",
    en="The fault you were to find is still there. `start` has overwritten the first true output and nothing is "
       "shifted. To which step does that output belong?")
teacher_inputs.says(
    "one_step_too_many", {"y[:, :-1]": "y"},
    ko="시점이 T+1개입니다. 마지막 정답은 어느 시점의 입력도 되지 않습니다.",
    en="These are T+1 steps. The last true output is the input of none of them.")
teacher_inputs.says(
    "shifted_by_two", {"[start[:, None], y[:, :-1]], axis=1)":
                       "[start[:, None], start[:, None], y[:, :-2]], axis=1)[:, :y.shape[1]]"},
    ko="두 시점을 밀었습니다. 바로 앞 시점의 정답을 받아야 합니다.",
    en="The shift is by two steps. A step is fed the true output of the one right before it.")
teacher_inputs.says(
    "start_everywhere", {"np.concatenate([start[:, None], y[:, :-1]], axis=1)": "0 * y + start[:, None]"},
    ko="모든 시점에 `start`를 넣었습니다. `start`는 첫 시점의 입력일 뿐입니다.",
    en="Every step is fed `start`. It belongs to the first step only.")


@teacher_inputs.mistake(
    ko="시간이 아니라 배치 방향으로 밀었습니다. 다른 시퀀스의 정답이 섞여 들어옵니다.",
    en="The shift runs along the batch, not along time. Every sequence is fed another one's outputs.")
def shifted_along_the_batch(y, start):
    inputs = np.roll(y, 1, axis=0)
    inputs[:, 0] = start
    return inputs


# ------------------------------------------------------------------------------------------------ patterns/last_state

last_state = Exercise(
    "patterns/last_state",
    "last_state(hs (B, T, H), lengths (B)) -> h (B, H)",
    kinds=(
        GENERAL, GENERAL,
        Kind(name="shorter", ko="T를 채우는 시퀀스가 없을 때", en="no sequence fills T"),
        Kind(name="garbage", ko="패딩이 0이 아닐 때", en="the padding is not zero"),
        Kind(name="full", ko="길이가 모두 T일 때", en="all lengths are T"),
        Kind(name="single", ko="길이가 모두 1일 때", en="all lengths are 1"),
        Kind({"B": 1}),
    ),
)


@last_state.inputs
def last_state_inputs(rng, sizes, name):
    B, T, H = sizes["B"], sizes["T"], sizes["H"]
    longest = T - 1 if name in ("shorter", "garbage") else T
    lengths = rng.integers(1, longest + 1, B)
    if name in ("full", "single"):
        lengths[:] = T if name == "full" else 1
    elif B == 1:
        lengths[:] = rng.integers(2, T)
    else:
        lengths[:3] = rng.permutation([1, 2, longest])
    hs = np.tanh(rng.standard_normal((B, T, H)))
    if name != "garbage":
        hs[np.arange(T) >= lengths[:, None]] = 0
    return {"hs": hs, "lengths": lengths}


@last_state.solution
def last_real_state(hs, lengths):
    return hs[np.arange(len(hs)), lengths - 1]                    # (B, H)


last_state.says(
    "last_position", {"np.arange(len(hs)), lengths - 1": ":, -1"},
    ko="마지막 자리 T-1의 값을 골랐습니다. 짧은 시퀀스에서 그 자리는 패딩입니다. 시퀀스마다 끝나는 자리가 다릅니다.",
    en="This takes position T-1 everywhere. In a shorter sequence that is padding; each sequence ends at a place of "
       "its own.")
last_state.says(
    "one_position_late", {"lengths - 1": "lengths"},
    ko="자리가 하나 뒤로 밀렸습니다. 0부터 세므로 길이가 3인 시퀀스는 2번 자리에서 끝납니다.",
    en="This is one position too late. Counting from 0, a sequence of length 3 ends at position 2.")
last_state.says(
    "one_position_early", {"lengths - 1": "lengths - 2"},
    ko="자리가 하나 앞으로 당겨졌습니다. 길이에서 1을 두 번 빼지 않았나요?",
    en="This is one position too early. Is 1 taken off the length twice?")
last_state.says(
    "longest_for_all", {"np.arange(len(hs)), lengths - 1": ":, lengths.max() - 1"},
    ko="가장 긴 시퀀스의 끝을 모두에게 썼습니다. 시퀀스마다 자기 길이를 써야 합니다.",
    en="The end of the longest sequence is used for all. Each sequence has a length of its own.")
last_state.says(
    "every_length_everywhere", {"np.arange(len(hs))": ":"},
    ko="시퀀스마다 하나씩이 아니라 모든 시퀀스에서 모든 길이의 자리를 골랐습니다. 그래서 배치 축이 둘입니다. 배치 번호와 자리를 "
       "짝지어 골라야 합니다.",
    en="Every length was looked up in every sequence, which gives two batch axes. The positions have to be paired with "
       "the sequences they belong to.")


@last_state.mistake(
    ko="마지막 상태가 아니라 상태의 평균을 구했습니다.",
    en="This is the mean of the real states, not the last one.")
def mean_of_states(hs, lengths):
    real = np.arange(hs.shape[1]) < lengths[:, None]
    return (hs * real[..., None]).sum(axis=1) / lengths[:, None]


@last_state.mistake(
    ko="상태마다 가장 큰 값을 골랐습니다. 필요한 것은 최댓값이 아니라 마지막 상태 하나입니다.",
    en="This takes the largest value over the real steps. Wanted is a single state, the last.")
def largest_of_states(hs, lengths):
    real = np.arange(hs.shape[1]) < lengths[:, None]
    return np.where(real[..., None], hs, -np.inf).max(axis=1)
