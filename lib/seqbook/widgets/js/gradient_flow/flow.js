// All that the widget shows, computed from the model's traits, and again only where they change the numbers.
import { memo } from "../kit/memo.js";
import { clamp, decadesFor } from "../kit/scale.js";
import { unpacked } from "./draws.js";
import { gradients, MODELS, TRANSFORMER } from "./models.js";

export const NAMES = Object.keys(MODELS); // of the recurrent models, which can be compared

// What the numbers depend on, besides which models are shown. `get(trait)` reads the model.
export const settingsOf = (get) => ({
  seed: get("seed"),
  steps: get("steps"),
  depth: get("depth"),
  skips: get("skips"),
  norm: get("norm_place"),
  weights: get("weights"),
  activation: get("activation"),
  radius: get("radius"),
  inputScale: get("input_scale"),
  forgetBias: get("forget_bias"),
  loss: get("loss"),
});

// The chosen layer, within the depth.
export const layerOf = (get) => clamp(get("layer"), 1, get("depth"));

// `flow(get)` gives
//   name, others, shown        the chosen model, [name, dh] of those it is compared with, the names of all
//   found                      of the chosen model: dh and matrix of the chosen layer, gradient
//   layers                     dh of each layer, the lowest first
//   layer, depth, skips        the chosen layer and how they are stacked
//   s, l                       the state's letter, and what stands before its step: "" or the layer ("2,"; always of x)
//   decades, matrixDecades     how far the axes reach, and the matrix's colours: alike for a single layer
//   largest                    the largest singular value of the chosen layer's matrix W
export function createFlow(draws, compute = gradients) {
  const drawn = draws.map(unpacked);
  const each = Object.fromEntries(
    [...NAMES, TRANSFORMER].map((name) => [name, memo((settings) => compute(name, drawn[settings.seed], settings))]),
  );
  const together = memo((settings, name, compare, layer) => {
    const { depth, skips, seed, weights } = settings;
    const shown = compare && name !== TRANSFORMER ? NAMES : [name];
    const all = Object.fromEntries(shown.map((other) => [other, each[other](settings)]));
    const { dh: layers, gradient, matrix } = all[name];
    const found = { dh: layers[layer - 1], matrix: matrix(layer), gradient };
    const others = shown.filter((other) => other !== name).map((other) => [other, all[other].dh[layer - 1]]);
    const ofFlow = Math.max(...shown.flatMap((other) => all[other].dh.map((dh) => decadesFor(dh))));
    const ofMatrix = decadesFor(found.matrix);
    const [decades, matrixDecades] = depth > 1 ? [ofFlow, ofMatrix] : Array(2).fill(Math.max(ofFlow, ofMatrix));
    const s = name === TRANSFORMER ? "x" : shown.includes("lstm") ? "s" : "h";
    const l = depth > 1 || name === TRANSFORMER ? `${layer},` : "";
    const largest = drawn[seed][`largest_${weights}`][layer - 1];
    return { name, others, shown, found, layers, layer, depth, skips, s, l, decades, matrixDecades, largest };
  });
  return (get) => together(settingsOf(get), get("model"), get("compare"), layerOf(get));
}
