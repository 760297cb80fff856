// What a stroke over one cell computes, and what a key in the field does, at the longest text with all its padding.
import { createTransformer } from "../kit/transformer.js";
import { block, drawn, layer } from "../random-weights.js";
import { createStudy } from "./study.js";

const [V, E, F, HEADS] = [104, 24, 48, 4];
const network = createTransformer({
  "tokens.embedding.weight": drawn(V * E), ...block("stack.blocks.0", E, F), ...block("stack.blocks.1", E, F),
  ...layer("stack.norm", E, 1), ...layer("output", V, E),
}, HEADS);
const characters = Array.from({ length: V }, (_, n) => String.fromCharCode(32 + n));
const idOf = new Map(characters.map((character, id) => [character, id]));
const study = createStudy({ networks: [network, network], characters, idOf }, 14);
const settings = { text: "ABCDEFGHIJKLMN", padding: 3, layers: 2, time: 5, trained: "causal" };
let moves = 0;
const mask = () => Array.from({ length: 17 }, (_, t) => ((moves += 1) % 131071).toString(2).padStart(17, "0"));

export const CASES = {
  "a painted cell at 17 tokens": () => study({ ...settings, mask: mask() }),
  "a key in the text at 17 tokens": () =>
    study({ ...settings, mask: "causal", text: String.fromCharCode(65 + ((moves += 1) % 26)) + "BCDEFGHIJKLMN" }),
};
