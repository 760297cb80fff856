"""The exercises of `rnn/bptt`: the loss's gradient, one step back, the whole way back, and clipping."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind

# ---------------------------------------------------------------------------------------------- bptt/softmax_gradient

softmax_gradient = Exercise(
    "bptt/softmax_gradient",
    "softmax_gradient(logits (B, T, V), targets (B, T)) -> dlogits (B, T, V)",
    kinds=(
        GENERAL, GENERAL,
        Kind(name="large", ko="로짓이 ±1e4만큼 클 때", en="logits as large as ±1e4", stress=True),
        Kind({"T": 1}), Kind({"B": 1}),
    ),
)


@softmax_gradient.inputs
def softmax_gradient_inputs(rng, sizes, name):
    B, T, V = sizes["B"], sizes["T"], sizes["V"]
    logits = rng.standard_normal((B, T, V))
    if name == "large":
        logits = np.round(64 * logits) / 64 + rng.choice([-1e4, 1e4], (B, T, 1))    # exact in float32 too
    return {"logits": logits, "targets": rng.integers(V, size=(B, T))}


@softmax_gradient.solution
def softmax_minus_one_hot(logits, targets):
    B, T, V = logits.shape
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    y_hat = e / e.sum(axis=-1, keepdims=True)
    return y_hat - np.eye(V)[targets]    # ŷ - 1


softmax_gradient.says(
    "sign_reversed", {"y_hat - np.eye(V)[targets]": "np.eye(V)[targets] - y_hat"},
    ko="부호가 반대입니다. 손실은 로그 확률에 음의 부호를 붙인 것입니다. 정답의 로짓이 커지면 손실이 줄어야 합니다.",
    en="The sign is the other way round. The loss is minus the log-probability: raising the target's logit must "
       "lower it.")
softmax_gradient.says(
    "exponential_overflows", {" - logits.max(axis=-1, keepdims=True)": ""},
    ko="로짓이 크면 지수 함수가 넘치거나 0이 되어 NaN이 나옵니다. 소프트맥스는 모든 로짓에서 같은 수를 빼도 변하지 않는다는 "
       "점을 이용해 보세요.",
    en="With large logits the exponential overflows, or all of them vanish, and NaN comes out. Softmax does not change "
       "when the same number is taken off all logits; make use of that.")


@softmax_gradient.mistake(
    ko="정답의 자리에만 기울기가 있습니다. 소프트맥스의 분모를 통해 다른 로짓도 손실에 영향을 줍니다.",
    en="Only the target's logit gets a gradient. Through the softmax's denominator every other logit moves the loss "
       "too.")
def targets_only(logits, targets):
    return softmax_minus_one_hot(logits, targets) * np.eye(logits.shape[-1])[targets]


@softmax_gradient.mistake(
    ko="확률에 대한 손실의 미분에서 멈추었습니다. 로짓까지 가려면 소프트맥스도 거슬러 지나야 합니다.",
    en="This stops at the loss's derivative by the probabilities. On to the logits the way leads through softmax as "
       "well.")
def derivative_by_probabilities(logits, targets):
    one_hot = np.eye(logits.shape[-1])[targets]
    return -one_hot / (softmax_minus_one_hot(logits, targets) + one_hot)


@softmax_gradient.mistake(
    ko="정답이 아니라 가장 큰 로짓의 자리에서 1을 뺐습니다.",
    en="1 is subtracted at the largest logit, not at the target.")
def argmax_for_target(logits, targets):
    return softmax_minus_one_hot(logits, logits.argmax(axis=-1))


@softmax_gradient.mistake(
    ko="모든 시점에서 모든 정답의 자리를 한꺼번에 골라 1을 뺐습니다. 시점마다 자기 정답 한 자리에서만 빼야 합니다.",
    en="1 is taken off at every target's position in every step at once. Each step has one target, its own.")
def every_target_everywhere(logits, targets):
    dlogits = softmax_minus_one_hot(logits, targets) + np.eye(logits.shape[-1])[targets]
    dlogits[:, :, targets.ravel()] -= 1
    return dlogits


# -------------------------------------------------------------------------------------------------- bptt/step_backward

step_backward = Exercise(
    "bptt/step_backward",
    "step_backward(dh_next (B, H), x (B, D), h (B, H), h_next (B, H), weight_ih (H, D), weight_hh (H, H)) "
    "-> dx (B, D), dh (B, H), dweight_ih (H, D), dweight_hh (H, H), dbias (H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})))


@step_backward.inputs
def step_backward_inputs(rng, sizes, name):
    B, D, H = sizes["B"], sizes["D"], sizes["H"]
    return {"h": np.tanh(rng.standard_normal((B, H))), "h_next": np.tanh(rng.standard_normal((B, H)))}


@step_backward.solution
def one_step_back(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = dh_next * (1 - h_next**2)    # (B, H)
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h, da.sum(axis=0)


step_backward.says(
    "square_missing", {"h_next**2": "h_next"},
    ko="tanh의 도함수를 1-h로 계산했습니다. tanh의 값으로 나타낸 도함수에는 제곱이 들어 있습니다.",
    en="tanh's derivative is taken as 1-h. Written with tanh's value it contains a square.")
step_backward.says(
    "slope_of_the_previous_state", {"h_next**2": "h**2"},
    ko="tanh의 도함수를 이전 상태 `h`에서 구했습니다. tanh에서 나온 값은 `h_next`입니다.",
    en="tanh's derivative is taken at the previous state `h`. What came out of tanh is `h_next`.")
step_backward.says(
    "sigmoid_slope", {"(1 - h_next**2)": "h_next * (1 - h_next)"},
    ko="시그모이드의 도함수 h(1-h)를 썼습니다. 여기의 활성화 함수는 tanh입니다.",
    en="This is the sigmoid's derivative, h(1-h). The activation here is tanh.")

# --------------------------------------------------------------------------------------------------- bptt/rnn_backward

rnn_backward = Exercise(
    "bptt/rnn_backward",
    "rnn_backward(dhs (B, T, H), x (B, T, D), h0 (B, H), hs (B, T, H), weight_ih (H, D), weight_hh (H, H)) "
    "-> dx (B, T, D), dh0 (B, H), dweight_ih (H, D), dweight_hh (H, H), dbias (H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})))


@rnn_backward.inputs
def rnn_backward_inputs(rng, sizes, name):
    B, T, H = (sizes[letter] for letter in "BTH")
    return {"h0": np.tanh(rng.standard_normal((B, H))), "hs": np.tanh(rng.standard_normal((B, T, H)))}


@rnn_backward.solution
def back_through_time(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dweight_ih, dweight_hh, dbias = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(H)
    for t in reversed(range(T)):
        h_prev = hs[:, t - 1] if t > 0 else h0
        da = (dhs[:, t] + dh) * (1 - hs[:, t]**2)    # ⟦출력에서 온 기울기 + 미래에서 온 기울기|from the output + from the future⟧
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t] = da @ weight_ih
        dh = da @ weight_hh
    return dx, dh, dweight_ih, dweight_hh, dbias


rnn_backward.says(
    "next_step_dropped", {"(dhs[:, t] + dh)": "dhs[:, t]"},
    ko="다음 시점에서 돌아오는 기울기가 빠졌습니다. h(t)는 출력뿐 아니라 h(t+1)을 통해서도 손실에 영향을 줍니다.",
    en="The gradient coming back from the next step is dropped. h(t) moves the loss through h(t+1) as well as "
       "directly.")
rnn_backward.says(
    "gradients_overwritten", {" += ": " = "},
    ko="매개변수의 기울기가 시점마다 덮어쓰여 첫 시점의 것만 남았습니다. 모든 시점이 같은 매개변수를 쓰므로 기울기를 더해 나가야 "
       "합니다.",
    en="The parameters' gradients are overwritten at every step, so only the first step's remain. All steps share the "
       "parameters: accumulate.")
rnn_backward.says(
    "loop_forward_in_time", {"reversed(range(T))": "range(T)"},
    ko="반복문이 첫 시점에서 마지막 시점으로 갑니다. h(t)의 기울기는 h(t+1)의 기울기가 있어야 구할 수 있으므로 마지막 시점부터 "
       "거슬러 갑니다.",
    en="The loop runs forward in time. The gradient of h(t) needs that of h(t+1), so the way starts at the last step.")
rnn_backward.says(
    "last_state_wrapped_around", {" if t > 0 else h0": ""},
    ko="첫 시점의 이전 상태로 마지막 상태가 쓰였습니다. 번호 -1이 배열의 끝을 가리킨다는 점을 떠올려 보세요.",
    en="The first step's previous state is the last state. Remember that index -1 points at an array's end.")
rnn_backward.says(
    "first_state_half_a_step_short", {"return dx, dh,": "return dx, da,"},
    ko="`dh0`이 `weight_hh`를 거치지 않았습니다. h(1)의 tanh까지만 거슬러 갔고, h0까지는 아직 가중치가 남았습니다.",
    en="`dh0` has not passed through `weight_hh`. The way stops at h(1)'s tanh, and the weight before h0 is left.")

# ----------------------------------------------------------------------------------------------------------- bptt/clip

clip = Exercise(
    "bptt/clip",
    "clip_by_norm(grads, max_norm) -> clipped",
    kinds=(
        GENERAL, GENERAL,
        Kind(name="below", ko="노름이 이미 max_norm보다 작을 때", en="the norm is already below max_norm"),
        Kind(name="small", ko="노름과 max_norm이 모두 1보다 작을 때", en="norm and max_norm both below 1"),
        Kind(name="one", ko="배열이 하나일 때", en="a single array"),
        Kind(name="zero", ko="기울기가 모두 0일 때", en="all gradients are zero", stress=True),
    ),
)


@clip.inputs
def clip_inputs(rng, sizes, name):
    D, H = rng.permutation(np.arange(3, 9))[:2]
    grads = {"weight_ih": rng.standard_normal((H, D)), "weight_hh": 2 * rng.standard_normal((H, H)),
             "bias": 0.5 * rng.standard_normal(H)}
    if name == "one":
        grads = {"weight": grads["weight_ih"]}
    norm = np.sqrt(sum((grad ** 2).sum() for grad in grads.values()))
    scale, target = {"below": (1 / norm, 1.5), "small": (0.7 / norm, 0.3), "zero": (0.0, 1.0)}.get(
        name, (1.0, norm * rng.uniform(0.1, 0.3)))
    return {"grads": {key: scale * grad for key, grad in grads.items()}, "max_norm": float(target)}


@clip.solution
def clipped_together(grads, max_norm):
    norm = np.sqrt(sum((grad**2).sum() for grad in grads.values()))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: grad * scale for name, grad in grads.items()}


clip.says(
    "always_rescaled", {" if norm > max_norm else 1.0": ""},
    ko="노름이 작을 때에도 크기를 `max_norm`에 맞추었습니다. 노름이 `max_norm`을 넘을 때에만 줄이고, 아니면 그대로 둡니다.",
    en="The gradients are rescaled even where their norm is small. Shrink them only where the norm exceeds `max_norm`; "
       "otherwise leave them alone.")
clip.says(
    "square_root_missing", {"np.sqrt": ""},
    ko="제곱근이 빠졌습니다. 제곱의 합은 노름이 아니라 노름의 제곱입니다.",
    en="The square root is missing. The sum of squares is the norm squared.")
clip.says(
    "largest_value_as_norm",
    {"np.sqrt(sum((grad**2).sum() for": "max(np.abs(grad).max() for", "values()))": "values())"},
    ko="가장 큰 절댓값을 노름으로 썼습니다. 여기의 노름은 제곱의 합의 제곱근(L2)입니다.",
    en="The largest absolute value serves as norm here. Wanted is the root of the sum of squares (L2).")


@clip.mistake(
    ko="배열마다 따로 잘랐습니다. 그러면 기울기 전체의 방향이 바뀝니다. 노름은 모든 배열을 한 벡터로 보고 하나만 구합니다.",
    en="Every array is clipped by a norm of its own, which turns the direction of the whole gradient. There is one "
       "norm, that of all arrays seen as one vector.")
def each_array_alone(grads, max_norm):
    return {name: clipped_together({name: grad}, max_norm)[name] for name, grad in grads.items()}


@clip.mistake(
    ko="성분마다 잘랐습니다. 그러면 기울기의 방향이 바뀝니다. 노름으로 자를 때는 모든 성분에 같은 수를 곱합니다.",
    en="The values are clipped one by one, which turns the gradient's direction. Clipping by norm multiplies all of "
       "them by one number.")
def each_value_alone(grads, max_norm):
    return {name: np.clip(grad, -max_norm, max_norm) for name, grad in grads.items()}


def _clipped_by(norm, grads, max_norm):
    return {name: grad * (max_norm / norm if norm > max_norm else 1.0) for name, grad in grads.items()}


@clip.mistake(
    ko="배열마다 구한 노름을 더했습니다. 더할 것은 노름이 아니라 제곱의 합이고, 제곱근은 마지막에 한 번만 구합니다.",
    en="The norms of the arrays are added. Add the sums of squares and take the root once, at the end.")
def norms_added(grads, max_norm):
    return _clipped_by(sum(map(np.linalg.norm, grads.values())), grads, max_norm)

