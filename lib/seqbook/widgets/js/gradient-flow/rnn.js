// Forward and backward through h(t) = f(W_hh h(t-1) + W_ih x(t) + b), as `seqbook.scratch.RNN` computes them.
import { jacobianNorms, norm } from "./chain.js";

// f, and f's derivative written in f's value
export const ACTIVATIONS = {
  tanh: [Math.tanh, (h) => 1 - h * h],
  relu: [(a) => (a > 0 ? a : 0), (h) => (h > 0 ? 1 : 0)],
  identity: [(a) => a, () => 1],
};

// arrays: weight_ih (H·D), weight_hh (H·H), bias (H), x (at least steps·D), direction (H), all float64, h(0) = 0.
// settings: steps T, activation, radius (multiplies weight_hh), inputScale (multiplies x), loss: "last" takes
// L = direction·h(T), "every" takes L = Σ direction·h(t).
// Gives dh[t-1] = ‖∂L/∂h(t)‖, matrix as in `jacobianNorms`, gradient = the norm of all parameters' gradients together.
export function gradients(arrays, { steps: T, activation, radius, inputScale, loss }) {
  const { weight_ih, bias, direction } = arrays;
  const H = bias.length;
  const D = weight_ih.length / H;
  const weight_hh = arrays.weight_hh.map((weight) => radius * weight);
  const x = arrays.x.subarray(0, T * D).map((number) => inputScale * number);
  const [f, derivative] = ACTIVATIONS[activation];

  const h = new Float64Array((T + 1) * H); // h(0) … h(T)
  for (let t = 1; t <= T; t += 1) {
    for (let i = 0; i < H; i += 1) {
      let a = bias[i];
      for (let d = 0; d < D; d += 1) a += weight_ih[i * D + d] * x[(t - 1) * D + d];
      for (let j = 0; j < H; j += 1) a += weight_hh[i * H + j] * h[(t - 1) * H + j];
      h[t * H + i] = f(a);
    }
  }

  const dh = new Float64Array(T);
  const grads = { ih: new Float64Array(H * D), hh: new Float64Array(H * H), bias: new Float64Array(H) };
  let flow = new Float64Array(H); // ∂L/∂h(t) from the steps after t
  for (let t = T; t >= 1; t -= 1) {
    const before = new Float64Array(H);
    if (t === T || loss === "every") for (let i = 0; i < H; i += 1) flow[i] += direction[i];
    dh[t - 1] = norm(flow);
    for (let i = 0; i < H; i += 1) {
      const da = flow[i] * derivative(h[t * H + i]);
      grads.bias[i] += da;
      for (let d = 0; d < D; d += 1) grads.ih[i * D + d] += da * x[(t - 1) * D + d];
      for (let j = 0; j < H; j += 1) {
        grads.hh[i * H + j] += da * h[(t - 1) * H + j];
        before[j] += da * weight_hh[i * H + j];
      }
    }
    flow = before;
  }

  const matrix = jacobianNorms(T, H, (t, out) => {
    for (let i = 0; i < H; i += 1) {
      const slope = derivative(h[t * H + i]);
      for (let j = 0; j < H; j += 1) out[i * H + j] = slope * weight_hh[i * H + j];
    }
  });
  return { dh, matrix, gradient: Math.hypot(norm(grads.ih), norm(grads.hh), norm(grads.bias)) };
}
