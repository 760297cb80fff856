// A Vision Transformer on images of 8×8 grey values, as `run` of seqbook.models.digit_vit goes through it. No DOM.
import { gelu } from "../kit/gelu.js";
import { attention, layerNorm, layersOf, linear, sum } from "../kit/transformer.js";
import { SIDE } from "./drawing.js";

export const PATCH = 2;
export const ACROSS = SIDE / PATCH; // patches
export const PLACES = ACROSS * ACROSS;
export const INK = 16; // the grey value of a pixel full of ink

// Where in the image the pixels of the patch at a place are, row by row.
export const pixelsAt = (place) =>
  [0, 1, SIDE, SIDE + 1].map((each) => PATCH * (Math.floor(place / ACROSS) * SIDE + (place % ACROSS)) + each);

// Grey values after patches have been moved: at place n stands patch order[n].
export function moved(grey, order) {
  const made = new Float64Array(grey.length);
  order.forEach((from, place) => {
    const there = pixelsAt(from);
    pixelsAt(place).forEach((at, n) => (made[at] = grey[there[n]]));
  });
  return made;
}

// With the patches at `places` as those of another image.
export function replaced(grey, places, other) {
  const made = grey.slice();
  for (const place of places) for (const at of pixelsAt(place)) made[at] = other[at];
  return made;
}

const EVERY = Array(PLACES).fill(true);

// `arrays` = { name: { values } } under the names of digit_contest.Variant's parameters; `heads` is N.
export function createViT(arrays, heads) {
  const { layer, blocks: blocksOf, encoderBlock } = layersOf(arrays);
  const [projection, norm, output] = ["patches.projection", "encoder.norm", "output"].map(layer);
  const blocks = blocksOf("encoder", encoderBlock);
  const [token, positions] = ["class_token", "positions.weight"].map((name) => arrays[name]?.values);
  const E = norm.bias.length;

  // { logits (10), stages: the tokens (T, E) embedded, with positions, after each block; weights: each block's
  // (N, T, T); first: 1 where the class token is the first token, else 0 }. See `run` in Python.
  function run(grey, { switchedOff = "nothing", keep = EVERY } = {}) {
    const patches = Float64Array.from(EVERY.flatMap((_, place) => pixelsAt(place).map((at) => grey[at] / INK)));
    const embedded = linear(patches, projection);
    const first = Number(Boolean(token) && switchedOff !== "class_token");
    let x = first ? Float64Array.of(...token, ...embedded) : embedded;
    const [stages, weights] = [[x], []];
    if (positions && switchedOff !== "positions") x = sum(x, positions.subarray(positions.length - x.length));
    stages.push(x);
    const seen = [...Array(first).fill(true), ...keep];
    const mask = seen.map(() => seen);
    for (const block of blocks) {
      const looked = attention(x, block, block.norm1, heads, mask);
      const hidden = linear(layerNorm(looked.y, block.norm2).out, block.linear1);
      x = sum(looked.y, linear(hidden.map(gelu), block.linear2));
      stages.push(x);
      weights.push(looked.weights);
    }
    const { out } = layerNorm(x, norm);
    return { logits: linear(first ? out.subarray(0, E) : meanOf(out, keep, E), output), stages, weights, first };
  }
  return { E, N: heads, run };
}

// The mean (E) of the tokens (T, E) that there are.
function meanOf(x, keep, E) {
  const count = keep.filter(Boolean).length;
  return Float64Array.from({ length: E }, (_, e) =>
    keep.reduce((total, there, t) => total + (there ? x[t * E + e] / count : 0), 0));
}

// (T, T): attention through all blocks, of their weights (N, T, T). Each block is half the mean of its heads and half
// the residual connection (Abnar and Zuidema, 2020).
export function rollout(weights, N) {
  const T = Math.sqrt(weights[0].length / N);
  let through = Float64Array.from({ length: T * T }, (_, at) => Number(at % (T + 1) === 0));
  for (const block of weights) {
    const step = Float64Array.from({ length: T * T }, (_, at) => {
      let total = N * Number(at % (T + 1) === 0);
      for (let n = 0; n < N; n += 1) total += block[n * T * T + at];
      return total / (2 * N);
    });
    const next = new Float64Array(T * T);
    for (let t = 0; t < T; t += 1) {
      for (let k = 0; k < T; k += 1) {
        for (let s = 0; s < T; s += 1) next[t * T + s] += step[t * T + k] * through[k * T + s];
      }
    }
    through = next;
  }
  return through;
}
