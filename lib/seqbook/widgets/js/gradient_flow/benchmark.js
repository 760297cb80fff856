// What one drag of a slider computes, and what the choice of another pair of steps or of another layer does.
import { createFlow } from "./flow.js";
import { normals } from "./draws.js";
import { gradients } from "./models.js";

let place = 0;
const array = (length) => normals((place += length), length).map((value) => value / 3);
const [H, D, T, DEEPEST] = [8, 4, 50, 6];
const layer = (inputs) => ({ weight_ih: array(4 * H * inputs), gaussian: array(4 * H * H), bias: array(4 * H) });
const upper = Array.from({ length: DEEPEST }, () => layer(H));
const drawn = { ...layer(D), x: array(T * D), direction: array(H), above: (number) => upper[number - 2] };
const largest = { shape: [DEEPEST], data: new DataView(new ArrayBuffer(4 * DEEPEST)) };
const traits = {
  model: "lstm", compare: true, seed: 0, steps: T, weights: "gaussian", activation: "tanh", radius: 1, input_scale: 1,
  forget_bias: 1, loss: "every", depth: 1, skips: true, norm_place: "pre", layer: 1,
};
let moves = 0;
const next = (count) => (moves += 1) % count;

// A widget of its own for each case; `change()` gives the traits that a move sets.
function moved(start, change) {
  const now = { ...traits, ...start };
  const flow = createFlow([{ largest_gaussian: largest }], (name, _, settings) => gradients(name, drawn, settings));
  return () => {
    Object.assign(now, change());
    return flow((name) => now[name]);
  };
}

export const CASES = {
  "a drag at H=8, T=50": moved({}, () => ({ radius: 0.5 + next(100) / 100 })),
  "another pair of steps": moved({}, () => ({ step_from: 1 + next(T) })),
  "a drag with 6 layers": moved({ depth: DEEPEST }, () => ({ radius: 0.5 + next(100) / 100 })),
  "a drag with 6 blocks": moved({ model: "transformer", depth: DEEPEST }, () => ({ radius: 0.5 + next(100) / 100 })),
  "another layer": moved({ depth: DEEPEST }, () => ({ layer: 1 + next(DEEPEST) })),
};
