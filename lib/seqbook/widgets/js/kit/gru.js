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
