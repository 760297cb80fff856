import assert from "node:assert/strict";
import { test } from "node:test";

import { erf, gelu } from "./gelu.js";

test("erf is as in the tables, odd, and 1 far out", () => {
  const table = [[0.1, 0.1124629160182849], [0.5, 0.5204998778130465], [1, 0.8427007929497149], [2, 0.9953222650189527],
    [3.5, 0.9999992569016276], [5, 0.9999999999984626]];
  for (const [x, wanted] of table) {
    assert.ok(Math.abs(erf(x) - wanted) < 1e-15 * 4, `${x}`);
    assert.equal(erf(-x), -erf(x));
  }
  assert.deepEqual([erf(0), erf(6), erf(40), erf(-Infinity), erf(NaN)], [0, 1, 1, -1, NaN]);
});

test("gelu lies between 0 and x", () => {
  assert.ok(Math.abs(gelu(1) - 0.8413447460685429) < 1e-15 && Math.abs(gelu(-1) + 0.15865525393145707) < 1e-15);
  assert.deepEqual([gelu(0), gelu(20), Math.abs(gelu(-20))], [0, 20, 0]);
});
