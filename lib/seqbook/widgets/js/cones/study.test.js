import assert from "node:assert/strict";
import { test } from "node:test";

import { createStudy } from "./study.js";

// States of one number: how many letters "a" there are up to the letter, and from it on.
function counted() {
  let calls = 0;
  const count = (letters) => letters.filter((letter) => letter === "a").length;
  const read = (letters) => {
    calls += 1;
    return {
      forward: letters.map((_, n) => [count(letters.slice(0, n + 1)), 2]),
      backward: letters.map((_, n) => [2, 2 * count(letters.slice(n))]),
      probability: [[], [], []],
    };
  };
  const study = createStudy({ read }, 6);
  return (...settings) => {
    calls = 0;
    return { ...study(...settings), calls };
  };
}

test("a change moves the forward states from there on and the backward ones up to there, by their distance", () => {
  const take = counted();
  const { changed, letters } = take("b ab b", 3, "a");
  assert.deepEqual([letters.join(""), changed.letters.join("")], ["babb", "baab"]);
  assert.deepEqual(changed.forward, [0, 0, 1, 1]);
  assert.deepEqual(changed.backward, [2, 2, 2, 0]);
});

test("nothing is read twice: another output or reader costs nothing, another change only its own run", () => {
  const take = counted();
  assert.equal(take("banana", null, "x").calls, 1);
  assert.equal(take("banana", null, "y").calls, 0); // nothing is changed into it
  assert.equal(take("banana", 2, "y").calls, 1);
  assert.equal(take("banana", 2, "y").calls, 0);
  assert.equal(take("ban ana", 2, "y").calls, 0); // a space more
  assert.equal(take("banana", 3, "y").calls, 1);
  assert.equal(take("banan", 3, "y").calls, 2);
});

test("where no letter is changed there is no second run", () => {
  const take = counted();
  const none = [[null, "x"], [7, "x"], [2, ""]];
  for (const [change, into] of none) assert.equal(take("banana", change, into).changed, null);
});
