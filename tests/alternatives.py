"""Right answers to the exercises in other forms, as students write them: loops, float32, views, lists … All pass."""

import numpy as np

from seqbook.scratch import LSTM, softmax

ALTERNATIVES = {}  # exercise id: its answers


def alternative(exercise_id):
    def add(function):
        ALTERNATIVES.setdefault(exercise_id, []).append(function)
        return function

    return add


@alternative("unfolding/step")
def step_in_one_expression(x, h, weight_ih, weight_hh, bias):
    return np.tanh(x @ weight_ih.T + h @ weight_hh.T + bias)


@alternative("unfolding/step")
def step_row_by_row(x, h, weight_ih, weight_hh, bias):
    return np.array([np.tanh(weight_ih @ x[b] + weight_hh @ h[b] + bias) for b in range(len(x))])


@alternative("unfolding/step")
def step_side_by_side(x, h, weight_ih, weight_hh, bias):
    both = np.concatenate([x, h], axis=1).astype(np.float32)
    return np.tanh(both @ np.concatenate([weight_ih, weight_hh], axis=1).T.astype(np.float32) + bias)


@alternative("unfolding/unfold")
def unfold_into_a_list(x, h0, weight_ih, weight_hh, bias):
    hs, h = [], h0
    for t in range(x.shape[1]):
        h = np.tanh(bias + h @ weight_hh.T + x[:, t] @ weight_ih.T)
        hs.append(h)
    return np.stack(hs, axis=1)


@alternative("unfolding/unfold")
def unfold_in_single_precision(x, h0, weight_ih, weight_hh, bias):
    B, T, D = x.shape
    hs = np.zeros((B, T, len(bias)), dtype=np.float32)
    for b in range(B):
        h = h0[b].astype(np.float32)
        for t in range(T):
            hs[b, t] = h = np.tanh(weight_ih.astype(np.float32) @ x[b, t] + weight_hh @ h + bias)
    return hs


@alternative("unfolding/unfold")
def unfold_as_a_view(x, h0, weight_ih, weight_hh, bias):
    hs = [h0]
    for x_t in x.swapaxes(0, 1):
        hs.append(np.tanh(x_t @ weight_ih.T + hs[-1] @ weight_hh.T + bias))
    return np.array(hs)[1:].swapaxes(0, 1)


@alternative("unfolding/next_losses")
def next_losses_all_states_first(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    B, T = ids.shape
    hs = [h0]
    for t in range(T - 1):
        hs.append(np.tanh(weight_ih[:, ids[:, t]].T + hs[-1] @ weight_hh.T + bias))
    o = np.stack(hs, axis=1) @ weight_hy.T + c    # from h(0) … h(T-1)
    o = o - o.max(axis=-1, keepdims=True)
    p = np.exp(o) / np.exp(o).sum(axis=-1, keepdims=True)
    return -np.log(np.take_along_axis(p, ids[..., None], axis=-1)[..., 0])


@alternative("unfolding/next_losses")
def next_losses_character_by_character(ids, h0, weight_ih, weight_hh, bias, weight_hy, c):
    losses = []
    for row, h in zip(ids, h0.astype(np.float32)):
        losses.append([])
        for i in row:
            p = np.exp(weight_hy @ h + c)
            losses[-1].append(float(-np.log(p[i] / p.sum())))
            h = np.tanh(weight_ih @ np.eye(len(c))[i] + weight_hh @ h + bias)
    return losses


@alternative("patterns/output_step")
def output_step_in_two_lines(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(bias + o @ weight_oh.T + x @ weight_ih.T)
    return h @ weight_ho.T + bias_o, h


@alternative("patterns/output_step")
def output_step_by_einsum(x, o, weight_ih, weight_oh, bias, weight_ho, bias_o):
    h = np.tanh(np.einsum("bd,hd->bh", x, weight_ih) + np.einsum("bo,ho->bh", o, weight_oh) + bias)
    return [np.einsum("bh,oh->bo", h, weight_ho) + bias_o, h]


@alternative("patterns/teacher_inputs")
def teacher_inputs_rolled(y, start):
    inputs = np.roll(y, 1, axis=1)
    inputs[:, 0] = start
    return inputs


@alternative("patterns/teacher_inputs")
def teacher_inputs_step_by_step(y, start):
    steps = [start]
    for t in range(1, y.shape[1]):
        steps.append(y[:, t - 1])
    return np.stack(steps, axis=1)


@alternative("patterns/last_state")
def last_state_in_a_loop(hs, lengths):
    return np.stack([sequence[length - 1] for sequence, length in zip(hs, lengths, strict=True)])


@alternative("patterns/last_state")
def last_state_taken_along(hs, lengths):
    return np.take_along_axis(hs, (lengths - 1)[:, None, None], axis=1)[:, 0]


@alternative("patterns/last_state")
def last_state_by_a_mask(hs, lengths):
    last = np.arange(hs.shape[1]) == lengths[:, None] - 1    # (B, T)
    return np.einsum("bt,bth->bh", last.astype(float), hs)


@alternative("bptt/softmax_gradient")
def softmax_minus_one_hot(logits, targets):
    logits = logits.astype(np.float32)
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True) - np.eye(logits.shape[-1])[targets]


@alternative("bptt/softmax_gradient")
def softmax_gradient_by_loops(logits, targets):
    B, T, V = logits.shape
    dlogits = np.empty((B, T, V), dtype=np.float32)
    for b in range(B):
        for t in range(T):
            e = np.exp(logits[b, t] - logits[b, t].max())
            dlogits[b, t] = e / e.sum()
            dlogits[b, t, targets[b, t]] -= 1
    return dlogits


@alternative("bptt/step_backward")
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


@alternative("bptt/step_backward")
def step_backward_by_einsum(dh_next, x, h, h_next, weight_ih, weight_hh):
    da = ((1 - h_next) * (1 + h_next) * dh_next).astype(np.float32)
    return [np.einsum("bh,hd->bd", da, weight_ih), np.einsum("bh,hk->bk", da, weight_hh),
            np.einsum("bh,bd->hd", da, x), np.einsum("bh,bk->hk", da, h), np.einsum("bh->h", da)]


@alternative("bptt/rnn_backward")
def rnn_backward_with_products_after_the_loop(dhs, x, h0, hs, weight_ih, weight_hh):
    (B, T, D), H = x.shape, len(weight_hh)
    das, dh = np.empty((B, T, H), dtype=np.float32), 0
    for t in reversed(range(T)):
        das[:, t] = (dhs[:, t] + dh) * (1 - hs[:, t] ** 2)
        dh = das[:, t] @ weight_hh.astype(np.float32)
    rows, previous = das.reshape(B * T, H), np.concatenate([h0[:, None], hs[:, :-1]], axis=1).reshape(B * T, H)
    return {"dx": das @ weight_ih, "dh0": dh, "dbias": rows.sum(axis=0),
            "dweight_ih": rows.T @ x.reshape(B * T, D), "dweight_hh": rows.T @ previous}


@alternative("bptt/rnn_backward")
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


@alternative("bptt/clip")
def clip_with_a_small_number(grads, max_norm):
    norm = np.sqrt(sum(np.sum(grad ** 2) for grad in grads.values()))
    scale = min(1.0, max_norm / (norm + 1e-6))    # as PyTorch does
    return {name: grad * scale for name, grad in grads.items()}


@alternative("bptt/clip")
def clip_one_long_vector(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([grad.ravel() for grad in grads.values()]).astype(np.float32))
    if norm <= max_norm:
        return grads
    return {name: max_norm * grad / norm for name, grad in grads.items()}


@alternative("long-term-dependencies/rescaled")
def rescaled_by_a_loop(weight, radius):
    values, _ = np.linalg.eig(weight)
    largest = max(abs(value) for value in values)
    return np.array([[radius * entry / largest for entry in row] for row in weight])


@alternative("long-term-dependencies/rescaled")
def rescaled_in_single_precision(weight, radius):
    unit = weight.astype(np.float32) / np.float32(np.abs(np.linalg.eigvals(weight)).max())
    return unit * np.float32(radius)


@alternative("long-term-dependencies/jacobian_norms")
def each_product_anew(hs, weight_hh):
    norms = []
    for t in range(len(hs)):
        J = np.eye(len(weight_hh), dtype=np.float32)
        for later in hs[t + 1:]:
            J = ((1 - later**2)[:, None] * weight_hh) @ J
        norms.append(np.linalg.svd(J, compute_uv=False)[0])
    return np.array(norms)


@alternative("long-term-dependencies/jacobian_norms")
def rows_scaled_backwards(hs, weight_hh):
    J, norms = np.eye(len(weight_hh)), [1.0]
    for h in hs[:0:-1]:
        J = J * (1 - h**2) @ weight_hh
        norms.insert(0, np.sqrt(np.linalg.eigvalsh(J.T @ J)[-1]))
    return np.array(norms)


@alternative("long-term-dependencies/roads")
def roads_by_a_product_of_all(J):
    H = J.shape[1] // 2
    whole = np.eye(2 * H, dtype=np.float32)
    for step in J[::-1]:
        whole = whole @ step
    straight = np.diag(np.diagonal(J[:, H:, H:], axis1=1, axis2=2).prod(axis=0))
    return straight, whole[H:, H:] - straight


@alternative("long-term-dependencies/roads")
def roads_of_two_blocks(J):
    H = J.shape[1] // 2
    dh, dC, straight = np.zeros((H, H)), np.eye(H), np.eye(H)
    for step in J:
        dh, dC = step[:H, :H] @ dh + step[:H, H:] @ dC, step[H:, :H] @ dh + step[H:, H:] @ dC
        straight = step[H:, H:] @ straight
    return straight, dC - straight


@alternative("long-term-dependencies/repaired_sizes")
def sizes_of_all_gradients(hs, weight_hh, dlast):
    dhs = [dlast]
    for h in hs.swapaxes(0, 1)[:0:-1]:
        dhs.append(np.einsum("bh,bh,hk->bk", dhs[-1], 1 - h**2, weight_hh))
    return np.sqrt(np.square(dhs[::-1]).sum(axis=2)).mean(axis=1)


@alternative("long-term-dependencies/repaired_sizes")
def sizes_sequence_by_sequence(hs, weight_hh, dlast):
    sizes = np.zeros(hs.shape[1], np.float32)
    for h, dh in zip(hs, dlast):
        for t in range(len(h) - 1, -1, -1):
            sizes[t] += np.sqrt(dh @ dh) / len(hs)
            dh = (dh * (1 - h[t]**2)) @ weight_hh
    return sizes


@alternative("long-term-dependencies/mark_and_add")
def row_by_row(numbers, first, second):
    marks, y = np.zeros(numbers.shape, np.float32), []
    for b, (i, j) in enumerate(zip(first, second)):
        marks[b, [i, j]] = 1.0
        y.append(numbers[b, i] + numbers[b, j])
    return marks, np.array(y)


@alternative("long-term-dependencies/mark_and_add")
def rows_of_the_identity(numbers, first, second):
    one_hot = np.eye(numbers.shape[1])
    marks = one_hot[first] + one_hot[second]
    return marks, np.einsum("bt,bt->b", numbers, marks)


@alternative("gates/forget_gate")
def forget_gate_in_two_products(x, h, W_f, b_f):
    H = h.shape[1]
    return 1 / (1 + np.exp(-(h @ W_f[:, :H].T + x @ W_f[:, H:].T + b_f)))


@alternative("gates/forget_gate")
def forget_gate_row_by_row(x, h, W_f, b_f):
    return [[1 / (1 + np.exp(-(w @ np.append(h_b, x_b) + b))) for w, b in zip(W_f, b_f)] for x_b, h_b in zip(x, h)]


@alternative("gates/input_gate")
def input_gate_from_its_rows(x, h, weight_ih, weight_hh, bias):
    H = h.shape[1]
    return 1 / (1 + np.exp(-(x @ weight_ih[:H].T + h @ weight_hh[:H].T + bias[:H])))


@alternative("gates/input_gate")
def input_gate_by_reshaping(x, h, weight_ih, weight_hh, bias):
    B, H = h.shape
    a = (x @ weight_ih.T + h @ weight_hh.T + bias).reshape(B, 4, H).astype(np.float32)
    return np.exp(a[:, 0]) / (1 + np.exp(a[:, 0]))


@alternative("gates/write")
def write_in_one_product(x, h, W_i, b_i, W_C, b_C):
    a = np.concatenate([h, x], axis=1) @ np.concatenate([W_i, W_C]).T + np.concatenate([b_i, b_C])
    i, C = np.split(a, 2, axis=1)
    return np.tanh(C) / (1 + np.exp(-i))


@alternative("gates/write")
def write_row_by_row(x, h, W_i, b_i, W_C, b_C):
    rows = []
    for x_b, h_b in zip(x, h):
        joined = np.append(h_b, x_b).astype(np.float32)
        rows.append(np.tanh(W_C @ joined + b_C) / (1 + np.exp(-(W_i @ joined + b_i))))
    return np.array(rows)


@alternative("gates/cell_states")
def cell_states_as_weighted_sums(c0, f, i, g):
    """c(t) = Π f c0 + Σ_k (f(k+1) ⋯ f(t)) i(k) g(k)"""
    B, T, H = f.shape
    cs = np.zeros((B, T, H))
    for t in range(T):
        cs[:, t] = f[:, :t + 1].prod(axis=1) * c0
        for k in range(t + 1):
            cs[:, t] += f[:, k + 1:t + 1].prod(axis=1) * i[:, k] * g[:, k]
    return cs


@alternative("gates/cell_states")
def cell_states_in_a_list(c0, f, i, g):
    c, states = c0.astype(np.float32), []
    for f_t, i_t, g_t in zip(f.swapaxes(0, 1), i.swapaxes(0, 1), g.swapaxes(0, 1)):
        c = c * f_t + g_t * i_t
        states.append(c)
    return np.stack(states, axis=1)


@alternative("gates/share_left")
def share_left_by_cumulative_product(f, k):
    share = np.zeros(f.shape)
    share[:, k] = 1.0
    share[:, k + 1:] = np.cumprod(f[:, k + 1:], axis=1)
    return share


@alternative("gates/share_left")
def share_left_by_writing_one(f, k):
    written = np.zeros_like(f)
    written[:, k] = 1
    share, c = np.empty_like(f), np.zeros_like(f[:, 0])
    for t in range(f.shape[1]):
        c = share[:, t] = f[:, t] * c + written[:, t]
    return share


@alternative("gates/look_inside")
def look_inside_by_logarithms(h, o):
    return 0.5 * np.log((o + h) / (o - h))


@alternative("gates/look_inside")
def look_inside_one_by_one(h, o):
    return np.array([[np.arctanh(h_bj / o_bj) for h_bj, o_bj in zip(*rows)] for rows in zip(h, o)])


@alternative("gates/lstm_step")
def lstm_step_gate_by_gate(x, h, c, weight_ih, weight_hh, bias):
    a = []
    for n in range(4):
        H = h.shape[1]
        rows = slice(n * H, (n + 1) * H)
        a.append(x @ weight_ih[rows].T + h @ weight_hh[rows].T + bias[rows])
    i, f, o = (1 / (1 + np.exp(-a[n])) for n in (0, 1, 3))
    c_next = f * c + i * np.tanh(a[2])
    return o * np.tanh(c_next), c_next


@alternative("gates/lstm_step")
def lstm_step_row_by_row(x, h, c, weight_ih, weight_hh, bias):
    weight, hs, cs = np.concatenate([weight_hh, weight_ih], axis=1).astype(np.float32), [], []
    for x_b, h_b, c_b in zip(x, h, c):
        i, f, g, o = np.split(weight @ np.append(h_b, x_b) + bias, 4)
        cs.append(c_b / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i)))
        hs.append(np.tanh(cs[-1]) / (1 + np.exp(-o)))
    return {"h_next": np.array(hs), "c_next": np.array(cs)}


@alternative("training/lstm_step_backward")
def lstm_step_backward_gate_by_gate(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    dc = dc_next + dh * o / np.cosh(c) ** 2
    da = {"i": dc * g * i * (1 - i), "f": dc * c_prev * f * (1 - f), "g": dc * i * (1 - g ** 2),
          "o": dh * np.tanh(c) * o * (1 - o)}
    from_x, from_h = np.split(weight_ih, 4), np.split(weight_hh, 4)
    return {"dc_prev": dc * f,
            "dx": sum(part @ weight for part, weight in zip(da.values(), from_x)),
            "dh_prev": sum(part @ weight for part, weight in zip(da.values(), from_h)),
            "dweight_ih": np.concatenate([part.T @ x for part in da.values()]),
            "dweight_hh": np.concatenate([part.T @ h_prev for part in da.values()]),
            "dbias": np.concatenate([part.sum(axis=0) for part in da.values()])}


@alternative("training/lstm_step_backward")
def lstm_step_backward_by_rows(dh, dc_next, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    gates, (B, H) = gates.astype(np.float32), c.shape
    das, dc_prev = np.empty((B, 4 * H), np.float32), np.empty((B, H), np.float32)
    for b in range(B):
        i, f, g, o = gates[b].reshape(4, H)
        tanh_c = np.tanh(c[b])
        dc_b = dc_next[b] + np.diag(o * (1 - tanh_c ** 2)) @ dh[b]
        das[b] = np.hstack([dc_b * g * (i - i * i), dc_b * c_prev[b] * (f - f * f), dc_b * i * (1 - g) * (1 + g),
                            dh[b] * tanh_c * (o - o * o)])
        dc_prev[b] = f * dc_b
    return (np.stack([weight_ih.T @ da for da in das]), np.stack([weight_hh.T @ da for da in das]), dc_prev,
            np.einsum("bg,bd->gd", das, x), np.einsum("bg,bh->gh", das, h_prev), das.sum(axis=0))


@alternative("training/gru_step")
def gru_step_in_the_book_s_symbols(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    (x_r, x_z, x_n), (h_r, h_z, h_n) = np.split(x @ weight_ih.T + bias, 3, 1), np.split(h_prev @ weight_hh.T, 3, 1)
    r, z = 1 / (1 + np.exp(-x_r - h_r)), 1 / (1 + np.exp(-x_z - h_z))
    n = np.tanh(x_n + r * (h_n + bias_hn))
    return (1 - z) * n + z * h_prev


@alternative("training/gru_step")
def gru_step_row_by_row(x, h_prev, weight_ih, weight_hh, bias, bias_hn):
    H, rows = h_prev.shape[1], []
    for x_b, h_b in zip(x.astype(np.float32), h_prev.astype(np.float32)):
        r, z = ((np.tanh((weight_ih[part] @ x_b + weight_hh[part] @ h_b + bias[part]) / 2) + 1) / 2
                for part in (slice(0, H), slice(H, 2 * H)))
        n = np.tanh(weight_ih[2 * H:] @ x_b + bias[2 * H:] + r * (weight_hh[2 * H:] @ h_b + bias_hn))
        rows.append(n - z * n + z * h_b)
    return np.array(rows)


@alternative("training/repaired_backward")
def repaired_backward_in_a_loop(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    dx, dh, dc = np.zeros_like(x), 0, 0
    dweight_ih, dweight_hh, dbias = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros(len(weight_hh))
    for t in range(x.shape[1] - 1, -1, -1):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev, c_prev = (hs[:, t - 1], cs[:, t - 1]) if t else (h0, c0)
        dh = dhs[:, t] + dh
        dc = dc + dh * o * (1 - np.tanh(cs[:, t]) ** 2)
        da = np.hstack([dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g ** 2),
                        dh * np.tanh(cs[:, t]) * o * (1 - o)])
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


@alternative("training/repaired_backward")
def repaired_backward_with_products_after_the_loop(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    (B, T, D), H, tanh_cs = x.shape, h0.shape[1], np.tanh(cs).astype(np.float32)
    i, f, g, o = np.moveaxis(gates.reshape(B, T, 4, H), 2, 0)
    h_prev, c_prev = (np.concatenate([first[:, None], later], axis=1)[:, :-1] for first, later in ((h0, hs), (c0, cs)))
    das, dh, dc = np.empty((B, T, 4, H), np.float32), 0, 0
    for t in reversed(range(T)):
        dh = dhs[:, t] + dh
        dc = dc + dh * (o * (1 - tanh_cs ** 2))[:, t]
        das[:, t, :3] = dc[:, None] * np.stack([g * i * (1 - i), c_prev * f * (1 - f), i * (1 - g * g)], axis=2)[:, t]
        das[:, t, 3] = dh * (tanh_cs * o * (1 - o))[:, t]
        dh, dc = das[:, t].reshape(B, 4 * H) @ weight_hh, dc * f[:, t]
    rows = das.reshape(B * T, 4 * H)
    return ((rows @ weight_ih).reshape(B, T, D), dh, dc, rows.T @ x.reshape(B * T, D),
            rows.T @ h_prev.reshape(B * T, H), rows.sum(axis=0))


@alternative("training/read_in_chunks")
def read_chunk_after_chunk(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    H, state, parts = h0.shape[1], (h0, c0), []
    layer = LSTM(x.shape[2], H, rng=np.random.default_rng(0), dtype=np.float64)
    layer.params.update({"weight_ih": weight_ih, "weight_hh": weight_hh, "bias": bias})
    for start in range(0, x.shape[1], chunk):
        (hs, state), _ = layer.forward(x[:, start:start + chunk], state)
        parts.append(hs)
    return np.concatenate(parts, axis=1), *state


@alternative("training/read_in_chunks")
def read_step_after_step(x, h0, c0, chunk, weight_ih, weight_hh, bias):
    hs, h, c = np.empty((*x.shape[:2], h0.shape[1]), np.float32), h0, c0
    for t in range(x.shape[1]):
        i, f, g, o = np.split(x[:, t] @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        hs[:, t] = h = np.tanh(c) / (1 + np.exp(-o))
    return {"h": h, "c": c, "hs": hs}


@alternative("examples/tempered")
def tempered_row_by_row(o, temperature):
    rows = []
    for row in o:
        powers = [np.exp((each - max(row)) / temperature) for each in row]
        rows.append([power / sum(powers) for power in powers])
    return rows


@alternative("examples/tempered")
def tempered_by_logarithms(o, temperature):
    o = o.astype(np.float32) / np.float32(temperature)
    top = o.max(axis=1)[:, None]
    return np.exp(o - top - np.log(np.exp(o - top).sum(axis=1))[:, None])


@alternative("examples/seasonal")
def seasonal_week_by_week(y, t, ahead, period):
    return [y[week - period + ahead] + (y[week] - y[week - period]) for week in t]


@alternative("examples/seasonal")
def seasonal_as_a_change(y, t, ahead, period):
    past = t - period
    return y[t] + (y[past + ahead] - y[past])


@alternative("examples/scaled")
def scaled_by_hand(y, cut):
    known = y[:cut]
    mean = sum(known) / len(known)
    variance = sum((each - mean) ** 2 for each in known) / len(known)
    return np.array([(each - mean) / variance ** 0.5 for each in y])


@alternative("examples/scaled")
def scaled_in_two_parts(y, cut):
    mean, std = np.mean(y[:cut]), np.std(y[:cut])
    return np.concatenate([(y[:cut] - mean) / std, (y[cut:] - mean) / std])


@alternative("bidirectional/reversed_within")
def reversed_by_index(x, lengths):
    steps = np.arange(x.shape[1])
    source = np.where(steps < lengths[:, None], lengths[:, None] - 1 - steps, steps)
    return x[np.arange(len(x))[:, None], source]


@alternative("bidirectional/reversed_within")
def reversed_step_by_step(x, lengths):
    B, T, D = x.shape
    return [[x[b, lengths[b] - 1 - t] if t < lengths[b] else x[b, t] for t in range(T)] for b in range(B)]


@alternative("bidirectional/delayed")
def delayed_by_padding(ids, targets, k):
    return np.pad(ids, ((0, 0), (0, k))), np.pad(targets, ((0, 0), (k, 0)), constant_values=-100)


@alternative("bidirectional/delayed")
def delayed_into_new_arrays(ids, targets, k):
    B, T = ids.shape
    late_ids, late_targets = np.zeros((B, T + k)), np.zeros((B, T + k)) - 100
    for t in range(T):
        late_ids[:, t], late_targets[:, t + k] = ids[:, t], targets[:, t]
    return late_ids, late_targets


@alternative("bidirectional/unseen")
def unseen_by_writing(ahead, back):
    B, T, H = ahead.shape
    hs = np.zeros((B, T, 2 * H), np.float32)
    hs[:, 1:, :H] = ahead[:, :T - 1]
    hs[:, :T - 1, H:] = back[:, 1:]
    return hs


@alternative("bidirectional/unseen")
def unseen_by_padding(ahead, back):
    longer = ((0, 0), (1, 1), (0, 0))
    return np.dstack([np.pad(ahead, longer)[:, :-2], np.pad(back, longer)[:, 2:]])


@alternative("deep/stack_step")
def stack_step_with_the_lowest_first(x, h, weight_ih, weight_hh, bias):
    h_next = np.zeros(h.shape)
    h_next[0] = np.tanh(x @ weight_ih[0].T + h[0] @ weight_hh[0].T + bias[0])
    out = h_next[0].copy()
    for k in range(1, h.shape[0]):
        h_next[k] = np.tanh(out @ weight_ih[k].T + h[k] @ weight_hh[k].T + bias[k])
        out += h_next[k]
    return h_next, out


@alternative("deep/stack_step")
def stack_step_summed_at_the_end(x, h, weight_ih, weight_hh, bias):
    states = []
    for below, U, W, b in zip(h, weight_ih, weight_hh, bias):
        states.append(np.tanh((sum(states) if states else x) @ U.T + below @ W.T + b))
    return states, sum(states)


@alternative("deep/layer_gradients")
def layer_gradients_by_matrices(dout, h, weight_ih):
    dh = np.zeros(h.shape)
    for b in range(dout.shape[0]):
        row = dout[b]
        for k in range(len(h) - 1, -1, -1):
            dh[k, b] = row
            row = row @ (np.eye(len(row)) + np.diag(1 - h[k, b]**2) @ weight_ih[k])
    return dh


@alternative("deep/layer_gradients")
def layer_gradients_collected(dout, h, weight_ih):
    dh = [dout]
    for state, weight in zip(h[:0:-1], weight_ih[:0:-1]):
        dh.insert(0, dh[0] + np.einsum("bi,ij->bj", (1 - state * state) * dh[0], weight))
    return dh


@alternative("deep/repaired_stack")
def repaired_stack_by_time(x, weight_ih, weight_hh, bias):
    (B, T, H), K = x.shape, len(bias)
    h, hs = np.zeros((K, B, H)), []
    for t in range(T):
        below = x[:, t]
        for k in range(K):
            h[k] = below = np.tanh(below @ weight_ih[k].T + h[k] @ weight_hh[k].T + bias[k])
        hs.append(below)
    return np.stack(hs, axis=1)


@alternative("deep/repaired_stack")
def repaired_stack_in_single_precision(x, weight_ih, weight_hh, bias):
    hs = x.astype(np.float32)
    for U, W, b in zip(weight_ih, weight_hh, bias):
        out = np.zeros_like(hs)
        for t in range(hs.shape[1]):
            out[:, t] = np.tanh(hs[:, t] @ U.T + (out[:, t - 1] if t else 0 * out[:, 0]) @ W.T + b)
        hs = out
    return hs


@alternative("deep/sum_over_paths")
def sum_over_paths_by_an_inverse(weights):
    return np.linalg.inv(np.eye(len(weights)) - weights)[:, 0]


@alternative("deep/sum_over_paths")
def sum_over_paths_by_recursion(weights):
    def total(i):
        return 1 if i == 0 else sum(weights[i, j] * total(j) for j in range(i))
    return [total(i) for i in range(len(weights))]


@alternative("encoder-decoder/write")
def write_sequence_by_sequence(c, first, embedding, weight_ih, weight_hh, bias, weight_ho, bias_o, length):
    written = []
    for s, token in zip(c, first):
        row = []
        for _ in range(length):
            s = np.tanh(weight_ih @ embedding[token] + weight_hh @ s + bias)
            row.append(weight_ho @ s + bias_o)
            token = np.argmax(row[-1])
        written.append(row)
    return np.array(written)


@alternative("encoder-decoder/write")
def write_into_an_array(c, first, embedding, weight_ih, weight_hh, bias, weight_ho, bias_o, length):
    logits, h, y = np.zeros((len(c), length, len(bias_o))), c, np.eye(len(bias_o))[first]
    for t in range(length):
        h = np.tanh(bias + h @ weight_hh.T + y @ embedding @ weight_ih.T)
        logits[:, t] = h @ weight_ho.T + bias_o
        y = np.eye(len(bias_o))[logits[:, t].argmax(axis=1)]
    return logits


@alternative("encoder-decoder/string_log_prob")
def string_log_prob_in_a_loop(logits, ids, end):
    log_prob = []
    for row, string in zip(logits, ids):
        total = 0.0
        for scores, token in zip(row, string):
            total += scores[token] - np.log(np.exp(scores).sum())
            if token == end:
                break
        log_prob.append(total)
    return np.array(log_prob)


@alternative("encoder-decoder/string_log_prob")
def string_log_prob_by_lengths(logits, ids, end):
    B, T, V = logits.shape
    lengths = np.where((ids == end).any(axis=1), (ids == end).argmax(axis=1) + 1, T)
    log_probs = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    chosen = log_probs[np.arange(B)[:, None], np.arange(T), ids]
    return (chosen * (np.arange(T) < lengths[:, None])).sum(axis=1)


@alternative("encoder-decoder/beam_step")
def beam_step_by_sorting_tuples(log_prob, next_log_prob):
    found = [(log_prob[w] + p, w, v) for w, row in enumerate(next_log_prob) for v, p in enumerate(row)]
    best, parent, token = zip(*sorted(found, reverse=True)[:len(log_prob)])
    return np.array(best), np.array(parent), np.array(token)


@alternative("encoder-decoder/beam_step")
def beam_step_unravelled(log_prob, next_log_prob):
    total = next_log_prob + log_prob.reshape(-1, 1)
    order = np.argsort(total, axis=None)[::-1][:len(total)]
    parent, token = np.unravel_index(order, total.shape)
    return total[parent, token], parent, token


def attending(x, q, k, v):
    """What a head makes of queries, keys (T, K) and values (T, V): y, alpha."""
    scores = q @ k.T / np.sqrt(k.shape[1])
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    alpha = e / e.sum(axis=1, keepdims=True)
    return alpha @ v, alpha


def tokens_and_places(x):
    T = len(x)
    V = x.shape[1] - T
    return np.eye(V + T)[:, :V], np.eye(V + T)[:, V:]    # (V + T, V), (V + T, T)


@alternative("self-attention/previous_token")
def previous_by_a_loop(x):
    token, place = tokens_and_places(x)
    T = len(x)
    shift = np.zeros((T, T))
    for t in range(T):
        shift[t, max(t - 1, 0)] = 40
    return attending(x, x @ place @ shift, x @ place, x @ token)


@alternative("self-attention/previous_token")
def previous_by_the_keys(x):
    token, place = tokens_and_places(x)
    shift = np.eye(len(x), k=1)    # the keys move one place
    shift[0, 0] = 1
    return attending(x, 200 * x @ place, x @ place @ shift, x @ token)


@alternative("self-attention/reverse")
def reverse_by_flipped_keys(x):
    token, place = tokens_and_places(x)
    return attending(x, 60 * x @ place, x @ place[:, ::-1], x @ token)


@alternative("self-attention/reverse")
def reverse_by_distance(x):
    token, place = tokens_and_places(x)
    t = np.arange(len(x))
    near = -30.0 * (t[:, None] + t - len(x) + 1)**2    # lower the further away
    return attending(x, x @ place @ near, x @ place, x @ token)


@alternative("self-attention/copy_after_repeat")
def copy_by_the_last_query_alone(x, before):
    V = before.shape[1]
    y, alpha = attending(x, 80 * x[-1:, :V], before, x[:, :V])
    return y[0], alpha[0]


@alternative("self-attention/copy_after_repeat")
def copy_with_weights_of_lists(x, before):
    T, V = before.shape
    z = np.hstack([before, x])
    W_q = np.vstack([np.zeros((V, V)), 50 * np.eye(V), np.zeros((T, V))])
    W_k = np.vstack([np.eye(V), np.zeros((V + T, V))])
    y, alpha = attending(z, z @ W_q, z @ W_k, z @ (W_q / 50))
    return y[-1].tolist(), alpha[-1].tolist()


@alternative("self-attention/repaired_head")
def head_sequence_by_sequence(x, W_q, W_k, W_v):
    return tuple(map(np.stack, zip(*(attending(one, one @ W_q, one @ W_k, one @ W_v) for one in x))))


@alternative("self-attention/repaired_head")
def head_by_einsum(x, W_q, W_k, W_v):
    q, k, v = (np.einsum("bte,ek->btk", x, W) for W in (W_q, W_k, W_v))
    e = np.exp(np.einsum("btk,bsk->bts", q, k) * W_k.shape[1]**-0.5)
    alpha = e / np.einsum("bts->bt", e)[..., None]
    return np.einsum("bts,bsk->btk", alpha, v), alpha


@alternative("self-attention/restored")
def restored_one_by_one(y_shuffled, order):
    return np.array([y_shuffled[list(order).index(t)] for t in range(len(order))])


@alternative("self-attention/restored")
def restored_by_a_matrix(y_shuffled, order):
    return np.eye(len(order))[order].T @ y_shuffled


@alternative("qkv/masked_attention")
def masked_answers_query_by_query(q, k, v, mask):
    out = np.zeros((len(q), q.shape[1], v.shape[2]))
    for b, t in np.ndindex(mask.shape[:2]):
        seen = mask[b, t]
        if seen.any():
            e = k[b, seen] @ q[b, t] / k.shape[2] ** 0.5
            alpha = np.exp(e - e.max())
            out[b, t] = alpha / alpha.sum() @ v[b, seen]
    return out


@alternative("qkv/masked_attention")
def masked_answers_by_a_large_number(q, k, v, mask):
    e = np.einsum("btk,bsk->bts", q, k) / np.sqrt(q.shape[-1])
    e = np.where(mask, e, -1e30)
    alpha = np.exp(e - e.max(axis=-1, keepdims=True)) * mask
    return np.einsum("bts,bsm->btm", alpha / np.maximum(alpha.sum(axis=-1, keepdims=True), 1e-30), v)


@alternative("qkv/padded")
def padded_sequence_by_sequence(q, k, v, lengths):
    out = []
    for q_b, k_b, v_b, n in zip(q, k, v, lengths):
        e = q_b @ k_b[:n].T / np.sqrt(k.shape[-1])
        alpha = np.exp(e - e.max(axis=1, keepdims=True))
        out.append(alpha @ v_b[:n] / alpha.sum(axis=1, keepdims=True))
    return np.stack(out)


@alternative("qkv/padded")
def padded_and_normalised_again(q, k, v, lengths):
    e = q @ k.transpose(0, 2, 1) / k.shape[-1] ** 0.5
    alpha = np.exp(e - e.max(axis=-1, keepdims=True)) * (np.arange(k.shape[1]) < lengths[:, None])[:, None]
    return alpha / alpha.sum(axis=-1, keepdims=True) @ v


@alternative("qkv/attention_gradients")
def attention_gradients_by_the_jacobian(dout, q, k, v, weights):
    S, root = k.shape[1], np.sqrt(k.shape[2])
    J = weights[..., None] * (np.eye(S) - weights[:, :, None])                 # (B, T, S, S)
    de = np.einsum("btsr,brm,btm->bts", J, v, dout)
    return (np.einsum("bts,bsk->btk", de, k) / root, np.einsum("bts,btk->bsk", de, q) / root,
            np.einsum("bts,btm->bsm", weights, dout))


@alternative("qkv/attention_gradients")
def attention_gradients_query_by_query(dout, q, k, v, weights):
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    for b, t in np.ndindex(q.shape[:2]):
        alpha, do = weights[b, t], dout[b, t]
        de = alpha * ((v[b] - alpha @ v[b]) @ do) / q.shape[2] ** 0.5
        dq[b, t] = de @ k[b]
        dk[b] += np.outer(de, q[b, t])
        dv[b] += np.outer(alpha, do)
    return dq, dk, dv


@alternative("bottleneck/last_vector")
def last_vector_in_a_loop(memory, lengths):
    return np.array([rows[length - 1] for rows, length in zip(memory, lengths)])


@alternative("bottleneck/last_vector")
def last_vector_by_one_hot(memory, lengths):
    last = np.arange(memory.shape[1]) == lengths[:, None] - 1
    return np.einsum("bs,bsc->bc", last.astype(memory.dtype), memory)


@alternative("bottleneck/way_back")
def way_back_by_einsum(dcontexts, weights, memory):
    return np.einsum("btc,bsc->bts", dcontexts, memory), np.einsum("bts,btc->bsc", weights, dcontexts)


@alternative("bottleneck/way_back")
def way_back_step_by_step(dcontexts, weights, memory):
    dweights, dmemory = np.zeros_like(weights), np.zeros_like(memory)
    for t in range(weights.shape[1]):
        for i in range(memory.shape[1]):
            dweights[:, t, i] = (dcontexts[:, t] * memory[:, i]).sum(axis=1)
            dmemory[:, i] += weights[:, t, i, None] * dcontexts[:, t]
    return dweights, dmemory


@alternative("bottleneck/half_lengths")
def half_lengths_by_neighbours(shares, lengths):
    halves = np.full(len(shares), lengths[-1], dtype=float)
    for r, curve in enumerate(shares):
        for n in range(1, len(lengths)):
            if curve[n] < 0.5 <= curve[n - 1]:
                slope = (curve[n] - curve[n - 1]) / (lengths[n] - lengths[n - 1])
                halves[r] = lengths[n - 1] + (0.5 - curve[n - 1]) / slope
                break
    return halves


@alternative("bottleneck/half_lengths")
def half_lengths_all_at_once(shares, lengths):
    below = shares < 0.5
    k = np.maximum(below.argmax(axis=1), 1)
    left, right = np.take_along_axis(shares, np.stack([k - 1, k], axis=1), axis=1).T
    found = (lengths[k] * (left - 0.5) + lengths[k - 1] * (0.5 - right)) / (left - right)
    return np.where(below.any(axis=1), found, lengths[-1])


@alternative("steps/look_back")
def look_back_state_by_state(s, h, W_c):
    alpha, a = [], []
    for states, memory in zip(s, h):
        for state in states:
            scores = memory @ state
            weights = np.exp(scores) / np.exp(scores).sum()
            alpha.append(weights)
            a.append(np.tanh(W_c @ np.r_[weights @ memory, state]))
    return np.reshape(alpha, (len(s), s.shape[1], -1)), np.reshape(a, s.shape)


@alternative("steps/look_back")
def look_back_with_two_matrices(s, h, W_c):
    H = s.shape[-1]
    scores = np.einsum("bth,bsh->bts", s, h)
    alpha = np.exp(scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True))
    return alpha, np.tanh(np.einsum("bts,bsh->bth", alpha, h) @ W_c[:, :H].T + s @ W_c[:, H:].T)


@alternative("steps/attend_backward")
def attend_backward_step_by_step(dc, alpha, h):
    de, dh = np.zeros_like(alpha), np.zeros_like(h)
    for b, t in np.ndindex(*alpha.shape[:2]):
        jacobian = np.diag(alpha[b, t]) - np.outer(alpha[b, t], alpha[b, t])
        de[b, t] = jacobian @ (h[b] @ dc[b, t])
        dh[b] += np.outer(alpha[b, t], dc[b, t])
    return de, dh


@alternative("steps/attend_backward")
def attend_backward_from_the_context(dc, alpha, h):
    c = alpha @ h
    de = alpha * np.einsum("bth,btsh->bts", dc, h[:, None] - c[:, :, None])
    return de, np.einsum("bts,bth->bsh", alpha, dc)


@alternative("steps/additive_score")
def additive_score_by_einsum(s, h, W_s, W_h, v):
    queries, keys = np.einsum("bth,eh->bte", s, W_s), np.einsum("bsd,ed->bse", h, W_h)
    return np.einsum("btse,e->bts", np.tanh(queries[:, :, np.newaxis] + keys[:, np.newaxis]), v)


@alternative("steps/moved")
def moved_sequence_by_sequence(alpha, h, i, weight):
    contexts = []
    for weights, memory in zip(alpha, h):
        others = [n for n in range(len(weights)) if n != i]
        left = weights[others] * (1 - weight) / weights[others].sum()
        contexts.append(weight * memory[i] + left @ memory[others])
    return np.array(contexts)


@alternative("steps/moved")
def moved_by_a_factor(alpha, h, i, weight):
    new = alpha * ((1 - weight) / (1 - alpha[:, [i]]))
    new[:, i] = weight
    return np.einsum("bs,bsh->bh", new, h)


@alternative("steps/additive_score")
def additive_score_joined(s, h, W_s, W_h, v):
    (B, T, _), S = s.shape, h.shape[1]
    pairs = np.concatenate([np.repeat(s[:, :, None], S, axis=2), np.repeat(h[:, None], T, axis=1)], axis=-1)
    return np.tanh(pairs @ np.concatenate([W_s, W_h], axis=1).T) @ v


@alternative("masking/both_masks")
def both_masks_sequence_by_sequence(scores, lengths):
    weights = np.zeros_like(scores)
    for b, length in enumerate(lengths):
        for t in range(scores.shape[1]):
            end = min(t + 1, length)
            e = np.exp(scores[b, t, :end])
            weights[b, t, :end] = e / e.sum()
    return weights


@alternative("masking/both_masks")
def both_masks_added(scores, lengths):
    T = scores.shape[1]
    future = np.where(np.arange(T) > np.arange(T)[:, None], -np.inf, 0)
    padding = np.where(np.arange(T) >= lengths[:, None], -np.inf, 0)[:, None, :]
    hidden = scores + future + padding
    e = np.exp(hidden - hidden.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


@alternative("masking/both_masks")
def both_masks_zeroed_and_renormalised(scores, lengths):
    T = scores.shape[1]
    e = np.exp(scores) * np.tril(np.ones((T, T))) * (np.arange(T) < lengths[:, None])[:, None]
    return e / e.sum(axis=2, keepdims=True)


@alternative("masking/conventions")
def conventions_in_loops(scores, added, drop):
    weights = np.zeros_like(scores)
    for b in range(len(scores)):
        for t, row in enumerate(scores[b]):
            keys = [s for s in range(len(row)) if added[t, s] == 0 and not drop[b, s]]
            if keys:
                e = np.exp(row[keys])
                weights[b, t, keys] = e / e.sum()
    return weights


@alternative("masking/conventions")
def conventions_all_added(scores, added, drop):
    hidden = scores + added + np.where(drop, -np.inf, 0)[:, None]
    e = np.exp(hidden)
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(e / e.sum(axis=-1, keepdims=True))


@alternative("masking/ways")
def ways_as_a_power(mask, layers):
    return np.linalg.matrix_power(np.eye(len(mask), dtype=int) + mask.astype(int), layers)


@alternative("masking/ways")
def ways_by_recursion(mask, layers):
    T = len(mask)

    def count(t, s, left):
        if not left:
            return int(t == s)
        return count(t, s, left - 1) + sum(count(k, s, left - 1) for k in range(T) if mask[t, k])
    return [[count(t, s, layers) for s in range(T)] for t in range(T)]


@alternative("masking/repaired_weights")
def repaired_weights_before_the_softmax(scores):
    T = scores.shape[1]
    hidden = np.where(np.tri(T, dtype=bool), scores, -np.inf)
    e = np.exp(hidden - hidden.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@alternative("masking/repaired_weights")
def repaired_weights_row_by_row(scores):
    weights = np.zeros_like(scores)
    for t in range(scores.shape[1]):
        e = np.exp(scores[:, t, :t + 1] - scores[:, t, :t + 1].max(axis=1, keepdims=True))
        weights[:, t, :t + 1] = e / e.sum(axis=1, keepdims=True)
    return weights


@alternative("multi-head/repaired_heads")
def repaired_heads_head_by_head(x, W_q, W_k, W_v, W_o):
    y = np.zeros_like(x)
    for q, k, v, o in zip(W_q, W_k, W_v, W_o):
        scores = (x @ q) @ (x @ k).T / np.sqrt(q.shape[1])
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        y += (e / e.sum(axis=1, keepdims=True)) @ (x @ v) @ o
    return y


@alternative("multi-head/joint_backward")
def joint_backward_in_single_precision(dy, heads, W_o):
    dy, heads, W_o = (array.astype(np.float32) for array in (dy, heads, W_o))
    return np.einsum("te,nke->ntk", dy, W_o), np.einsum("ntk,te->nke", heads, dy)


@alternative("multi-head/without_head")
def without_head_by_what_it_adds(heads, W_o, n):
    y = sum(h @ o for h, o in zip(heads, W_o))
    return y - (heads[n] - heads[n].mean(axis=0)) @ W_o[n]


@alternative("multi-head/repaired_heads")
def repaired_heads_side_by_side(x, W_q, W_k, W_v, W_o):
    N, K, E = W_o.shape
    q, k, v = (x @ np.concatenate(list(W), axis=1) for W in (W_q, W_k, W_v))    # (T, N·K)
    heads = []
    for n in range(N):
        own = slice(n * K, (n + 1) * K)
        e = np.exp(q[:, own] @ k[:, own].T / K ** 0.5)
        heads.append(e / e.sum(axis=1, keepdims=True) @ v[:, own])
    return np.hstack(heads) @ W_o.reshape(N * K, E)


@alternative("multi-head/joint_backward")
def joint_backward_through_the_joined_matrix(dy, heads, W_o):
    N, K, E = W_o.shape
    djoined = dy @ W_o.reshape(N * K, E).T
    joined = np.concatenate(list(heads), axis=1)
    return np.split(djoined, N, axis=1), (joined.T @ dy).reshape(N, K, E)


@alternative("multi-head/without_head")
def without_head_position_by_position(heads, W_o, n):
    mean = heads[n].sum(axis=0) / heads.shape[1]
    return [sum((mean if m == n else heads[m, t]) @ W_o[m] for m in range(len(heads))) for t in range(heads.shape[1])]


@alternative("block/repaired_norm")
def repaired_norm_by_rows(x, gamma, beta):
    rows = x.reshape(-1, x.shape[-1])
    out = [gamma * (row - row.mean()) / (row.std() ** 2 + 1e-5) ** 0.5 + beta for row in rows]
    return np.array(out).reshape(x.shape)


@alternative("block/repaired_norm")
def repaired_norm_by_the_mean_square(x, gamma, beta):
    centred = x - np.expand_dims(x.mean(-1), -1)
    inverse = ((centred * centred).sum(-1) / x.shape[-1] + 1e-5) ** -0.5
    return centred * inverse[..., None] * gamma + beta


@alternative("block/rms_backward")
def rms_backward_by_the_quotient_rule(dy, x, gamma):
    E = x.shape[1]
    square = (x ** 2).sum(axis=1, keepdims=True) / E + 1e-5
    g = dy * gamma
    dx = g * square ** -0.5 - x * (g * x).sum(axis=1, keepdims=True) / E * square ** -1.5
    return dx, (dy * x / square ** 0.5).sum(0)


@alternative("block/rms_backward")
def rms_backward_by_jacobians(dy, x, gamma):
    dx, dgamma = [], np.zeros_like(gamma)
    for g, row in zip(dy, x):
        r = np.sqrt(np.mean(row ** 2) + 1e-5)
        J = np.eye(len(row)) / r - np.outer(row, row) / (len(row) * r ** 3)
        dx.append(J @ (g * gamma))
        dgamma = dgamma + g * row / r
    return np.array(dx), dgamma


@alternative("block/residual_flow")
def residual_flow_by_products(dy, W):
    step = np.eye(len(dy)) + W
    out, g = np.zeros((len(W), len(dy))), dy
    for l in range(len(W) - 1, -1, -1):
        g = step[l] @ g
        out[l] = g
    return out


@alternative("block/residual_flow")
def residual_flow_recursively(dy, W):
    above = residual_flow_recursively(dy, W[1:]) if len(W) > 1 else np.zeros((0, len(dy)))
    g = above[0] if len(above) else dy
    return np.vstack([g + W[0] @ g, above])


def by_complex_numbers(x, start):
    """x (T, 2K): the pairs of neighbours as complex numbers, multiplied by e^(iωt)."""
    T, K = len(x), x.shape[1] // 2
    turn = np.exp(1j * np.outer(np.arange(start, start + T), 10000.0 ** (-np.arange(K) / K)))
    return np.ascontiguousarray(x).view(complex) * turn


@alternative("position/repaired_scores")
def scores_of_complex_numbers(q, k, past):
    keys = np.concatenate([np.ascontiguousarray(past).view(complex), by_complex_numbers(k, len(past))])
    return (by_complex_numbers(q, len(past)) @ keys.conj().T).real / np.sqrt(q.shape[1])


@alternative("position/repaired_scores")
def scores_one_pair_of_numbers_after_the_other(q, k, past):
    S, size = len(past), q.shape[1]
    scores = np.zeros((len(q), S + len(k)))
    for i in range(0, size, 2):
        angle = (S + np.arange(len(q))) * 10000 ** (-i / size)
        turn = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], axis=1).reshape(-1, 2, 2)
        new_q, new_k = (np.einsum("tij,tj->ti", turn, x[:, i:i + 2]) for x in (q, k))
        scores += new_q @ np.concatenate([past[:, i:i + 2], new_k]).T
    return scores / size ** 0.5


@alternative("position/shift_matrix")
def shift_by_steps(frequency, k):
    one = np.zeros((2 * len(frequency), 2 * len(frequency)))
    even = np.arange(0, 2 * len(frequency), 2)
    one[even, even] = one[even + 1, even + 1] = np.cos(frequency)
    one[even, even + 1], one[even + 1, even] = np.sin(frequency), -np.sin(frequency)
    return np.linalg.matrix_power(one, k)


@alternative("position/shift_matrix")
def shift_by_kronecker(frequency, k):
    angle = frequency * k
    return (np.kron(np.diag(np.cos(angle)), np.eye(2)) + np.kron(np.diag(np.sin(angle)), [[0, 1], [-1, 0]])).tolist()


@alternative("position/to_halves")
def halves_by_reshaping(weight, bias):
    N, numbers, E = weight.shape
    pairs = weight.reshape(N, numbers // 2, 2, E).swapaxes(1, 2)
    return pairs.reshape(N, numbers, E), np.concatenate([bias[:, ::2], bias[:, 1::2]], axis=1)


@alternative("position/to_halves")
def halves_by_sorting(weight, bias):
    order = sorted(range(bias.shape[1]), key=lambda number: (number % 2, number))
    return [np.take(each, order, axis=1) for each in (weight, bias)]


@alternative("position/place_gradient")
def gradient_by_counting(dy, place, size):
    rows = place.reshape(-1) + 1    # row 0 takes the padding
    columns = [np.bincount(rows, weights=column, minlength=size + 1)[1:] for column in dy.reshape(rows.size, -1).T]
    return np.stack(columns, axis=1)


@alternative("position/place_gradient")
def gradient_by_one_hot(dy, place, size):
    return np.einsum("btm,bte->me", (place[..., None] == np.arange(size)).astype(float), dy)


@alternative("gpu-and-scale/repaired_blocks")
def repaired_blocks_query_by_query(q, k, v, size):
    out = []
    for query in q:
        m, l, o = -np.inf, 0.0, 0.0
        for key, value in zip(k, v):
            s = query @ key / len(key) ** 0.5
            new = max(m, s)
            old, p = np.exp(m - new), np.exp(s - new)
            l, o, m = old * l + p, old * o + p * value, new
        out.append(o / l)
    return out


@alternative("gpu-and-scale/repaired_blocks")
def repaired_blocks_divided_in_every_block(q, k, v, size):
    lse, out = np.full((len(q), 1), -np.inf), np.zeros(v[:1].shape)
    for i in range(0, k.shape[0], size):
        s = q @ k[i:i + size].T / np.sqrt(k.shape[1])
        new = np.logaddexp(lse, np.log(np.exp(s).sum(1, keepdims=True)))
        out = np.exp(lse - new) * out + np.exp(s - new) @ v[i:i + size]
        lse = new
    return out


@alternative("gpu-and-scale/token_mean")
def token_mean_in_a_loop(grads, counts):
    total = np.zeros(grads.shape[1])
    for grad, count in zip(grads, counts):
        total += count * grad
    return total / sum(counts)


@alternative("gpu-and-scale/token_mean")
def token_mean_by_average(grads, counts):
    return np.average(grads.astype(np.float32), axis=0, weights=counts)


@alternative("gpu-and-scale/merged")
def merged_through_the_sigmoid(out1, lse1, out2, lse2):
    difference = lse2 - lse1
    share = (1 / (1 + np.exp(difference)))[:, None]
    return share * out1 + (1 - share) * out2, lse1 + np.log1p(np.exp(difference))


@alternative("gpu-and-scale/merged")
def merged_by_stacking(out1, lse1, out2, lse2):
    outs, lses = np.stack([out1, out2]), np.stack([lse1, lse2])
    e = np.exp(lses - lses.max(axis=0))
    return (e[:, :, None] * outs).sum(axis=0) / e.sum(axis=0)[:, None], lses.max(axis=0) + np.log(e.sum(axis=0))


@alternative("vit/repaired_patches")
def repaired_patches_patch_by_patch(images):
    B, C, H, W = images.shape
    patches = np.empty((B, H // 2, W // 2, 4 * C), images.dtype)
    for r in range(H // 2):
        for s in range(W // 2):
            patches[:, r, s] = images[:, :, 2 * r:2 * r + 2, 2 * s:2 * s + 2].reshape(B, -1)
    return patches


@alternative("vit/repaired_patches")
def repaired_patches_as_windows(images):
    B, C, H, W = images.shape
    windows = np.lib.stride_tricks.sliding_window_view(images, (2, 2), axis=(2, 3))[:, :, ::2, ::2]
    return np.moveaxis(windows, 1, 3).reshape(B, H // 2, W // 2, 4 * C)


@alternative("vit/front_backward")
def front_backward_image_by_image(dfirst, dz, patches):
    dW, db = 0, 0
    for own, seen in zip(dz, patches):
        dW, db = dW + own.T @ seen, db + own.sum(axis=0)
    return sum(dfirst), sum(dz), dW, db


@alternative("vit/front_backward")
def front_backward_in_single_precision(dfirst, dz, patches):
    dfirst, dz, patches = (array.astype(np.float32) for array in (dfirst, dz, patches))
    return dfirst.sum(0), dz.sum(0), np.tensordot(dz, patches, axes=([0, 1], [0, 1])), dz.sum((0, 1))


@alternative("vit/positions_2d")
def positions_2d_place_by_place(rows, columns, size):
    half = size // 2
    positions = np.zeros((rows, columns, size))
    for r in range(rows):
        for c in range(columns):
            for i in range(0, half, 2):
                frequency = 10000 ** (-i / half)
                positions[r, c, i], positions[r, c, i + 1] = np.sin(r * frequency), np.cos(r * frequency)
                positions[r, c, half + i], positions[r, c, half + i + 1] = np.sin(c * frequency), np.cos(c * frequency)
    return positions


@alternative("vit/positions_2d")
def positions_2d_by_broadcasting(rows, columns, size):
    half = size // 2
    frequency = 10000.0 ** (-np.arange(0, half, 2) / half)
    def table(length):
        angle = np.arange(length)[:, None] * frequency
        return np.stack([np.sin(angle), np.cos(angle)], axis=-1).reshape(length, half)
    return np.concatenate([np.broadcast_to(table(rows)[:, None], (rows, columns, half)),
                           np.broadcast_to(table(columns)[None], (rows, columns, half))], axis=-1)


def by_complex_numbers(x, start):
    """x (T, 2K): the pairs of neighbours as complex numbers, multiplied by e^(iωt)."""
    T, K = len(x), x.shape[1] // 2
    turn = np.exp(1j * np.outer(np.arange(start, start + T), 10000.0 ** (-np.arange(K) / K)))
    return np.ascontiguousarray(x).view(complex) * turn


@alternative("modern-recurrence/repaired_backward")
def repaired_backward_from_the_matrix(dh, a, h):
    T, H = dh.shape
    du = np.zeros((T, H))
    for t in range(T):
        for later in range(t, T):
            du[t] += np.prod(a[t + 1:later + 1], axis=0) * dh[later]
    return du * np.vstack([np.zeros((1, H)), h])[:-1], du


@alternative("modern-recurrence/repaired_backward")
def repaired_backward_last_step_first(dh, a, h):
    du = np.array(dh, dtype=float)
    for t in range(len(dh) - 2, -1, -1):
        du[t] += a[t + 1] * du[t + 1]
    before = np.zeros_like(du)
    before[1:] = h[:-1]
    return du * before, du


@alternative("modern-recurrence/scan_round")
def scan_round_with_neutral_pairs(a, u, reach):
    T = len(u)
    first_a = np.concatenate([np.ones((reach, a.shape[1])), a])[:T]
    first_u = np.concatenate([np.zeros((reach, u.shape[1])), u])[:T]
    return a * first_a, a * first_u + u


@alternative("modern-recurrence/scan_round")
def scan_round_as_lists(a, u, reach):
    pairs = list(zip(a, u))
    new = [(a_t * pairs[t - reach][0], a_t * pairs[t - reach][1] + u_t) if t >= reach else (a_t, u_t)
           for t, (a_t, u_t) in enumerate(pairs)]
    return np.array([p[0] for p in new]), np.array([p[1] for p in new])


@alternative("modern-recurrence/as_a_matrix")
def as_a_matrix_by_running_the_loop(a):
    T = len(a)
    M, h = np.empty((T, T)), np.zeros(T)
    for t in range(T):
        h = a[t] * h
        h[t] += 1
        M[t] = h
    return M


@alternative("modern-recurrence/as_a_matrix")
def as_a_matrix_column_by_column(a):
    T = len(a)
    M = np.zeros((T, T))
    for s in range(T):
        M[s:, s] = np.cumprod(np.concatenate([[1.0], a[s + 1:]]))
    return M


@alternative("whole/repaired_step")
def step_in_loops(x, W_q, W_k, W_v, k_past, v_past):
    keys, values, y = list(k_past), list(v_past), []
    for row in x:
        q = W_q.T @ row
        keys, values = [*keys, W_k.T @ row], [*values, W_v.T @ row]
        weights = [np.exp(q @ key / len(q) ** 0.5) for key in keys]
        y.append(sum(weight * value for weight, value in zip(weights, values)) / sum(weights))
    return np.array(y), np.array(keys), np.array(values)


@alternative("whole/repaired_step")
def step_by_past_and_new_apart(x, W_q, W_k, W_v, k_past, v_past):
    q, new_k, new_v = x @ W_q, x @ W_k, x @ W_v
    past, now = np.exp(q @ k_past.T / q.shape[1] ** 0.5), np.tril(np.exp(q @ new_k.T / q.shape[1] ** 0.5))
    y = (past @ v_past + now @ new_v) / (past.sum(axis=1) + now.sum(axis=1))[:, None]
    return y, np.concatenate([k_past, new_k]), np.concatenate([v_past, new_v])


@alternative("whole/smoothed_gradient")
def smoothed_by_mixing_two_gradients(z, targets, epsilon):
    p, out, count = softmax(z), np.zeros_like(z), (targets >= 0).sum()
    for t, target in enumerate(targets):
        if target >= 0:
            hard = p[t] - np.eye(z.shape[1])[target]
            out[t] = ((1 - epsilon) * hard + epsilon * (p[t] - 1 / z.shape[1])) / count
    return out


@alternative("whole/smoothed_gradient")
def smoothed_in_place(z, targets, epsilon):
    dz = softmax(z) - epsilon / z.shape[1]
    kept = np.flatnonzero(targets != -100)
    dz[kept, targets[kept]] -= 1 - epsilon
    dz[targets == -100] = 0
    return dz / len(kept)


@alternative("whole/grouped_attention")
def grouped_by_reshaping(q, k, v):
    N, T, K = q.shape
    grouped = q.reshape(len(k), -1, T, K)
    scores = grouped @ k[:, None].swapaxes(2, 3) / K ** 0.5
    scores = np.where(np.arange(T)[:, None] >= np.arange(T), scores, -1e9)
    return (softmax(scores) @ v[:, None]).reshape(N, T, K)


@alternative("whole/grouped_attention")
def grouped_head_by_head(q, k, v):
    share, out = len(q) // len(k), []
    for n, queries in enumerate(q):
        keys, values = k[n // share], v[n // share]
        out.append([softmax(keys[:t + 1] @ query / np.sqrt(len(query))) @ values[:t + 1]
                    for t, query in enumerate(queries)])
    return np.array(out)
