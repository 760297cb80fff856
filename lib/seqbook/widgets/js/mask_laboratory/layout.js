// Places in the picture: columns of tokens under the mask's columns, and rows of vectors from the tokens upwards.
import { clamp } from "../kit/scale.js";

export const LEFT = 26; // of the letters before the rows
const [NARROWEST, WIDEST] = [12, 24]; // of a cell
const RIGHT = 74; // of the answers' room, at least
export const TOP = 16;
export const TOKENS = 150; // the middle of the row of tokens
export const BARS = { from: 176, height: 44 }; // of the gradient, hanging down
export const HEIGHT = 226;

// { cell }: a cell's side.
export function frame(T, width) {
  return { cell: clamp(Math.floor((width - LEFT - RIGHT) / T), NARROWEST, WIDEST) };
}

export const columnAt = (s, cell) => LEFT + (s + 0.5) * cell;

// The height of what comes out of a block, 0 for the tokens.
export const rowAt = (layer, layers) => TOKENS - ((TOKENS - TOP) * layer) / layers;

// The edges that position t is computed from, [layer, from, to, kind] with kind "past", "future" or "own": an edge of
// layer l leads from the vectors before block l to those after it.
export function coneEdges(mask, layers, t) {
  const edges = [];
  let reached = [t];
  for (let layer = layers; layer > 0; layer -= 1) {
    const below = new Set(reached);
    for (const to of reached) {
      edges.push([layer, to, to, "own"]); // the residual connection, and looking at itself
      mask[to].forEach((may, from) => {
        if (!may || from === to) return;
        below.add(from);
        edges.push([layer, from, to, from > to ? "future" : "past"]);
      });
    }
    reached = [...below].sort((one, other) => one - other);
  }
  return edges;
}

// The nodes on those edges, [layer, token].
export function coneNodes(edges, layers, t) {
  const nodes = new Set([`${layers},${t}`, ...edges.map(([layer, from]) => `${layer - 1},${from}`)]);
  return [...nodes].map((node) => node.split(",").map(Number));
}
