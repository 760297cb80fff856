"""The exercises of `rnn/bidirectional`: reversal within lengths, late answers, states that do not know a letter."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# --------------------------------------------------------------------------------------- bidirectional/reversed_within

reversed_within = Exercise(
    "bidirectional/reversed_within",
    "reversed_within(x (B, T, D), lengths (B)) -> y (B, T, D)",
    kinds=(
        GENERAL, GENERAL,
        Kind(name="shorter", ko="T를 채우는 시퀀스가 없을 때", en="no sequence fills T"),
        Kind(name="full", ko="길이가 모두 T일 때", en="all lengths are T"),
        Kind(name="single", ko="길이가 모두 1일 때", en="all lengths are 1"),
        Kind({"B": 1}),
    ),
)


@reversed_within.inputs
def reversed_within_inputs(rng, sizes, name):
    B, T = sizes["B"], sizes["T"]
    longest = T - 1 if name == "shorter" else T
    lengths = rng.integers(2, longest + 1, B)
    if name in ("full", "single"):
        lengths[:] = T if name == "full" else 1
    elif B == 1:
        lengths[:] = rng.integers(2, T)
    else:
        lengths[:2] = rng.permutation([2, longest])
    return {"lengths": lengths}


@reversed_within.solution
def each_by_its_length(x, lengths):
    y = x.copy()                                   # ⟦패딩은 제자리에 남습니다|padding stays where it is⟧
    for b, length in enumerate(lengths):
        y[b, :length] = x[b, :length][::-1]        # (length, D)
    return y


reversed_within.says(
    "padding_reversed_too", {"y[b, :length] = x[b, :length][::-1]": "y[b] = x[b][::-1]"},
    ko="패딩까지 함께 뒤집었습니다. 짧은 시퀀스에서는 뒤집은 결과가 패딩으로 시작합니다. 시퀀스마다 길이 안에서만 뒤집어야 합니다.",
    en="The padding is reversed with the sequence. A shorter sequence now begins with padding; each has to be reversed "
       "within its own length.")
reversed_within.says(
    "longest_for_all", {"enumerate(lengths)": "enumerate([max(lengths)] * len(lengths))"},
    ko="가장 긴 시퀀스의 길이로 모두 뒤집었습니다. 시퀀스마다 자기 길이를 써야 합니다.",
    en="All are reversed within the longest length. Each sequence has a length of its own.")
reversed_within.says(
    "first_step_left", {"y[b, :length] = x[b, :length][::-1]": "y[b, 1:length] = x[b, 1:length][::-1]"},
    ko="첫 시점이 제자리에 남았습니다. 첫 시점도 마지막 실제 시점과 자리를 바꿉니다.",
    en="The first step stays where it is. It, too, has to change places, with the last real one.")
reversed_within.says(
    "last_step_left", {"y[b, :length] = x[b, :length][::-1]": "y[b, :length - 1] = x[b, :length - 1][::-1]"},
    ko="마지막 실제 시점이 제자리에 남았습니다. 길이가 3이면 0, 1, 2번 시점을 모두 뒤집습니다.",
    en="The last real step stays where it is. With a length of 3 the steps 0, 1 and 2 are all reversed.")
reversed_within.says(
    "moved_to_the_end", {"y[b, :length] =": "y[b, x.shape[1] - length:] ="},
    ko="뒤집은 시퀀스를 뒤쪽에 붙였습니다. 실제 시점은 앞쪽에, 패딩은 뒤쪽에 그대로 있어야 합니다.",
    en="The reversed sequence is moved to the end. Its real steps belong in front, the padding stays behind them.")
reversed_within.says(
    "nothing_reversed", {"[::-1]": ""},
    ko="아무것도 뒤집지 않았습니다.",
    en="Nothing is reversed.")


@reversed_within.mistake(
    ko="시간이 아니라 성분의 순서를 뒤집었습니다. 뒤집을 축은 시간 축입니다.",
    en="This reverses the components, not time. The axis to reverse is that of time.")
def components_reversed(x, lengths):
    return x[:, :, ::-1]


# ----------------------------------------------------------------------------------------------- bidirectional/delayed

delayed = Exercise(
    "bidirectional/delayed",
    "delayed(ids (B, T), targets (B, T), k) -> late_ids (B, T+K), late_targets (B, T+K)",
    kinds=(GENERAL, GENERAL, Kind({"K": 1}, "one", ko="한 글자 늦을 때", en="one letter late"), Kind({"T": 1}),
           Kind({"B": 1})))


@delayed.inputs
def delayed_inputs(rng, sizes, name):
    shape = sizes["B"], sizes["T"]
    return {"ids": rng.integers(1, 28, shape), "targets": rng.integers(1, 5, shape), "k": sizes["K"]}


@delayed.solution
def answered_later(ids, targets, k):
    B, T = ids.shape
    late_ids = np.concatenate([ids, np.zeros((B, k), int)], axis=1)            # (B, T+K)
    late_targets = np.concatenate([np.full((B, k), -100), targets], axis=1)    # (B, T+K)
    return late_ids, late_targets


delayed.says(
    "too_early", {"[np.full((B, k), -100), targets]": "[targets, np.full((B, k), -100)]"},
    ko="정답이 늦춰지지 않았습니다. 무시할 시점이 뒤쪽에 붙어 있어 정답은 여전히 제때 나옵니다. 아직 답하지 않는 시점은 어느 쪽에 있을까요?",
    en="The targets are not late. The steps to ignore are at the end, so each target still comes at once. At which end "
       "does the network not answer yet?")
delayed.says(
    "inputs_late_too", {"[ids, np.zeros((B, k), int)]": "[np.zeros((B, k), int), ids]"},
    ko="입력도 함께 늦췄습니다. 입력과 정답이 나란히 밀리면 답할 때까지 읽은 글자는 하나도 늘지 않습니다.",
    en="The inputs are late as well. Moved side by side with the targets, they let the network read not one letter "
       "more before it answers.")
delayed.says(
    "zeros_as_targets", {"np.full((B, k), -100)": "np.zeros((B, k), int)"},
    ko="처음 k시점의 정답을 0으로 두었습니다. 그러면 아직 답할 것이 없는 시점에서도 0을 맞히도록 학습합니다. 손실에서 빼려면 -100을 씁니다.",
    en="The first k targets are 0. The network would be trained to answer 0 where there is nothing to answer yet; -100 "
       "leaves a step out of the loss.")
delayed.says(
    "ignored_as_inputs", {"np.zeros((B, k), int)": "np.full((B, k), -100)"},
    ko="빈 입력으로 -100을 넣었습니다. -100은 정답에만 쓰는 표시입니다. 입력에는 그런 글자가 없습니다.",
    en="-100 is fed in as an empty input. It is a mark for targets only; no letter has that number.")
delayed.says(
    "cut_to_the_old_length", {"return late_ids, late_targets": "return late_ids[:, :T], late_targets[:, :T]"},
    ko="원래 길이로 잘라 마지막 정답들을 잃었습니다. 마지막 글자의 답은 글이 끝나고 k시점 뒤에 나옵니다.",
    en="Cut back to the old length, the last targets are lost. The answer for the last letter comes k steps after the "
       "end of the text.")
delayed.says(
    "results_swapped", {"return late_ids, late_targets": "return late_targets, late_ids"},
    ko="돌려주는 순서가 바뀌었습니다. 입력이 먼저이고 정답이 다음입니다.",
    en="The two results come back in the wrong order. First the inputs, then the targets.")

# ------------------------------------------------------------------------------------------------ bidirectional/unseen

unseen = Exercise(
    "bidirectional/unseen",
    "unseen(ahead (B, T, H), back (B, T, H)) -> hs (B, T, 2H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})))


@unseen.solution
def before_and_after(ahead, back):
    nothing = np.zeros_like(ahead[:, :1])                             # (B, 1, H)
    before = np.concatenate([nothing, ahead[:, :-1]], axis=1)         # ⟦t-1까지 읽은 은닉 상태|has read up to t-1⟧
    after = np.concatenate([back[:, 1:], nothing], axis=1)            # ⟦뒤에서 t+1까지 읽은 은닉 상태|has read down to t+1⟧
    return np.concatenate([before, after], axis=-1)                   # (B, T, 2H)


unseen.says(
    "back_knows_it", {"[back[:, 1:], nothing]": "[back]"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 한 방향은 아직도 맞혀야 할 글자를 읽은 은닉 상태입니다. 시점 t의 `back`은 어느 글자까지 읽었을까요?",
    en="The fault you were to find is still there. One direction's state has still read the letter to be guessed. "
       "Which letters has `back` read at step t?")
unseen.says(
    "ahead_knows_it", {"[nothing, ahead[:, :-1]]": "[ahead]"},
    ko="이제 앞에서 읽은 은닉 상태가 맞혀야 할 글자를 알고 있습니다. 두 방향 모두 그 글자를 읽기 전의 상태여야 합니다.",
    en="Now the state that reads ahead has seen the letter to be guessed. Both directions need the state from before "
       "they read it.")
unseen.says(
    "back_moved_the_wrong_way", {"[back[:, 1:], nothing]": "[nothing, back[:, :-1]]"},
    ko="`back`을 반대쪽으로 밀었습니다. 이 방향은 뒤에서 앞으로 읽으므로 글자 t를 읽기 전의 상태는 t보다 뒤에 있습니다.",
    en="`back` is moved the wrong way. It reads from the end, so its state from before letter t stands after t, not in "
       "front of it.")
unseen.says(
    "ahead_moved_the_wrong_way", {"[nothing, ahead[:, :-1]]": "[ahead[:, 1:], nothing]"},
    ko="`ahead`를 반대쪽으로 밀었습니다. 그러면 다음 글자까지 읽은 상태가 됩니다.",
    en="`ahead` is moved the wrong way. That is the state that has read one letter more, not one less.")
unseen.says(
    "directions_swapped", {"[before, after]": "[after, before]"},
    ko="두 방향의 순서가 바뀌었습니다. 앞에서 읽은 상태가 먼저입니다.",
    en="The two directions come in the wrong order. The state that reads ahead comes first.")
unseen.says(
    "summed", {"np.concatenate([before, after], axis=-1)": "before + after"},
    ko="두 상태를 더했습니다. 이 문제에서는 나란히 이어 붙여 2H개가 되어야 합니다.",
    en="The two states are added up. Here they are to stand side by side, 2H numbers.")
unseen.says(
    "rolled_around", {"np.concatenate([nothing, ahead[:, :-1]], axis=1)": "np.roll(ahead, 1, axis=1)",
                      "np.concatenate([back[:, 1:], nothing], axis=1)": "np.roll(back, -1, axis=1)"},
    ko="끝의 상태가 반대쪽 끝으로 돌아왔습니다. 글 밖에는 읽은 것이 없으므로 그 자리는 0입니다.",
    en="The states at the ends have come round to the other side. Beyond the text nothing has been read, which is 0.")
