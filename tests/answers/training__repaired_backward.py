import numpy as np

EXERCISE = "training/repaired_backward"


# --- right

def r1(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    c_before = np.concatenate([c0[:, None], cs[:, :-1]], axis=1)
    h_before = np.concatenate([h0[:, None], hs[:, :-1]], axis=1)
    i, f, g, o = np.split(gates, 4, axis=2)
    tanh_cs = np.tanh(cs)
    das = np.empty_like(gates)
    dh, dc = 0, 0
    for t in range(T - 1, -1, -1):
        dh = dh + dhs[:, t]
        dc = dc + dh * o[:, t] * (1 - tanh_cs[:, t]**2)
        das[:, t] = np.concatenate([dc * g[:, t] * i[:, t] * (1 - i[:, t]),
                                    dc * c_before[:, t] * f[:, t] * (1 - f[:, t]),
                                    dc * i[:, t] * (1 - g[:, t]**2),
                                    dh * tanh_cs[:, t] * o[:, t] * (1 - o[:, t])], axis=1)
        dh = das[:, t] @ weight_hh
        dc = dc * f[:, t]
    return (das @ weight_ih, dh, dc, np.einsum("btk,btd->kd", das, x), np.einsum("btk,bth->kh", das, h_before),
            das.sum(axis=(0, 1)))


def r2(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    import torch

    B, T, H = hs.shape
    x_, h_, c_, U, W = (torch.tensor(a, requires_grad=True) for a in (x, h0, c0, weight_ih, weight_hh))
    b = torch.zeros(4 * H, dtype=torch.float64, requires_grad=True)
    G = torch.tensor(gates)
    h, c, loss = h_, c_, 0
    for t in range(T):
        i0, f0, g0, o0 = G[:, t].chunk(4, 1)
        given = torch.cat([torch.logit(i0), torch.logit(f0), torch.atanh(g0), torch.logit(o0)], 1)
        a = x_[:, t] @ U.T + h @ W.T + b
        i, f, g, o = (a + (given - a).detach()).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        c = c + (torch.tensor(cs[:, t]) - c).detach()
        h = o.sigmoid() * c.tanh()
        h = h + (torch.tensor(hs[:, t]) - h).detach()
        loss = loss + (h * torch.tensor(dhs[:, t])).sum()
    return torch.autograd.grad(loss, (x_, h_, c_, U, W, b))


def r3(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    cs_all = [c0] + [cs[:, t] for t in range(T)]
    hs_all = [h0] + [hs[:, t] for t in range(T)]
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        tanh_c = np.tanh(cs_all[t + 1])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * cs_all[t], dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ hs_all[t]
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx.tolist(), dh.tolist(), dc.tolist(), dweight_ih, dweight_hh, dbias


def r4(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    # one sequence at a time, one gate at a time, float32 in the end
    B, T, H = hs.shape
    dU, dW, db = np.zeros((4, H, x.shape[2])), np.zeros((4, H, H)), np.zeros((4, H))
    U, W = weight_ih.reshape(4, H, -1), weight_hh.reshape(4, H, H)
    dx, dh0, dc0 = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    for b in range(B):
        dh, dc = np.zeros(H), np.zeros(H)
        for t in range(T - 1, -1, -1):
            i, f, g, o = gates[b, t].reshape(4, H)
            h_prev, c_prev = (h0[b], c0[b]) if t == 0 else (hs[b, t - 1], cs[b, t - 1])
            dh += dhs[b, t]
            dc += dh * o * (1 - np.tanh(cs[b, t]) ** 2)
            d = [dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g * g),
                 dh * np.tanh(cs[b, t]) * o * (1 - o)]
            dh = np.zeros(H)
            for k in range(4):
                dU[k] += np.outer(d[k], x[b, t])
                dW[k] += np.outer(d[k], h_prev)
                db[k] += d[k]
                dx[b, t] += U[k].T @ d[k]
                dh += W[k].T @ d[k]
            dc *= f
        dh0[b], dc0[b] = dh, dc
    return tuple(a.astype(np.float32) for a in (dx, dh0, dc0, dU.reshape(4 * H, -1), dW.reshape(4 * H, H), db.ravel()))


# --- wrong

def w1(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * cs[:, t], dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w2(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t - 1]
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w3(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t - 1] if t > 0 else np.zeros_like(c0)
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w4(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * h_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w5(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t + 1] if t < T - 1 else cs[:, t]
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w6(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t - 1] if t > 0 else c0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df, dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w7(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * cs[:, t], dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w8(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * tanh_c, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w9(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t - 1] if t > 0 else c0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * np.tanh(c_prev), dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w10(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = (cs[:, t] + i * g) / f
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w11(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t - 1] if t > 0 else c0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dc, dh, dweight_ih, dweight_hh, dbias


def w12(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t - 1] if t > 0 else c0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias = da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w13(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in range(T):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t - 1] if t > 0 else c0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w14(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t - 1] if t > 0 else c0
        tanh_c = np.tanh(c_prev)
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w15(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t - 1] if t > 0 else c0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - cs[:, t]**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w16(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t - 1] if t > 0 else c0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * c_prev, dc * g, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w17(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * cs[:, t], dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w18(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t - 1] if t > 0 else c0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, sum(d @ W.T for d, W in zip(np.split(da, 4, axis=1), np.split(weight_hh, 4))), dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w19(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t]
        c_prev = cs[:, t - 1] if t > 0 else c0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w20(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    cs_now = cs.copy()
    cs[:, 1:] = cs_now[:, :-1]
    cs[:, 0] = c0
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        tanh_c = np.tanh(cs_now[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * cs[:, t], dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w21(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t - 1] if t > 0 else c0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (f - 1), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w22(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = np.roll(cs[:, t], 1, axis=0)
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dx, dh, dc, dweight_ih, dweight_hh, dbias


def w23(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    B, T, H = hs.shape
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dweight_ih, dweight_hh = np.zeros_like(weight_ih), np.zeros_like(weight_hh)
    dbias = np.zeros_like(weight_ih[:, 0])
    for t in reversed(range(T)):
        i, f, g, o = np.split(gates[:, t], 4, axis=1)
        h_prev = hs[:, t - 1] if t > 0 else h0
        c_prev = cs[:, t - 1] if t > 0 else c0
        tanh_c = np.tanh(cs[:, t])
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * tanh_c
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)], axis=1)
        dweight_ih += da.T @ x[:, t]
        dweight_hh += da.T @ h_prev
        dbias += da.sum(axis=0)
        dx[:, t], dh, dc = da @ weight_ih, da @ weight_hh, dc * f
    return dweight_ih, dweight_hh, dbias


def w24(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    """LLM rewrite, vectorised where it must not be: no gradient is carried along the cell state"""
    i, f, g, o = np.split(gates, 4, axis=2)
    c_prev = np.concatenate([c0[:, None], cs[:, :-1]], axis=1)
    h_prev = np.concatenate([h0[:, None], hs[:, :-1]], axis=1)
    tanh_c = np.tanh(cs)
    dc = dhs * o * (1 - tanh_c**2)
    da = np.concatenate([dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), dhs * tanh_c * o * (1 - o)],
                        axis=2)
    return (da @ weight_ih, da[:, 0] @ weight_hh, dc[:, 0] * f[:, 0], np.einsum("btk,btd->kd", da, x),
            np.einsum("btk,bth->kh", da, h_prev), da.sum(axis=(0, 1)))


def step_back(dh, dc, x, h_prev, c_prev, gates, c, weight_ih, weight_hh):
    i, f, g, o = np.split(gates, 4, axis=1)
    dc = dc + dh * o * (1 - np.tanh(c)**2)
    da = np.hstack([dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2), dh * np.tanh(c) * o * (1 - o)])
    return da @ weight_ih, da @ weight_hh, dc * f, da.T @ x, da.T @ h_prev, da.sum(axis=0)


def r5(dhs, x, h0, c0, hs, cs, gates, weight_ih, weight_hh):
    # 앞 연습의 한 시점 역전파를 시점마다 부른다
    T = hs.shape[1]
    dh, dc, sums, dxs = np.zeros_like(h0), np.zeros_like(c0), None, []
    for t in range(T)[::-1]:
        h_prev, c_prev = (hs[:, t - 1], cs[:, t - 1]) if t else (h0, c0)
        dx, dh, dc, *grads = step_back(dh + dhs[:, t], dc, x[:, t], h_prev, c_prev, gates[:, t], cs[:, t], weight_ih, weight_hh)
        dxs.insert(0, dx)
        sums = grads if sums is None else [a + b for a, b in zip(sums, grads)]
    return [np.stack(dxs, axis=1), dh, dc, *sums]


RIGHT = [r1, r2, r3, r4, r5]
WRONG = [
    (w1, "missing", "not repaired: the friend's function as it was (cs[:, t] at the forget gate)"),
    (w2, "time+start", "cs[:, t - 1] without c0: at t = 0 the last cell state"),
    (w3, "start", "zeros instead of c0 before the first step"),
    (w4, "swap", "h_prev instead of c_prev as the forget gate's partner"),
    (w5, "time", "cs[:, t + 1] (the next cell state; itself at the end)"),
    (w6, "missing+derivative", "forget gate repaired, but its derivative f(1-f) taken out"),
    (w7, "missing", "'repaired' the wrong place: dc is no longer multiplied by f on its way back; cs[:, t] is left"),
    (w8, "activation+time", "tanh_c at the forget gate instead of c_prev"),
    (w9, "activation", "tanh(c_prev) at the forget gate"),
    (w10, "other", "c_prev recovered from c with the wrong sign: (c + i·g)/f instead of (c - i·g)/f"),
    (w11, "swap", "repaired, but dh0 and dc0 are returned in exchanged order"),
    (w12, "accumulate", "repaired, but dbias with = instead of +="),
    (w13, "order", "repaired, but time is walked forwards"),
    (w14, "time", "everything is shifted: tanh_c from the cell state before, too"),
    (w15, "derivative", "repaired, but 1 - cs² for the tanh's derivative"),
    (w16, "swap", "changed another gate instead: di with c_prev, df with g"),
    (w17, "missing", "the friend's dc = dc + … taken for the mistake: the cell's road is cut (cs[:, t] left, too)"),
    (w18, "transpose+extra", "repaired, and weight_hh transposed on the way back (read as four blocks)"),
    (w19, "time", "h_prev changed to hs[:, t]; c_prev is right"),
    (w20, "mutated", "c_prev is right, but c0's place is made inside cs: cs is rolled in place"),
    (w21, "sign", "repaired, and the sign of the forget gate's part turned round"),
    (w22, "axis", "c before made with np.roll along the batch"),
    (w23, "form", "repaired, but only the two weights' and the bias's gradients are returned"),
    (w24, "missing", "nothing is carried back over time: every step has its own dhs alone; c_prev is right"),
]
NOT_TO_SAY = {
    "w2": "that cs[:, t] is still used, or that c0 is zero",
    "w3": "that the last cell state is used before the first step",
    "w6": "that c_prev is wrong",
    "w8": "that it is unrepaired (cs[:, t]): it is tanh of that",
    "w9": "that the step is wrong: c_prev is right, tanh is too much",
    "w7": "only that dc lacks f: the friend's mistake is also still there",
    "w17": "only that the road is cut",
    "w14": "that the forget gate's partner is wrong",
    "w19": "that the forget gate's partner is wrong: only dweight_hh is",
    "w24": "that the forget gate's partner is wrong",
}
