// The network of chain.js for the LSTM of `seqbook.scratch`. What goes from step to step is s(t) = (h(t), c(t)).
import { lstmStep, projectInput } from "../kit/lstm.js";
import { multiply, transposed } from "./chain.js";

// weights: weight_ih (4H·D), weight_hh (4H·H), bias (4H), in the order i, f, g, o; xs: x(1) … x(T)
export function lstm(weights, xs) {
  const { weight_hh } = weights;
  const H = weights.bias.length / 4;
  const steps = [{ h: new Float64Array(H), c: new Float64Array(H) }];
  const slopes = [null];
  const jacobians = [null];
  for (const x of xs) {
    const before = steps.at(-1);
    const step = lstmStep(weights, projectInput(weights, x), before);
    const slope = slopesOf(step, before.c);
    steps.push(step);
    slopes.push(slope);
    jacobians.push(jacobianOf(weight_hh, slope, H));
  }
  return {
    size: 2 * H,
    hs: steps.map(({ h }) => h),
    hiddenBiases: 0,
    back(t, flow) {
      const { i, f, g, o, open } = slopes[t];
      const da = new Array(4 * H);
      const passed = new Array(H);
      for (let u = 0; u < H; u += 1) {
        const dc = flow[H + u] + flow[u] * open[u];
        da[u] = dc * i[u];
        da[H + u] = dc * f[u];
        da[2 * H + u] = dc * g[u];
        da[3 * H + u] = flow[u] * o[u];
        passed[u] = dc * steps[t].f[u];
      }
      return { before: [...transposed(weight_hh, da, H), ...passed], fromX: da, fromH: da };
    },
    // The rows of c(t): what h(t-1) does through the gates, and f ∘ c(t-1). Those of h(t) follow from them.
    ahead(t, product, out) {
      const { open } = slopes[t];
      const { f } = steps[t];
      const N = 2 * H;
      multiply(jacobians[t], product, out, 2 * H, H, N);
      for (let u = 0; u < H; u += 1) {
        for (let j = 0; j < N; j += 1) {
          const dc = out[(H + u) * N + j] + f[u] * product[(H + u) * N + j];
          out[(H + u) * N + j] = dc;
          out[u * N + j] += open[u] * dc;
        }
      }
    },
  };
}

// For each unit: ∂c(t)/∂a of the arguments a of i, f and g, ∂h(t)/∂a of o's, and open = ∂h(t)/∂c(t).
function slopesOf({ i, f, g, o, c }, cBefore) {
  const each = (slope) => Array.from(c, (_, u) => slope(u));
  return {
    i: each((u) => g[u] * i[u] * (1 - i[u])),
    f: each((u) => cBefore[u] * f[u] * (1 - f[u])),
    g: each((u) => i[u] * (1 - g[u] ** 2)),
    o: each((u) => Math.tanh(c[u]) * o[u] * (1 - o[u])),
    open: each((u) => o[u] * (1 - Math.tanh(c[u]) ** 2)),
  };
}

// (2H, H): what h(t-1) does to h(t) through the output gate alone, above what it does to c(t) through i, f and g.
function jacobianOf(weight_hh, slope, H) {
  const out = new Float64Array(2 * H * H);
  const row = (gate, u, j) => weight_hh[(gate * H + u) * H + j];
  for (let u = 0; u < H; u += 1) {
    for (let j = 0; j < H; j += 1) {
      out[u * H + j] = slope.o[u] * row(3, u, j);
      out[(H + u) * H + j] = slope.i[u] * row(0, u, j) + slope.f[u] * row(1, u, j) + slope.g[u] * row(2, u, j);
    }
  }
  return out;
}
