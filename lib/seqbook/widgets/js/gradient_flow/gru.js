// The network of chain.js for the GRU of `seqbook.scratch`, in PyTorch's form.
import { gruStep } from "../kit/gru.js";
import { projectInput } from "../kit/lstm.js";
import { multiply, transposed } from "./chain.js";

// weights: weight_ih (3H·D), weight_hh (3H·H), bias (3H), in the order r, z, n, and bias_hn (H); xs: x(1) … x(T)
export function gru(weights, xs) {
  const { weight_hh } = weights;
  const H = weights.bias_hn.length;
  const hs = [new Float64Array(H)];
  const slopes = [null];
  const jacobians = [null];
  for (const x of xs) {
    const before = hs.at(-1);
    const step = gruStep(weights, projectInput(weights, x), before);
    const slope = slopesOf(step, before);
    hs.push(step.h);
    slopes.push(slope);
    jacobians.push(jacobianOf(weight_hh, slope, H));
  }
  return {
    size: H,
    hs,
    hiddenBiases: H,
    back(t, flow) {
      const { r, z, n, fromN, pass } = slopes[t];
      const [fromX, fromH] = [new Array(3 * H), new Array(3 * H)];
      for (let u = 0; u < H; u += 1) {
        fromX[u] = fromH[u] = flow[u] * r[u];
        fromX[H + u] = fromH[H + u] = flow[u] * z[u];
        fromX[2 * H + u] = flow[u] * n[u];
        fromH[2 * H + u] = flow[u] * fromN[u];
      }
      const before = transposed(weight_hh, fromH, H);
      for (let u = 0; u < H; u += 1) before[u] += flow[u] * pass[u];
      return { before, fromX, fromH };
    },
    ahead: (t, product, out) => multiply(jacobians[t], product, out, H, H, H),
  };
}

// For each unit, ∂h(t) by the arguments of r, of z and of n, by W_hn h(t-1), and by h(t-1) where it passes unchanged.
function slopesOf({ r, z, n, m }, before) {
  const each = (slope) => Array.from(r, (_, u) => slope(u));
  const candidate = each((u) => (1 - z[u]) * (1 - n[u] ** 2));
  return {
    r: each((u) => candidate[u] * m[u] * r[u] * (1 - r[u])),
    z: each((u) => (before[u] - n[u]) * z[u] * (1 - z[u])),
    n: candidate,
    fromN: each((u) => candidate[u] * r[u]),
    pass: z,
  };
}

function jacobianOf(weight_hh, { r, z, fromN, pass }, H) {
  const out = new Float64Array(H * H);
  const row = (gate, u, j) => weight_hh[(gate * H + u) * H + j];
  for (let u = 0; u < H; u += 1) {
    for (let j = 0; j < H; j += 1) out[u * H + j] = r[u] * row(0, u, j) + z[u] * row(1, u, j) + fromN[u] * row(2, u, j);
    out[u * H + u] += pass[u];
  }
  return out;
}
