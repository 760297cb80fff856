// What the picture shows, in words.
import { fixed, significant } from "../kit/format.js";

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

// Sentences about the chosen pair of steps, and about clipping. `found` is what the model's `gradients` gave.
// `s` is the letter of the state, "h" or "s".
export function describe({ found, k, t, T, s, loss }, label) {
  const sentences = [];
  const own = found.dh[k - 1];
  sentences.push(label(`loss_at_${loss}`, { s, k, T, value: significant(own) }));
  const between = found.matrix[(t - 1) * T + (k - 1)];
  if (t === k) {
    sentences.push(label("same", { s, t }));
  } else {
    const holes = { s, k, t, steps: t - k, value: significant(between), rate: significant(perStep(between, t - k)) };
    sentences.push(label("nudge", holes), label(`fate_${fate(between)}`, holes));
  }
  return sentences;
}

export function describeClipping(norm, clip, label) {
  if (clip === null) return label("norm", { value: significant(norm) });
  const [after, factor] = clipped(norm, clip);
  const holes = {
    value: significant(norm), clip: significant(clip), after: significant(after), factor: significant(factor),
  };
  return label(factor < 1 ? "clipped" : "not_clipped", holes);
}

export const describeWeights = (model, radius, largest, label) =>
  label(`spectrum_${model}`, { radius: fixed(radius), largest: fixed(radius * largest) });

// One line a model: its name and ‖∂L/∂s(k)‖, given `sizes` = { model: dh }.
export const describeModels = ({ sizes, k }, label) =>
  ["rnn", "lstm", "gru"].map((model) => (
    model in sizes ? label("size", { name: label(`model_${model}`), value: significant(sizes[model][k - 1]), k }) : ""
  ));
