// All that the widget shows, computed from the model's traits, and again only where they change the numbers.
import { toFloat64 } from "../kit/arrays.js";
import { memo } from "../kit/memo.js";
import { decadesFor } from "../kit/scale.js";
import { gradients, MODELS } from "./models.js";

export const NAMES = Object.keys(MODELS);

// What the numbers depend on, besides which models are shown. `get(trait)` reads the model.
export const settingsOf = (get) => ({
  seed: get("seed"),
  steps: get("steps"),
  weights: get("weights"),
  activation: get("activation"),
  radius: get("radius"),
  inputScale: get("input_scale"),
  forgetBias: get("forget_bias"),
  loss: get("loss"),
});

// Python's bytes as numbers to compute with.
export const unpacked = (drawn) =>
  Object.fromEntries(Object.entries(drawn).map(([name, value]) => [name, value.data ? toFloat64(value) : value]));

// `flow(get)` gives { name, found, others, shown, s, decades, largest }: the chosen model and what `gradients` found
// for it, [name, ‖∂L/∂s‖] of those it is compared with, the letter of the state, how far the axes reach, and the
// largest singular value of the matrix W.
export function createFlow(draws, compute = gradients) {
  const drawn = draws.map(unpacked);
  const each = (matrix) =>
    Object.fromEntries(
      NAMES.map((name) => [name, memo((settings) => compute(name, drawn[settings.seed], settings, { matrix }))]),
    );
  const [whole, sizes] = [each(true), each(false)];
  const together = memo((settings, name, compare) => {
    const found = whole[name](settings);
    const shown = compare ? NAMES : [name];
    const others = shown.filter((other) => other !== name).map((other) => [other, sizes[other](settings).dh]);
    const decades = Math.max(
      ...[found.matrix, found.dh, ...others.map(([, dh]) => dh)].map((values) => decadesFor(values)),
    );
    const s = shown.includes("lstm") ? "s" : "h";
    return { name, found, others, shown, s, decades, largest: drawn[settings.seed][`largest_${settings.weights}`] };
  });
  return (get) => together(settingsOf(get), get("model"), get("compare"));
}
