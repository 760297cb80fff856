// The network of chain.js for h(t) = f(W_ih x(t) + W_hh h(t-1) + b), as `seqbook.scratch.RNN` computes it.
import { projectInput } from "../kit/lstm.js";
import { multiply, transposed } from "./chain.js";

// f, and f's derivative written in f's value
export const ACTIVATIONS = {
  tanh: [Math.tanh, (h) => 1 - h * h],
  relu: [(a) => (a > 0 ? a : 0), (h) => (h > 0 ? 1 : 0)],
  identity: [(a) => a, () => 1],
};

// weights: weight_ih (H·D), weight_hh (H·H), bias (H); xs: x(1) … x(T)
export function rnn(weights, xs, { activation }) {
  const { weight_hh, bias } = weights;
  const H = bias.length;
  const [f, derivative] = ACTIVATIONS[activation];
  const hs = [new Float64Array(H)];
  const jacobians = [null];
  for (const x of xs) {
    const before = hs.at(-1);
    const h = projectInput(weights, x).map((a, i) => {
      for (let j = 0; j < H; j += 1) a += weight_hh[i * H + j] * before[j];
      return f(a);
    });
    hs.push(h);
    jacobians.push(weight_hh.map((weight, index) => derivative(h[Math.floor(index / H)]) * weight));
  }
  return {
    size: H,
    hs,
    hiddenBiases: 0,
    back(t, flow) {
      const da = flow.map((dh, i) => dh * derivative(hs[t][i]));
      return { before: transposed(weight_hh, da, H), fromX: da, fromH: da };
    },
    ahead: (t, product, out) => multiply(jacobians[t], product, out, H, H, H),
  };
}
