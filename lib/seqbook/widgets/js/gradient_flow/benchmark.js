// What one drag of a slider computes, and what a choice of another pair of steps does.
import { createFlow } from "./flow.js";
import { gradients } from "./models.js";

const array = (length) => Float64Array.from({ length }, () => Math.random() - 0.5);
const [H, D, T] = [8, 4, 50];
const drawn = {
  weight_ih: array(4 * H * D), gaussian: array(4 * H * H), bias: array(4 * H), x: array(T * D), direction: array(H),
};
const traits = {
  model: "lstm", compare: true, seed: 0, steps: T, weights: "gaussian", activation: "tanh", radius: 1, input_scale: 1,
  forget_bias: 1, loss: "every",
};
const flow = createFlow([{}], (name, _, settings, options) => gradients(name, drawn, settings, options));
let moves = 0;

export const CASES = {
  "a drag at H=8, T=50": () => flow((name) => (name === "radius" ? 0.5 + ((moves += 1) % 100) / 100 : traits[name])),
  "another pair of steps": () => flow((name) => traits[name]),
};
