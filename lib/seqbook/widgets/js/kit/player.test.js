import assert from "node:assert/strict";
import { test } from "node:test";

import { tick } from "./player.js";

test("the clock walks to the last step and stops there", () => {
  assert.deepEqual(tick(1, 3), [2, true]);
  assert.deepEqual(tick(2, 3), [3, false]);
  assert.deepEqual(tick(3, 3), [3, false]);
  assert.deepEqual(tick(5, 3), [3, false]); // the sequence was shortened meanwhile
  assert.deepEqual(tick(1, 1), [1, false]);
});
