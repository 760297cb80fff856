// The models whose gradients the widget can show, all made from one draw of random numbers: four blocks of H rows, in
// the order of the LSTM's gates i, f, g, o. The GRU's r, z, n take the first three, and the fourth's bias for b_hn; the
// RNN takes g's, which has the same task. The forget bias goes to the LSTM's f and to the GRU's z, which keep the past.
import { flowBack, jacobianNorms } from "./chain.js";
import { gru } from "./gru.js";
import { lstm } from "./lstm.js";
import { rnn } from "./rnn.js";
import { transformerGradients } from "./transformer.js";

export const MODELS = {
  rnn: { network: rnn, blocks: [2, 3], forgets: false },
  lstm: { network: lstm, blocks: [0, 4], forgets: true },
  gru: { network: gru, blocks: [0, 3], forgets: true },
};

export const TRANSFORMER = "transformer"; // which has no state that goes from step to step

// drawn: weight_ih (4H·D), gaussian and orthogonal (4H·H), bias (4H), x (at least steps·D), direction (H), all float64,
// and above(layer): the same parameters of layer 2, 3, … (weight_ih 4H·H); h(0) = 0. settings: steps T, depth, skips,
// weights ("gaussian" | "orthogonal"), radius (multiplies the recurrent matrices), inputScale (multiplies x),
// activation (of the RNN), forgetBias, loss: "last" takes L = direction·h(T), "every" takes L = Σ direction·h(t), of the
// outputs of the top layer. Gives { dh, gradient } as flowBack does, and matrix(layer): that layer's jacobianNorms, computed
// when it is first asked for. Of the Transformer see transformer.js.
export function gradients(name, drawn, settings) {
  if (name === TRANSFORMER) return transformerGradients(drawn, settings);
  const layers = stack(name, drawn, settings);
  const matrices = [];
  const matrix = (layer) => {
    matrices[layer] ??= jacobianNorms(settings.steps, layers[layer - 1]);
    return matrices[layer];
  };
  return { ...flowBack(layers, { direction: drawn.direction, ...settings }), matrix };
}

// The layers as flowBack takes them, the lowest first. With skips, every layer but the lowest adds its input to its
// output, as in `seqbook.scratch.Stacked`.
function stack(name, drawn, settings) {
  const { steps: T, depth, skips, inputScale } = settings;
  const D = drawn.weight_ih.length / (4 * drawn.direction.length);
  let xs = Array.from({ length: T }, (_, t) => Array.from({ length: D }, (_, d) => inputScale * drawn.x[t * D + d]));
  const layers = [];
  for (let layer = 1; layer <= depth; layer += 1) {
    const parameters = parametersOf(name, layer === 1 ? drawn : drawn.above(layer), settings);
    const made = MODELS[name].network(parameters, xs, settings);
    layers.push({ ...made, xs, weight_ih: parameters.weight_ih });
    const inputs = xs;
    xs = made.hs.slice(1);
    if (skips && layer > 1) xs = xs.map((h, n) => h.map((value, u) => value + inputs[n][u]));
  }
  return layers;
}

function parametersOf(name, drawn, { weights, radius, forgetBias }) {
  const { blocks: [first, end], forgets } = MODELS[name];
  const H = drawn.bias.length / 4;
  const rows = (array) => array.slice((first * array.length) / 4, (end * array.length) / 4);
  const bias = rows(drawn.bias);
  if (forgets) for (let u = 0; u < H; u += 1) bias[H + u] += forgetBias;
  return {
    weight_ih: rows(drawn.weight_ih),
    weight_hh: rows(drawn[weights]).map((weight) => radius * weight),
    bias,
    bias_hn: drawn.bias.slice(3 * H),
  };
}
