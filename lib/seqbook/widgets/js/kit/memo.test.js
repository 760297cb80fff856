import assert from "node:assert/strict";
import { test } from "node:test";

import { memo } from "./memo.js";

test("equal arguments, also new objects, are computed once; others again", () => {
  let calls = 0;
  const sum = memo(({ a }, b) => {
    calls += 1;
    return { sum: a + b };
  });
  const first = sum({ a: 1 }, 2);
  assert.equal(sum({ a: 1 }, 2), first);
  assert.equal(calls, 1);
  assert.deepEqual(sum({ a: 2 }, 2), { sum: 4 });
  assert.deepEqual(sum({ a: 2 }, 3), { sum: 5 });
  assert.equal(calls, 3);
});

test("what throws is not remembered", () => {
  let fails = true;
  const value = memo((each) => {
    if (fails) throw new Error("on purpose");
    return each;
  });
  assert.throws(() => value(1), /on purpose/);
  fails = false;
  assert.equal(value(1), 1);
});
