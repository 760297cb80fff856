import assert from "node:assert/strict";
import { test } from "node:test";

import { exchanged, neighbour, reordered, rowAndColumn, shuffledOrder, toggled } from "./places.js";

const SAME = Array.from({ length: 16 }, (_, n) => n);

test("two patches change places, and what is erased goes with them", () => {
  const one = exchanged({ order: SAME, erased: [2, 9] }, 2, 7);
  assert.deepEqual([one.order[2], one.order[7], one.order[3]], [7, 2, 3]);
  assert.deepEqual(one.erased, [7, 9]);
  assert.deepEqual(exchanged(one, 7, 2), { order: SAME, erased: [2, 9] });
  assert.deepEqual(exchanged({ order: SAME, erased: [2, 9] }, 2, 9).erased, [2, 9]);
});

test("in another order the erased patches are the same ones", () => {
  const turned = [...SAME.slice(1), 0]; // patch n + 1 at place n
  assert.deepEqual(reordered({ order: SAME, erased: [0, 9] }, turned), { order: turned, erased: [8, 15] });
  assert.deepEqual(reordered({ order: turned, erased: [8, 15] }, SAME).erased, [0, 9]);
});

test("a place is erased and restored; beyond the most nothing more is", () => {
  assert.deepEqual(toggled([9], 3, 14), [3, 9]);
  assert.deepEqual(toggled([3, 9], 3, 14), [9]);
  assert.deepEqual([toggled([1, 2], 3, 2), toggled([1, 2], 2, 2)], [[1, 2], [1]]);
});

test("shuffled, every patch is there once, and chance moves the last as well as the first", () => {
  assert.deepEqual(shuffledOrder(() => 0.999), SAME);
  const turned = shuffledOrder(() => 0);
  assert.deepEqual([...turned].sort((a, b) => a - b), SAME);
  assert.deepEqual([turned[15], turned[0]], [0, 1]);
});

test("keys walk over the grid and stop at its edges", () => {
  assert.deepEqual(rowAndColumn(6), { row: 2, column: 3 });
  const walk = { ArrowLeft: 5, ArrowRight: 7, ArrowUp: 2, ArrowDown: 10, Home: 4, End: 7 };
  for (const [key, wanted] of Object.entries(walk)) assert.equal(neighbour(key, 6), wanted);
  assert.deepEqual([neighbour("ArrowLeft", 4), neighbour("ArrowUp", 3), neighbour("ArrowDown", 13), neighbour("a", 3)],
    [4, 3, 13, null]);
});
