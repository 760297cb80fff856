import assert from "node:assert/strict";
import { test } from "node:test";

import { columnAt, coneEdges, coneNodes, frame, rowAt, TOKENS, TOP } from "./layout.js";
import { knows, maskOf } from "./masks.js";

test("cells are as large as there is room for the longest text on a phone, and no larger than needed", () => {
  assert.equal(frame(17, 310).cell, 12);
  assert.equal(frame(13, 310).cell, 16);
  assert.equal(frame(3, 600).cell, 24);
  for (const T of [1, 13, 17]) assert.ok(columnAt(T - 1, frame(T, 310).cell) < 310 - 60);
});

test("the tokens stand lowest and the last block highest", () => {
  assert.deepEqual([rowAt(0, 2), rowAt(2, 2), rowAt(1, 1)], [TOKENS, TOP, TOP]);
  assert.ok(rowAt(1, 2) < TOKENS && rowAt(1, 2) > TOP);
});

test("the cone's edges go by the mask and say which lead from the future", () => {
  const mask = maskOf("off_by_one", 3, 0);
  assert.deepEqual(coneEdges(mask, 1, 0), [[1, 0, 0, "own"], [1, 1, 0, "future"]]);
  const two = coneEdges(mask, 2, 0);
  assert.ok(two.some((edge) => edge.join() === "1,2,1,future") && two.some((edge) => edge.join() === "1,0,1,past"));
  assert.deepEqual(coneNodes(coneEdges(maskOf("closed", 3, 0), 2, 1), 2, 1).map(String).sort(), ["0,1", "1,1", "2,1"]);
});

test("the tokens in the cone are those that the position can know of", () => {
  const mask = maskOf(["0010", "1000", "0001", "0100"], 4, 0);
  for (const layers of [1, 2]) {
    knows(mask, layers).forEach((row, t) => {
      const tokens = coneNodes(coneEdges(mask, layers, t), layers, t).filter(([layer]) => layer === 0);
      assert.deepEqual(tokens.map(([, s]) => s).sort(), row.flatMap((each, s) => (each ? [s] : [])));
    });
  }
});
