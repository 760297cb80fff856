"""The exercises of `rnn/bptt`: the loss's gradient, one step back, the whole way back, and clipping."""

import numpy as np

from seqbook.checks.exercise import GENERAL, Exercise, Kind
from seqbook.checks.unfolding import layer_with
from seqbook.scratch import RNN, CrossEntropy, RNNCell, clip_grad_norm, log_softmax, softmax
from seqbook.scratch.rnn import RNNCellCache

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


def _one_hot(targets, V):
    return np.eye(V)[targets]


@softmax_gradient.solution
def softmax_gradient_reference(logits, targets):
    cross_entropy = CrossEntropy(reduction="sum")
    _, cache = cross_entropy.forward(logits, targets)
    return cross_entropy.backward(1.0, cache)[0][0]


@softmax_gradient.alternative
def softmax_minus_one_hot(logits, targets):
    logits = logits.astype(np.float32)
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True) - np.eye(logits.shape[-1])[targets]


@softmax_gradient.alternative
def softmax_gradient_by_loops(logits, targets):
    B, T, V = logits.shape
    dlogits = np.empty((B, T, V), dtype=np.float32)
    for b in range(B):
        for t in range(T):
            e = np.exp(logits[b, t] - logits[b, t].max())
            dlogits[b, t] = e / e.sum()
            dlogits[b, t, targets[b, t]] -= 1
    return dlogits


@softmax_gradient.mistake(
    ko="소프트맥스를 시간 축에 대해 구했습니다. 확률의 합은 시점마다 어휘 V에 대해 1이 되어야 합니다.",
    en="The softmax runs over the time axis. The probabilities should sum to 1 over the vocabulary V, at every step.")
def softmax_over_time(logits, targets):
    return softmax(logits, axis=1) - _one_hot(targets, logits.shape[-1])


@softmax_gradient.mistake(
    ko="소프트맥스를 배치 축에 대해 구했습니다. 확률의 합은 시점마다 어휘 V에 대해 1이 되어야 합니다.",
    en="The softmax runs over the batch axis. The probabilities should sum to 1 over the vocabulary V, at every step.")
def softmax_over_batch(logits, targets):
    return softmax(logits, axis=0) - _one_hot(targets, logits.shape[-1])


@softmax_gradient.mistake(
    ko="소프트맥스의 분모에 배열의 모든 값을 더했습니다. 합은 어휘 V에 대해서만, 시점마다 따로 구합니다.",
    en="The softmax divides by the sum over the whole array. Sum over the vocabulary V only, at every step by "
       "itself.")
def softmax_over_everything(logits, targets):
    return softmax(logits.ravel()).reshape(logits.shape) - _one_hot(targets, logits.shape[-1])


@softmax_gradient.mistake(
    ko="부호가 반대입니다. 손실은 로그 확률에 음의 부호를 붙인 것입니다. 정답의 로짓이 커지면 손실이 줄어야 합니다.",
    en="The sign is the other way round. The loss is minus the log-probability: raising the target's logit must "
       "lower it.")
def sign_reversed(logits, targets):
    return _one_hot(targets, logits.shape[-1]) - softmax(logits)


@softmax_gradient.mistake(
    ko="확률만 있고 정답이 보이지 않습니다. `targets`가 가리키는 자리에서 빼야 할 것이 있습니다.",
    en="These are the probabilities alone; the targets do not enter. Something is to be subtracted where "
       "`targets` points.")
def one_hot_forgotten(logits, targets):
    return softmax(logits)


@softmax_gradient.mistake(
    ko="시점과 배치에 대해 평균을 냈습니다. 이 문제의 손실은 평균이 아니라 합입니다.",
    en="This is the gradient of the mean over batch and time. The loss here is the sum.")
def mean_instead_of_sum(logits, targets):
    return softmax_gradient_reference(logits, targets) / targets.size


@softmax_gradient.mistake(
    ko="배치 크기 B로 나누었습니다. 이 문제의 손실은 평균이 아니라 합입니다.",
    en="This is divided by the batch size B. The loss here is the sum.")
def divided_by_batch(logits, targets):
    return softmax_gradient_reference(logits, targets) / len(targets)


@softmax_gradient.mistake(
    ko="소프트맥스가 빠졌습니다. 로짓에서 바로 원-핫 벡터를 뺐습니다.",
    en="The softmax is missing: the one-hot vector is subtracted from the logits themselves.")
def softmax_forgotten(logits, targets):
    return logits - _one_hot(targets, logits.shape[-1])


@softmax_gradient.mistake(
    ko="확률 대신 로그 확률을 썼습니다. 로그를 미분하고 나면 남는 것은 확률입니다.",
    en="This uses log-probabilities. Once the logarithm is differentiated, what remains is the probabilities.")
def log_probabilities(logits, targets):
    return log_softmax(logits) - _one_hot(targets, logits.shape[-1])


@softmax_gradient.mistake(
    ko="정답의 자리에만 기울기가 있습니다. 소프트맥스의 분모를 통해 다른 로짓도 손실에 영향을 줍니다.",
    en="Only the target's logit gets a gradient. Through the softmax's denominator every other logit moves the loss "
       "too.")
def targets_only(logits, targets):
    one_hot = _one_hot(targets, logits.shape[-1])
    return (softmax(logits) - 1) * one_hot


@softmax_gradient.mistake(
    ko="로짓이 크면 지수 함수가 넘치거나 0이 되어 NaN이 나옵니다. 소프트맥스는 모든 로짓에서 같은 수를 빼도 변하지 않는다는 "
       "점을 이용해 보세요.",
    en="With large logits the exponential overflows, or all of them vanish, and NaN comes out. Softmax does not change "
       "when the same number is taken off all logits; make use of that.")
def exponential_overflows(logits, targets):
    e = np.exp(logits)
    return e / e.sum(axis=-1, keepdims=True) - _one_hot(targets, logits.shape[-1])


@softmax_gradient.mistake(
    ko="정답이 아니라 가장 큰 로짓의 자리에서 1을 뺐습니다.",
    en="1 is subtracted at the largest logit, not at the target.")
def argmax_for_target(logits, targets):
    return softmax(logits) - _one_hot(logits.argmax(axis=-1), logits.shape[-1])


@softmax_gradient.mistake(
    ko="모든 시점에서 모든 정답의 자리를 한꺼번에 골라 1을 뺐습니다. 시점마다 자기 정답 한 자리에서만 빼야 합니다.",
    en="1 is taken off at every target's position in every step at once. Each step has one target, its own.")
def every_target_everywhere(logits, targets):
    dlogits = softmax(logits)
    dlogits[:, :, targets.ravel()] -= 1
    return dlogits


# -------------------------------------------------------------------------------------------------- bptt/step_backward

step_backward = Exercise(
    "bptt/step_backward",
    "step_backward(dh_next (B, H), x (B, D), h (B, H), h_next (B, H), weight_ih (H, D), weight_hh (H, H)) "
    "-> dx (B, D), dh (B, H), dweight_ih (H, D), dweight_hh (H, H), dbias (H)",
    kinds=(GENERAL, GENERAL, Kind({"B": 1})),
)


@step_backward.inputs
def step_backward_inputs(rng, sizes, name):
    B, D, H = sizes["B"], sizes["D"], sizes["H"]
    x, h, bias = rng.standard_normal((B, D)), np.tanh(rng.standard_normal((B, H))), rng.standard_normal(H)
    weight_ih, weight_hh = rng.standard_normal((H, D)) / np.sqrt(D), rng.standard_normal((H, H)) / np.sqrt(H)
    h_next = np.tanh(x @ weight_ih.T + h @ weight_hh.T + bias)
    return {"x": x, "h": h, "h_next": h_next, "weight_ih": weight_ih, "weight_hh": weight_hh}


@step_backward.solution
def step_backward_reference(dh_next, x, h, h_next, weight_ih, weight_hh):
    cell = layer_with(RNNCell, weight_ih, weight_hh, np.zeros(len(weight_hh)))
    (dx, dh), grads = cell.backward(dh_next, RNNCellCache(x, h, h_next))
    return dx, dh, grads["weight_ih"], grads["weight_hh"], grads["bias"]


@step_backward.alternative
def step_backward_by_rows(dh_next, x, h, h_next, weight_ih, weight_hh):
    dx, dh = np.zeros_like(x), np.zeros_like(h)
    dweight_ih, dweight_hh, dbias = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(len(weight_hh))
    for b in range(len(x)):
        da = np.diag(1 - h_next[b] ** 2) @ dh_next[b]
        dx[b], dh[b] = weight_ih.T @ da, weight_hh.T @ da
        dweight_ih += np.outer(da, x[b])
        dweight_hh += np.outer(da, h[b])
        dbias += da
    return dx, dh, dweight_ih, dweight_hh, dbias


@step_backward.alternative
def step_backward_by_einsum(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = ((1 - h_next) * (1 + h_next) * dh_next).astype(np.float32)
    return [np.einsum("bh,hd->bd", da, weight_ih), np.einsum("bh,hk->bk", da, weight_hh),
            np.einsum("bh,bd->hd", da, x), np.einsum("bh,bk->hk", da, h), np.einsum("bh->h", da)]


def _step_backward(da, x, h, weight_ih, weight_hh):
    return da @ weight_ih, da @ weight_hh, da.T @ x, da.T @ h, da.sum(axis=0)


def _da(dh_next, h_next):
    return dh_next * (1 - h_next ** 2)


@step_backward.mistake(
    ko="tanh의 도함수를 1-h로 계산했습니다. tanh의 값으로 나타낸 도함수에는 제곱이 들어 있습니다.",
    en="tanh's derivative is taken as 1-h. Written with tanh's value it contains a square.")
def square_missing(dh_next, x, h, h_next, weight_ih, weight_hh):
    return _step_backward(dh_next * (1 - h_next), x, h, weight_ih, weight_hh)


@step_backward.mistake(
    ko="tanh의 도함수를 이전 상태 `h`에서 구했습니다. tanh에서 나온 값은 `h_next`입니다.",
    en="tanh's derivative is taken at the previous state `h`. What came out of tanh is `h_next`.")
def slope_of_the_previous_state(dh_next, x, h, h_next, weight_ih, weight_hh):
    return _step_backward(_da(dh_next, h), x, h, weight_ih, weight_hh)


@step_backward.mistake(
    ko="tanh의 도함수가 빠졌습니다. 가중치에 이르기 전에 먼저 tanh를 거슬러 지나야 합니다.",
    en="The derivative of tanh is missing. On the way back tanh comes before the weights.")
def slope_missing(dh_next, x, h, h_next, weight_ih, weight_hh):
    return _step_backward(dh_next, x, h, weight_ih, weight_hh)


@step_backward.mistake(
    ko="시그모이드의 도함수 h(1-h)를 썼습니다. 여기의 활성화 함수는 tanh입니다.",
    en="This is the sigmoid's derivative, h(1-h). The activation here is tanh.")
def sigmoid_slope(dh_next, x, h, h_next, weight_ih, weight_hh):
    return _step_backward(dh_next * h_next * (1 - h_next), x, h, weight_ih, weight_hh)


@step_backward.mistake(
    ko="`h_next`에 tanh를 한 번 더 씌웠습니다. `h_next`는 이미 tanh를 거친 값입니다.",
    en="tanh is applied to `h_next` once more, though `h_next` already came out of it.")
def tanh_twice(dh_next, x, h, h_next, weight_ih, weight_hh):
    return _step_backward(_da(dh_next, np.tanh(h_next)), x, h, weight_ih, weight_hh)


@step_backward.mistake(
    ko="`dbias`를 배치에 대해 더하지 않았습니다. 모든 시퀀스가 같은 편향을 썼으므로 기울기가 모두 모입니다.",
    en="`dbias` is not summed over the batch. All sequences used the same bias, so their gradients add up.")
def bias_not_summed(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = _da(dh_next, h_next)
    return *_step_backward(da, x, h, weight_ih, weight_hh)[:4], da


@step_backward.mistake(
    ko="`dbias`를 배치에 대해 평균 냈습니다. 기울기는 더해집니다. 가중치의 기울기와 견주어 보세요.",
    en="`dbias` is averaged over the batch. Gradients add up, as those of the weights do.")
def bias_averaged(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = _da(dh_next, h_next)
    return *_step_backward(da, x, h, weight_ih, weight_hh)[:4], da.mean(axis=0)


@step_backward.mistake(
    ko="매개변수의 기울기를 모두 배치 크기로 나누었습니다. 나눌지 말지는 손실이 정하며, 한 걸음의 역전파에서는 더하기만 합니다.",
    en="The parameters' gradients are divided by the batch size. That is for the loss to decide; one step back only "
       "adds.")
def averaged_over_batch(dh_next, x, h, h_next, weight_ih, weight_hh):
    dx, dh, *dparams = _step_backward(_da(dh_next, h_next), x, h, weight_ih, weight_hh)
    return dx, dh, *(dparam / len(x) for dparam in dparams)


@step_backward.mistake(
    ko="`dweight_ih`가 전치되었습니다. 기울기의 모양은 가중치의 모양과 같습니다.",
    en="`dweight_ih` is transposed. A gradient has the shape of its weight.")
def input_gradient_transposed(dh_next, x, h, h_next, weight_ih, weight_hh):
    dx, dh, dweight_ih, dweight_hh, dbias = _step_backward(_da(dh_next, h_next), x, h, weight_ih, weight_hh)
    return dx, dh, dweight_ih.T, dweight_hh, dbias


@step_backward.mistake(
    ko="`dweight_hh`가 전치되었습니다. 정사각 행렬이라 모양으로는 드러나지 않습니다. 행은 새 상태, 열은 이전 상태에 해당합니다.",
    en="`dweight_hh` is transposed; being square it hides behind its shape. Rows belong to the new state, columns to "
       "the old one.")
def recurrent_gradient_transposed(dh_next, x, h, h_next, weight_ih, weight_hh):
    dx, dh, dweight_ih, dweight_hh, dbias = _step_backward(_da(dh_next, h_next), x, h, weight_ih, weight_hh)
    return dx, dh, dweight_ih, dweight_hh.T, dbias


@step_backward.mistake(
    ko="`dh`를 구할 때 `weight_hh`의 전치 여부가 반대입니다. 앞으로 갈 때와 뒤로 올 때는 서로 전치한 행렬을 곱합니다.",
    en="For `dh` the matrix `weight_hh` is transposed the wrong way round. The way back uses the transpose of the way "
       "forward.")
def recurrent_weight_transposed(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = _da(dh_next, h_next)
    dx, _, *dparams = _step_backward(da, x, h, weight_ih, weight_hh)
    return dx, da @ weight_hh.T, *dparams


@step_backward.mistake(
    ko="`dweight_hh`를 `h_next`로 계산했습니다. `weight_hh`와 곱해진 것은 이전 상태 `h`입니다.",
    en="`dweight_hh` is computed with `h_next`. What `weight_hh` was multiplied with is the previous state `h`.")
def next_state_in_outer_product(dh_next, x, h, h_next, weight_ih, weight_hh):
    return _step_backward(_da(dh_next, h_next), x, h_next, weight_ih, weight_hh)


@step_backward.mistake(
    ko="`dx`와 `dh`의 자리가 바뀌었습니다. 돌려주는 순서를 확인해 보세요.",
    en="`dx` and `dh` have changed places. Check the order in which they are returned.")
def dx_and_dh_swapped(dh_next, x, h, h_next, weight_ih, weight_hh):
    dx, dh, *dparams = _step_backward(_da(dh_next, h_next), x, h, weight_ih, weight_hh)
    return dh, dx, *dparams


@step_backward.mistake(
    ko="`dweight_ih`와 `dweight_hh`의 자리가 바뀌었습니다. 외적에 쓴 `x`와 `h`를 확인해 보세요.",
    en="`dweight_ih` and `dweight_hh` have changed places. Look at which of `x` and `h` each outer product uses.")
def outer_products_swapped(dh_next, x, h, h_next, weight_ih, weight_hh):
    dx, dh, dweight_ih, dweight_hh, dbias = _step_backward(_da(dh_next, h_next), x, h, weight_ih, weight_hh)
    return dx, dh, dweight_hh, dweight_ih, dbias


@step_backward.mistake(
    ko="`dh`의 인수 순서가 바뀌었습니다. 뒤로 갈 때는 tanh의 도함수를 먼저 곱하고 그다음에 `weight_hh`를 곱합니다.",
    en="The factors of `dh` are in the wrong order. On the way back tanh's derivative acts first, `weight_hh` after "
       "it.")
def weight_before_slope(dh_next, x, h, h_next, weight_ih, weight_hh):
    dx, _, *dparams = _step_backward(_da(dh_next, h_next), x, h, weight_ih, weight_hh)
    return dx, (dh_next @ weight_hh) * (1 - h_next ** 2), *dparams


@step_backward.mistake(
    ko="`dh`에 들어온 기울기 `dh_next`를 다시 더했습니다. `h`는 `weight_hh`를 거쳐서만 `h_next`에 영향을 줍니다.",
    en="`dh_next` is added to `dh` once more. `h` reaches `h_next` through `weight_hh` only.")
def incoming_gradient_added(dh_next, x, h, h_next, weight_ih, weight_hh):
    dx, dh, *dparams = _step_backward(_da(dh_next, h_next), x, h, weight_ih, weight_hh)
    return dx, dh + dh_next, *dparams


# --------------------------------------------------------------------------------------------------- bptt/rnn_backward

rnn_backward = Exercise(
    "bptt/rnn_backward",
    "rnn_backward(dhs (B, T, H), x (B, T, D), h0 (B, H), hs (B, T, H), weight_ih (H, D), weight_hh (H, H)) "
    "-> dx (B, T, D), dh0 (B, H), dweight_ih (H, D), dweight_hh (H, H), dbias (H)",
    kinds=(GENERAL, GENERAL, Kind({"T": 1}), Kind({"B": 1})),
)


@rnn_backward.inputs
def rnn_backward_inputs(rng, sizes, name):
    B, T, D, H = (sizes[letter] for letter in "BTDH")
    x, h0, bias = rng.standard_normal((B, T, D)), np.tanh(rng.standard_normal((B, H))), rng.standard_normal(H)
    weight_ih, weight_hh = rng.standard_normal((H, D)) / np.sqrt(D), rng.standard_normal((H, H)) / np.sqrt(H)
    (hs, _), _ = layer_with(RNN, weight_ih, weight_hh, bias).forward(x, h0)
    return {"x": x, "h0": h0, "hs": hs, "weight_ih": weight_ih, "weight_hh": weight_hh}


@rnn_backward.solution
def rnn_backward_reference(dhs, x, h0, hs, weight_ih, weight_hh):
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    totals = [np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(len(weight_hh))]
    for t in reversed(range(x.shape[1])):
        h = hs[:, t - 1] if t > 0 else h0
        dx[:, t], dh, *grads = step_backward_reference(dhs[:, t] + dh, x[:, t], h, hs[:, t], weight_ih, weight_hh)
        totals = [total + grad for total, grad in zip(totals, grads, strict=True)]
    return dx, dh, *totals


@rnn_backward.alternative
def rnn_backward_with_products_after_the_loop(dhs, x, h0, hs, weight_ih, weight_hh):
    (B, T, D), H = x.shape, len(weight_hh)
    das, dh = np.empty((B, T, H), dtype=np.float32), 0
    for t in reversed(range(T)):
        das[:, t] = (dhs[:, t] + dh) * (1 - hs[:, t] ** 2)
        dh = das[:, t] @ weight_hh.astype(np.float32)
    rows, previous = das.reshape(B * T, H), np.concatenate([h0[:, None], hs[:, :-1]], axis=1).reshape(B * T, H)
    return {"dx": das @ weight_ih, "dh0": dh, "dbias": rows.sum(axis=0),
            "dweight_ih": rows.T @ x.reshape(B * T, D), "dweight_hh": rows.T @ previous}


@rnn_backward.alternative
def rnn_backward_from_all_jacobians(dhs, x, h0, hs, weight_ih, weight_hh):
    B, T, H = hs.shape
    previous = np.concatenate([h0[:, None], hs], axis=1)
    das = np.zeros_like(hs)
    for b in range(B):
        for later in range(T):
            row = dhs[b, later]    # ∂L/∂h(later), on its way back
            for t in range(later, -1, -1):
                row = row * (1 - hs[b, t] ** 2)
                das[b, t] += row
                row = row @ weight_hh
    return (das @ weight_ih, das[:, 0] @ weight_hh, np.einsum("bth,btd->hd", das, x),
            np.einsum("bth,btk->hk", das, previous[:, :-1]), das.sum(axis=(0, 1)))


def _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh, *, slope=lambda h, h_next: 1 - h_next ** 2,
                  back=lambda da, weight_hh: da @ weight_hh, carried=lambda dh: dh):
    """The right answer as a loop, with the places where people slip left open. Returns it and all da, (B, T, H)."""
    previous = np.concatenate([h0[:, None], hs[:, :-1]], axis=1)
    das, dh = np.zeros_like(hs), np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        das[:, t] = (dhs[:, t] + carried(dh)) * slope(previous[:, t], hs[:, t])
        dh = back(das[:, t], weight_hh)
    return _from_das(das, x, previous, dh, weight_ih), das


def _from_das(das, x, previous, dh0, weight_ih):
    return (das @ weight_ih, dh0, np.einsum("bth,btd->hd", das, x), np.einsum("bth,btk->hk", das, previous),
            das.sum(axis=(0, 1)))


@rnn_backward.mistake(
    ko="다음 시점에서 돌아오는 기울기가 빠졌습니다. h(t)는 출력뿐 아니라 h(t+1)을 통해서도 손실에 영향을 줍니다.",
    en="The gradient coming back from the next step is dropped. h(t) moves the loss through h(t+1) as well as "
       "directly.")
def next_step_dropped(dhs, x, h0, hs, weight_ih, weight_hh):
    return _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh, carried=np.zeros_like)[0]


@rnn_backward.mistake(
    ko="시점마다 출력에서 바로 오는 기울기가 마지막 시점에서만 쓰였습니다. 모든 시점에서 `dhs`의 제 몫이 더해져야 합니다.",
    en="The direct gradients from the outputs enter at the last step only. Every step adds its own share of `dhs`.")
def direct_gradient_dropped(dhs, x, h0, hs, weight_ih, weight_hh):
    last = np.zeros_like(dhs)
    last[:, -1] = dhs[:, -1]
    return _rnn_backward(last, x, h0, hs, weight_ih, weight_hh)[0]


@rnn_backward.mistake(
    ko="매개변수의 기울기가 시점마다 덮어쓰여 첫 시점의 것만 남았습니다. 모든 시점이 같은 매개변수를 쓰므로 기울기를 더해 나가야 "
       "합니다.",
    en="The parameters' gradients are overwritten at every step, so only the first step's remain. All steps share the "
       "parameters: accumulate.")
def gradients_overwritten(dhs, x, h0, hs, weight_ih, weight_hh):
    (dx, dh0, *_), das = _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh)
    da = das[:, 0]
    return dx, dh0, da.T @ x[:, 0], da.T @ h0, da.sum(axis=0)


@rnn_backward.mistake(
    ko="시간을 앞으로 돌았습니다. h(t)의 기울기는 h(t+1)의 기울기가 있어야 구할 수 있으므로 마지막 시점부터 거슬러 갑니다.",
    en="The loop runs forward in time. The gradient of h(t) needs that of h(t+1), so the way starts at the last step.")
def loop_forward_in_time(dhs, x, h0, hs, weight_ih, weight_hh):
    previous = np.concatenate([h0[:, None], hs[:, :-1]], axis=1)
    das, dh = np.zeros_like(hs), np.zeros_like(h0)
    for t in range(x.shape[1]):
        das[:, t] = (dhs[:, t] + dh) * (1 - hs[:, t] ** 2)
        dh = das[:, t] @ weight_hh
    return _from_das(das, x, previous, dh, weight_ih)


@rnn_backward.mistake(
    ko="`dbias`를 배치에 대해 더하지 않았습니다. 편향은 모든 시퀀스가 함께 씁니다.",
    en="`dbias` is not summed over the batch, whose sequences all share the bias.")
def bias_not_summed_over_batch(dhs, x, h0, hs, weight_ih, weight_hh):
    grads, das = _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh)
    return *grads[:4], das.sum(axis=1)


@rnn_backward.mistake(
    ko="`dbias`를 시간에 대해 더하지 않았습니다. 편향은 모든 시점이 함께 씁니다.",
    en="`dbias` is not summed over time, whose steps all share the bias.")
def bias_not_summed_over_time(dhs, x, h0, hs, weight_ih, weight_hh):
    grads, das = _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh)
    return *grads[:4], das.sum(axis=0)


@rnn_backward.mistake(
    ko="`dweight_hh`에 같은 시점의 상태 h(t)를 썼습니다. h(t)를 만들 때 `weight_hh`와 곱해진 것은 h(t-1)입니다.",
    en="`dweight_hh` uses the state of the same step, h(t). What `weight_hh` was multiplied with there is h(t-1).")
def same_state_in_outer_product(dhs, x, h0, hs, weight_ih, weight_hh):
    (dx, dh0, dweight_ih, _, dbias), das = _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh)
    return dx, dh0, dweight_ih, np.einsum("bth,btk->hk", das, hs), dbias


@rnn_backward.mistake(
    ko="첫 시점의 이전 상태로 `h0`이 아니라 0을 썼습니다. 그래서 `dweight_hh`에서 첫 시점의 몫이 빠졌습니다.",
    en="The first step's previous state is taken as zero, not `h0`; `dweight_hh` lacks that step's share.")
def first_state_ignored(dhs, x, h0, hs, weight_ih, weight_hh):
    (dx, dh0, dweight_ih, _, dbias), das = _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh)
    return dx, dh0, dweight_ih, np.einsum("bth,btk->hk", das[:, 1:], hs[:, :-1]), dbias


@rnn_backward.mistake(
    ko="첫 시점의 이전 상태로 마지막 상태가 쓰였습니다. 번호 -1이 배열의 끝을 가리킨다는 점을 떠올려 보세요.",
    en="The first step's previous state is the last state. Remember that index -1 points at an array's end.")
def last_state_wrapped_around(dhs, x, h0, hs, weight_ih, weight_hh):
    (dx, dh0, dweight_ih, _, dbias), das = _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh)
    return dx, dh0, dweight_ih, np.einsum("bth,btk->hk", das, np.roll(hs, 1, axis=1)), dbias


@rnn_backward.mistake(
    ko="`dh0`이 `weight_hh`를 거치지 않았습니다. h(1)의 tanh까지만 거슬러 갔고, h0으로 가는 반 걸음이 남았습니다.",
    en="`dh0` has not passed through `weight_hh`: the way stops at h(1)'s tanh, half a step short of h0.")
def first_state_half_a_step_short(dhs, x, h0, hs, weight_ih, weight_hh):
    (dx, _, *dparams), das = _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh)
    return dx, das[:, 0], *dparams


@rnn_backward.mistake(
    ko="`dh0`이 0입니다. 첫 상태도 h(1)을 통해 손실에 영향을 줍니다.",
    en="`dh0` is zero. The first state moves the loss too, through h(1).")
def first_state_without_gradient(dhs, x, h0, hs, weight_ih, weight_hh):
    (dx, dh0, *dparams), _ = _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh)
    return dx, np.zeros_like(dh0), *dparams


@rnn_backward.mistake(
    ko="인수의 순서가 바뀌었습니다. 뒤로 갈 때 h(t+1)의 tanh 도함수를 먼저 곱하고 그다음에 `weight_hh`를 곱합니다. 지금은 "
       "`weight_hh`가 먼저입니다.",
    en="The factors are in the wrong order. On the way back the derivative of h(t+1)'s tanh acts first, then "
       "`weight_hh`; here the weight comes first.")
def weight_before_slope_in_loop(dhs, x, h0, hs, weight_ih, weight_hh):
    previous = np.concatenate([h0[:, None], hs[:, :-1]], axis=1)
    das, dh = np.zeros_like(hs), np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dh_next = dhs[:, t] + dh
        das[:, t] = dh_next * (1 - hs[:, t] ** 2)
        dh = (dh_next @ weight_hh) * (1 - hs[:, t] ** 2)
    return _from_das(das, x, previous, dh, weight_ih)


@rnn_backward.mistake(
    ko="시점을 건널 때 tanh의 도함수를 빠뜨렸습니다. h(t+1)에서 h(t)로 갈 때에도 tanh를 거슬러 지나야 합니다.",
    en="Between the steps tanh's derivative is left out. The way from h(t+1) to h(t) leads through tanh as well.")
def slope_missing_between_steps(dhs, x, h0, hs, weight_ih, weight_hh):
    previous = np.concatenate([h0[:, None], hs[:, :-1]], axis=1)
    das, dh = np.zeros_like(hs), np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dh_next = dhs[:, t] + dh
        das[:, t] = dh_next * (1 - hs[:, t] ** 2)
        dh = dh_next @ weight_hh
    return _from_das(das, x, previous, dh, weight_ih)


@rnn_backward.mistake(
    ko="tanh의 도함수를 1-h로 계산했습니다. tanh의 값으로 나타낸 도함수에는 제곱이 들어 있습니다.",
    en="tanh's derivative is taken as 1-h. Written with tanh's value it contains a square.")
def square_missing_in_loop(dhs, x, h0, hs, weight_ih, weight_hh):
    return _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh, slope=lambda h, h_next: 1 - h_next)[0]


@rnn_backward.mistake(
    ko="tanh의 도함수를 이전 상태 h(t-1)에서 구했습니다. 시점 t에서 tanh를 거쳐 나온 값은 h(t)입니다.",
    en="tanh's derivative is taken at the previous state h(t-1). At step t, what came out of tanh is h(t).")
def slope_of_the_previous_state_in_loop(dhs, x, h0, hs, weight_ih, weight_hh):
    return _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh, slope=lambda h, h_next: 1 - h ** 2)[0]


@rnn_backward.mistake(
    ko="tanh의 도함수가 빠졌습니다.",
    en="The derivative of tanh is missing.")
def slope_missing_in_loop(dhs, x, h0, hs, weight_ih, weight_hh):
    return _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh, slope=lambda h, h_next: np.ones_like(h))[0]


@rnn_backward.mistake(
    ko="뒤로 갈 때 `weight_hh`의 전치 여부가 반대입니다. 정사각 행렬이라 모양으로는 드러나지 않습니다.",
    en="On the way back `weight_hh` is transposed the wrong way round; being square it hides behind its shape.")
def recurrent_weight_transposed_in_loop(dhs, x, h0, hs, weight_ih, weight_hh):
    return _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh, back=lambda da, weight_hh: da @ weight_hh.T)[0]


@rnn_backward.mistake(
    ko="`dweight_hh`가 전치되었습니다. 행은 새 상태, 열은 이전 상태에 해당합니다.",
    en="`dweight_hh` is transposed. Rows belong to the new state, columns to the old one.")
def recurrent_gradient_transposed_in_loop(dhs, x, h0, hs, weight_ih, weight_hh):
    (dx, dh0, dweight_ih, dweight_hh, dbias), _ = _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh)
    return dx, dh0, dweight_ih, dweight_hh.T, dbias


@rnn_backward.mistake(
    ko="매개변수의 기울기를 시점의 수 T로 나누었습니다. 시점마다 구한 기울기는 평균 내지 않고 더합니다.",
    en="The parameters' gradients are divided by the number of steps T. The steps' shares are added, not averaged.")
def averaged_over_time(dhs, x, h0, hs, weight_ih, weight_hh):
    (dx, dh0, *dparams), _ = _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh)
    return dx, dh0, *(dparam / x.shape[1] for dparam in dparams)


@rnn_backward.mistake(
    ko="매개변수의 기울기를 배치 크기 B로 나누었습니다. 여기서는 더하기만 합니다.",
    en="The parameters' gradients are divided by the batch size B. Here they are only added.")
def averaged_over_batch_in_loop(dhs, x, h0, hs, weight_ih, weight_hh):
    (dx, dh0, *dparams), _ = _rnn_backward(dhs, x, h0, hs, weight_ih, weight_hh)
    return dx, dh0, *(dparam / len(x) for dparam in dparams)


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
def clip_reference(grads, max_norm):
    return clip_grad_norm(grads, max_norm)[0]


@clip.alternative
def clip_with_a_small_number(grads, max_norm):
    norm = np.sqrt(sum(np.sum(grad ** 2) for grad in grads.values()))
    scale = min(1.0, max_norm / (norm + 1e-6))    # as PyTorch does
    return {name: grad * scale for name, grad in grads.items()}


@clip.alternative
def clip_one_long_vector(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([grad.ravel() for grad in grads.values()]).astype(np.float32))
    if norm <= max_norm:
        return grads
    return {name: max_norm * grad / norm for name, grad in grads.items()}


def _global_norm(grads):
    return np.sqrt(sum((grad ** 2).sum() for grad in grads.values()))


def _clip(grads, max_norm, norm):
    return {name: grad * (max_norm / norm if norm > max_norm else 1.0) for name, grad in grads.items()}


@clip.mistake(
    ko="배열마다 따로 잘랐습니다. 그러면 기울기 전체의 방향이 바뀝니다. 노름은 모든 배열을 한 벡터로 보고 하나만 구합니다.",
    en="Every array is clipped by a norm of its own, which turns the direction of the whole gradient. There is one "
       "norm, that of all arrays seen as one vector.")
def each_array_alone(grads, max_norm):
    return {name: _clip({name: grad}, max_norm, np.sqrt((grad ** 2).sum()))[name] for name, grad in grads.items()}


@clip.mistake(
    ko="성분마다 잘랐습니다. 그러면 기울기의 방향이 바뀝니다. 노름으로 자를 때는 모든 성분에 같은 수를 곱합니다.",
    en="The values are clipped one by one, which turns the gradient's direction. Clipping by norm multiplies all of "
       "them by one number.")
def each_value_alone(grads, max_norm):
    return {name: np.clip(grad, -max_norm, max_norm) for name, grad in grads.items()}


@clip.mistake(
    ko="노름이 작을 때에도 크기를 `max_norm`에 맞추었습니다. 노름이 `max_norm`을 넘을 때에만 줄이고, 아니면 그대로 둡니다.",
    en="The gradients are rescaled even where their norm is small. Shrink them only where the norm exceeds `max_norm`; "
       "otherwise leave them alone.")
def always_rescaled(grads, max_norm):
    norm = _global_norm(grads)
    return {name: grad * (max_norm / norm) for name, grad in grads.items()}


@clip.mistake(
    ko="제곱근이 빠졌습니다. 제곱의 합은 노름이 아니라 노름의 제곱입니다.",
    en="The square root is missing: the sum of squares is the norm squared.")
def square_root_missing(grads, max_norm):
    return _clip(grads, max_norm, _global_norm(grads) ** 2)


@clip.mistake(
    ko="비교의 방향이 반대입니다. 노름이 `max_norm`보다 클 때 줄이고, 작을 때는 그대로 둡니다.",
    en="The comparison is the wrong way round: shrink where the norm is larger than `max_norm`, not where it is "
       "smaller.")
def only_when_below(grads, max_norm):
    norm = _global_norm(grads)
    return {name: grad * (max_norm / norm if norm < max_norm else 1.0) for name, grad in grads.items()}


@clip.mistake(
    ko="배열마다 구한 노름을 더했습니다. 더할 것은 노름이 아니라 제곱의 합이고, 제곱근은 마지막에 한 번만 구합니다.",
    en="The norms of the arrays are added. Add the sums of squares and take the root once, at the end.")
def norms_added(grads, max_norm):
    return _clip(grads, max_norm, sum(np.sqrt((grad ** 2).sum()) for grad in grads.values()))


@clip.mistake(
    ko="절댓값의 합(L1 노름)을 썼습니다. 여기의 노름은 제곱의 합의 제곱근(L2)입니다.",
    en="This uses the sum of absolute values (L1). The norm here is the root of the sum of squares (L2).")
def absolute_values_summed(grads, max_norm):
    return _clip(grads, max_norm, sum(np.abs(grad).sum() for grad in grads.values()))


@clip.mistake(
    ko="가장 큰 절댓값을 노름으로 썼습니다. 여기의 노름은 제곱의 합의 제곱근(L2)입니다.",
    en="The largest absolute value serves as norm here. Wanted is the root of the sum of squares (L2).")
def largest_value_as_norm(grads, max_norm):
    return _clip(grads, max_norm, max(np.abs(grad).max() for grad in grads.values()))


@clip.mistake(
    ko="노름을 1로 맞추었습니다. 맞출 크기는 1이 아니라 `max_norm`입니다.",
    en="The gradients are scaled to norm 1. The size to reach is `max_norm`, not 1.")
def scaled_to_one(grads, max_norm):
    norm = _global_norm(grads)
    return {name: grad / norm if norm > max_norm else grad for name, grad in grads.items()}


@clip.mistake(
    ko="배열마다 구한 노름 가운데 가장 큰 것으로 나누었습니다. 모든 배열을 한 벡터로 볼 때의 노름을 구해야 합니다.",
    en="The largest of the arrays' norms is used. Wanted is the norm of all arrays together, as one vector.")
def largest_norm_only(grads, max_norm):
    return _clip(grads, max_norm, max(np.sqrt((grad ** 2).sum()) for grad in grads.values()))


@clip.mistake(
    ko="노름을 성분의 수로 나누었습니다. 제곱의 평균이 아니라 제곱의 합에서 제곱근을 구합니다.",
    en="This is the root mean square. The norm is the root of the sum of squares, not of their mean.")
def root_mean_square(grads, max_norm):
    return _clip(grads, max_norm, _global_norm(grads) / np.sqrt(sum(grad.size for grad in grads.values())))


@clip.mistake(
    ko="아무것도 줄지 않았습니다. 노름이 `max_norm`보다 클 때에는 모든 배열에 같은 수를 곱해 줄여야 합니다.",
    en="Nothing has shrunk. Where the norm exceeds `max_norm`, all arrays are multiplied by one number.")
def not_clipped(grads, max_norm):
    return dict(grads)


EXERCISES = (softmax_gradient, step_backward, rnn_backward, clip)
