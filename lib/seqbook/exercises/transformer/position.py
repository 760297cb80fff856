"""The exercises of `transformer/position`: turned twice, the matrix of a shift, weights moved, places after padding."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# ------------------------------------------------------------------------------------------ position/repaired_scores


def turned(x, start=0):
    """x (T, 2K): each pair (x_2i, x_2i+1) by ω_i times its position, as in the chapter."""
    frequency = 10000.0 ** (-np.arange(0, x.shape[1], 2) / x.shape[1])
    angle = np.arange(start, start + len(x))[:, None] * frequency
    cos, sin, even, odd = np.cos(angle), np.sin(angle), x[:, 0::2], x[:, 1::2]
    return np.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1).reshape(x.shape)


repaired_scores = Exercise(
    "position/repaired_scores",
    "repaired_scores(q (T, 2K), k (T, 2K), past (S, 2K)) -> scores (T, S+T)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"S": 1})))


@repaired_scores.solution
def only_the_new_ones(q, k, past):
    S = len(past)
    keys = np.concatenate([past, turned(k, start=S)])     # ⟦지난 키는 이미 돌려져 있습니다|past keys are turned already⟧
    return turned(q, start=S) @ keys.T / np.sqrt(q.shape[1])


repaired_scores.says(
    "past_turned_twice",
    {"np.concatenate([past, turned(k, start=S)])": "turned(np.concatenate([past, k]))"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 저장해 둔 키에는 자리가 이미 들어 있는데, 이 줄을 지나면 몇 번 돌린 것이 되나요?",
    en="The fault you were to find is still there. The keys that were kept hold their places already: how many times "
       "have they been turned after this line?")
repaired_scores.says(
    "new_keys_from_zero", {"turned(k, start=S)": "turned(k)"},
    ko="새 키를 위치 0부터 돌렸습니다. 새 키는 지난 키 S개의 뒤에 있습니다.",
    en="The new keys are turned as if they stood at position 0. They come after S past keys.")
repaired_scores.says(
    "new_queries_from_zero", {"turned(q, start=S)": "turned(q)"},
    ko="새 쿼리를 위치 0부터 돌렸습니다. 쿼리는 같은 자리의 키와 같은 각도만큼 돌려야 합니다.",
    en="The new queries are turned as if they stood at position 0. A query is turned by the angle of the key at its "
       "own place.")
repaired_scores.says(
    "new_keys_not_turned", {"turned(k, start=S)": "k"},
    ko="새 키를 돌리지 않았습니다. 저장해 둔 키는 돌린 것이고, 새로 온 키는 아직 돌리지 않은 것입니다.",
    en="The new keys are not turned. The kept ones are, the new ones are not yet.")

# --------------------------------------------------------------------------------------------- position/shift_matrix

shift_matrix = Exercise(
    "position/shift_matrix", "shift_matrix(frequency (K), k) -> R (2K, 2K)",
    kinds=(GENERAL, GENERAL, Kind({"K": 1}), Kind(name="back", ko="뒤로 옮길 때", en="a shift back")))


@shift_matrix.inputs
def shift_matrix_inputs(rng, sizes, name):
    k = int(rng.integers(2, 7))
    return {"frequency": rng.uniform(0.1, 1.2, size=sizes["K"]), "k": -k if name == "back" else k}


@shift_matrix.solution
def a_rotation_for_each_pair(frequency, k):
    R = np.zeros((2 * len(frequency), 2 * len(frequency)))
    for i, angle in enumerate(frequency * k):
        cos, sin = np.cos(angle), np.sin(angle)
        R[2 * i:2 * i + 2, 2 * i:2 * i + 2] = [[cos, sin], [-sin, cos]]
    return R


shift_matrix.says(
    "other_way_round", {"[[cos, sin], [-sin, cos]]": "[[cos, -sin], [sin, cos]]"},
    ko="거꾸로 돌렸습니다. 이 책의 짝은 (sin, cos)의 순서입니다. 덧셈정리를 첫 행부터 다시 적어 보세요.",
    en="It turns the wrong way. A pair here is (sin, cos), in this order: write out the addition formulas again, first "
       "row first.")
shift_matrix.says(
    "halves", {"R[2 * i:2 * i + 2, 2 * i:2 * i + 2]": "R[i::len(frequency), i::len(frequency)]"},
    ko="짝을 절반끼리 지었습니다. 여기서는 이웃한 두 수가 짝입니다.",
    en="This pairs the first half with the second. Here neighbours are a pair.")
shift_matrix.says(
    "shift_forgotten", {"frequency * k": "frequency"},
    ko="한 칸만 옮겼습니다. 바늘은 k칸 동안 k배의 각도만큼 돕니다.",
    en="It moves by one step only. Over k steps a hand turns by k times the angle.")

# ------------------------------------------------------------------------------------------------ position/to_halves

to_halves = Exercise(
    "position/to_halves",
    "to_halves(weight (N, 2K, E), bias (N, 2K)) -> new_weight (N, 2K, E), new_bias (N, 2K)",
    kinds=(GENERAL, GENERAL, Kind({"N": 1})))


@to_halves.solution
def evens_first(weight, bias):
    numbers = weight.shape[1]
    order = np.concatenate([np.arange(0, numbers, 2), np.arange(1, numbers, 2)])    # 0, 2, 4, …, 1, 3, 5, …
    return weight[:, order], bias[:, order]


to_halves.says(
    "the_way_back", {"weight[:, order], bias[:, order]": "weight[:, np.argsort(order)], bias[:, np.argsort(order)]"},
    ko="반대 방향으로 옮겼습니다. 이 순서는 절반끼리 짝지은 가중치를 이웃끼리로 되돌립니다.",
    en="This is the way back: it turns weights that pair halves into weights that pair neighbours.")
to_halves.says(
    "bias_left", {"bias[:, order]": "bias.copy()"},
    ko="편향의 순서를 바꾸지 않았습니다. 쿼리의 성분마다 가중치의 행과 편향이 하나씩 딸려 있으므로 함께 옮겨야 합니다.",
    en="The biases keep their order. Each number of a query has a row of weights and a bias: both move.")

# -------------------------------------------------------------------------------------------- position/place_gradient

place_gradient = Exercise(
    "position/place_gradient", "place_gradient(dy (B, T, E), place (B, T), size) -> gradient (M, E)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1}), Kind(name="even", ko="패딩이 없을 때", en="without padding")))


@place_gradient.inputs
def place_gradient_inputs(rng, sizes, name):
    B, T, M = sizes["B"], sizes["T"], sizes["M"]
    length = rng.integers(1, min(T, M) + 1, size=B)
    length[-1] = max(1, min(T - 1, M))                       # some padding, in general
    place = np.arange(T) - (T - length)[:, None]
    return {"place": np.arange(T)[None].repeat(B, axis=0) % M if name == "even" else np.maximum(place, -1), "size": M}


@place_gradient.solution
def added_where_it_was_read(dy, place, size):
    gradient = np.zeros((size, dy.shape[-1]))
    real = place >= 0
    np.add.at(gradient, place[real], dy[real])    # ⟦같은 자리가 여러 번 나와도 모두 더합니다|adds up repeated places⟧
    return gradient


place_gradient.says(
    "last_one_stays", {"np.add.at(gradient, place[real], dy[real])": "gradient[place[real]] += dy[real]"},
    ko="같은 자리가 여러 번 나오면 하나만 더해집니다. 인덱스 배열로 한꺼번에 더하면 되풀이된 인덱스는 한 번만 처리됩니다.",
    en="Where a place comes more than once, only one of them is added: an addition through an array of indices handles "
       "repeated ones once.")
place_gradient.says(
    "padding_in_the_last_row", {"place >= 0": "place >= -1"},
    ko="패딩의 기울기가 마지막 행에 더해졌습니다. 인덱스 −1은 마지막 행을 가리킵니다.",
    en="The gradient of padding went into the last row: index −1 means the last.")
