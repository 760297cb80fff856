import assert from "node:assert/strict";
import { test } from "node:test";

import { dot, logSoftmax, norm, plus, scaledBy, softmax, times, timesTransposed } from "./vectors.js";

const matrix = Float64Array.of(1, 2, 3, 4, 5, 6); // (2, 3)

test("products of a matrix with a vector from either side", () => {
  assert.deepEqual([...times(matrix, [1, 0, -1])], [-2, -2]);
  assert.deepEqual([...times(matrix, [1, 0, -1], [10, 20])], [8, 18]);
  assert.deepEqual([...timesTransposed(matrix, Float64Array.of(1, -1))], [-3, -3, -3]);
});

test("sums, lengths and multiples", () => {
  assert.equal(dot([3, 4], [2, 1]), 10);
  assert.equal(norm([3, 4]), 5);
  assert.deepEqual(plus([1, 2], [3, 4]), [4, 6]);
  assert.deepEqual(scaledBy([1, -2], 3), [3, -6]);
});

test("a softmax adds up to 1, also far from 0, and its logarithm is what it says", () => {
  for (const shift of [0, 1e4, -1e4]) {
    const found = softmax([1, 2, 3].map((each) => each + shift));
    assert.ok(Math.abs(found.reduce((sum, each) => sum + each) - 1) < 1e-12);
    assert.ok(Math.abs(found[2] / found[1] - Math.E) < 1e-9);
  }
  assert.ok(Math.abs(logSoftmax([0, Math.log(3)])[1] - Math.log(0.75)) < 1e-12);
});
