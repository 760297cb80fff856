// What one drag of a slider computes.
import { createComputed } from "./computed.js";
import { cone } from "./graph.js";

const numbers = Array.from({ length: 12 }, () => Math.random() - 0.5);
const settings = (W) => ({
  pattern: 1, steps: 12, teacher: false, loss: true, state: 0, params: { U: 1, W, V: 1, b: 0, c: 0 },
  x: numbers, y: numbers,
});
const computed = createComputed();
let moves = 0;

export const CASES = {
  "a drag at T=12": () => {
    const moved = settings(((moves += 1) % 100) / 100);
    return [computed.values(moved), cone(computed.graph(moved), "L12"), computed.slopes(moved, "L12")];
  },
};
