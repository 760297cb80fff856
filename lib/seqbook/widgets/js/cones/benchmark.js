// What one key in the field of the new letter computes, and what one in the sentence does, at 48 letters.
import { createStudy } from "./study.js";
import { createReader } from "./network.js";

const [H, D] = [64, 24];
const array = (length) => Float64Array.from({ length }, () => Math.random() - 0.5);
const layer = () => ({ weight_ih: array(H * D), weight_hh: array(H * H), bias: array(H) });
const vectors = Object.fromEntries([..."abcdefgh"].map((letter) => [letter, array(D)]));
const weights = { forward: layer(), backward: layer(), weight: array(6 * H), bias: array(3) };
const study = createStudy({ read: createReader({ ...weights, vector: (letter) => vectors[letter] }) }, 48);
let moves = 0;

export const CASES = {
  "a key in the sentence at 48 letters": () => study("abcdefgh"[(moves += 1) % 8] + "abcdefg".repeat(7), null, ""),
  "a changed letter at 48 letters": () => study("abcdefg".repeat(7), 5, "abcdefgh"[(moves += 1) % 8]),
};
