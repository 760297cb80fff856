// One step of an LSTM as `seqbook.scratch.LSTMCell` computes it, in flat float64 arrays.
// `weights` = { weight_ih (4H·D), weight_hh (4H·H), bias (4H) }, gates stacked in the order i, f, g, o.

export const sigmoid = (a) => 1 / (1 + Math.exp(-a));

// W_ih x + b (4H): the part of the gates' arguments that does not wait for the step before.
export function projectInput({ weight_ih, bias }, x) {
  const D = x.length;
  return bias.map((sum, row) => {
    for (let d = 0; d < D; d += 1) sum += weight_ih[row * D + d] * x[d];
    return sum;
  });
}

// `projected` is projectInput's (4H); `h` and `c` (H) are those of the step before. Each of `clamps`,
// { gate: "i" | "f" | "g" | "o", value, unit }, holds a gate at a value, in one unit or, with unit null, in all; of
// several that meet, the last one counts. Gives { i, f, g, o, c, h }, each (H), all new.
export function lstmStep({ weight_hh }, projected, { h, c }, clamps = []) {
  const H = h.length;
  const [i, f, g, o, cNext, hNext] = Array.from({ length: 6 }, () => new Float64Array(H));
  for (let u = 0; u < H; u += 1) {
    let [ai, af, ag, ao] = [projected[u], projected[H + u], projected[2 * H + u], projected[3 * H + u]];
    for (let m = 0, ri = u * H, rf = ri + H * H, rg = rf + H * H, ro = rg + H * H; m < H; m += 1) {
      const hm = h[m];
      ai += weight_hh[ri + m] * hm;
      af += weight_hh[rf + m] * hm;
      ag += weight_hh[rg + m] * hm;
      ao += weight_hh[ro + m] * hm;
    }
    i[u] = sigmoid(ai);
    f[u] = sigmoid(af);
    g[u] = Math.tanh(ag);
    o[u] = sigmoid(ao);
  }
  const gates = { i, f, g, o };
  for (const { gate, value, unit } of clamps) {
    if (unit === null) gates[gate].fill(value);
    else gates[gate][unit] = value;
  }
  for (let u = 0; u < H; u += 1) {
    cNext[u] = f[u] * c[u] + i[u] * g[u];
    hNext[u] = o[u] * Math.tanh(cNext[u]);
  }
  return { ...gates, c: cNext, h: hNext };
}
