// What a new base computes, and what a dragged position does, on the long line with 32 pairs.
import { createStudy } from "./study.js";

const array = (rows, columns) => ({
  shape: [rows, columns], data: new DataView(Float32Array.from({ length: rows * columns }, () => Math.random()).buffer),
});
const study = createStudy({ rows: array(64, 32), drawn: array(2, 64) });
const settings = {
  first: 10, second: 16, kind: "rotary", pairing: "halves", pairs: 32, base: 10000, stretch: 1, shift: 0,
  extrapolate: true, vectors: "drawn",
};
let moves = 0;

export const CASES = {
  "a changed base": () => study({ ...settings, base: 10 + (moves += 1) }),
  "a dragged position": () => study({ ...settings, first: (moves += 1) % 256 }),
};
