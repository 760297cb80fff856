import assert from "node:assert/strict";
import { test } from "node:test";

import { inCone, known } from "./cone.js";
import { READERS } from "./network.js";
import { edges } from "./layout.js";

// What an output is computed from, found by going back along the edges.
function behind(T, reader, t) {
  const graph = edges(T).filter(({ kind }) => reader === "both" || kind === reader);
  const found = new Set();
  const visit = (row, n) => {
    for (const { from, to } of graph) {
      const name = from.join("");
      if (to[0] === row && to[1] === n && !found.has(name)) {
        found.add(name);
        visit(...from);
      }
    }
  };
  visit("output", t);
  return found;
}

test("the cone is what the graph's edges lead back to, for every reader, output and length", () => {
  for (const T of [2, 3, 5]) {
    for (const reader of READERS) {
      for (let t = 1; t < T; t += 1) {
        const inside = new Set();
        for (const row of ["forward", "backward", "letter"]) {
          for (let n = 1; n <= T; n += 1) if (inCone[row](reader, t, n)) inside.add(`${row}${n}`);
        }
        assert.deepEqual([...inside].sort(), [...behind(T, reader, t)].sort(), `${reader} ${t} of ${T}`);
        const letters = [...inside].filter((name) => name.startsWith("letter")).map((name) => Number(name.slice(6)));
        assert.deepEqual(known(reader, t, T), [Math.min(...letters), Math.max(...letters)]);
      }
    }
  }
});

test("a text of fewer than two letters has no output", () => {
  assert.equal(known("both", 1, 1), null);
  assert.equal(known("both", 0, 0), null);
});

test("the answer of a language model, the next letter, is outside the forward reader's cone alone", () => {
  assert.deepEqual(READERS.map((reader) => inCone.letter(reader, 3, 4)), [false, true, true]);
});
