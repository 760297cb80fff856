import assert from "node:assert/strict";
import { test } from "node:test";

import { pathOf } from "./picture.js";

test("a run of pixels is one rectangle, and none reaches over the edge", () => {
  assert.equal(pathOf([0, 1, 1, 0, 0, 0, 1, 0, 1], (each) => each === 1), "M1 0h2v1h-2zM0 2h1v1h-1zM2 2h1v1h-1z");
  assert.equal(pathOf([0, 1, 1, 0], (each) => each === 1), "M1 0h1v1h-1zM0 1h1v1h-1z");
  assert.equal(pathOf([0, 0, 0, 0], (each) => each === 1), "");
});
