// The models whose gradients the widget can show, all made from one draw of random numbers: four blocks of H rows, in
// the order of the LSTM's gates i, f, g, o. The GRU's r, z, n take the first three, and the fourth's bias for b_hn; the
// RNN takes g's, which has the same task. The forget bias goes to the LSTM's f and to the GRU's z, which keep the past.
import { flowBack, jacobianNorms } from "./chain.js";
import { gru } from "./gru.js";
import { lstm } from "./lstm.js";
import { rnn } from "./rnn.js";

export const MODELS = {
  rnn: { network: rnn, blocks: [2, 3], forgets: false },
  lstm: { network: lstm, blocks: [0, 4], forgets: true },
  gru: { network: gru, blocks: [0, 3], forgets: true },
};

// drawn: weight_ih (4H·D), gaussian and orthogonal (4H·H), bias (4H), x (at least steps·D), direction (H), all float64;
// h(0) = 0. settings: steps T, weights ("gaussian" | "orthogonal"), radius (multiplies the recurrent matrices),
// inputScale (multiplies x), activation (of the RNN), forgetBias, loss: "last" takes L = direction·h(T), "every" takes
// L = Σ direction·h(t). Gives what flowBack gives, and with `matrix` also jacobianNorms' matrix.
export function gradients(name, drawn, settings, { matrix = true } = {}) {
  const { network, blocks: [first, end], forgets } = MODELS[name];
  const { steps: T, weights, radius, inputScale, forgetBias, loss } = settings;
  const { direction } = drawn;
  const H = direction.length;
  const D = drawn.weight_ih.length / (4 * H);
  const rows = (array) => array.slice((first * array.length) / 4, (end * array.length) / 4);
  const bias = rows(drawn.bias);
  if (forgets) for (let u = 0; u < H; u += 1) bias[H + u] += forgetBias;
  const parameters = {
    weight_ih: rows(drawn.weight_ih),
    weight_hh: rows(drawn[weights]).map((weight) => radius * weight),
    bias,
    bias_hn: drawn.bias.slice(3 * H),
  };
  const xs = Array.from({ length: T }, (_, t) => Array.from({ length: D }, (_, d) => inputScale * drawn.x[t * D + d]));
  const made = network(parameters, xs, settings);
  const found = flowBack(made, { direction, xs, loss });
  return matrix ? { ...found, matrix: jacobianNorms(T, made) } : found;
}
