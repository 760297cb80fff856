// What a drag of the temperature computes: eight names of the greatest length, with a network of the real size.
import { written } from "./writing.js";

const array = (length) => Float64Array.from({ length }, () => Math.random() - 0.5);
const [H, V] = [128, 102];
const [hh, out] = [array(H * H), array(V * H)];
const product = (weight, rows, x) =>
  Float64Array.from({ length: rows }, (_, row) => x.reduce((sum, each, n) => sum + weight[row * H + n] * each, 0));
const network = {
  ids: new Map([["@", 1]]), signs: new Set(), start: new Float64Array(H),
  step: (id, h) => product(hh, H, h).map((each) => Math.tanh(each + id / V)),
  outputs: (h) => product(out, V, h).map((each, n) => (n ? each : -100)),
};
let draw = 0;

export const CASES = {
  "eight names of 40 letters": () =>
    written(network, { mark: "@", start: "", temperature: 1, draw: (draw += 1), longest: 40 }),
};
