import assert from "node:assert/strict";
import { test } from "node:test";

import { activeAt, clampAt, editBetween, firstStep, released, shifted, withClamp } from "./clamps.js";

const clamp = (start, end, rest = {}) => ({ gate: "f", value: 0, unit: null, start, end, ...rest });

test("a clamp holds from its start to its end, both included, or to the last step", () => {
  const clamps = [clamp(2, 3), clamp(4, null)];
  assert.deepEqual(
    [1, 2, 3, 4, 99].map((t) => activeAt(clamps, t).length),
    [0, 1, 1, 1, 1],
  );
  assert.equal(firstStep(clamps), 2);
  assert.equal(firstStep([]), Infinity);
});

test("the last clamp on a gate decides, and another unit's does not count", () => {
  const [all, own, other] = [
    clamp(1, null),
    clamp(1, null, { unit: 3, value: 0.5 }),
    clamp(1, null, { unit: 4, value: 0.9 }),
  ];
  assert.equal(clampAt([all, own, other], "f", 3, 1), own);
  assert.equal(clampAt([own, all], "f", 3, 1), all);
  assert.equal(clampAt([own, other], "f", 5, 1), undefined);
  assert.equal(clampAt([all], "i", 3, 1), undefined);
});

test("the same place is held once; releasing spares other gates, units and steps", () => {
  const first = clamp(2, 2, { value: 0.1 });
  const again = clamp(2, 2, { value: 0.2 });
  assert.deepEqual(withClamp([first, clamp(3, 3)], again), [clamp(3, 3), again]);
  const others = [clamp(2, 2, { gate: "i" }), clamp(2, 2, { unit: 1 }), clamp(5, 6)];
  assert.deepEqual(released([first, ...others], "f", 0, 2), others);
});

test("an edit is found between what stays in front and behind", () => {
  assert.deepEqual(editBetween([..."abcd"], [..."abXcd"]), { at: 2, removed: 0, inserted: 1 });
  assert.deepEqual(editBetween([..."abcd"], [..."ad"]), { at: 1, removed: 2, inserted: 0 });
  assert.deepEqual(editBetween([..."aa"], [..."aaa"]), { at: 2, removed: 0, inserted: 1 });
  assert.deepEqual(editBetween([], [..."ab"]), { at: 0, removed: 0, inserted: 2 });
});

test("clamps stay on their characters while the text around them changes", () => {
  const typed = { at: 3, removed: 0, inserted: 2 }; // two characters after the third
  assert.deepEqual(shifted([clamp(3, 3), clamp(4, 4), clamp(2, 5), clamp(1, null)], typed), [
    clamp(3, 3),
    clamp(6, 6),
    clamp(2, 7),
    clamp(1, null),
  ]);
  const cut = { at: 3, removed: 2, inserted: 0 }; // characters 4 and 5
  assert.deepEqual(shifted([clamp(4, 5), clamp(3, 4), clamp(5, 6), clamp(6, 6), clamp(5, null)], cut), [
    clamp(3, 3),
    clamp(4, 4),
    clamp(4, 4),
    clamp(4, null),
  ]);
});
