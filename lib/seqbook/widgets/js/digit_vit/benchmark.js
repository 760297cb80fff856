// What a move of the pen computes, and what another order, network or query does.
import { block, drawn, layer } from "../random-weights.js";
import { blank, rowsOf, stroked } from "./drawing.js";
import { createViT } from "./network.js";
import { createStudy } from "./study.js";

const [E, F, HEADS] = [24, 48, 4];
const network = createViT({
  ...layer("patches.projection", E, 4), class_token: drawn(E), "positions.weight": drawn(17 * E),
  ...block("encoder.blocks.0", E, F), ...block("encoder.blocks.1", E, F),
  ...layer("encoder.norm", E, 1), ...layer("output", 10, E),
}, HEADS);
const networks = { nothing: network, positions: network, class_token: network };
const study = createStudy({ networks, examples: [Array.from({ length: 64 }, (_, at) => at % 17)], mean: Array(64).fill(4) });
const same = Array.from({ length: 16 }, (_, n) => n);
const settings = { image: 0, fit: true, order: same, erased: [], erasing: "paper", without: "positions",
  network: "trained", layer: 1, head: 1, query: 0, stage: 1 };
let moves = 0;
let drawing = blank();
const next = () => (moves = (moves + 7) % 29);

export const CASES = {
  "a move of the pen": () => {
    drawing = stroked(drawing, [next() + 1, 3], [next() + 1, 28], moves % 2);
    return study({ ...settings, image: rowsOf(drawing) });
  },
  "two patches exchanged": () => {
    const at = next() % 15;
    return study({ ...settings, order: same.map((n) => (n === at ? at + 1 : n === at + 1 ? at : n)) });
  },
  "another query": () => study({ ...settings, query: next() % 17 }),
};
