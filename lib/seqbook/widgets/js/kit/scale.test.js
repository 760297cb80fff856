import assert from "node:assert/strict";
import { test } from "node:test";

import { clamp, decadesFor, decadeTicks, linear, stepTicks, symmetricLog } from "./scale.js";

test("linear maps both ways", () => {
  const scale = linear([1, 5], [100, 20]);
  assert.equal(scale(1), 100);
  assert.equal(scale(5), 20);
  assert.equal(scale.invert(60), 3);
});

test("the logarithmic scale has 1 in the middle and keeps everything inside", () => {
  const scale = symmetricLog(4, [200, 0]);
  assert.equal(scale(1), 100);
  assert.equal(scale(1e4), 0);
  assert.equal(scale(1e-2), 150);
  assert.equal(scale(0), 200);
  assert.equal(scale(Infinity), 0);
});

test("decades grow by doubling and ignore zero and infinity", () => {
  assert.equal(decadesFor([1, 1]), 1);
  assert.equal(decadesFor([0, 0.001]), 4);
  assert.equal(decadesFor([1e9, Infinity]), 16);
  assert.equal(decadesFor([1e-300], 64), 64);
});

test("ticks", () => {
  assert.deepEqual(decadeTicks(1), [-1, 0, 1]);
  assert.deepEqual(decadeTicks(8), [-8, -4, 0, 4, 8]);
  assert.deepEqual(stepTicks(1), [1]);
  assert.deepEqual(stepTicks(4), [1, 2, 3, 4]);
  assert.deepEqual(stepTicks(30), [1, 5, 10, 15, 20, 25, 30]);
  assert.deepEqual(stepTicks(60), [1, 10, 20, 30, 40, 50, 60]);
  assert.deepEqual(stepTicks(52), [1, 10, 20, 30, 40, 52]);
});

test("clamp", () => {
  assert.deepEqual([clamp(-2, 0, 1), clamp(0.5, 0, 1), clamp(2, 0, 1)], [0, 0.5, 1]);
});
