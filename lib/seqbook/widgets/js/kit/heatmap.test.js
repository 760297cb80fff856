import assert from "node:assert/strict";
import { test } from "node:test";

import { cellAt, colourCells } from "./heatmap.js";

test("the cell under the pointer", () => {
  const [left, top, side] = [34, 8, 200];
  assert.deepEqual(cellAt(left + 1, top + 1, side, 4), [1, 1]);
  assert.deepEqual(cellAt(left + 199, top + 51, side, 4), [2, 4]);
  assert.equal(cellAt(left - 1, top + 1, side, 4), null);
  assert.equal(cellAt(left + 1, top - 1, side, 4), null);
  assert.equal(cellAt(left + 201, top + 1, side, 4), null);
  assert.equal(cellAt(left + 1, top + 201, side, 4), null);
});

test("cells take the colour of their value, missing cells a grey veil", () => {
  const bytes = colourCells([-1, NaN, 1, 0], (value) => value, new Uint8ClampedArray(16));
  const alphas = [0, 1, 2, 3].map((cell) => bytes[4 * cell + 3]);
  assert.deepEqual([alphas[0], alphas[2], alphas[3]], [255, 255, 0]);
  assert.ok(alphas[1] > 0 && alphas[1] < 100);
  assert.notDeepEqual([...bytes.slice(0, 3)], [...bytes.slice(8, 11)]);
});
