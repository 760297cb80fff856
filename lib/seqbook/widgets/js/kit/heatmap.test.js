import assert from "node:assert/strict";
import { test } from "node:test";

import { cellAt, cellByKey, colourCells } from "./heatmap.js";

test("the cell under the pointer", () => {
  const [left, top, sides, counts] = [34, 8, [200, 200], [4, 4]];
  assert.deepEqual(cellAt(left + 1, top + 1, sides, counts), [1, 1]);
  assert.deepEqual(cellAt(left + 199, top + 51, sides, counts), [2, 4]);
  assert.equal(cellAt(left - 1, top + 1, sides, counts), null);
  assert.equal(cellAt(left + 1, top - 1, sides, counts), null);
  assert.equal(cellAt(left + 201, top + 1, sides, counts), null);
  assert.equal(cellAt(left + 1, top + 201, sides, counts), null);
});

test("the cell under the pointer where rows are not as tall as columns are wide", () => {
  const at = (x, y) => cellAt(34 + x, 8 + y, [60, 500], [3, 50]);
  assert.deepEqual([at(1, 1), at(499, 59), at(255, 21)], [[1, 1], [3, 50], [2, 26]]);
  assert.deepEqual([at(499, 61), at(501, 59)], [null, null]);
});

test("keys lead from cell to cell and not beyond the last", () => {
  const from = (key, cell) => cellByKey(key, cell, [3, 5]);
  const moves = { ArrowLeft: [2, 3], ArrowRight: [2, 5], ArrowUp: [1, 4], ArrowDown: [3, 4], Home: [2, 1], End: [2, 5],
    PageUp: [1, 4], PageDown: [3, 4] };
  for (const [key, cell] of Object.entries(moves)) assert.deepEqual(from(key, [2, 4]), cell, key);
  assert.deepEqual([from("ArrowUp", [1, 1]), from("ArrowLeft", [1, 1])], [[1, 1], [1, 1]]);
  assert.deepEqual([from("ArrowDown", [3, 5]), from("ArrowRight", [3, 5])], [[3, 5], [3, 5]]);
  assert.equal(from("Tab", [1, 1]), null);
});

test("cells take the colour of their value, missing cells a grey veil", () => {
  const bytes = colourCells([-1, NaN, 1, 0], (value) => value, new Uint8ClampedArray(16));
  const alphas = [0, 1, 2, 3].map((cell) => bytes[4 * cell + 3]);
  assert.deepEqual([alphas[0], alphas[2], alphas[3]], [255, 255, 0]);
  assert.ok(alphas[1] > 0 && alphas[1] < 100);
  assert.notDeepEqual([...bytes.slice(0, 3)], [...bytes.slice(8, 11)]);
});
