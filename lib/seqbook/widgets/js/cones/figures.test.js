import assert from "node:assert/strict";
import { test } from "node:test";

import { moved, percent, points } from "./figures.js";

test("a state that did not move is 0, one that hardly did is not", () => {
  assert.deepEqual([0, 1e-12, 0.0049, 0.005, 0.314, 0.996, 5.31, 9.94, 12.6].map(moved),
    ["0", "<.01", "<.01", "0.01", "0.31", "1.0", "5.3", "9.9", "13"]);
});

test("no size takes more than four signs", () => {
  for (let size = 0; size < 16; size += 0.0037) assert.ok(moved(size).length <= 4, moved(size));
});

test("probabilities in per cent, their changes in points with a sign", () => {
  assert.deepEqual([0, 0.004, 0.126, 1].map(percent), ["0%", "0%", "13%", "100%"]);
  assert.deepEqual([0, 1e-9, -0.001, 0.126, -0.72].map(points), ["0", "±0", "±0", "+13", "−72"]);
});
