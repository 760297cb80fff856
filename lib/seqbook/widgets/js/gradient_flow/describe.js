// What the picture shows, in words.
import { fixed, powerOfTen, significant } from "../kit/format.js";
import { TRANSFORMER } from "./models.js";

// "gone", "alive" or "huge": how a gradient that started at 1 arrived.
export function fate(value) {
  if (!(value >= 1e-2)) return "gone";
  return value <= 1e2 ? "alive" : "huge";
}

// The factor per step that takes 1 to `value` in `steps` steps.
export const perStep = (value, steps) => value ** (1 / steps);

// What clipping to `threshold` does to a gradient of norm `norm`: [its new norm, the factor].
export function clipped(norm, threshold) {
  const factor = norm > threshold ? threshold / norm : 1;
  return [norm * factor, factor];
}

// Sentences about the chosen pair of steps, and about clipping. `found`, `layer`, `depth`, `s` and `l` are what flow.js
// gives.
export function describe({ name, found, layer, depth, k, t, T, s, l, loss }, label) {
  const ofBlocks = name === TRANSFORMER;
  const arrives = { s, l, k, T, value: significant(found.dh[k - 1]) };
  const sentences = [depth > 1 || ofBlocks ? label(`top_loss_at_${loss}`, arrives) : label(`loss_at_${loss}`, arrives)];
  const between = found.matrix[(t - 1) * T + (k - 1)];
  if (ofBlocks) {
    sentences.push(label("through_block", { k, t, layer, below: layer - 1, value: significant(between) }));
  } else if (t === k) {
    sentences.push(label("same", { s, l, t }));
  } else {
    const rate = significant(perStep(between, t - k));
    const holes = { s, l, k, t, layer, steps: t - k, value: significant(between), rate };
    const meaning = layer < depth ? label("within", holes) : label(`fate_${fate(between)}`, holes);
    sentences.push(label("nudge", holes), meaning);
  }
  return sentences;
}

// What the map shows, for those who cannot see it: its axes and colours, its smallest and its largest size.
export function describeMap({ layers, s, decades }, label) {
  const sizes = layers.flatMap((dh, n) => Array.from(dh, (value, m) => ({ value, layer: n + 1, t: m + 1 })));
  const extreme = (better) => sizes.reduce((best, each) => (better(each.value, best.value) ? each : best));
  const [least, most] = [extreme((a, b) => a < b), extreme((a, b) => a > b)];
  return label("mapName", {
    s, depth: layers.length, T: layers[0].length, low: powerOfTen(-decades), high: powerOfTen(decades),
    least: significant(least.value), leastLayer: least.layer, leastStep: least.t,
    most: significant(most.value), mostLayer: most.layer, mostStep: most.t,
  });
}

export function describeStack({ name, s, depth, skips }, label) {
  const of = (key) => (name === TRANSFORMER ? `${key}_transformer` : key);
  return [label(of("stacked"), { s, depth }), ...(skips ? [label(of("skipping"))] : [])].join(" ");
}

export function describeClipping(norm, clip, label) {
  if (clip === null) return label("norm", { value: significant(norm) });
  const [after, factor] = clipped(norm, clip);
  const holes = {
    value: significant(norm), clip: significant(clip), after: significant(after), factor: significant(factor),
  };
  return label(factor < 1 ? "clipped" : "not_clipped", holes);
}

export function describeWeights({ name, layer, depth, largest }, radius, label) {
  const holes = { radius: fixed(radius), largest: fixed(radius * largest), layer };
  return depth > 1 && name === "rnn" ? label("spectrum_of_layer", holes) : label(`spectrum_${name}`, holes);
}

// One line a model: its name and ‖∂L/∂s(k)‖, given `sizes` = { model: dh }.
export const describeModels = ({ sizes, k }, label) =>
  ["rnn", "lstm", "gru"].map((model) => (
    model in sizes ? label("size", { name: label(`model_${model}`), value: significant(sizes[model][k - 1]), k }) : ""
  ));
