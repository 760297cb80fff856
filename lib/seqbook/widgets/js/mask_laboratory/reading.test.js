import assert from "node:assert/strict";
import { test } from "node:test";

import { lettersOf, numbered, visible } from "./reading.js";

test("characters up to the limit, unknown ones as 0", () => {
  const ids = new Map([["a", 1], ["한", 2]]);
  assert.deepEqual(lettersOf("a한😀bb", 3, ids), { letters: ["a", "한", "😀"], ids: [1, 2, 0], unread: 2 });
  assert.deepEqual(lettersOf("\u1112\u1161\u11ab", 3, ids).ids, [2]); // as file names of macOS have it
  assert.deepEqual(lettersOf("", 3, ids), { letters: [], ids: [], unread: 0 });
});

test("what cannot be seen is shown by a sign", () => {
  assert.deepEqual(["a", " ", "\n", "\u0000", "\u00a0"].map(visible), ["a", "␣", "⏎", "\uFFFD", "\uFFFD"]);
});

test("padding has numbers of its own", () => {
  assert.deepEqual([0, 1, 2, 3].map((at) => numbered(at, 2)), ["□1", "□2", "1", "2"]);
});
