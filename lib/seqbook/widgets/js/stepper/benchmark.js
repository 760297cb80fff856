// What one key in the text computes at 48 characters and a beam of 8, and what another width does.
import { createStudy } from "./study.js";
import { gruStep } from "../kit/gru.js";
import { logSoftmax } from "../kit/vectors.js";

const [H, V] = [64, 13];
const array = (length) => Float64Array.from({ length }, () => Math.random() - 0.5);
const layer = () => ({ weights: { weight_hh: array(3 * H * H), bias_hn: array(H) }, x: array(3 * H) });
const [encoder, decoder] = [layer(), layer()];
const run = ({ weights, x }, h) => gruStep(weights, x, h).h;
const network = {
  H, V, characters: ["�", ..."abcdefgh"], tokens: [..."0123456789-■", ""], end: 11, start: 12, most: 16,
  read(ids) {
    const states = [];
    for (const _ of ids) states.push(run(encoder, states.at(-1) ?? new Float64Array(H)));
    return states;
  },
  step: (_, before) => ({ h: run(decoder, before), logProbs: logSoftmax(array(V)) }),
};
const study = createStudy(network, 48);
let moves = 0;
const get = (text, width) => (trait) => ({ text, width, forced: "", shown: "greedy" })[trait];

export const CASES = {
  "a key at 48 characters, width 8": () => study(get("abcdefgh"[(moves += 1) % 8] + "abcdefg".repeat(7), 8)),
  "another width": () => study(get("abcdefg".repeat(7), 1 + ((moves += 1) % 8))),
};
