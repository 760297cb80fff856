import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenFrom, chosenTo, pairOf, resized, restacked } from "./pair.js";

const reader = (traits) => (name) => traits[name];

test("the pair keeps within the length, k before t", () => {
  assert.deepEqual(pairOf(reader({ steps: 30, step_from: 3, step_to: 20 })), [3, 20]);
  assert.deepEqual(pairOf(reader({ steps: 10, step_from: 12, step_to: 20 })), [10, 10]);
});

test("choosing one moves the other out of its way", () => {
  assert.deepEqual(chosenFrom([3, 7], 5), { step_from: 5, step_to: 7 });
  assert.deepEqual(chosenFrom([3, 7], 9), { step_from: 9, step_to: 9 });
  assert.deepEqual(chosenTo([3, 7], 2), { step_from: 2, step_to: 2 });
});

test("a new length keeps the pair within it, and the last step the last", () => {
  const last = reader({ steps: 30, step_from: 3, step_to: 30 });
  const within = reader({ steps: 30, step_from: 9, step_to: 20 });
  assert.deepEqual(resized(last, 40), { steps: 40, step_from: 3, step_to: 40 });
  assert.deepEqual(resized(within, 5), { steps: 5, step_from: 5, step_to: 5 });
  assert.deepEqual(resized(within, 40), { steps: 40, step_from: 9, step_to: 20 });
});

test("a new depth keeps the layer within it", () => {
  assert.deepEqual(restacked(reader({ layer: 3 }), 2), { layer: 2, depth: 2 });
  assert.deepEqual(restacked(reader({ layer: 3 }), 6), { layer: 3, depth: 6 });
});
