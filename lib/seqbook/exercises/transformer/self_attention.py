"""The exercises of `transformer/self-attention`: weights of a head set by hand, a head with a fault, order put back."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind
from seqbook.scratch import softmax


def head(x, W_q, W_k, W_v):
    """y (T, K), alpha (T, T) of a head, x (T, E)."""
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    alpha = softmax(q @ k.T / np.sqrt(k.shape[1]))
    return alpha @ v, alpha


def readers(x):
    """The matrices that read the token, (V + T, V), and the position, (V + T, T), of x (T, V + T)."""
    V = x.shape[1] - len(x)
    return np.split(np.eye(x.shape[1]), [V], axis=1)


def marked(tokens, V):
    """Each token's one-hot vector beside that of its position, (T, V + T)."""
    return np.concatenate([np.eye(V)[tokens], np.eye(len(tokens))], axis=1)


def any_tokens(rng, sizes, name):
    T, V = sizes["T"], sizes["V"]
    tokens = rng.permutation(np.arange(T) % V)    # as different as V allows
    return {"x": marked(tokens, V)}


# -------------------------------------------------------------------------------------- self-attention/previous_token

previous_token = Exercise(
    "self-attention/previous_token", "previous_token(x (T, V+T)) -> y (T, V), alpha (T, T)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1})), tolerance=0.01)
previous_token.inputs(any_tokens)


@previous_token.solution
def one_to_the_left(x):
    token, place = readers(x)
    T = len(x)
    # ⟦t가 찾는 위치: t - 1, 처음은 자기 자신|what t looks for: t - 1, the first one itself⟧
    wanted = np.maximum(np.arange(T) - 1, 0)
    W_q = 100 * place @ np.eye(T)[wanted]
    return head(x, W_q, place, token)    # W_q, W_k, W_v


previous_token.says(
    "the_next_one", {"np.maximum(np.arange(T) - 1, 0)": "np.minimum(np.arange(T) + 1, T - 1)"},
    ko="앞이 아니라 다음 토큰을 봅니다. 쿼리의 행은 묻는 위치, 열은 찾는 위치입니다. 어느 쪽으로 한 칸인가요?",
    en="This looks at the next token, not at the one before. A row of the query's weights is the position that asks, a "
       "column the one that it wants. One place to which side?")
previous_token.says(
    "itself", {"np.maximum(np.arange(T) - 1, 0)": "np.arange(T)"},
    ko="모든 위치가 자기 자신을 봅니다. 쿼리와 키가 같은 위치를 가리키고 있습니다.",
    en="Every position looks at itself. Query and key name the same position.")
previous_token.says(
    "too_soft", {"100 *": ""},
    ko="봐야 할 곳을 가장 많이 보지만 다른 곳도 많이 봅니다. 소프트맥스가 한곳을 고르려면 점수의 차이가 얼마나 커야 하나요?",
    en="It looks most where it should, and much elsewhere too. How large must the difference of the scores be for the "
       "softmax to choose one place?")
previous_token.says(
    "first_looks_at_the_last", {"np.maximum(np.arange(T) - 1, 0)": "np.arange(T) - 1"},
    ko="첫 위치가 마지막 위치를 봅니다. 앞에 아무것도 없는 위치는 자기 자신을 보아야 합니다.",
    en="The first position looks at the last. Having nothing before it, it should look at itself.")

# ---------------------------------------------------------------------------------------------- self-attention/reverse

reverse = Exercise(
    "self-attention/reverse", "reverse(x (T, V+T)) -> y (T, V), alpha (T, T)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1})), tolerance=0.01)
reverse.inputs(any_tokens)


@reverse.solution
def from_the_end(x):
    token, place = readers(x)
    W_q = 100 * place[:, ::-1]           # ⟦t가 찾는 위치: T - 1 - t|what t looks for: T - 1 - t⟧
    return head(x, W_q, place, token)    # W_q, W_k, W_v


reverse.says(
    "itself", {"place[:, ::-1]": "place"},
    ko="순서가 그대로입니다. 쿼리와 키 가운데 아무것도 뒤집지 않았거나, 둘을 다 뒤집어서 모든 위치가 자기 자신을 보고 있습니다.",
    en="The order is as it was. Neither query nor key is turned round, or both are, so every position looks at itself.")
reverse.says(
    "too_soft", {"100 *": ""},
    ko="봐야 할 곳을 가장 많이 보지만 다른 곳도 많이 봅니다. 점수의 차이가 더 커야 합니다.",
    en="It looks most where it should, and much elsewhere too. The scores must differ more.")

# ------------------------------------------------------------------------------------ self-attention/copy_after_repeat

copy_after_repeat = Exercise(
    "self-attention/copy_after_repeat",
    "copy_after_repeat(x (T, V+T), before (T, V)) -> y (V), alpha (T)",
    kinds=(GENERAL, GENERAL, GENERAL), tolerance=0.01, bound=("x", "before"))


@copy_after_repeat.inputs
def one_repeat(rng, sizes, name):
    """The last token has stood once before, not at the first position."""
    T, V = sizes["T"], sizes["V"]
    tokens = rng.permutation(np.arange(T) % (V - 1)) + 1
    tokens[[rng.integers(1, max(T - 2, 2)), -1]] = 0
    x = marked(tokens, V)
    return {"x": x, "before": x[np.maximum(np.arange(T) - 1, 0), :V]}


@copy_after_repeat.solution
def what_followed(x, before):
    T, V = before.shape
    z = np.concatenate([x, before], axis=1)    # ⟦토큰, 위치, 앞 토큰|token, position, token before⟧, (T, V + T + V)
    token, place, earlier = np.split(np.eye(V + T + V), [V, V + T], axis=1)
    # ⟦쿼리: 나의 토큰, 키: 나의 앞 토큰, 밸류: 나의 토큰|query: my token, key: the one before me, value: my token⟧
    y, alpha = head(z, 100 * token, earlier, token)
    return y[-1], alpha[-1]


copy_after_repeat.says(
    "the_repeat_itself", {"100 * token, earlier, token": "100 * token, token, token"},
    ko="같은 토큰이 있는 자리를 봅니다. 베낄 것은 그 자리가 아니라 그다음 자리에 있습니다. 다음 자리는 자기 앞에 무엇이 있었는지 어떻게 "
       "아나요?",
    en="This looks at the places of the same token. What is to be copied stands one place further. How does that "
       "place know what stood before it?")
copy_after_repeat.says(
    "copies_what_stood_before", {"100 * token, earlier, token": "100 * token, earlier, earlier"},
    ko="보는 자리는 맞지만 그 자리의 앞 토큰을 베꼈습니다. 베낄 것은 그 자리의 토큰입니다.",
    en="It looks at the right place and copies the token before it. What it should copy is the token of that place.")
copy_after_repeat.says(
    "asks_by_what_stood_before", {"100 * token, earlier, token": "100 * earlier, earlier, token"},
    ko="마지막 위치가 자기의 앞 토큰으로 묻습니다. 물어야 할 것은 마지막 토큰 자신이 전에 나온 자리입니다.",
    en="The last position asks with the token before it. What it must ask for is where its own token has stood.")
copy_after_repeat.says(
    "every_position", {"y[-1], alpha[-1]": "y, alpha"},
    ko="모든 위치의 출력과 가중치를 반환했습니다. 필요한 것은 마지막 위치의 것뿐입니다.",
    en="Output and weights of all positions are returned. Only those of the last are wanted.")
copy_after_repeat.says(
    "too_soft", {"100 *": ""},
    ko="봐야 할 곳을 가장 많이 보지만 다른 곳도 많이 봅니다. 점수의 차이가 더 커야 합니다.",
    en="It looks most where it should, and much elsewhere too. The scores must differ more.")

# ---------------------------------------------------------------------------------------- self-attention/repaired_head

repaired_head = Exercise(
    "self-attention/repaired_head",
    "repaired_head(x (B, T, E), W_q (E, K), W_k (E, K), W_v (E, K)) -> y (B, T, K), alpha (B, T, T)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})))


@repaired_head.solution
def each_row_adds_up(x, W_q, W_k, W_v):
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    scores = q @ k.swapaxes(1, 2) / np.sqrt(k.shape[2])    # (B, T, T)
    e = np.exp(scores - scores.max(axis=2, keepdims=True))
    alpha = e / e.sum(axis=2, keepdims=True)               # ⟦묻는 위치마다 합이 1|1 for each position that asks⟧
    return alpha @ v, alpha


repaired_head.says(
    "columns_add_up", {"scores.max(axis=2": "scores.max(axis=1", "e.sum(axis=2": "e.sum(axis=1"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 가중치의 행과 열 가운데 어느 쪽의 합이 1인가요? 묻는 쪽은 행입니다.",
    en="The fault you were to find is still there. Do the rows of the weights add up to 1, or the columns? Those who "
       "ask are the rows.")
repaired_head.says(
    "all_together", {"scores.max(axis=2, keepdims=True)": "scores.max(axis=(1, 2), keepdims=True)",
                     "e.sum(axis=2, keepdims=True)": "e.sum(axis=(1, 2), keepdims=True)"},
    ko="표 전체의 합이 1입니다. 합은 묻는 위치마다 따로 1이어야 합니다.",
    en="The whole table adds up to 1. It should be 1 for each position that asks.")
repaired_head.says(
    "root_of_the_length", {"np.sqrt(k.shape[2])": "np.sqrt(k.shape[1])"},
    ko="시퀀스 길이의 제곱근으로 나누었습니다. 나누어야 할 값은 키의 크기의 제곱근입니다.",
    en="The scores are divided by the root of the sequence's length. It should be the root of the size of a key.")
repaired_head.says(
    "root_missing", {"np.sqrt(k.shape[2])": "k.shape[2]"},
    ko="점수를 K로 나누었습니다. 나누어야 할 값은 K의 제곱근입니다.",
    en="The scores are divided by K. It should be its square root.")

# --------------------------------------------------------------------------------------------- self-attention/restored

restored = Exercise(
    "self-attention/restored", "restored(y_shuffled (T, K), order) -> y (T, K)", kinds=(GENERAL, GENERAL, GENERAL))


@restored.inputs
def an_order(rng, sizes, name):
    """A round trip: each place goes to the next along it, so that no order is its own inverse."""
    trip, order = rng.permutation(sizes["T"]), np.empty(sizes["T"], dtype=int)
    order[trip] = np.roll(trip, -1)
    return {"order": order}


@restored.solution
def back_in_order(y_shuffled, order):
    return y_shuffled[np.argsort(order)]


@restored.solution
def put_where_it_came_from(y_shuffled, order):
    y = np.empty_like(y_shuffled)
    y[order] = y_shuffled
    return y


restored.says(
    "shuffled_again", {"np.argsort(order)": "order"},
    ko="한 번 더 섞었습니다. 섞은 것을 되돌리려면 순서의 역이 필요합니다.",
    en="This shuffles once more. To undo a shuffle takes the inverse of the order.")
