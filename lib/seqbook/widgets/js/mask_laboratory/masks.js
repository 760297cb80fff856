// Who may look at whom: arrays (T, T) of booleans, as `mask_laboratory.py` has them. `pads` tokens of padding come
// first.
import { clamp } from "../kit/scale.js";

const square = (T, may) => Array.from({ length: T }, (_, t) => Array.from({ length: T }, (_, s) => may(t, s)));

// Whether query t may look at key s.
const RULES = {
  causal: (t, s) => s <= t,
  padding: (t, s, pads) => s <= t && s >= pads,
  off_by_one: (t, s) => s <= t + 1,
  strict: (t, s) => s < t,
  transposed: (t, s) => s >= t,
  inverted: (t, s) => s > t,
  padding_in_query: (t, s, pads) => s <= t && t >= pads,
  open: () => true,
  closed: () => false,
};

// `mask` is a preset's name or rows of digits; what lies beyond the painted rows is causal.
export function maskOf(mask, T, pads) {
  if (typeof mask === "string") return square(T, (t, s) => RULES[mask](t, s, pads));
  const size = mask.length;
  return square(T, (t, s) => (t < size && s < size ? mask[t][s] === "1" : s <= t));
}

export const causal = (T) => maskOf("causal", T, 0);

// What a network could look at in its training, and no padding besides.
export const maskOfTraining = (trained, T, pads) =>
  square(T, (t, s) => RULES[trained === "leak" ? "off_by_one" : "causal"](t, s) && s >= pads);

// A mask as the model holds a painted one.
export const digits = (mask) => mask.map((row) => row.map(Number).join(""));

// The mask with some cells [t, s] set to `may`.
export function painted(mask, cells, may) {
  const next = mask.map((row) => [...row]);
  for (const [t, s] of cells) next[t][s] = may;
  return next;
}

// `which[t][s]`: can position t know of token s through so many blocks? Its own vector passes each by the residual
// connections.
export function knows(mask, layers) {
  const T = mask.length;
  let known = square(T, (t, s) => t === s);
  for (let layer = 0; layer < layers; layer += 1) {
    const before = known;
    known = square(T, (t, s) => before[t][s] || mask[t].some((may, u) => may && before[u][s]));
  }
  return known;
}

// The cells on the way from one to another, both included: what a fast pointer passes over.
export function line([t0, s0], [t1, s1]) {
  const steps = Math.max(Math.abs(t1 - t0), Math.abs(s1 - s0), 1);
  return Array.from({ length: steps + 1 }, (_, n) => [t0, s0].map((from, at) =>
    Math.round(from + (([t1, s1][at] - from) * n) / steps)));
}

// The cell that a key leads to from [t, s], or undefined for a key that leads nowhere.
export function neighbour(key, [t, s], T) {
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const jumps = { Home: [t, 0], End: [t, T - 1], PageUp: [0, s], PageDown: [T - 1, s] };
  if (jumps[key]) return jumps[key];
  return moves[key]?.map((move, at) => clamp([t, s][at] + move, 0, T - 1));
}
