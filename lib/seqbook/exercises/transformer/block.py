"""The exercises of `transformer/block`: a norm over the wrong axis, RMSNorm backwards, gradients over depth."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# ------------------------------------------------------------------------------------------------ block/repaired_norm

repaired_norm = Exercise(
    "block/repaired_norm", "repaired_norm(x (B, T, E), gamma (E), beta (E)) -> y (B, T, E)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1}), Kind({"T": 1})))


@repaired_norm.inputs
def repaired_norm_inputs(rng, sizes, name):
    return {"x": rng.normal(1, 2, [sizes[letter] for letter in "BTE"])}


@repaired_norm.solution
def over_each_vector(x, gamma, beta):
    mean = x.mean(axis=2, keepdims=True)           # (B, T, 1)
    variance = x.var(axis=2, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


repaired_norm.says(
    "over_the_positions", {"mean(axis=2": "mean(axis=1", "var(axis=2": "var(axis=1"}, given=True,
    ko="처음의 잘못이 그대로 있습니다. 축 1은 위치입니다. 한 위치의 출력에 다른 위치의 수가 들어가지 않으려면 어느 축을 따라 평균해야 할까요?",
    en="The fault you were to find is still there. Axis 1 is that of the positions. Along which axis must the mean run "
       "if no other position is to enter?")
repaired_norm.says(
    "over_the_batch", {"mean(axis=2": "mean(axis=(0, 1)", "var(axis=2": "var(axis=(0, 1)"},
    ko="배치의 모든 토큰에서 평균과 분산을 구했습니다. 배치 정규화입니다. 층 정규화의 통계는 벡터 하나에서 구합니다.",
    en="Mean and variance are taken over all tokens of the batch. That is BatchNorm; LayerNorm's are of a single "
       "vector.")
repaired_norm.says(
    "over_positions_and_features", {"mean(axis=2": "mean(axis=(1, 2)", "var(axis=2": "var(axis=(1, 2)"},
    ko="글 하나의 모든 위치와 특징을 합쳐서 평균했습니다. 미래의 위치가 여전히 들어 있습니다.",
    en="The mean runs over all positions and features of a text. Future positions are still in it.")
repaired_norm.says(
    "scaled_with_the_bias", {"gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta":
                             "gamma * ((x - mean) / np.sqrt(variance + 1e-5) + beta)"},
    ko="편향까지 배율을 곱했습니다. 배율은 정규화한 수에만 곱합니다.",
    en="The shift is scaled too. The scale belongs to the normalised numbers alone.")

# ------------------------------------------------------------------------------------------------- block/rms_backward

rms_backward = Exercise(
    "block/rms_backward", "rms_backward(dy (T, E), x (T, E), gamma (E)) -> dx (T, E), dgamma (E)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"E": 1})))


@rms_backward.inputs
def rms_backward_inputs(rng, sizes, name):
    return {"x": rng.normal(0.5, 2, [sizes[letter] for letter in "TE"])}


@rms_backward.solution
def without_what_changes_the_size(dy, x, gamma):
    r = np.sqrt((x ** 2).mean(axis=1, keepdims=True) + 1e-5)    # (T, 1)
    x_hat = x / r
    dx_hat = dy * gamma
    along = (dx_hat * x_hat).mean(axis=1, keepdims=True)        # (T, 1)
    return (dx_hat - x_hat * along) / r, (dy * x_hat).sum(axis=0)


rms_backward.says(
    "size_taken_for_constant", {"(dx_hat - x_hat * along) / r": "dx_hat / r"},
    ko="r을 상수로 보았습니다. r도 x에 달려 있으므로, x의 길이를 바꾸려는 성분을 빼야 합니다.",
    en="r is taken for a constant. It depends on x as well, so the part that would change the size of x has to go.")
rms_backward.says(
    "as_in_layer_norm", {"(dx_hat - x_hat * along) / r":
                         "(dx_hat - dx_hat.mean(axis=1, keepdims=True) - x_hat * along) / r"},
    ko="층 정규화의 역전파를 그대로 썼습니다. 여기서는 평균을 빼지 않으므로, 평균을 바꾸려는 성분은 남아야 합니다.",
    en="This is LayerNorm's backward pass. Here no mean is taken away, so the part that would change the mean stays.")
rms_backward.says(
    "gamma_left_out", {"dx_hat = dy * gamma": "dx_hat = dy * np.ones_like(gamma)"},
    ko="x의 기울기에 gamma가 빠졌습니다. 기울기는 배율을 거꾸로 지나서 옵니다.",
    en="gamma is missing from the gradient of x, which comes back through the scaling.")
rms_backward.says(
    "scale_of_what_was_not_normalised", {"(dy * x_hat).sum(axis=0)": "(dy * x).sum(axis=0)"},
    ko="gamma의 기울기에 x를 썼습니다. gamma가 곱한 수는 x가 아니라 x / r입니다.",
    en="The gradient of gamma uses x. What gamma multiplies is x / r.")

# ------------------------------------------------------------------------------------------------ block/residual_flow

residual_flow = Exercise(
    "block/residual_flow", "residual_flow(dy (E), W (L, E, E)) -> flow (L, E)",
    kinds=(GENERAL, GENERAL, Kind({"L": 1}), Kind({"E": 1})))


@residual_flow.solution
def from_the_top_down(dy, W):
    flow = [dy]
    for W_l in W[::-1]:                            # ⟦마지막 층부터|the last layer first⟧
        flow.append(flow[-1] + flow[-1] @ W_l.T)
    return np.array(flow[:0:-1])                   # ⟦dy는 빼고, 첫 층부터|without dy, from the first layer on⟧


residual_flow.says(
    "residual_forgotten", {"flow[-1] + flow[-1] @ W_l.T": "flow[-1] @ W_l.T"},
    ko="더하기를 곧장 지나는 갈래가 빠졌습니다. 층마다 기울기 두 갈래를 더합니다.",
    en="The branch that passes straight through the sum is missing. At every layer two gradients are added.")
residual_flow.says(
    "first_gradient_at_every_layer", {"flow[-1] + flow[-1] @ W_l.T": "dy + flow[-1] @ W_l.T"},
    ko="층마다 맨 위의 dy를 더했습니다. 곧장 지나는 갈래에는 바로 위에서 내려온 기울기가 흐릅니다.",
    en="At every layer the top's dy is added. What passes straight through is the gradient that has come down so far.")
residual_flow.says(
    "matrix_not_transposed", {"flow[-1] @ W_l.T": "flow[-1] @ W_l"},
    ko="행렬을 전치하지 않았습니다. 순전파가 x W이면 기울기에는 W의 전치를 곱합니다.",
    en="The matrix is not transposed. Where the forward pass is x W, the gradient is multiplied by the transpose of W.")
residual_flow.says(
    "first_layer_first", {"W[::-1]": "W"},
    ko="첫 층부터 지나갔습니다. 기울기는 마지막 층을 먼저 만납니다.",
    en="The first layer comes first. A gradient on its way back meets the last layer first.")
residual_flow.says(
    "upside_down", {"flow[:0:-1]": "flow[1:]"},
    ko="순서가 거꾸로입니다. flow[0]이 맨 아래 층의 입력의 기울기입니다.",
    en="The order is upside down: flow[0] is the gradient of the lowest layer's input.")
residual_flow.says(
    "one_too_high", {"flow[:0:-1]": "flow[-2::-1]"},
    ko="한 층씩 밀렸습니다. 층의 출력이 아니라 입력의 기울기를 구해야 합니다.",
    en="It is one layer too high: wanted are the gradients of the layers' inputs, not of their outputs.")
