// What a drag of the temperature computes: eight names of the greatest length, with a network of the real size.
import { times } from "../kit/vectors.js";
import { written } from "./writing.js";

const array = (length) => Float64Array.from({ length }, () => Math.random() - 0.5);
const [H, V] = [128, 102];
const [hh, out, zeros, never] = [array(H * H), array(V * H), new Float64Array(H), new Float64Array(V)];
never[0] = -100; // the end
const network = {
  ids: new Map([["@", 1]]), signs: new Set(), start: zeros,
  step: (id, h) => times(hh, h, zeros).map((each) => Math.tanh(each + id / V)),
  outputs: (h) => times(out, h, never),
};
let draw = 0;

export const CASES = {
  "eight names of 40 letters": () =>
    written(network, { mark: "@", start: "", temperature: 1, draw: (draw += 1), longest: 40 }),
};
