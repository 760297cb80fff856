"""The exercises of `rnn/patterns`: output recurrence, teacher forcing, and the state a ragged batch ends in."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind
from seqbook.scratch import OutputRNN, sigmoid, softmax

# ----------------------------------------------------------------------------------------------- patterns/output_step

output_step = Exercise(
    "patterns/output_step",
    "output_step(x (B, D), o (B, O), weight_ih (H, D), weight_oh (H, O), bias (H), weight_ho (O, H), bias_o (O)) "
    "-> o_next (B, O), h (B, H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})),
)


@output_step.solution
def output_step_reference(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    (H, D), O = weight_ih.shape, len(bias_o)
    layer = OutputRNN(D, H, O, rng=np.random.default_rng(0), dtype=np.float64)
    layer.params.update({"weight_ih": weight_ih, "weight_oh": weight_oh, "bias": bias,
                         "output.weight": weight_ho, "output.bias": bias_o})
    (os, _), cache = layer.forward(x[:, None], o)
    return os[:, 0], cache.hs[:, 0]


@output_step.alternative
def output_step_in_two_lines(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(bias + o @ weight_oh.T + x @ weight_ih.T)
    return h @ weight_ho.T + bias_o, h


@output_step.alternative
def output_step_by_einsum(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(np.einsum("bd,hd->bh", x, weight_ih) + np.einsum("bo,ho->bh", o, weight_oh) + bias)
    return [np.einsum("bh,oh->bo", h, weight_ho) + bias_o, h]


def _output_step(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o, f=np.tanh, g=lambda o: o):
    h = f(bias + o @ weight_oh.T + x @ weight_ih.T)
    return g(h @ weight_ho.T + bias_o), h


@output_step.mistake(
    ko="은닉 상태의 tanh가 빠졌습니다.",
    en="The hidden state lacks its tanh.")
def tanh_missing(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    return _output_step(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o, f=lambda a: a)


@output_step.mistake(
    ko="출력에도 tanh를 씌웠습니다. 출력 o는 은닉 상태를 선형으로 옮긴 값 그대로입니다.",
    en="tanh is applied to the output too. The output o is a linear map of the hidden state and nothing more.")
def tanh_on_the_output(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    return _output_step(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o, g=np.tanh)


@output_step.mistake(
    ko="출력에 소프트맥스를 씌웠습니다. 여기서 돌려줄 것은 소프트맥스를 거치기 전의 o입니다.",
    en="Softmax is applied to the output. Wanted is o before any softmax.")
def softmax_on_the_output(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    return _output_step(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o, g=softmax)


@output_step.mistake(
    ko="되먹임할 때 소프트맥스를 거쳤습니다. 여기서는 이전 출력 o를 그대로 되먹입니다.",
    en="The output fed back passes through softmax. Here the previous output o is fed back as it is.")
def softmax_fed_back(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    return _output_step(x, softmax(o), weight_ih, weight_oh, bias, weight_ho, bias_o)


@output_step.mistake(
    ko="이전 출력 `o`가 쓰이지 않았습니다. 둘째 형태에서는 이전 출력만이 과거를 전해 줍니다.",
    en="The previous output `o` is not used. In pattern 2 it is all that carries the past.")
def output_not_fed_back(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    return _output_step(x, np.zeros_like(o), weight_ih, weight_oh, bias, weight_ho, bias_o)


@output_step.mistake(
    ko="은닉 상태의 편향 `bias`가 빠졌습니다.",
    en="The hidden state's `bias` is missing.")
def hidden_bias_missing(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    return _output_step(x, o, weight_ih, weight_oh, np.zeros_like(bias), weight_ho, bias_o)


@output_step.mistake(
    ko="출력의 편향 `bias_o`가 빠졌습니다.",
    en="The output's `bias_o` is missing.")
def output_bias_missing(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    return _output_step(x, o, weight_ih, weight_oh, bias, weight_ho, np.zeros_like(bias_o))


@output_step.mistake(
    ko="돌려주는 순서가 바뀌었습니다. 출력이 먼저이고 은닉 상태가 다음입니다.",
    en="The two results come back in the wrong order: first the output, then the hidden state.")
def results_swapped(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    return _output_step(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o)[::-1]


@output_step.mistake(
    ko="새 출력 대신 넘겨받은 이전 출력을 그대로 돌려주었습니다.",
    en="The previous output came back in place of the new one.")
def old_output_returned(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    return o, _output_step(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o)[1]


@output_step.mistake(
    ko="tanh가 아니라 시그모이드를 썼습니다.",
    en="This uses the sigmoid, not tanh.")
def sigmoid_for_tanh(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    return _output_step(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o, f=sigmoid)


# -------------------------------------------------------------------------------------------- patterns/teacher_inputs

teacher_inputs = Exercise(
    "patterns/teacher_inputs",
    "teacher_inputs(y (B, T, O), start (B, O)) -> inputs (B, T, O)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})),
)


@teacher_inputs.solution
def teacher_inputs_reference(y, start):
    return np.concatenate([start[:, None], y[:, :-1]], axis=1)


@teacher_inputs.alternative
def teacher_inputs_rolled(y, start):
    inputs = np.roll(y, 1, axis=1)
    inputs[:, 0] = start
    return inputs


@teacher_inputs.alternative
def teacher_inputs_step_by_step(y, start):
    steps = [start]
    for t in range(1, y.shape[1]):
        steps.append(y[:, t - 1])
    return np.stack(steps, axis=1)


@teacher_inputs.mistake(
    ko="한 시점 밀지 않았습니다. 지금은 각 시점이 자기가 맞혀야 할 정답을 입력으로 받습니다.",
    en="Nothing is shifted: each step is fed the very answer it should predict.")
def not_shifted(y, start):
    return y.copy()


@teacher_inputs.mistake(
    ko="반대쪽으로 밀었습니다. 각 시점은 다음 정답이 아니라 바로 앞 시점의 정답을 받습니다.",
    en="The shift goes the wrong way: a step is fed the true output of the step before it, not of the one after.")
def shifted_the_wrong_way(y, start):
    return np.concatenate([y[:, 1:], start[:, None]], axis=1)


@teacher_inputs.mistake(
    ko="끝의 정답이 맨 앞으로 돌아왔습니다. 첫 시점에는 아직 앞선 출력이 없으므로 `start`를 받습니다.",
    en="The last output has come round to the front. The first step has no output before it and is fed `start`.")
def rolled_around(y, start):
    return np.roll(y, 1, axis=1)


@teacher_inputs.mistake(
    ko="첫 시점의 입력이 `start`가 아니라 0입니다.",
    en="The first step is fed zeros, not `start`.")
def start_dropped(y, start):
    return np.concatenate([np.zeros_like(start)[:, None], y[:, :-1]], axis=1)


@teacher_inputs.mistake(
    ko="`start`로 첫 정답을 덮어썼을 뿐 밀지 않았습니다. 첫 정답은 둘째 시점의 입력이 되어야 합니다.",
    en="`start` has overwritten the first true output and nothing is shifted. That output belongs to the second step.")
def start_written_over(y, start):
    return np.concatenate([start[:, None], y[:, 1:]], axis=1)


@teacher_inputs.mistake(
    ko="시점이 T+1개입니다. 마지막 정답은 어느 시점의 입력도 되지 않습니다.",
    en="These are T+1 steps. The last true output is the input of none of them.")
def one_step_too_many(y, start):
    return np.concatenate([start[:, None], y], axis=1)


@teacher_inputs.mistake(
    ko="두 시점을 밀었습니다. 바로 앞 시점의 정답을 받아야 합니다.",
    en="The shift is by two steps. A step is fed the true output of the one right before it.")
def shifted_by_two(y, start):
    first = np.repeat(start[:, None], 2, axis=1)
    return np.concatenate([first, y[:, :-2]], axis=1)[:, :y.shape[1]]


@teacher_inputs.mistake(
    ko="시간이 아니라 배치 방향으로 밀었습니다. 다른 시퀀스의 정답이 섞여 들어옵니다.",
    en="The shift runs along the batch, not along time: every sequence is fed another one's outputs.")
def shifted_along_the_batch(y, start):
    inputs = np.roll(y, 1, axis=0)
    inputs[:, 0] = start
    return inputs


@teacher_inputs.mistake(
    ko="모든 시점에 `start`를 넣었습니다. `start`는 첫 시점의 입력일 뿐입니다.",
    en="Every step is fed `start`, which belongs to the first step only.")
def start_everywhere(y, start):
    return np.repeat(start[:, None], y.shape[1], axis=1)


@teacher_inputs.mistake(
    ko="모든 시퀀스가 첫 시퀀스의 `start`를 받았습니다.",
    en="All sequences are fed the first one's `start`.")
def one_start_for_all(y, start):
    return teacher_inputs_reference(y, np.broadcast_to(start[0], start.shape))


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
    longest = T - 1 if name == "shorter" else T
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
def last_state_reference(hs, lengths):
    return hs[np.arange(len(hs)), lengths - 1]


@last_state.alternative
def last_state_in_a_loop(hs, lengths):
    return np.stack([sequence[length - 1] for sequence, length in zip(hs, lengths, strict=True)])


@last_state.alternative
def last_state_taken_along(hs, lengths):
    return np.take_along_axis(hs, (lengths - 1)[:, None, None], axis=1)[:, 0]


@last_state.alternative
def last_state_by_a_mask(hs, lengths):
    last = np.arange(hs.shape[1]) == lengths[:, None] - 1    # (B, T)
    return np.einsum("bt,bth->bh", last.astype(float), hs)


@last_state.mistake(
    ko="마지막 자리 T-1의 값을 골랐습니다. 짧은 시퀀스에서 그 자리는 패딩입니다. 시퀀스마다 끝나는 자리가 다릅니다.",
    en="This takes position T-1 everywhere. In a shorter sequence that is padding; each sequence ends at a place of "
       "its own.")
def last_position(hs, lengths):
    return hs[:, -1]


@last_state.mistake(
    ko="자리가 하나 뒤로 밀렸습니다. 0부터 세므로 길이가 3인 시퀀스는 2번 자리에서 끝납니다.",
    en="This is one position too late. Counting from 0, a sequence of length 3 ends at position 2.")
def one_position_late(hs, lengths):
    return hs[np.arange(len(hs)), lengths]


@last_state.mistake(
    ko="자리가 하나 앞섭니다. 길이에서 1을 두 번 빼지 않았나요?",
    en="This is one position too early. Is 1 taken off the length twice?")
def one_position_early(hs, lengths):
    return hs[np.arange(len(hs)), lengths - 2]


@last_state.mistake(
    ko="마지막 상태가 아니라 상태의 평균을 구했습니다.",
    en="This is the mean of the real states, not the last one.")
def mean_of_states(hs, lengths):
    real = np.arange(hs.shape[1]) < lengths[:, None]
    return (hs * real[..., None]).sum(axis=1) / lengths[:, None]


@last_state.mistake(
    ko="패딩까지 넣어 평균을 구했습니다. 필요한 것은 평균이 아니라 마지막 상태 하나입니다.",
    en="This is a mean, taken over the padding as well. Wanted is a single state, the last real one.")
def mean_over_padding(hs, lengths):
    return hs.mean(axis=1)


@last_state.mistake(
    ko="마지막이 아니라 첫 상태를 골랐습니다.",
    en="This takes the first state, not the last.")
def first_state(hs, lengths):
    return hs[:, 0]


@last_state.mistake(
    ko="가장 긴 시퀀스의 끝을 모두에게 썼습니다. 시퀀스마다 자기 길이를 써야 합니다.",
    en="The end of the longest sequence is used for all. Each sequence has a length of its own.")
def longest_for_all(hs, lengths):
    return hs[:, lengths.max() - 1]


@last_state.mistake(
    ko="시퀀스마다 하나씩이 아니라 모든 시퀀스에서 모든 길이의 자리를 골랐습니다. 그래서 배치 축이 둘입니다. 배치 번호와 자리를 "
       "짝지어 골라야 합니다.",
    en="Every length was looked up in every sequence, which gives two batch axes. The positions have to be paired with "
       "the sequences they belong to.")
def every_length_everywhere(hs, lengths):
    return hs[:, lengths - 1]


@last_state.mistake(
    ko="끝에서부터 세었습니다. 길이는 앞에서부터 센 상태의 수입니다.",
    en="The length is counted from the end of the row; it counts states from the beginning.")
def counted_from_the_end(hs, lengths):
    return hs[np.arange(len(hs)), -lengths]


@last_state.mistake(
    ko="모든 상태를 첫 시퀀스에서 골랐습니다. 시퀀스마다 자기 상태를 골라야 합니다.",
    en="All states are taken from the first sequence instead of each from its own.")
def first_sequence_for_all(hs, lengths):
    return hs[0, lengths - 1]


EXERCISES = (output_step, teacher_inputs, last_state)
