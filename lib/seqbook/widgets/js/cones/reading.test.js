import assert from "node:assert/strict";
import { test } from "node:test";

import { wellFormed } from "../kit/text-field.js";
import { agreement, changedLetters, lettersOf } from "./reading.js";

test("letters without their spaces, which are remembered", () => {
  const { letters, spaced, lowered, unread } = lettersOf("  An egg\u3000a\u00a0", 10);
  assert.deepEqual(letters, ["a", "n", "e", "g", "g", "a"]);
  assert.deepEqual(spaced, [false, true, false, false, true, false]); // none before the first, none after the last
  assert.deepEqual([lowered, unread], [1, 0]);
});

test("letters are characters, composed, up to the limit", () => {
  assert.deepEqual(lettersOf("한글😀b", 9).letters, ["한", "글", "😀", "b"]);
  assert.deepEqual(lettersOf("\u1112\u1161\u11ab", 9).letters, ["한"]); // as file names of macOS have it
  const cut = lettersOf("ab c d", 3);
  assert.deepEqual([cut.letters, cut.spaced, cut.unread], [["a", "b", "c"], [false, true, false], 1]);
  assert.deepEqual(lettersOf("abc", 3).unread, 0);
  assert.deepEqual(lettersOf(" \t\n", 3), { letters: [], spaced: [], lowered: 0, unread: 0 });
  assert.deepEqual(lettersOf("İÉA", 3).letters, ["İ", "É", "a"]); // only A to Z have a small letter that is known
});

test("half of a surrogate pair becomes a letter that Python takes", () => {
  assert.equal(wellFormed("a\ud800b😀"), "a\ufffdb😀");
});

test("a change replaces one letter and leaves the others; where there is none the array is the same", () => {
  const letters = ["a", "b", "c"];
  assert.deepEqual(changedLetters(letters, 2, "X"), ["a", "x", "c"]);
  assert.deepEqual(changedLetters(letters, 3, " 한글"), ["a", "b", "한"]);
  for (const [change, into] of [[null, "x"], [4, "x"], [1, ""], [1, " "]]) {
    assert.equal(changedLetters(letters, change, into), letters);
  }
  assert.deepEqual(letters, ["a", "b", "c"]);
});

test("a reader's spaces against the typed ones", () => {
  const found = agreement([true, false, true, false, false], [0.9, 0.8, 0.2, 0.1]);
  assert.deepEqual(found, { typed: 2, found: [1], extra: [2], missed: [3] });
  assert.deepEqual(agreement([false, false], [0.5]), { typed: 0, found: [], extra: [], missed: [] }); // ½ is no space
});
