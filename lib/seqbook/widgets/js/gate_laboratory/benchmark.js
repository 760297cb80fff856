// What one key computes: all steps behind it, with a network of the largest model's size.
import { projectInput } from "../kit/lstm.js";
import { readCharacters } from "./specimens.js";
import { createStudy } from "./study.js";

const array = (length) => Float64Array.from({ length }, () => Math.random() - 0.5);
const [H, D, T] = [128, 16, 200];
const weights = { weight_ih: array(4 * H * D), weight_hh: array(4 * H * H), bias: array(4 * H) };
const projected = Array.from({ length: 4 }, () => projectInput(weights, array(D)));
const ids = new Map([..." abc"].map((character, n) => [character, n]));
const network = {
  H, predicts: "next", weights, read: (text) => readCharacters(text, ids, T), project: ({ key }) => projected[key],
};
const study = createStudy(network);
let moves = 0;

export const CASES = {
  "a key before 200 characters at H=128": () => {
    study.take("ab"[(moves += 1) % 2] + "a b c ".repeat(40), []);
    study.advance(T);
  },
};
