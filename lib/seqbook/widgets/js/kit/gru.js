// One step of a GRU as `seqbook.scratch.GRUCell` computes it, in PyTorch's form, in flat float64 arrays.
// `weights` = { weight_hh (3H·H), bias_hn (H) }, gates stacked in the order r, z, n.
import { sigmoid } from "./lstm.js";

// r, z, n, m = W_hn h + b_hn and the new h, each (H), all new; `projected` is lstm.js's projectInput of the step's
// input, W_ih x + b (3H), `h` the state before.
export function gruStep({ weight_hh, bias_hn }, projected, h) {
  const H = h.length;
  const fromH = (row) => {
    let sum = 0;
    for (let j = 0; j < H; j += 1) sum += weight_hh[row * H + j] * h[j];
    return sum;
  };
  const r = h.map((_, u) => sigmoid(projected[u] + fromH(u)));
  const z = h.map((_, u) => sigmoid(projected[H + u] + fromH(H + u)));
  const m = h.map((_, u) => fromH(2 * H + u) + bias_hn[u]);
  const n = h.map((_, u) => Math.tanh(projected[2 * H + u] + r[u] * m[u]));
  return { r, z, n, m, h: h.map((before, u) => n[u] + z[u] * (before - n[u])) };
}

// `seqbook.scratch.gru.gru_step_backward` and the product with W_hh: from dh (H) at a step's new state, the gradients
// of `projected` (3H) and of the state before (H). `step` is what gruStep gave, `before` its h.
export function gruStepBackward({ weight_hh }, { r, z, n, m }, before, dh) {
  const H = dh.length;
  const [projected, dBefore] = [new Float64Array(3 * H), dh.map((each, u) => each * z[u])];
  const fromH = new Float64Array(3 * H);
  for (let u = 0; u < H; u += 1) {
    const da = dh[u] * (1 - z[u]) * (1 - n[u] * n[u]);
    projected[u] = fromH[u] = da * m[u] * r[u] * (1 - r[u]);
    projected[H + u] = fromH[H + u] = dh[u] * (before[u] - n[u]) * z[u] * (1 - z[u]);
    [projected[2 * H + u], fromH[2 * H + u]] = [da, da * r[u]];
  }
  for (let row = 0; row < 3 * H; row += 1) {
    for (let u = 0; u < H; u += 1) dBefore[u] += fromH[row] * weight_hh[row * H + u];
  }
  return { projected, before: dBefore };
}
