import assert from "node:assert/strict";
import { test } from "node:test";

import { gelu } from "../kit/gelu.js";
import { layerNorm, linear } from "../kit/transformer.js";
import { createViT, moved, pixelsAt, replaced, rollout } from "./network.js";

const near = (found, wanted, tolerance = 1e-12) => {
  assert.equal(found.length, wanted.length);
  wanted.forEach((each, n) => assert.ok(Math.abs(found[n] - each) < tolerance, `${n}: ${found[n]} is not ${each}`));
};
const drawn = (length, seed) => Float64Array.from({ length }, (_, n) => Math.sin(12.9898 * (n + 1) + 78.233 * seed));

const [E, F, N] = [4, 6, 2];
function arraysOf({ token = true, positions = true } = {}) {
  let seed = 0;
  const arrays = {};
  const layer = (name, rows, columns) => {
    arrays[`${name}.weight`] = { values: drawn(rows * columns, (seed += 1)) };
    arrays[`${name}.bias`] = { values: drawn(rows, (seed += 1)) };
  };
  layer("patches.projection", E, 4);
  if (token) arrays.class_token = { values: drawn(E, 98) };
  if (positions) arrays["positions.weight"] = { values: drawn((16 + Number(token)) * E, 99) };
  for (const block of [0, 1]) {
    const at = `encoder.blocks.${block}`;
    for (const name of ["query", "key", "value", "output"]) layer(`${at}.attention.${name}`, E, E);
    layer(`${at}.feed_forward.linear1`, F, E);
    layer(`${at}.feed_forward.linear2`, E, F);
    for (const name of ["norm1", "norm2"]) layer(`${at}.${name}`, E, 1);
  }
  layer("encoder.norm", E, 1);
  layer("output", 10, E);
  return arrays;
}
const GREY = Float64Array.from({ length: 64 }, (_, at) => (5 * at) % 17);
const ORDER = [3, 0, 2, 1, 15, 5, 6, 7, 8, 9, 10, 11, 12, 13, 4, 14]; // turned round in threes

test("a place's pixels are a square of the image", () => {
  assert.deepEqual(pixelsAt(0), [0, 1, 8, 9]);
  assert.deepEqual(pixelsAt(7), [22, 23, 30, 31]);
  assert.equal(new Set(Array.from({ length: 16 }, (_, place) => pixelsAt(place)).flat()).size, 64);
});

test("patches stand where they were moved to, and others may stand in for them", () => {
  const made = moved(GREY, ORDER);
  assert.deepEqual(pixelsAt(4).map((at) => made[at]), pixelsAt(15).map((at) => GREY[at]));
  assert.deepEqual(pixelsAt(14).map((at) => made[at]), pixelsAt(4).map((at) => GREY[at]));
  assert.deepEqual(pixelsAt(5).map((at) => made[at]), pixelsAt(5).map((at) => GREY[at]));
  const other = new Float64Array(64).fill(7);
  const erased = replaced(GREY, [2], other);
  assert.deepEqual([...erased].filter((each, at) => each !== GREY[at] && each !== 7), []);
  assert.deepEqual(pixelsAt(2).map((at) => erased[at]), [7, 7, 7, 7]);
});

test("T is 17 with the class token and 16 without; the vectors begin with it, and positions are added", () => {
  const arrays = arraysOf();
  const found = createViT(arrays, N).run(GREY);
  assert.deepEqual([found.first, found.logits.length, found.stages.length, found.weights.length], [1, 10, 4, 2]);
  assert.deepEqual([...found.stages[0].subarray(0, E)], [...arrays.class_token.values]);
  near(found.stages[1].map((each, at) => each - found.stages[0][at]), arrays["positions.weight"].values);
  near([0, 17].map((t) => found.weights[0].subarray(17 * t, 17 * t + 17).reduce((sum, each) => sum + each)), [1, 1]);
  const off = createViT(arrays, N).run(GREY, { switchedOff: "class_token" });
  assert.deepEqual([off.first, off.stages[0].length], [0, 16 * E]);
  near(off.stages[1], found.stages[1].subarray(E)); // each patch keeps its own position
  const bare = createViT(arrays, N).run(GREY, { switchedOff: "positions" });
  assert.deepEqual(bare.stages[1], bare.stages[0]);
});

test("where attention adds nothing, a block adds linear2(gelu(linear1(norm2(x))))", () => {
  const arrays = arraysOf();
  for (const kind of ["weight", "bias"]) arrays[`encoder.blocks.0.attention.output.${kind}`].values.fill(0);
  const part = (name) => arrays[`encoder.blocks.0.${name}`].values;
  const layer = (name) => ({ weight: part(`${name}.weight`), bias: part(`${name}.bias`) });
  const [, x, y] = createViT(arrays, N).run(GREY).stages;
  const hidden = linear(layerNorm(x, layer("norm2")).out, layer("feed_forward.linear1")).map(gelu);
  near(y.map((each, at) => each - x[at]), linear(hidden, layer("feed_forward.linear2")));
});

test("a network without positions does not see the order of its patches, one with them does", () => {
  for (const [parts, sees] of [[{}, true], [{ positions: false }, false], [{ positions: false, token: false }, false],
    [{ token: false }, true]]) {
    const vit = createViT(arraysOf(parts), N);
    const [one, other] = [vit.run(GREY), vit.run(moved(GREY, ORDER))].map(({ logits }) => logits);
    assert.equal(one.some((each, n) => Math.abs(each - other[n]) > 1e-9), sees);
  }
});

test("a token that is gone is looked at by nobody, read by nobody, and its pixels have no effect", () => {
  for (const token of [true, false]) {
    const vit = createViT(arraysOf({ token }), N);
    const keep = Array.from({ length: 16 }, (_, place) => place !== 6);
    const found = vit.run(GREY, { keep });
    const T = 16 + Number(token);
    found.weights.forEach((block) => {
      for (let row = 0; row < N * T; row += 1) assert.equal(block[row * T + 6 + Number(token)], 0);
    });
    near(vit.run(replaced(GREY, [6], new Float64Array(64)), { keep }).logits, found.logits);
    assert.ok(found.logits.some((each, n) => Math.abs(each - vit.run(GREY).logits[n]) > 1e-6));
  }
});

test("rollout: rows add up to 1; of one block with one head it is half the weights and half the token itself", () => {
  near(rollout([Float64Array.of(0.25, 0.75, 1, 0)], 1), [0.625, 0.375, 0.5, 0.5]);
  const two = rollout([Float64Array.of(0, 1, 0, 1, 1, 0, 1, 0), Float64Array.of(0, 1, 1, 0, 0, 1, 1, 0)], 2);
  // mean of heads: [[.5 .5] [.5 .5]] then [[0 1] [1 0]]; with the residual: [[.75 .25] [.25 .75]], [[.5 .5] [.5 .5]]
  near(two, [0.5, 0.5, 0.5, 0.5]);
  const turned = rollout([Float64Array.of(1, 0, 1, 0), Float64Array.of(0, 1, 0, 1)], 1);
  near(turned, [0.75, 0.25, 0.5, 0.5]); // the last block stands first: [[.5 .5] [0 1]] · [[1 0] [.5 .5]]
});
